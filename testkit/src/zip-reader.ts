// Reads a zip as a program would that knows the format (APPNOTE.TXT) and nothing of who wrote it: its directory, then each file by
// it, with size and checksum compared. For tests; it holds everything in memory.
import { crc32, inflateRawSync } from 'node:zlib';

/** The lengths of records before their names, in bytes, and how they begin. */
const END = { signature: 0x0605_4b50, bytes: 22 } as const;
const ENTRY = { signature: 0x0201_4b50, bytes: 46 } as const;
const LOCAL = { signature: 0x0403_4b50, bytes: 30 } as const;
const STORED = 0;
const DEFLATED = 8;

/** The files by their names, in the directory's order. Throws where something is not as the directory says. */
export function readZip(zip: Buffer): ReadonlyMap<string, Buffer> {
  const end = zip.length - END.bytes;
  if (end < 0 || zip.readUInt32LE(end) !== END.signature) throw new Error('The zip has no end.');
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count -= 1) {
    if (zip.readUInt32LE(at) !== ENTRY.signature) throw new Error(`There is no entry at ${at}.`);
    const lengths = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
    const [nameBytes = 0] = lengths;
    const name = zip.toString('utf8', at + ENTRY.bytes, at + ENTRY.bytes + nameBytes);
    files.set(name, fileAt(zip, at));
    at += ENTRY.bytes + lengths.reduce((sum, length) => sum + length, 0);
  }
  if (at !== end) throw new Error(`The directory ends at ${at}, not at ${end}.`);
  return files;
}

function fileAt(zip: Buffer, entry: number): Buffer {
  const local = zip.readUInt32LE(entry + 42);
  if (zip.readUInt32LE(local) !== LOCAL.signature) throw new Error(`There is no file at ${local}.`);
  const start = local + LOCAL.bytes + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const packed = zip.subarray(start, start + zip.readUInt32LE(entry + 20));
  const method = zip.readUInt16LE(entry + 10);
  if (method !== STORED && method !== DEFLATED) throw new Error(`Method ${method} is none of ours.`);
  const bytes = method === STORED ? packed : inflateRawSync(packed);
  if (bytes.length !== zip.readUInt32LE(entry + 24))
    throw new Error(`The file at ${local} has another size.`);
  if (crc32(bytes) !== zip.readUInt32LE(entry + 16)) throw new Error(`The file at ${local} is damaged.`);
  return bytes;
}
