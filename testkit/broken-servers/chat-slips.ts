// Servers that do not echo: a chat that hands on to all others what one says, and a sink that says nothing. Each broken
// one is one of these with one method done wrong.
import { Connection, type Frame } from './base-server.ts';
import { another, type BrokenServer } from './broken-server.ts';

/** Hands on to everybody, the speaker too; greets whoever comes. */
export class ChatConnection extends Connection {
  #isGreeted = false;

  protected override readFrames(): void {
    if (!this.#isGreeted) this.send(1, Buffer.from('{"type":"welcome"}'));
    this.#isGreeted = true;
    super.readFrames();
  }

  hear(payload: Buffer): void {
    if (this.isOpen) this.send(1, payload);
  }

  protected override message(_: number, payload: Buffer): void {
    const line = Buffer.from(JSON.stringify({ type: 'said', text: payload.toString() }));
    for (const other of this.everybody) if (other instanceof ChatConnection) other.hear(line);
  }
}

/** Reads, and says nothing. */
export class SinkConnection extends Connection {
  protected override message(): void {}
}

export const CHAT_SLIPS: readonly BrokenServer[] = [
  another(
    'chat-ping-unanswered',
    'ping-unanswered',
    'A chat that knows no pings.',
    class extends ChatConnection {
      protected override takePing(): void {}
    },
  ),
  another(
    'chat-masks',
    'masked-server-frames',
    'A chat that masks its frames.',
    class extends ChatConnection {
      protected override frame(opcode: number, payload: Buffer): Buffer {
        const key = Buffer.of(1, 2, 3, 4);
        const field = this.lengthField(payload);
        field[0] = 0x80 | (field[0] ?? 0);
        return Buffer.concat([Buffer.of(this.firstByte(opcode)), field, key, super.unmask(payload, key)]);
      }
    },
  ),
  another(
    'chat-unmasked-accepted',
    'no-masking-check',
    'A chat that takes frames without a mask.',
    class extends ChatConnection {
      protected override faultOf(
        header: Omit<Frame, 'payload' | 'bytes'>,
        length: number,
      ): number | undefined {
        return super.faultOf({ ...header, isMasked: true }, length);
      }
    },
  ),
  another(
    'sink-wrong-mask-offset',
    'wrong-mask-offset',
    'A server without an echo that begins with the third byte of the key.',
    class extends SinkConnection {
      protected override unmask(payload: Buffer, key: Buffer): Buffer {
        return Buffer.from(payload.map((byte, i) => byte ^ (key[(i + 2) % 4] ?? 0)));
      }
    },
  ),
  another(
    'sink-second-frame-lost',
    'second-frame-lost',
    'A server without an echo that throws away what comes behind the first frame.',
    class extends SinkConnection {
      protected override readFrames(): void {
        const frame = this.nextFrame();
        if (frame === undefined) return;
        this.received = Buffer.alloc(0);
        this.take(frame);
      }
    },
  ),
  another(
    'sink-length16-byte-order',
    'length16-byte-order',
    'A server without an echo that reads 16 bits with the low byte first.',
    class extends SinkConnection {
      protected override lengthOf(bytes: Buffer, short: number): number {
        return short === 126 ? bytes.readUInt16LE(2) : super.lengthOf(bytes, short);
      }
    },
  ),
  another(
    'sink-close-unanswered',
    'close-unanswered',
    'A server without an echo that does not answer a Close frame.',
    class extends SinkConnection {
      protected override takeClose(): void {}
    },
  ),
];
