// Blocks of pcapng (draft-ietf-opsawg-pcapng) and packets of the older pcap, written and read. What is inside a packet is
// packet-writer.ts's and packet-reader.ts's.
import { concat, toUtf8 } from '../bytes.ts';
import { CaptureFileError } from './file-error.ts';

/** Bare IPv4 or IPv6. */
export const LINK_RAW = 101;

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const OLD_PACKET = 2;
const SIMPLE_PACKET = 3;
const PACKET = 6;
const ORDER_MAGIC = 0x1a2b3c4d;
const OPTION = { end: 0, comment: 1, name: 2, resolution: 9, application: 4 } as const;
/** Times are told in nanoseconds. */
const NANO = 9;

type Option = readonly [code: number, value: Uint8Array];

export const sectionBlock = (): Uint8Array => {
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint32(0, ORDER_MAGIC, true);
  view.setUint16(4, 1, true);
  // The section's length is not told.
  view.setBigInt64(8, -1n, true);
  return block(SECTION, body, [[OPTION.application, toUtf8('Wireroom')]]);
};

export function interfaceBlock({
  name,
  comment,
}: {
  readonly name: string;
  readonly comment: string;
}): Uint8Array {
  const body = new Uint8Array(8);
  new DataView(body.buffer).setUint16(0, LINK_RAW, true);
  return block(INTERFACE, body, [
    [OPTION.comment, toUtf8(comment)],
    [OPTION.name, toUtf8(name)],
    [OPTION.resolution, Uint8Array.from([NANO])],
  ]);
}

export interface FilePacket {
  /** Number of its interface in the file. */
  readonly interface: number;
  /** Nanoseconds since 1970. */
  readonly at: bigint;
  readonly bytes: Uint8Array;
  readonly comments: readonly string[];
}

export function packetBlock({ interface: from, at, bytes, comments }: FilePacket): Uint8Array {
  const head = new Uint8Array(20);
  const view = new DataView(head.buffer);
  view.setUint32(0, from, true);
  view.setUint32(4, Number(at >> 32n), true);
  view.setUint32(8, Number(at & 0xffff_ffffn), true);
  view.setUint32(12, bytes.length, true);
  view.setUint32(16, bytes.length, true);
  const options = comments.map((comment): Option => [OPTION.comment, toUtf8(comment)]);
  return block(PACKET, concat([head, padded(bytes)]), options);
}

function block(type: number, body: Uint8Array, options: readonly Option[]): Uint8Array {
  const written = options.flatMap(([code, value]) => [pair(code, value.length), padded(value)]);
  const inside = [body, ...written, ...(options.length > 0 ? [pair(OPTION.end, 0)] : [])];
  const length = 12 + inside.reduce((sum, part) => sum + part.length, 0);
  return concat([word(type), word(length), ...inside, word(length)]);
}

function word(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function pair(first: number, second: number): Uint8Array {
  const bytes = new Uint8Array(4);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, first, true);
  view.setUint16(2, second, true);
  return bytes;
}

const padded = (bytes: Uint8Array): Uint8Array =>
  bytes.length % 4 === 0 ? bytes : concat([bytes, new Uint8Array(4 - (bytes.length % 4))]);

export interface FileInterface {
  readonly linkType: number;
  readonly name?: string;
  readonly comment?: string;
}

export interface ReadPacket extends FilePacket {
  readonly link: FileInterface;
}

/** Of a pcapng or pcap file, its packets in their order. Throws a CaptureFileError where it is neither, or damaged. */
export function readPackets(file: Uint8Array): ReadPacket[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 24) throw new CaptureFileError('too-short');
  const magic = view.getUint32(0);
  if (magic === SECTION) return new BlockReader(file).packets();
  const old = PCAP_MAGICS.get(magic);
  if (old) return readPcap(view, old);
  throw new CaptureFileError('not-pcapng');
}

interface Pcap {
  readonly isLittle: boolean;
  readonly isNano: boolean;
}

const PCAP_MAGICS: ReadonlyMap<number, Pcap> = new Map([
  [0xa1b2c3d4, { isLittle: false, isNano: false }],
  [0xd4c3b2a1, { isLittle: true, isNano: false }],
  [0xa1b23c4d, { isLittle: false, isNano: true }],
  [0x4d3cb2a1, { isLittle: true, isNano: true }],
]);

function readPcap(view: DataView, { isLittle, isNano }: Pcap): ReadPacket[] {
  const link = { linkType: view.getUint32(20, isLittle) & 0xffff };
  const packets: ReadPacket[] = [];
  // A last packet that was cut off while it was written is left out.
  for (let at = 24; at + 16 <= view.byteLength; ) {
    const length = view.getUint32(at + 8, isLittle);
    if (at + 16 + length > view.byteLength) break;
    const fraction = BigInt(view.getUint32(at + 4, isLittle));
    packets.push({
      interface: 0,
      link,
      at: BigInt(view.getUint32(at, isLittle)) * 1_000_000_000n + (isNano ? fraction : fraction * 1_000n),
      bytes: new Uint8Array(view.buffer, view.byteOffset + at + 16, length),
      comments: [],
    });
    at += 16 + length;
  }
  return packets;
}

