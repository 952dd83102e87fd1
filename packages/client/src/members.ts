// Who is in the room: the server's list at a join, and what the join and leave entries after it change. In a crowd the list
// is cut; it says when it is worth reading again, and room.ts does that.
import { type Author, type JoinedEvent, LIMITS, type ReceivedEntry } from '@wireroom/protocol';
import { firstSeqOf } from './feed.ts';

export class Members {
  #list: readonly Author[] = [];
  #count = 0;
  #positionSeq = 0;
  #firstSeq = 0;
  #you: Author | undefined;
  /** Would the server's list have more names now than the one it gave? */
  #mayBeLonger = false;
  /** Entries were left out that may say who came and who went. */
  #isOld = false;

  /** At most `LIMITS.membersListedMax`. */
  get list(): readonly Author[] {
    return this.#list;
  }

  get count(): number {
    return this.#count;
  }

  /** An old list, or an incomplete one that could be had in full: nobody is listed who would make it too long. */
  get isWorthReading(): boolean {
    if (this.#isOld) return true;
    return this.#mayBeLonger && !this.#isComplete && this.#count <= LIMITS.membersListedMax;
  }

  joined(
    event: Pick<JoinedEvent, 'members' | 'memberCount' | 'position' | 'entries'>,
    you: Author | undefined,
  ): void {
    this.jumped(event);
    this.#isOld = false;
    this.#you = you;
    this.#list = event.members;
    // Entries and names share the answer's bytes.
    this.#mayBeLonger = event.entries.length > 0;
    const isListed = event.members.some(({ authorId }) => authorId === you?.authorId);
    if (you !== undefined && !isListed && !this.#isComplete) this.#list = this.#with(you);
  }

  /** A gap: how many there are is known, who they are is to be read again. */
  jumped({
    memberCount,
    position,
    entries,
  }: Pick<JoinedEvent, 'memberCount' | 'position' | 'entries'>): void {
    this.#isOld = true;
    this.#count = memberCount;
    this.#positionSeq = position.seq;
    this.#firstSeq = firstSeqOf(position, entries);
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
    this.#mayBeLonger = true;
    const isYou = author.authorId === this.#you?.authorId;
    if (isYou || this.#list.length < LIMITS.membersListedMax) this.#list = this.#with(author);
  }

  #leave(author: Author, seq: number): void {
    const rest = this.#list.filter(({ authorId }) => authorId !== author.authorId);
    const wasListed = rest.length < this.#list.length;
    if (!wasListed && (this.#isComplete || !this.#countsFor(seq))) return;
    this.#list = rest;
    this.#count -= 1;
    this.#mayBeLonger = true;
  }

  #with(author: Author): readonly Author[] {
    return [...this.#list.slice(0, LIMITS.membersListedMax - 1), author];
  }

  get #isComplete(): boolean {
    return this.#list.length === this.#count;
  }

  /** Somebody who is not on an incomplete list may be counted already: only what is newer than the list counts again. */
  #countsFor(seq: number): boolean {
    return this.#isComplete || seq > this.#positionSeq;
  }
}
