// A room as its entries say it is: members, title, topic and the state of every message, by reading the log from its first
// entry on. For those who check that what is kept beside the entries agrees with them. Pure.
import { type Author, type AuthorId, type Entry, LIMITS, type MessageState } from '@wireroom/protocol';
import { type KeptRow, keptRows } from './kept-rows.ts';

interface Given {
  /** By which entry the emoji came to the message. */
  readonly firstSeq: number;
  readonly authors: Map<AuthorId, { readonly author: Author; readonly seq: number }>;
}

interface Changed {
  readonly emoji: Map<string, Given>;
  readonly editSeqs: number[];
  edit: { readonly text: string; readonly editedAt: string; readonly editSeq: number } | undefined;
  /** Edits whose entries say that their text is gone. */
  readonly goneEdits: number[];
  deletedBy: number | undefined;
}

export class RoomReplay {
  readonly members = new Map<AuthorId, string>();
  /** `undefined`: no entry says. */
  title: string | undefined;
  topic: string | undefined;
  readonly #changed = new Map<number, Changed>();
  /** By seq: 1 where a message is. */
  #messages = new Uint8Array(1024);
  readonly #importedHead: number;

  /** `importedHead`: who joined up to there is no member by it. */
  constructor(importedHead = 0) {
    this.#importedHead = importedHead;
  }

  /** In order. Returns what the entry must not say after those before it. */
  read(entry: Entry): string | undefined {
    const problem = this.#read(entry);
    if (entry.seq === this.#importedHead) this.members.clear();
    return problem;
  }

  #read(entry: Entry): string | undefined {
    const { authorId, name } = entry.author;
    switch (entry.type) {
      case 'join':
        if (this.members.has(authorId)) return `entry ${entry.seq} is the join of somebody who is a member`;
        this.members.set(authorId, name);
        return undefined;
      case 'leave':
        return this.members.delete(authorId) ? undefined : `entry ${entry.seq} is the leave of no member`;
      case 'message':
        this.#mark(entry.seq);
        return undefined;
      case 'rename':
        this.title = entry.title;
        return undefined;
      case 'topic':
        this.topic = entry.topic;
        return undefined;
      case 'edit':
      case 'delete':
      case 'react':
      case 'unreact':
        return this.#change(entry);
    }
  }

  /** Of a message; `undefined`: it is as its entry says. As a reader sees it who is nobody. */
  stateOf(seq: number): MessageState | undefined {
    const changed = this.#changed.get(seq);
    if (changed === undefined) return undefined;
    if (changed.deletedBy !== undefined) return { seq, deleted: true, reactions: [] };
    const reactions = [...changed.emoji].map(([emoji, { authors }]) => ({
      emoji,
      count: authors.size,
      isMine: false,
      authors: [...authors.values()].slice(0, LIMITS.reactionAuthorsMax).map(({ author }) => author),
    }));
    return changed.edit === undefined && reactions.length === 0
      ? undefined
      : { seq, ...changed.edit, reactions };
  }

  isDeleted(seq: number): boolean {
    return this.#changed.get(seq)?.deletedBy !== undefined;
  }

  /** The messages that anything has become of, in order. */
  changedMessages(): readonly number[] {
    return [...this.#changed.keys()].sort((one, other) => one - other);
  }

  /** What has to be kept of a message beside its entry. */
  keptOf(target: number): readonly KeptRow[] {
    const changed = this.#changed.get(target);
    if (changed === undefined) return [];
    const { deletedBy, editSeqs, emoji } = changed;
    if (deletedBy !== undefined) return [keptRows.deletion(target, deletedBy)];
    return [
      ...editSeqs.map((seq) => keptRows.edit(target, seq)),
      ...[...emoji].flatMap(([which, { firstSeq, authors }]) => [
        keptRows.reaction(target, { emoji: which, firstSeq, count: authors.size }),
        ...[...authors.values()].map((given) => keptRows.giver(target, { emoji: which, ...given })),
      ]),
    ];
  }

  /** The entries that must have no text: the message, if it was deleted, and every edit of it. */
  textlessOf(target: number): readonly number[] {
    const changed = this.#changed.get(target);
    return changed?.deletedBy === undefined ? [] : [target, ...changed.editSeqs];
  }

  /** Edits that have lost their text, though their message was not deleted. */
  goneEditsOf(target: number): readonly number[] {
    const changed = this.#changed.get(target);
    return changed === undefined || changed.deletedBy !== undefined ? [] : changed.goneEdits;
  }

  #change(entry: Extract<Entry, { readonly target: number }>): string | undefined {
    if (this.#messages[entry.target] !== 1)
      return `entry ${entry.seq} is about ${entry.target}, which is no message`;
    const changed: Changed = this.#changed.get(entry.target) ?? {
      emoji: new Map(),
      editSeqs: [],
      edit: undefined,
      goneEdits: [],
      deletedBy: undefined,
    };
    this.#changed.set(entry.target, changed);
    if (changed.deletedBy !== undefined)
      return `entry ${entry.seq} is about message ${entry.target}, which was deleted before`;
    if (entry.type === 'delete') changed.deletedBy = entry.seq;
    else if (entry.type === 'edit') edit(changed, entry);
    else react(changed, entry);
    return undefined;
  }

  #mark(seq: number): void {
    if (seq >= this.#messages.length) {
      const larger = new Uint8Array(2 * seq);
      larger.set(this.#messages);
      this.#messages = larger;
    }
    this.#messages[seq] = 1;
  }
}

function edit(changed: Changed, { seq, at, text, deleted }: Extract<Entry, { type: 'edit' }>): void {
  changed.edit = { text, editedAt: at, editSeq: seq };
  changed.editSeqs.push(seq);
  if (deleted === true) changed.goneEdits.push(seq);
}

function react({ emoji }: Changed, entry: Extract<Entry, { type: 'react' | 'unreact' }>): void {
  const { author, seq } = entry;
  const given = emoji.get(entry.emoji) ?? { firstSeq: seq, authors: new Map() };
  given.authors.delete(author.authorId);
  if (entry.type === 'react') given.authors.set(author.authorId, { author, seq });
  if (given.authors.size > 0) emoji.set(entry.emoji, given);
  else emoji.delete(entry.emoji);
}