interface KnownInterface extends FileInterface {
  /** Ticks of its clock in a second. */
  readonly ticks: bigint;
  readonly snapLength: number;
}

class BlockReader {
  readonly #file: Uint8Array;
  readonly #view: DataView;
  readonly #packets: ReadPacket[] = [];
  #isLittle = true;
  #interfaces: KnownInterface[] = [];
  /** Interfaces of the sections before: numbers begin anew in each. */
  #before = 0;

  constructor(file: Uint8Array) {
    this.#file = file;
    this.#view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  }

  packets(): ReadPacket[] {
    let at = 0;
    while (at + 12 <= this.#file.length) {
      const isSection = this.#view.getUint32(at) === SECTION;
      if (isSection) this.#beginSection(at);
      const length = this.#view.getUint32(at + 4, this.#isLittle);
      if (length < 12 || length % 4 !== 0) throw new CaptureFileError('block-length', { at, length });
      // A last block that was cut off while it was written is left out.
      if (at + length > this.#file.length) break;
      if (!isSection) this.#read(this.#view.getUint32(at, this.#isLittle), at + 8, at + length - 4);
      at += length;
    }
    return this.#packets;
  }

  #beginSection(at: number): void {
    const magic = this.#view.getUint32(at + 8, true);
    this.#isLittle = magic === ORDER_MAGIC;
    if (!this.#isLittle && this.#view.getUint32(at + 8) !== ORDER_MAGIC)
      throw new CaptureFileError('byte-order', { at });
    this.#before += this.#interfaces.length;
    this.#interfaces = [];
  }

  #read(type: number, from: number, to: number): void {
    if (type === INTERFACE && to - from >= 8) this.#readInterface(from, to);
    else if (type === PACKET && to - from >= 20) this.#readPacket(this.#u32(from), from, to);
    else if (type === OLD_PACKET && to - from >= 20) this.#readPacket(this.#u16(from), from, to);
    else if (type === SIMPLE_PACKET && to - from >= 4) this.#readSimple(from, to);
  }

  #readInterface(from: number, to: number): void {
    const options = this.#options(from + 8, to);
    const resolution = options.find(([code]) => code === OPTION.resolution)?.[1][0] ?? 6;
    const text = (code: number): string | undefined => textsOf(options, code)[0];
    const name = text(OPTION.name);
    const comment = text(OPTION.comment);
    this.#interfaces.push({
      linkType: this.#u16(from),
      snapLength: this.#u32(from + 4),
      ticks: resolution & 0x80 ? 2n ** BigInt(resolution & 0x3f) : 10n ** BigInt(Math.min(resolution, 19)),
      ...(name !== undefined && { name }),
      ...(comment !== undefined && { comment }),
    });
  }

  #readPacket(number: number, from: number, to: number): void {
    const link = this.#interfaces[number];
    const length = this.#u32(from + 12);
    if (!link || from + 20 + length > to) return;
    const ticks = (BigInt(this.#u32(from + 4)) << 32n) | BigInt(this.#u32(from + 8));
    const end = from + 20 + length + ((4 - (length % 4)) % 4);
    this.#packets.push({
      interface: this.#before + number,
      link,
      at: (ticks * 1_000_000_000n) / link.ticks,
      bytes: this.#file.subarray(from + 20, from + 20 + length),
      comments: textsOf(this.#options(end, to), OPTION.comment),
    });
  }

  /** Has no time of its own. */
  #readSimple(from: number, to: number): void {
    const link = this.#interfaces[0];
    if (!link) return;
    const kept = link.snapLength === 0 ? this.#u32(from) : Math.min(link.snapLength, this.#u32(from));
    const bytes = this.#file.subarray(from + 4, Math.min(to, from + 4 + kept));
    this.#packets.push({
      interface: this.#before,
      link,
      at: this.#packets.at(-1)?.at ?? 0n,
      bytes,
      comments: [],
    });
  }

  #options(from: number, to: number): Option[] {
    const options: Option[] = [];
    for (let at = from; at + 4 <= to; ) {
      const code = this.#u16(at);
      const length = this.#u16(at + 2);
      if (code === OPTION.end || at + 4 + length > to) break;
      options.push([code, this.#file.subarray(at + 4, at + 4 + length)]);
      at += 4 + length + ((4 - (length % 4)) % 4);
    }
    return options;
  }

  #u32(at: number): number {
    return this.#view.getUint32(at, this.#isLittle);
  }

  #u16(at: number): number {
    return this.#view.getUint16(at, this.#isLittle);
  }
}

const lenient = new TextDecoder();
const textsOf = (options: readonly Option[], wanted: number): string[] =>
  options.filter(([code]) => code === wanted).map(([, value]) => lenient.decode(value));
