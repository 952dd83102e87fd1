// Who is in which room under which name, as the one writer of their file has been told with its answers: who comes back and is a
// member already is no write. What is not known is written, which finds out.
import type { Author, AuthorId, RoomId } from '@wireroom/protocol';

/** Past it all are forgotten. */
const KEPT_MAX = 20_000;

export class KnownMembers {
  readonly #names = new Map<string, string>();
  /** How many changes of an author's are not answered yet: until then nobody knows whom they leave as a member of what. */
  readonly #underWay = new Map<AuthorId, number>();

  /** Is the author in all of these, under this name? `false`: it is not known. */
  areIn(roomIds: readonly RoomId[], { authorId, name }: Author): boolean {
    return (
      !this.#underWay.has(authorId) &&
      roomIds.every((roomId) => this.#names.get(keyOf(roomId, authorId)) === name)
    );
  }

  /**
   * While `change` is under way nothing is known of its author. `settle` learns or forgets what became of them, in the same turn in
   * which a post that rode along is told of: what is announced stays in the order of the log.
   */
  async during<T>(authorId: AuthorId, change: Promise<T>, settle: (answer: T) => void): Promise<T> {
    this.#underWay.set(authorId, (this.#underWay.get(authorId) ?? 0) + 1);
    try {
      const answer = await change;
      settle(answer);
      return answer;
    } finally {
      const left = (this.#underWay.get(authorId) ?? 1) - 1;
      if (left > 0) this.#underWay.set(authorId, left);
      else this.#underWay.delete(authorId);
    }
  }

  learn(roomId: RoomId, { authorId, name }: Author): void {
    const key = keyOf(roomId, authorId);
    if (this.#names.size >= KEPT_MAX && !this.#names.has(key)) this.#names.clear();
    this.#names.set(key, name);
  }

  forget(roomId: RoomId, authorId: AuthorId): void {
    this.#names.delete(keyOf(roomId, authorId));
  }
}

const keyOf = (roomId: RoomId, authorId: AuthorId): string => `${roomId} ${authorId}`;
