// Exercise 08: a message in several frames. The program sends back whole messages, each in one frame.
import { isUtf8 } from 'node:buffer';
import { serve } from '../serve.ts';
import { shakeHands } from '../solutions/01-handshake.ts';
import { TEXT } from '../solutions/03-unmask.ts';
import type { Frame } from '../solutions/04-two-frames.ts';
import { CLOSE, Ending, eachFrame, frameOf, PAYLOAD_BYTES_MAX } from '../solutions/06-lengths.ts';
import { obey } from '../solutions/07-ping.ts';

export interface Message {
  /** TEXT or BINARY: the opcode of its first frame. */
  readonly opcode: number;
  readonly payload: Buffer;
}

// #region yours
const CONTINUATION = 0x0;

/** Puts the data frames of one connection together to messages. Control frames never get here. */
export class MessageJoiner {
  #opcode: number | undefined;
  #parts: Buffer[] = [];
  #bytes = 0;

  /** The message that this frame completes; undefined if it is not the last one. */
  push({ fin, opcode, payload }: Frame): Message | undefined {
    const isInside = this.#opcode !== undefined;
    if (opcode === CONTINUATION && !isInside) throw new Ending(1002, 'a continuation of nothing');
    if (opcode !== CONTINUATION && isInside) throw new Ending(1002, 'the message before is not finished');
    this.#opcode ??= opcode;
    this.#parts.push(payload);
    this.#bytes += payload.length;
    if (this.#bytes > PAYLOAD_BYTES_MAX) throw new Ending(1009, 'this message is too big');
    return fin ? this.#finish(this.#opcode) : undefined;
  }

  #finish(opcode: number): Message {
    const payload = Buffer.concat(this.#parts);
    this.#opcode = undefined;
    this.#parts = [];
    this.#bytes = 0;
    if (opcode === TEXT && !isUtf8(payload)) throw new Ending(1007, 'text is UTF-8');
    return { opcode, payload };
  }
}
// #endregion

serve(import.meta.url, (socket) =>
  shakeHands(socket, (rest) => {
    const joiner = new MessageJoiner();
    eachFrame(socket, rest, (frame) => {
      if (frame.opcode >= CLOSE) return obey(socket, frame);
      const message = joiner.push(frame);
      if (message) socket.write(frameOf(message.opcode, message.payload));
    });
  }),
);
