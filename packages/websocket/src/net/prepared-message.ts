// A message framed once and sent to many: the broadcast's unit. Connections that must mask frame it for themselves.
import { encodeMessage, opcodeOf } from '../core/frame-writer.ts';

/** Made by `prepare`; give it to `send` as often as wanted. */
export class PreparedMessage {
  readonly opcode: number;
  readonly data: string | Uint8Array;
  /** The finished frame as a server sends it. Shared between sockets: never to be written to. */
  readonly frame: Buffer;

  constructor(data: string | Uint8Array) {
    this.opcode = opcodeOf(data);
    this.frame = encodeMessage(this.opcode, data, undefined);
    this.data = data;
  }
}

/** Frames a message once, for any number of `send` calls. Bytes are copied; later changes to them have no effect. */
export function prepare(data: string | Uint8Array): PreparedMessage {
  return new PreparedMessage(typeof data === 'string' ? data : Uint8Array.from(data));
}
