// What a draft wants to become: the part of an entry that its author decides. Checked here, by client and server alike.
import { ChatError } from './chat-error.ts';
import type { Command } from './command.ts';
import { LIMITS } from './limits.ts';
import { checkText, utf8Bytes } from './text.ts';

export type DraftContent =
  | { readonly type: 'message'; readonly text: string }
  | { readonly type: 'edit'; readonly target: number; readonly text: string }
  | { readonly type: 'delete'; readonly target: number }
  | { readonly type: 'react' | 'unreact'; readonly target: number; readonly emoji: string }
  | { readonly type: 'rename'; readonly title: string }
  | { readonly type: 'topic'; readonly topic: string };

/** The commands that bring a draft. Each is answered with `posted`. */
export const DRAFT_COMMAND_TYPES = [
  'post',
  'edit',
  'delete',
  'react',
  'unreact',
  'rename',
  'topic',
] as const satisfies readonly Command['type'][];
export type DraftCommand = Extract<Command, { type: (typeof DRAFT_COMMAND_TYPES)[number] }>;

export const isDraftCommand = (command: Command): command is DraftCommand =>
  (DRAFT_COMMAND_TYPES as readonly string[]).includes(command.type);

export function contentOf(command: DraftCommand): DraftContent {
  switch (command.type) {
    case 'post':
      return { type: 'message', text: command.text };
    case 'edit':
      return { type: 'edit', target: command.target, text: command.text };
    case 'delete':
      return { type: 'delete', target: command.target };
    case 'react':
    case 'unreact':
      return { type: command.type, target: command.target, emoji: command.emoji };
    case 'rename':
      return { type: 'rename', title: command.title };
    case 'topic':
      return { type: 'topic', topic: command.topic };
  }
}

/** The command that brings this content, without its ref. */
export function commandOf(
  room: string,
  draftId: DraftCommand['draftId'],
  content: DraftContent,
): DraftCommand extends infer Each ? (Each extends DraftCommand ? Omit<Each, 'ref'> : never) : never {
  const base = { room, draftId };
  switch (content.type) {
    case 'message':
      return { ...base, type: 'post', text: content.text };
    case 'edit':
    case 'delete':
    case 'react':
    case 'unreact':
    case 'rename':
    case 'topic':
      return { ...base, ...content };
  }
}

/** Throws a ChatError that says what is wrong with it. */
export function checkContent(content: DraftContent): void {
  switch (content.type) {
    case 'message':
    case 'edit':
      checkText(content.text);
      break;
    case 'react':
      checkEmoji(content.emoji);
      break;
    case 'rename':
      checkLine('bad-title', content.title, { bytesMax: LIMITS.titleBytesMax, bytesMin: 1 });
      break;
    case 'topic':
      checkLine('bad-topic', content.topic, { bytesMax: LIMITS.topicBytesMax, bytesMin: 0 });
      break;
    case 'delete':
    case 'unreact':
      break;
  }
}

/** One emoji of those that Unicode recommends for general interchange, as this runtime knows them. */
export function checkEmoji(emoji: string): void {
  // Made at the first use: an older browser that does not know the flag still loads this module.
  pattern ??= new RegExp('^\\p{RGI_Emoji}$', SETS_OF_STRINGS);
  if (emoji.length > EMOJI_UNITS_MAX || !pattern.test(emoji)) throw new ChatError('bad-emoji');
}

let pattern: RegExp | undefined;
const SETS_OF_STRINGS: string = 'v';
/** The longest today has 15 (a family of four with skin tones); not a bound of Unicode's, only of what is looked at. */
const EMOJI_UNITS_MAX = 40;

/** Line ends, other control characters and half surrogates have no place in a line. */
const NO_LINE = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

function checkLine(
  code: 'bad-title' | 'bad-topic',
  line: string,
  { bytesMin, bytesMax }: { readonly bytesMin: number; readonly bytesMax: number },
): void {
  const bytes = utf8Bytes(line);
  const isEmpty = line.trim() === '' && bytesMin > 0;
  if (isEmpty || bytes > bytesMax || NO_LINE.test(line)) throw new ChatError(code);
}
