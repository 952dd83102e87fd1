// The prepared frames that wait for one connection, as a chain that all connections with the same frames share:
// after a broadcast of three messages a thousand receivers stand at the same link. So sending a prepared frame is one
// comparison, and the bytes of all three are put together once, not once per receiver. A chain lives while somebody waits.
import { turn } from './turn.ts';

/** A finished frame that many connections are sent. */
export class SharedFrame {
  readonly bytes: Buffer;
  #root: FrameBatch | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** The chain that begins with this frame. */
  get batch(): FrameBatch {
    if (this.#root !== undefined) return this.#root;
    turn.forgetLater(this);
    this.#root = new FrameBatch(this, undefined);
    return this.#root;
  }

  clear(): void {
    this.#root = undefined;
  }
}

export class FrameBatch {
  readonly byteLength: number;
  readonly #frame: SharedFrame;
  readonly #previous: FrameBatch | undefined;
  #next: FrameBatch | undefined;
  #joined: Buffer | undefined;

  constructor(frame: SharedFrame, previous: FrameBatch | undefined) {
    this.#frame = frame;
    this.#previous = previous;
    this.byteLength = frame.bytes.length + (previous?.byteLength ?? 0);
  }

  /** The chain with one frame more. */
  with(frame: SharedFrame): FrameBatch {
    if (this.#next !== undefined && this.#next.#frame === frame) return this.#next;
    this.#next = new FrameBatch(frame, this);
    return this.#next;
  }

  /** All frames as one piece of memory, put together for the first who asks. */
  get bytes(): Buffer {
    if (this.#previous === undefined) return this.#frame.bytes;
    this.#joined ??= this.#join();
    return this.#joined;
  }

  #join(): Buffer {
    const joined = Buffer.allocUnsafe(this.byteLength);
    let end = this.byteLength;
    for (let link: FrameBatch | undefined = this; link !== undefined; link = link.#previous) {
      end -= link.#frame.bytes.length;
      joined.set(link.#frame.bytes, end);
    }
    return joined;
  }
}
