// The log of a server in a test's hand: entries, the drafts they were, what became of messages. As the real one says it, in a few lines.
import {
  type Author,
  type DraftContent,
  type DraftId,
  type Entry,
  type Epoch,
  epochSchema,
  LIMITS,
  type MessageState,
  type ReceivedEntry,
} from '@wireroom/protocol';
import { roomId } from './events.fixture.ts';

export const at = '2026-01-01T00:00:00.000Z';
/** Small, so that short tests have many pages. */
const PAGE_ENTRIES = 4;

/** A stored entry, some of them of a type that the client does not know. */
export type LogEntry = Entry | ReceivedEntry;

interface Given {
  readonly author: Author;
}

export class FakeLog {
  entries: LogEntry[] = [];
  epoch: Epoch = epochSchema.parse('e1');
  readonly #answers = new Map<string, number>();

  get head(): number {
    return this.entries.length;
  }

  append(make: (seq: number) => LogEntry): LogEntry {
    const entry = make(this.head + 1);
    this.entries.push(entry);
    return entry;
  }

  /** The seq of the draft, a new one or the one it was given before (rule L3); or why not. */
  write(author: Author, draftId: DraftId, content: DraftContent): { seq: number; entry?: LogEntry } | string {
    const key = `${author.authorId} ${draftId}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return { seq: known };
    const fault = this.#faultOf(author, content);
    if (fault !== undefined) return fault;
    const entry = this.append(
      (seq) => ({ v: 1, roomId, epoch: this.epoch, seq, author, at, draftId, ...content }) as Entry,
    );
    if (content.type === 'delete') this.#erase(content.target);
    this.#answers.set(key, entry.seq);
    return { seq: entry.seq, entry };
  }

  stateOf(seq: number, reader: Author): MessageState | undefined {
    const entry = this.entries[seq - 1];
    if (entry?.type !== 'message') return undefined;
    if (entry.deleted === true) return { seq, deleted: true, reactions: [] };
    const edit = this.entries.findLast((each) => each.type === 'edit' && each.target === seq);
    const reactions = [...this.#reactionsTo(seq)].map(([emoji, given]) => ({
      ...{ emoji, count: given.size, isMine: given.has(reader.authorId) },
      authors: [...given.values()].slice(0, LIMITS.reactionAuthorsMax).map(({ author }) => author),
    }));
    if (edit?.type !== 'edit' && reactions.length === 0) return undefined;
    const edited = edit?.type === 'edit' && { text: edit.text, editedAt: edit.at, editSeq: edit.seq };
    return { seq, ...edited, reactions };
  }

  page({ after, before, limit = PAGE_ENTRIES }: { after?: number; before?: number; limit?: number }): {
    entries: ReceivedEntry[];
    hasMore: boolean;
  } {
    const count = Math.min(limit, PAGE_ENTRIES);
    if (after !== undefined) {
      const entries = this.entries.slice(after, after + count);
      return { entries, hasMore: after + count < this.head };
    }
    const end = before === undefined ? this.head : Math.max(0, before - 1);
    const start = Math.max(0, end - count);
    return { entries: this.entries.slice(start, end), hasMore: start > 0 };
  }

  #faultOf(author: Author, content: DraftContent): string | undefined {
    if (!('target' in content)) return undefined;
    const target = this.entries[content.target - 1];
    if (target?.type !== 'message') return 'no-target';
    const given = this.#reactionsTo(content.target);
    switch (content.type) {
      case 'edit':
      case 'delete':
        if (target.author.authorId !== author.authorId) return 'not-yours';
        return target.deleted ? 'target-deleted' : undefined;
      case 'react':
        if (target.deleted) return 'target-deleted';
        return given.get(content.emoji)?.has(author.authorId) ? 'no-target' : undefined;
      case 'unreact':
        return given.get(content.emoji)?.has(author.authorId) ? undefined : 'no-target';
    }
  }

  /** The text is gone from the log too. */
  #erase(target: number): void {
    for (const [index, entry] of this.entries.entries()) {
      const isIt = entry.type === 'message' && entry.seq === target;
      if (isIt || (entry.type === 'edit' && entry.target === target))
        this.entries[index] = { ...entry, text: '', deleted: true };
    }
  }

  #reactionsTo(target: number): Map<string, Map<string, Given>> {
    const reactions = new Map<string, Map<string, Given>>();
    for (const entry of this.entries) {
      if ((entry.type !== 'react' && entry.type !== 'unreact') || entry.target !== target) continue;
      const given = reactions.get(entry.emoji) ?? new Map<string, Given>();
      if (entry.type === 'react') given.set(entry.author.authorId, entry);
      else given.delete(entry.author.authorId);
      if (given.size > 0) reactions.set(entry.emoji, given);
      else reactions.delete(entry.emoji);
    }
    return reactions;
  }
}
