// What stands above and before the line that is being typed: the state of the connection where there is something to say
// about it, and one's own messages that are not acknowledged yet. Pure.
import type { ChatSnapshot, PendingItem, RoomSnapshot } from '@wireroom/client';
import { harmless, type Style } from '../terminal/terminal.ts';
import type { Words } from './words.ts';

/** Messages under way that are shown one by one, and how much of each. */
export const PENDING_SHOWN_MAX = 4;
const PENDING_CHARS_MAX = 60;

export interface PromptParts {
  readonly words: Words;
  readonly style: Style;
  readonly nowMs: number;
}

export function promptOf(chat: ChatSnapshot, room: RoomSnapshot | undefined, parts: PromptParts): string {
  const { style } = parts;
  const state = stateLine(chat, room, parts);
  const name = chat.you?.name ?? chat.rememberedName ?? '';
  const input = `${style.bold(harmless(name))} › `;
  return [...pendingLines(room, parts), ...(state === undefined ? [] : [style.yellow(state)]), input].join(
    '\n',
  );
}

/** `undefined`: all is well. */
function stateLine(
  chat: ChatSnapshot,
  room: RoomSnapshot | undefined,
  parts: PromptParts,
): string | undefined {
  const { words, nowMs } = parts;
  const { connection } = chat;
  switch (connection.state) {
    case 'connecting':
      return words.connecting;
    case 'waiting':
      return words.offline(Math.ceil((connection.retryAt - nowMs) / 1000));
    case 'open':
      if (room?.status === 'joining') return words.joining;
      return room?.status === 'catching-up' ? words.catchingUp : undefined;
    case 'idle':
    case 'stopped':
      return undefined;
  }
}

function pendingLines(room: RoomSnapshot | undefined, { words, style }: PromptParts): string[] {
  const pending = pendingOf(room);
  const shown = pending.slice(0, PENDING_SHOWN_MAX);
  const lines = shown.map((item) => {
    const [first = ''] = harmless(item.text).split('\n');
    const characters = [...first];
    const text =
      characters.length > PENDING_CHARS_MAX ? `${characters.slice(0, PENDING_CHARS_MAX).join('')}…` : first;
    return item.state === 'failed'
      ? style.red(`✗ ${text}  ${words.failed(harmless(item.error?.message ?? ''))}`)
      : style.dim(`… ${text}  ${item.state === 'sending' ? words.sending : words.waiting}`);
  });
  const more = pending.length - shown.length;
  return more > 0 ? [...lines, style.dim(`… ${words.moreWaiting(more)}`)] : lines;
}

export const pendingOf = (room: RoomSnapshot | undefined): readonly PendingItem[] =>
  (room?.items ?? []).filter((item): item is PendingItem => item.kind === 'pending');
