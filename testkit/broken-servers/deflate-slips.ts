// A server that compresses, and servers that get compression wrong, each in one way. Each message is compressed by itself.
import { constants, deflateRawSync, deflateSync, inflateRawSync } from 'node:zlib';
import { Connection, type Headers } from './base-server.ts';
import { another, type BrokenServer, slip } from './broken-server.ts';

const TAIL = Buffer.from([0, 0, 0xff, 0xff]);
const FLUSH = { finishFlush: constants.Z_SYNC_FLUSH };
const FIELD = 'Sec-WebSocket-Extensions';

/** Agrees to compression without memory. */
export class DeflatingConnection extends Connection {
  protected isDeflating = false;

  protected override answerLines(headers: Headers): string[] {
    const offer = headers['sec-websocket-extensions'] ?? '';
    this.isDeflating =
      /^permessage-deflate(; *(client_max_window_bits|(server|client)_no_context_takeover))*$/.test(offer);
    return [...super.answerLines(headers), ...(this.isDeflating ? [`${FIELD}: ${this.agreement()}`] : [])];
  }

  protected agreement(): string {
    return 'permessage-deflate; server_no_context_takeover; client_no_context_takeover';
  }

  protected override isRsvFine(rsv: number, opcode: number): boolean {
    return rsv === 0 || (rsv === 4 && this.isDeflating && (opcode === 1 || opcode === 2));
  }

  protected override deliver(opcode: number, payload: Buffer): void {
    let plain: Buffer | undefined;
    try {
      plain = this.rsv === 4 ? this.inflate(payload) : payload;
    } catch {
      this.close(1007);
    }
    if (plain !== undefined) super.deliver(opcode, plain);
  }

  protected override frame(opcode: number, payload: Buffer): Buffer {
    if (!this.isDeflating || opcode > 2) return super.frame(opcode, payload);
    const packed = super.frame(opcode, this.deflate(payload));
    packed[0] = 0x40 | (packed[0] ?? 0);
    return packed;
  }

  protected inflate(payload: Buffer): Buffer {
    return inflateRawSync(Buffer.concat([payload, TAIL]), { ...FLUSH, maxOutputLength: 1024 * 1024 });
  }

  protected deflate(payload: Buffer): Buffer {
    return deflateRawSync(payload, FLUSH).subarray(0, -4);
  }
}

export const DEFLATE_SLIPS: readonly BrokenServer[] = [
  slip(
    'deflate-agreed-not-used',
    'It agrees to compression and fails at the first compressed message.',
    class extends DeflatingConnection {
      protected override isRsvFine(rsv: number): boolean {
        return rsv === 0;
      }
    },
  ),
  another(
    'deflate-echoed-packed',
    'deflate-agreed-not-used',
    'It agrees to compression and takes compressed bytes for the message.',
    class extends DeflatingConnection {
      protected override deliver(opcode: number, payload: Buffer): void {
        if (this.rsv === 4) this.message(opcode, payload);
        else super.deliver(opcode, payload);
      }
      protected override frame(opcode: number, payload: Buffer): Buffer {
        const { isDeflating } = this;
        this.isDeflating = false;
        const frame = super.frame(opcode, payload);
        this.isDeflating = isDeflating;
        return frame;
      }
    },
  ),
  slip(
    'deflate-answer-unfit',
    'It agrees to compression and to nothing that was asked with it.',
    class extends DeflatingConnection {
      protected override agreement(): string {
        return 'permessage-deflate; client_max_window_bits=10; server_max_window_bits=99';
      }
    },
  ),
  slip(
    'deflate-broken',
    'It writes a zlib header before its compressed data.',
    class extends DeflatingConnection {
      protected override deflate(payload: Buffer): Buffer {
        return deflateSync(payload, FLUSH).subarray(0, -4);
      }
    },
  ),
  slip(
    'context-kept-though-declined',
    'It agrees to forget, and still refers to the message before.',
    class extends DeflatingConnection {
      #last = Buffer.alloc(0);

      protected override deflate(payload: Buffer): Buffer {
        const dictionary = this.#last.length === 0 ? {} : { dictionary: this.#last };
        this.#last = Buffer.from(payload);
        return deflateRawSync(payload, { ...FLUSH, ...dictionary }).subarray(0, -4);
      }
    },
  ),
  slip(
    'context-not-kept',
    'It lets the client refer to the message before, and forgets that one.',
    class extends DeflatingConnection {
      protected override agreement(): string {
        return 'permessage-deflate; server_no_context_takeover';
      }
    },
  ),
];
