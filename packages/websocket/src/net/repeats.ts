// What is sent to many one by one, without anybody having said so: a loop over all receivers with the same string or Buffer. The
// second time it becomes a prepared message, and the rest of the loop costs what a broadcast costs. Forgotten with the turn.
import { opcodeOf } from '../core/frame-writer.ts';
import { PreparedMessage } from './prepared-message.ts';
import { turn } from './turn.ts';

class Repeats {
  #data: string | Uint8Array | undefined;
  #opcode = 0;
  #prepared: PreparedMessage | undefined;

  /** The message for many, if this is what was sent last. Undefined the first time. */
  find(data: string | Uint8Array, opcode: number): PreparedMessage | undefined {
    if (data !== this.#data || opcode !== this.#opcode) {
      if (this.#data === undefined) turn.forgetLater(this);
      this.#data = data;
      this.#opcode = opcode;
      this.#prepared = undefined;
      return undefined;
    }
    // The same Buffer may have got other contents since.
    if (this.#prepared === undefined || !this.#prepared.hasBytes(data)) {
      const kept = typeof data === 'string' && opcode === opcodeOf(data) ? data : Buffer.from(data);
      this.#prepared = new PreparedMessage(kept, opcode);
    }
    return this.#prepared;
  }

  clear(): void {
    this.#data = undefined;
    this.#prepared = undefined;
  }
}

/** One for the process, as the turn is one. */
export const repeats: Repeats = new Repeats();
