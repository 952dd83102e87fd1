// Where guests are kept: the port. Who may take which name is decided here, in one transaction; what a token is, in guests.ts.
import type { Author, AuthorId } from '@wireroom/protocol';

export interface GuestStore {
  /**
   * Stores a new author who holds `name` from now on. Rejects with ChatError `name-taken` while another holds a name
   * with the same key (`nameKey` of the protocol), and if the hash is an author's already: nothing is stored then.
   */
  create(guest: { readonly author: Author; readonly tokenHash: string }): Promise<void>;
  /**
   * The author whom the hash belongs to takes `name` (or, without one, the name borne last) and holds it from now on.
   * `undefined`: the hash belongs to nobody. Rejects with `name-taken` as above.
   */
  take(tokenHash: string, name: string | undefined): Promise<Author | undefined>;
  /** The author whom the hash belongs to, without taking a name: nothing is changed. */
  find(tokenHash: string): Promise<Author | undefined>;
  /** This process has the author no more. Resolves with whether nobody has: no other living process on the same store. */
  letGo(authorId: AuthorId): Promise<boolean>;
  /** The author's name is free again for others, unless another living process has the author. */
  release(authorId: AuthorId): Promise<void>;
  /**
   * All authors who hold a name, but for those whom another living process has: after a start, those of whom the process
   * before had not seen the end.
   */
  holders(): Promise<readonly AuthorId[]>;
}
