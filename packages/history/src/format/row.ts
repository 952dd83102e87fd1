// A record as the formats for people show it: a message as it stands, a notice, or why there is neither. No text is cleaned
// here: each writer does that in its own way.
import type { Author, Reaction } from '@wireroom/protocol';
import type { HistoryItem } from '../download.ts';

export type NoticeType = 'join' | 'leave' | 'rename' | 'topic';

interface Happened {
  readonly seq: number;
  readonly at: string;
  readonly author: Author;
}

export interface MessageRow extends Happened {
  readonly kind: 'message';
  readonly text: string;
  readonly isDeleted: boolean;
  readonly editedAt: string | undefined;
  readonly reactions: readonly Reaction[];
}

export interface NoticeRow extends Happened {
  readonly kind: 'notice';
  readonly notice: NoticeType;
  /** The new title or topic. */
  readonly text: string;
}

/** An entry of a type that this version does not know, or a record that could not be read. */
export interface DarkRow {
  readonly kind: 'unknown' | 'broken';
  readonly seq: number;
  /** The type as it was sent; the reason. */
  readonly text: string;
}

export type Row = MessageRow | NoticeRow | DarkRow;

/** Nothing for what shows in the message that it is about. */
export function rowOf(item: HistoryItem): Row | undefined {
  if (item.kind === 'broken') return { kind: 'broken', seq: item.seq, text: item.reason };
  const { entry, state } = item;
  switch (entry.type) {
    case 'message': {
      const { seq, at, author } = entry;
      const isDeleted = entry.deleted === true || state?.deleted === true;
      return {
        ...{ kind: 'message', seq, at, author, isDeleted },
        text: isDeleted ? '' : (state?.text ?? entry.text),
        editedAt: isDeleted ? undefined : state?.editedAt,
        reactions: isDeleted ? [] : (state?.reactions ?? []),
      };
    }
    case 'join':
    case 'leave':
      return notice(entry, entry.type, '');
    case 'rename':
      return notice(entry, 'rename', entry.title);
    case 'topic':
      return notice(entry, 'topic', entry.topic);
    case 'unknown':
      return { kind: 'unknown', seq: entry.seq, text: entry.sentType };
    case 'edit':
    case 'delete':
    case 'react':
    case 'unreact':
      return undefined;
  }
}

function notice({ seq, at, author }: Happened, type: NoticeType, text: string): NoticeRow {
  return { kind: 'notice', seq, at, author, notice: type, text };
}

/** What follows the author's name; for a title or topic, what stands before it. */
export function noticeWords({ notice: type, text }: NoticeRow): string {
  switch (type) {
    case 'join':
      return 'joined';
    case 'leave':
      return 'left';
    case 'rename':
      return 'renamed the room to';
    case 'topic':
      return text === '' ? 'took the topic away' : 'set the topic to';
  }
}

export function darkWords({ kind, text }: DarkRow, clean: (text: string) => string): string {
  return kind === 'broken'
    ? `This record cannot be read: ${clean(text)}`
    : `An entry of the type “${clean(text)}”, which this version of Wireroom does not show`;
}

/** Ann, Bob and 3 more */
export function reactorNames({ authors, count }: Reaction): string {
  const more = count - authors.length;
  const names = authors.map(({ name }) => name).join(', ');
  if (more <= 0) return names;
  return names === '' ? String(count) : `${names} and ${more} more`;
}
