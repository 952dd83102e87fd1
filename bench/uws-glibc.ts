// Lets a uWebSockets.js built against glibc 2.38 load on Debian 12 (glibc 2.36). It asks for that version only for three
// functions, __isoc23_strtol and the like, which the older library has under their plain names. So the names in the ELF
// file's table of dynamic symbols are cut to these. Only the copy in the folder of the bench is changed.
import { readFileSync, writeFileSync } from 'node:fs';

const NEW_PREFIX = '__isoc23_';
const NEW_VERSION = 'GLIBC_2.38';
const OLD_VERSION = 'GLIBC_2.2.5';
const WEAK = 2; // VER_FLG_WEAK: may be missing
const SYMBOL_BYTES = 24; // Elf64_Sym

interface Section {
  readonly offset: number;
  readonly size: number;
}

/** A version of a library that the file asks for (Elf64_Vernaux). */
interface Version {
  readonly name: string;
  readonly library: string;
  readonly offset: number;
  readonly index: number;
}

export function patchForOlderGlibc(file: string): void {
  const bytes = readFileSync(file);
  if (patchedSymbols(bytes) > 0) writeFileSync(file, bytes);
}

/** Changes the bytes of an ELF64 file; returns how many symbols were renamed. */
function patchedSymbols(bytes: Buffer): number {
  if (bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 2) throw new Error('not an ELF64 file');
  const sections = sectionsOf(bytes);
  const section = (name: string): Section => {
    const found = sections.get(name);
    if (found === undefined) throw new Error(`the file has no section ${name}`);
    return found;
  };
  const names = section('.dynstr').offset;
  const versions = [...versionsOf(bytes, section('.gnu.version_r').offset, names)];
  const old = versions.find(({ name, library }) => library === 'libc.so.6' && name === OLD_VERSION);
  if (old === undefined) throw new Error(`the file does not ask for ${OLD_VERSION}`);

  const symbols = section('.dynsym');
  const versionIndices = section('.gnu.version').offset;
  let renamed = 0;
  for (let i = 0; i * SYMBOL_BYTES < symbols.size; i += 1) {
    const at = symbols.offset + i * SYMBOL_BYTES;
    const name = bytes.readUInt32LE(at);
    if (!textAt(bytes, names + name).startsWith(NEW_PREFIX)) continue;
    bytes.writeUInt32LE(name + NEW_PREFIX.length, at);
    bytes.writeUInt16LE(old.index, versionIndices + i * 2);
    renamed += 1;
  }
  for (const { name, offset } of versions) {
    if (name === NEW_VERSION) bytes.writeUInt16LE(WEAK, offset + 4);
  }
  return renamed;
}

const textAt = (bytes: Buffer, at: number): string => bytes.toString('latin1', at, bytes.indexOf(0, at));

function sectionsOf(bytes: Buffer): Map<string, Section> {
  const table = Number(bytes.readBigUInt64LE(0x28));
  const entryBytes = bytes.readUInt16LE(0x3a);
  const count = bytes.readUInt16LE(0x3c);
  const at = (index: number): number => table + index * entryBytes;
  const offsetOf = (index: number): number => Number(bytes.readBigUInt64LE(at(index) + 24));
  const names = offsetOf(bytes.readUInt16LE(0x3e));
  const sections = new Map<string, Section>();
  for (let i = 0; i < count; i += 1) {
    const size = Number(bytes.readBigUInt64LE(at(i) + 32));
    sections.set(textAt(bytes, names + bytes.readUInt32LE(at(i))), { offset: offsetOf(i), size });
  }
  return sections;
}

/** Each library (Elf64_Verneed) is followed by the versions of it that are asked for; both lists are chained by offsets. */
function* versionsOf(bytes: Buffer, start: number, names: number): Iterable<Version> {
  for (let at = start, next = -1; next !== 0; at += next) {
    const count = bytes.readUInt16LE(at + 2);
    const library = textAt(bytes, names + bytes.readUInt32LE(at + 4));
    next = bytes.readUInt32LE(at + 12);
    let offset = at + bytes.readUInt32LE(at + 8);
    for (let i = 0; i < count; i += 1) {
      const name = textAt(bytes, names + bytes.readUInt32LE(offset + 8));
      yield { name, library, offset, index: bytes.readUInt16LE(offset + 6) };
      offset += bytes.readUInt32LE(offset + 12);
    }
  }
}
