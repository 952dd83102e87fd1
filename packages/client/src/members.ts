// Who is in the room: the server's list at a join, and what the join and leave entries after it change.
import type { Author, JoinedEvent, ReceivedEntry } from '@wireroom/protocol';
import { LIMITS } from '@wireroom/protocol';

export class Members {
  #list: readonly Author[] = [];
  #count = 0;
  #positionSeq = 0;
  #firstSeq = 0;

  /** At most `LIMITS.membersListedMax`. */
  get list(): readonly Author[] {
    return this.#list;
  }

  get count(): number {
    return this.#count;
  }

  joined(event: Pick<JoinedEvent, 'members' | 'memberCount' | 'position' | 'entries'>): void {
    this.#list = event.members;
    this.#count = event.memberCount;
    this.#positionSeq = event.position.seq;
    this.#firstSeq = event.entries[0]?.seq ?? event.position.seq + 1;
  }

  /**
   * In order. The list may be a little older or newer than the entries that came with it. To apply these again does no
   * harm, since the last one about somebody decides; entries from before them are history, and change nothing.
   */
  apply(entries: readonly ReceivedEntry[]): void {
    for (const entry of entries) {
      if (entry.seq < this.#firstSeq) continue;
      if (entry.type === 'join') this.#enter(entry.author, entry.seq);
      if (entry.type === 'leave') this.#leave(entry.author, entry.seq);
    }
  }

  #enter(author: Author, seq: number): void {
    const known = this.#list.findIndex(({ authorId }) => authorId === author.authorId);
    if (known >= 0) {
      this.#list = this.#list.map((other, index) => (index === known ? author : other));
      return;
    }
    if (!this.#countsFor(seq)) return;
    this.#count += 1;
    if (this.#list.length < LIMITS.membersListedMax) this.#list = [...this.#list, author];
  }

  #leave(author: Author, seq: number): void {
    const rest = this.#list.filter(({ authorId }) => authorId !== author.authorId);
    const wasListed = rest.length < this.#list.length;
    if (!wasListed && (this.#isComplete || !this.#countsFor(seq))) return;
    this.#list = rest;
    this.#count -= 1;
  }

  get #isComplete(): boolean {
    return this.#list.length === this.#count;
  }

  /** Somebody who is not on an incomplete list may be counted already: only what is newer than the list counts again. */
  #countsFor(seq: number): boolean {
    return this.#isComplete || seq > this.#positionSeq;
  }
}
