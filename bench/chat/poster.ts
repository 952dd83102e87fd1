// A connection that posts and hears when each post was acknowledged.
import { type Entered, enter, wireroom } from './dialects.ts';

const REF = Buffer.from('"ref":');
/** A frame begins `{"type":"` and then says what it is: most are entries, of which nothing is made here. */
const TYPE_AT = 9;
const POSTED = Buffer.from('pos');
const REFUSED = Buffer.from('ref');

export class Poster {
  readonly #entered: Entered;
  readonly #waiting: Map<number, () => void>;
  #count = 2;

  private constructor(entered: Entered, waiting: Map<number, () => void>) {
    this.#entered = entered;
    this.#waiting = waiting;
  }

  static async enter(port: number, name: string): Promise<Poster> {
    const waiting = new Map<number, () => void>();
    const entered = await enter({ dialect: wireroom, port }, name, (bytes, from, to) => {
      if (isAt(bytes, from + TYPE_AT, REFUSED)) throw new Error(bytes.toString('utf8', from, to));
      if (!isAt(bytes, from + TYPE_AT, POSTED)) return;
      const ref = numberAt(bytes, bytes.indexOf(REF, from) + REF.length);
      waiting.get(ref)?.();
      waiting.delete(ref);
    });
    return new Poster(entered, waiting);
  }

  get joinedSeq(): number {
    return this.#entered.seq;
  }

  /** Resolves when it is acknowledged. */
  post(text: string): Promise<void> {
    this.#count += 1;
    const ref = this.#count;
    this.#entered.wire.send(wireroom.post(text, ref));
    return new Promise((resolve) => this.#waiting.set(ref, resolve));
  }

  leave(): void {
    this.#entered.wire.end();
  }
}

function isAt(bytes: Buffer, at: number, word: Buffer): boolean {
  return bytes[at] === word[0] && bytes[at + 1] === word[1] && bytes[at + 2] === word[2];
}

function numberAt(bytes: Buffer, begin: number): number {
  let number = 0;
  for (let at = begin; ; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return number;
    number = number * 10 + digit;
  }
}
