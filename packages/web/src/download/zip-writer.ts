// A zip of documents that come one after the other, in pieces, and that can go on after a reload: what is finished is told by numbers and
// not by objects, which is why the container is written here and not by fflate's own, while deflating and the CRC are fflate's.
import { ZipDeflate } from 'fflate';
import { DownloadError, type ZipEntry } from './download-port.ts';

/** Offsets and counts have 32 and 16 bits in this form of zip (APPNOTE 4.3.7, 4.3.12, 4.3.16). */
const BYTES_MAX = 0xffff_ffff;
const ENTRIES_MAX = 0xffff;

const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** Sizes come after the data; names are UTF-8. */
const FLAGS = 0x0808;
const DEFLATED = 8;
/** 1 January 1980: a zip of the same history is the same zip. */
const DATE = 0x0021;

interface OpenDocument {
  readonly name: string;
  readonly offset: number;
  readonly file: ZipDeflate;
  packedBytes: number;
}

export class ZipWriter {
  readonly #entries: ZipEntry[];
  #offset: number;
  #open: OpenDocument | undefined;
  #out: Uint8Array[] = [];

  /** Goes on behind what is finished, which ends at `offset`. */
  constructor(entries: readonly ZipEntry[], offset: number) {
    this.#entries = [...entries];
    this.#offset = offset;
  }

  get entries(): readonly ZipEntry[] {
    return this.#entries;
  }

  /** Each call returns what is to be written for it. */
  begin(name: string): Uint8Array[] {
    if (this.#entries.length >= ENTRIES_MAX) throw tooLarge();
    const file = new ZipDeflate(name);
    const open: OpenDocument = { name, offset: this.#offset, file, packedBytes: 0 };
    file.ondata = (error, chunk) => {
      if (error !== null) throw error;
      open.packedBytes += chunk.length;
      this.#give(chunk);
    };
    this.#open = open;
    this.#give(localHeader(name));
    return this.#taken();
  }

  push(bytes: Uint8Array): Uint8Array[] {
    this.#opened().file.push(bytes);
    return this.#taken();
  }

  end(): Uint8Array[] {
    const { name, offset, file } = this.#opened();
    file.push(new Uint8Array(0), true);
    const entry = { name, offset, bytes: file.size, packedBytes: this.#opened().packedBytes, crc: file.crc };
    this.#give(descriptor(entry));
    this.#entries.push(entry);
    this.#open = undefined;
    return this.#taken();
  }

  /** The last piece. */
  directory(): Uint8Array[] {
    const start = this.#offset;
    for (const entry of this.#entries) this.#give(centralHeader(entry));
    this.#give(endRecord(this.#entries.length, this.#offset - start, start));
    return this.#taken();
  }

  #opened(): OpenDocument {
    if (this.#open === undefined) throw new Error('No document of the zip is open.');
    return this.#open;
  }

  #give(bytes: Uint8Array): void {
    this.#offset += bytes.length;
    if (this.#offset > BYTES_MAX) throw tooLarge();
    if (bytes.length > 0) this.#out.push(bytes);
  }

  #taken(): Uint8Array[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }
}

const tooLarge = (): DownloadError =>
  new DownloadError('zip-too-large', 'A zip has at most 4 GiB and 65,535 files.');

/** Numbers of 16 bits, and of 32 where they are given as `[number]`. */
function fields(...numbers: readonly (number | readonly [number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(numbers.length * 4));
  let at = 0;
  for (const each of numbers) {
    if (typeof each === 'number') view.setUint16(at, each, true);
    else view.setUint32(at, each[0] >>> 0, true);
    at += typeof each === 'number' ? 2 : 4;
  }
  return new Uint8Array(view.buffer, 0, at);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

const encoded = (name: string): Uint8Array => new TextEncoder().encode(name);

function localHeader(name: string): Uint8Array {
  const bytes = encoded(name);
  return joined(fields([LOCAL], VERSION, FLAGS, DEFLATED, 0, DATE, [0], [0], [0], bytes.length, 0), bytes);
}

const descriptor = ({ crc, packedBytes, bytes }: ZipEntry): Uint8Array =>
  fields([DESCRIPTOR], [crc], [packedBytes], [bytes]);

function centralHeader({ name, offset, bytes, packedBytes, crc }: ZipEntry): Uint8Array {
  const nameBytes = encoded(name);
  const head = fields(
    ...([[CENTRAL], VERSION, VERSION, FLAGS, DEFLATED, 0, DATE, [crc], [packedBytes], [bytes]] as const),
    ...([nameBytes.length, 0, 0, 0, 0, [0], [offset]] as const),
  );
  return joined(head, nameBytes);
}

const endRecord = (count: number, bytes: number, start: number): Uint8Array =>
  fields([END], 0, 0, count, count, [bytes], [start], 0);
