// One reassembled WebSocket message, as the application gets it. Nothing is copied or decoded before it is asked for: a small
// message is a window on the memory that its socket was read into, until somebody wants its bytes or that memory is needed.

/** What a message was sent as. */
export type MessageKind = 'text' | 'binary';

/** Where a message's bytes lie. A FramePart is one. */
export interface MessageBytes {
  readonly memory: Buffer;
  readonly start: number;
  readonly end: number;
  /** All bytes are known to be ASCII; false says nothing. */
  readonly isAscii: boolean;
}

// Short runs are copied faster by a loop than by a call into native code.
const LOOP_BYTES_MAX = 48;

/** Copies the payload into other memory, to be sent on from there. For the engine only. */
export let copyPayload: (message: Message, target: Buffer, at: number) => void;
/** The borrowed memory is needed again: copies what the program may still ask for. For the engine only. */
export let keepMessage: (message: Message) => void;
/** Whether the memory is somebody else's. For the engine only. */
export let isBorrowed: (message: Message) => boolean;

/**
 * A message that has come. It costs nothing that is not asked for: `text()` decodes, `data` copies, `send` sends it on without
 * either. It is good for as long as it is held, unless it was only sent on.
 */
export class Message {
  readonly kind: MessageKind;
  /** Bytes of the payload. */
  readonly length: number;
  // Undefined: the memory went back to its owner, and the text, if it was read, is all that is left.
  #memory: Buffer | undefined;
  #start: number;
  #isBorrowed: boolean;
  readonly #isAscii: boolean;
  #isSentOn = false;
  #text: string | undefined;

  static {
    copyPayload = (message, target, at) => message.#copy(target, at);
    keepMessage = (message) => message.#keep();
    isBorrowed = (message) => message.#isBorrowed;
  }

  /** @param isBorrowed the memory is somebody else's, and lent only until it is kept */
  constructor(kind: MessageKind, { memory, start, end, isAscii }: MessageBytes, isBorrowed: boolean) {
    this.kind = kind;
    this.length = end - start;
    this.#memory = memory;
    this.#start = start;
    this.#isBorrowed = isBorrowed;
    this.#isAscii = isAscii;
  }

  /**
   * The payload. Of a text message these bytes are valid UTF-8. They belong to the receiver from now on. Throws a TypeError
   * when the message was sent on as it is and nobody has asked for its contents before the handler returned.
   */
  get data(): Buffer {
    return this.#own();
  }

  /** The payload as text; of a binary message, what UTF-8 makes of it. Throws as `data` does. */
  text(): string {
    this.#text ??= this.#decode();
    return this.#text;
  }

  #decode(): string {
    const encoding = this.#isAscii ? 'latin1' : 'utf8';
    const memory = this.#memory ?? this.#own();
    return memory.toString(encoding, this.#start, this.#start + this.length);
  }

  #copy(target: Buffer, at: number): void {
    const { length } = this;
    const memory = this.#memory ?? this.#own();
    this.#isSentOn = true;
    const start = this.#start;
    if (length > LOOP_BYTES_MAX) memory.copy(target, at, start, start + length);
    else for (let i = 0; i < length; i++) target[at + i] = memory[start + i] ?? 0;
  }

  /**
   * A text that has been read need not be copied: it was valid UTF-8, so its bytes can be had from it again. What was only
   * sent on is gone: a relay must not pay for a copy that it never looks at.
   */
  #keep(): void {
    if (!this.#isBorrowed) return;
    const isTextRead = this.kind === 'text' && this.#text !== undefined;
    if (isTextRead || this.#isSentOn) this.#memory = undefined;
    else this.#own();
  }

  #own(): Buffer {
    const memory = this.#memory;
    if (memory !== undefined && !this.#isBorrowed && this.length === memory.length) return memory;
    if (memory === undefined && this.#text === undefined) {
      throw new TypeError(
        'this message was sent on unread: ask for its data or text before the handler returns',
      );
    }
    const owned =
      memory === undefined
        ? Buffer.from(this.#text ?? '')
        : Buffer.from(memory.subarray(this.#start, this.#start + this.length));
    this.#memory = owned;
    this.#start = 0;
    this.#isBorrowed = false;
    return owned;
  }
}
