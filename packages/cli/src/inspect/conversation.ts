// Does on a connection what orders say. Where orders come from, a person or a pipe, is not known here.
import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { type Connection, isSendableCloseCode } from '@wireroom/websocket';
import type { Dialect } from './dialect.ts';
import { INSPECT_LIMITS } from './limits.ts';
import type { Order } from './order.ts';

export interface ConversationParts {
  readonly connection: Connection;
  readonly dialect: Dialect;
  /** Writes past the engine. */
  readonly writeRaw: (bytes: Buffer) => void;
  readonly isBinary: boolean;
}

export class Conversation {
  readonly #parts: ConversationParts;

  constructor(parts: ConversationParts) {
    this.#parts = parts;
  }

  /** Returns a sentence where it could not be done. Resolves when the bytes are with the kernel. */
  async perform(order: Order): Promise<string | undefined> {
    const { connection } = this.#parts;
    if (connection.state !== 'open' && order.do !== 'cut' && order.do !== 'raw') {
      return 'The connection is closing; nothing is sent any more.';
    }
    const refusal = await this.#begin(order);
    // Whether the other end has gone in the meantime is told by the end of the connection.
    await connection.flushed().catch(() => undefined);
    return refusal;
  }

  #begin(order: Order): Promise<string | undefined> | string | undefined {
    const { connection, dialect, isBinary, writeRaw } = this.#parts;
    switch (order.do) {
      case 'send':
        connection.send(isBinary ? Buffer.from(order.text) : dialect.encode(order.text));
        return undefined;
      case 'send-bytes':
        connection.send(order.bytes);
        return undefined;
      case 'send-file':
        return this.#sendFile(order.path);
      case 'fragments':
        this.#sendFragments(dialect.encode(order.text), order.count);
        return undefined;
      case 'ping':
      case 'pong':
        connection[order.do](order.payload);
        return undefined;
      case 'close':
        return this.#close(order.code, order.reason);
      case 'raw':
        writeRaw(order.bytes);
        return undefined;
      case 'cut':
        connection.terminate();
        return undefined;
      case 'quit':
        connection.close();
        return undefined;
      case 'refuse':
        return order.why;
      case 'help':
        return undefined;
    }
  }

  async #sendFile(path: string): Promise<string | undefined> {
    let bytes: Buffer;
    try {
      bytes = await readFile(path);
    } catch {
      return `The file "${path}" cannot be read.`;
    }
    if (bytes.length > INSPECT_LIMITS.fileBytesMax) {
      return `The file "${path}" has ${bytes.length} bytes; ${INSPECT_LIMITS.fileBytesMax} are sent at most.`;
    }
    this.#parts.connection.send(this.#parts.isBinary || !isUtf8(bytes) ? bytes : bytes.toString());
    return undefined;
  }

  /** Cut where it happens to be, in the middle of a character if need be: frames are not texts. */
  #sendFragments(text: string, count: number): void {
    const bytes = Buffer.from(text);
    const size = Math.ceil(bytes.length / count);
    for (let index = 0; index < count; index++) {
      const part = bytes.subarray(index * size, (index + 1) * size);
      const kind = this.#parts.isBinary ? 'binary' : 'text';
      this.#parts.connection.sendPart(part, { kind, isLast: index === count - 1 });
    }
  }

  #close(code: number | 'none', reason: string): string | undefined {
    if (code !== 'none' && !isSendableCloseCode(code)) {
      return `${code} must not stand in a Close frame (RFC 6455 section 7.4); /hex can send it all the same.`;
    }
    this.#parts.connection.close(code, reason);
    return undefined;
  }
}
