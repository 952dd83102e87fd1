// Servers that read or write frames wrongly, each in one way.
import { Connection, type Frame } from './base-server.ts';
import { another, type BrokenServer, slip } from './broken-server.ts';

const xor = (payload: Buffer, keyByte: (i: number) => number): Buffer =>
  Buffer.from(payload.map((byte, i) => byte ^ keyByte(i)));

export const MASK_SLIPS: readonly BrokenServer[] = [
  slip(
    'mask-not-removed',
    'It leaves the mask on.',
    class extends Connection {
      protected override unmask(payload: Buffer): Buffer {
        return Buffer.from(payload);
      }
      protected override isTextFine(): boolean {
        return true;
      }
    },
  ),
  slip(
    'wrong-mask-offset',
    'It begins with the second byte of the key.',
    class extends Connection {
      protected override unmask(payload: Buffer, key: Buffer): Buffer {
        return xor(payload, (i) => key[(i + 1) % 4] ?? 0);
      }
    },
  ),
  another(
    'key-used-once',
    'wrong-mask-offset',
    'It forgets to begin again with the key after four bytes.',
    class extends Connection {
      protected override unmask(payload: Buffer, key: Buffer): Buffer {
        return xor(payload, (i) => key[i] ?? 0);
      }
    },
  ),
  another(
    'key-at-fixed-place',
    'wrong-mask-offset',
    'It takes the key from bytes 2 to 5, whatever form the length has.',
    class extends Connection {
      protected override unmask(payload: Buffer): Buffer {
        const key = this.received.subarray(2, 6);
        return xor(payload, (i) => key[i % 4] ?? 0);
      }
      protected override isTextFine(): boolean {
        return true;
      }
    },
  ),
  another(
    'key-restarts-at-read',
    'wrong-mask-offset',
    'It unmasks each read by itself, beginning with the first byte of the key.',
    class extends Connection {
      #reads: number[] = [];

      protected override read(chunk: Buffer): void {
        this.#reads.push(this.received.length);
        super.read(chunk);
        this.#reads = this.received.length === 0 ? [] : this.#reads;
      }
      protected override unmask(payload: Buffer, key: Buffer): Buffer {
        const head = this.received.length - payload.length;
        const cuts = this.#reads.map((at) => at - head).filter((at) => at > 0);
        return xor(payload, (i) => key[(i - (cuts.filter((cut) => cut <= i).at(-1) ?? 0)) % 4] ?? 0);
      }
    },
  ),
  slip(
    'no-masking-check',
    'Frames without a mask are welcome.',
    class extends Connection {
      protected override faultOf(
        header: Omit<Frame, 'payload' | 'bytes'>,
        length: number,
      ): number | undefined {
        return super.faultOf({ ...header, isMasked: true }, length);
      }
    },
  ),
  another(
    'mask-bit-ignored',
    'no-masking-check',
    'It takes for granted that there is a mask.',
    class extends Connection {
      protected override isMasked(): boolean {
        return true;
      }
    },
  ),
];

export const BORDER_SLIPS: readonly BrokenServer[] = [
  slip(
    'one-frame-per-read',
    'One read is one frame.',
    class extends Connection {
      protected override readFrames(): void {
        const frame = this.received.length === 0 ? undefined : this.nextFrame();
        this.received = Buffer.alloc(0);
        if (frame !== undefined) this.take(frame);
      }
    },
  ),
  slip(
    'second-frame-lost',
    'It waits for a whole frame, and throws away what comes behind it.',
    class extends Connection {
      protected override readFrames(): void {
        const frame = this.nextFrame();
        if (frame === undefined) return;
        this.received = Buffer.alloc(0);
        this.take(frame);
      }
    },
  ),
];

const lengthWith = (length: number, write: (field: Buffer) => void, bytes: 3 | 5 | 9): Buffer => {
  const field = Buffer.alloc(bytes);
  field[0] = length < 65_536 ? 126 : 127;
  write(field);
  return field;
};

