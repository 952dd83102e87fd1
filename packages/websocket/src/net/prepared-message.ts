// A message framed once and sent to many: the broadcast's unit. Compressed, it is deflated once per kind of negotiation,
// not once per receiver. Connections that must mask frame it for themselves.
import { COMPRESSED, encodeMessage, encodeMessages, opcodeOf } from '../core/frame-writer.ts';
import type { MessageKind } from '../core/message.ts';
import { OPCODE } from '../core/opcode.ts';
import type { SharedDeflater } from './deflate-pool.ts';
import { SharedFrame } from './frame-batch.ts';

/** A message deflated without a history: valid in every connection's stream, whatever went before. */
export interface CompressedForm {
  readonly payload: Buffer;
  /** The finished frame as a server sends it. */
  readonly frame: SharedFrame;
}

/** Made by `prepare`; give it to `send` as often as wanted. */
export class PreparedMessage {
  readonly opcode: number;
  readonly data: string | Uint8Array;
  /** Bytes of the message, uncompressed. */
  readonly length: number;
  /**
   * The finished frame as a server sends it. Shared between sockets: never to be written to.
   * @internal
   */
  readonly frame: SharedFrame;
  // Undefined where compressing does not make it smaller.
  #compressed: Map<SharedDeflater, CompressedForm | undefined> | undefined;

  constructor(data: string | Uint8Array, opcode: number = opcodeOf(data)) {
    this.opcode = opcode;
    const payload = typeof data === 'string' ? Buffer.from(data) : data;
    const frame = encodeMessage(this.opcode, payload, undefined);
    this.frame = new SharedFrame(frame);
    this.data = typeof data === 'string' ? data : frame.subarray(frame.length - payload.length);
    this.length = payload.length;
  }

  /**
   * Whether it was made of these. A string is what it was; bytes are compared.
   * @internal
   */
  hasBytes(data: string | Uint8Array): boolean {
    const { bytes } = this.frame;
    if (typeof data === 'string') return true;
    return data.length === this.length && bytes.subarray(bytes.length - this.length).equals(data);
  }

  /**
   * The message deflated, the first time it is asked for; undefined when it does not get smaller.
   * @internal
   */
  compressed(deflater: SharedDeflater): CompressedForm | undefined {
    this.#compressed ??= new Map();
    if (!this.#compressed.has(deflater)) this.#compressed.set(deflater, this.#compress(deflater));
    return this.#compressed.get(deflater);
  }

  #compress(deflater: SharedDeflater): CompressedForm | undefined {
    if (this.length === 0) return undefined;
    const { bytes } = this.frame;
    const payload = deflater.deflate(bytes.subarray(bytes.length - this.length));
    if (payload.length >= this.length) return undefined;
    return { payload, frame: new SharedFrame(encodeMessage(this.opcode | COMPRESSED, payload, undefined)) };
  }
}

/**
 * Frames a message once, for any number of `send` calls. Bytes are copied; later changes to them have no effect. `kind` is for
 * bytes that are a text already: they are not checked to be UTF-8. Default: a string is text, bytes are binary.
 */
export function prepare(data: string | Uint8Array, kind?: MessageKind): PreparedMessage {
  const opcode = kind === undefined ? opcodeOf(data) : OPCODE[kind];
  return new PreparedMessage(data, opcode);
}

/** Messages that leave together, to many. Made by `prepareRun`; give it to `sendRun` as often as wanted. */
export class PreparedRun {
  readonly #data: readonly (string | Uint8Array)[];
  readonly #kind: MessageKind | undefined;
  #messages: readonly PreparedMessage[] | undefined;
  /**
   * Their frames one behind the other. Shared between sockets: never to be written to.
   * @internal
   */
  readonly frames: SharedFrame;

  constructor(data: readonly (string | Uint8Array)[], kind?: MessageKind) {
    this.#data = data;
    this.#kind = kind;
    this.frames = new SharedFrame(encodeMessages(data, kind === undefined ? opcodeOf : () => OPCODE[kind]));
  }

  /** Each by itself, for connections that they cannot be sent to as one piece. */
  get messages(): readonly PreparedMessage[] {
    this.#messages ??= this.#data.map((data) => prepare(data, this.#kind));
    return this.#messages;
  }
}

/**
 * Puts messages together once, for any number of `sendRun` calls: each then costs what sending one message costs. `kind` as for
 * `prepare`. Bytes must be left as they are from now on.
 */
export function prepareRun(data: readonly (string | Uint8Array)[], kind?: MessageKind): PreparedRun {
  return new PreparedRun(data, kind);
}
