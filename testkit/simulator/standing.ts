// A room as it stands after all that was written in it, worked out from its entries alone and not by the code under test: texts as
// edited, what is deleted, who reacts with what, title and topic.
import type { MessageEntry } from '@wireroom/protocol';
import type { RoomTruth } from './truth.ts';

export interface MessageStanding {
  text: string;
  editedAt: string | undefined;
  isDeleted: boolean;
  /** By emoji, in the order of their first use: author ids and names. */
  readonly reactions: Map<string, Map<string, string>>;
}

export interface RoomStanding {
  readonly messages: ReadonlyMap<number, MessageStanding>;
  readonly title: string;
  readonly topic: string;
}

/** `slug`: the title of a room that nobody has renamed. */
export function standingOf(room: RoomTruth, slug: string): RoomStanding {
  const messages = new Map<number, MessageStanding>();
  let title = slug;
  let topic = '';
  for (const entry of room.entries) {
    if (entry.type === 'message') messages.set(entry.seq, fresh(entry));
    if (entry.type === 'rename') ({ title } = entry);
    if (entry.type === 'topic') ({ topic } = entry);
    const target = 'target' in entry ? messages.get(entry.target) : undefined;
    if (target === undefined) continue;
    if (entry.type === 'edit') Object.assign(target, { text: entry.text, editedAt: entry.at });
    if (entry.type === 'delete') {
      Object.assign(target, { text: '', editedAt: undefined, isDeleted: true });
      target.reactions.clear();
    }
    if (entry.type === 'react') {
      const given = target.reactions.get(entry.emoji) ?? new Map<string, string>();
      target.reactions.set(entry.emoji, given.set(entry.author.authorId, entry.author.name));
    }
    if (entry.type === 'unreact') {
      const given = target.reactions.get(entry.emoji);
      given?.delete(entry.author.authorId);
      if (given?.size === 0) target.reactions.delete(entry.emoji);
    }
  }
  return { messages, title, topic };
}

/** The reactions as a page shows them: each emoji with those who gave it. */
export const shownReactions = ({ reactions }: MessageStanding): string[] =>
  [...reactions].map(([emoji, given]) => `${emoji} ${[...given.values()]}`);

const fresh = ({ text }: MessageEntry): MessageStanding => ({
  ...{ text, editedAt: undefined, isDeleted: false },
  reactions: new Map(),
});