export const LENGTH_SLIPS: readonly BrokenServer[] = [
  slip(
    'length16-byte-order',
    'It reads 16 bits with the low byte first.',
    class extends Connection {
      protected override lengthOf(bytes: Buffer, short: number): number {
        return short === 126 ? bytes.readUInt16LE(2) : super.lengthOf(bytes, short);
      }
    },
  ),
  another(
    'length16-written-backwards',
    'length16-byte-order',
    'It writes 16 bits with the low byte first.',
    class extends Connection {
      protected override lengthField(payload: Buffer): Buffer {
        const { length } = payload;
        if (length < 126 || length > 65_535) return super.lengthField(payload);
        return lengthWith(length, (field) => field.writeUInt16LE(length, 1), 3);
      }
    },
  ),
  slip(
    'length16-unread',
    'It knows the short form of the length only.',
    class extends Connection {
      protected override lengthBytes(): number {
        return 0;
      }
      protected override lengthOf(_: Buffer, short: number): number {
        return short;
      }
    },
  ),
  slip(
    'length64-as-32',
    'It reads four of the eight bytes.',
    class extends Connection {
      protected override lengthBytes(short: number): number {
        return short === 127 ? 4 : super.lengthBytes(short);
      }
      protected override lengthOf(bytes: Buffer, short: number): number {
        return short === 127 ? bytes.readUInt32BE(2) : super.lengthOf(bytes, short);
      }
    },
  ),
  another(
    'length64-written-as-32',
    'length64-as-32',
    'It writes four of the eight bytes.',
    class extends Connection {
      protected override lengthField(payload: Buffer): Buffer {
        const { length } = payload;
        if (length < 65_536) return super.lengthField(payload);
        return lengthWith(length, (field) => field.writeUInt32BE(length, 1), 5);
      }
    },
  ),
  slip(
    'length64-byte-order',
    'It writes 64 bits with the low byte first.',
    class extends Connection {
      protected override lengthField(payload: Buffer): Buffer {
        const { length } = payload;
        if (length < 65_536) return super.lengthField(payload);
        return lengthWith(length, (field) => field.writeBigUInt64LE(BigInt(length), 1), 9);
      }
    },
  ),
  slip(
    'length-in-characters',
    'It writes how many characters the text has.',
    class extends Connection {
      protected override lengthField(payload: Buffer): Buffer {
        return super.lengthField(Buffer.alloc(payload.toString().length));
      }
    },
  ),
  slip(
    'length-not-shortest',
    'It writes every length in 16 bits.',
    class extends Connection {
      protected override lengthField(payload: Buffer): Buffer {
        const { length } = payload;
        if (length > 65_535) return super.lengthField(payload);
        return lengthWith(length, (field) => field.writeUInt16BE(length, 1), 3);
      }
    },
  ),
];

export const WRITING_SLIPS: readonly BrokenServer[] = [
  slip(
    'masked-server-frames',
    'It masks its frames as a client does.',
    class extends Connection {
      protected override frame(opcode: number, payload: Buffer): Buffer {
        const key = Buffer.of(0x21, 0x43, 0x65, 0x87);
        const field = this.lengthField(payload);
        field[0] = 0x80 | (field[0] ?? 0);
        return Buffer.concat([Buffer.of(this.firstByte(opcode)), field, key, super.unmask(payload, key)]);
      }
    },
  ),
  slip(
    'wrong-rsv',
    'It sets RSV1 on text.',
    class extends Connection {
      protected override firstByte(opcode: number): number {
        return super.firstByte(opcode) | (opcode === 1 ? 0x40 : 0);
      }
    },
  ),
  slip(
    'reserved-opcode-sent',
    'It sends text with opcode 3.',
    class extends Connection {
      protected override firstByte(opcode: number): number {
        return super.firstByte(opcode === 1 ? 3 : opcode);
      }
    },
  ),
];

export const CHECK_SLIPS: readonly BrokenServer[] = [
  slip(
    'rsv-accepted',
    'It does not look at the reserved bits.',
    class extends Connection {
      protected override isRsvFine(): boolean {
        return true;
      }
    },
  ),
  slip(
    'reserved-opcode-accepted',
    'Opcodes without a meaning are passed over.',
    class extends Connection {
      protected override isOpcodeFine(): boolean {
        return true;
      }
      protected override isOrderFine(opcode: number): boolean {
        return opcode > 2 || super.isOrderFine(opcode);
      }
      protected override takeData(frame: Frame): void {
        if (frame.opcode <= 2) super.takeData(frame);
      }
    },
  ),
  slip(
    'message-limit-missing',
    'A message may be as long as it likes.',
    class extends Connection {
      protected override isLengthFine(): boolean {
        return true;
      }
    },
  ),
];
