// The zip is read back by fflate's own reader, which shares nothing with the container that is written here.
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { ZipWriter } from './zip-writer.ts';

const bytesOf = (pieces: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(pieces));
const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const TALK = 'the same line again and again\n'.repeat(5_000);

const packed = (zip: ZipWriter, name: string, words: string): Uint8Array[] => [
  ...zip.begin(name),
  ...zip.push(text(words.slice(0, 70_001))),
  ...zip.push(text(words.slice(70_001))),
  ...zip.end(),
];

describe('ZipWriter', () => {
  it('packs documents that come in pieces, with names of any script', () => {
    const zip = new ZipWriter([], 0);
    const file = bytesOf([
      ...packed(zip, 'lobby.html', TALK),
      ...packed(zip, '大厅-after-7.html', ''),
      ...zip.directory(),
    ]);
    const read = unzipSync(file);
    expect(Object.keys(read)).toEqual(['lobby.html', '大厅-after-7.html']);
    expect(strFromU8(read['lobby.html'] ?? new Uint8Array())).toBe(TALK);
    expect(file.length).toBeLessThan(TALK.length / 10);
  });

  it('goes on behind what an earlier one has finished, and is the same zip', () => {
    const first = new ZipWriter([], 0);
    const start = bytesOf(packed(first, 'a.html', TALK));
    const second = new ZipWriter(structuredClone(first.entries), start.length);
    const rest = bytesOf([...packed(second, 'b.html', 'b'), ...second.directory()]);
    const whole = new ZipWriter([], 0);
    expect(bytesOf([start, rest])).toEqual(
      bytesOf([...packed(whole, 'a.html', TALK), ...packed(whole, 'b.html', 'b'), ...whole.directory()]),
    );
    expect(strFromU8(unzipSync(bytesOf([start, rest]))['b.html'] ?? new Uint8Array())).toBe('b');
  });

  it('refuses what its numbers could not tell', () => {
    expect(() => new ZipWriter([], 0xffff_fff0).begin('a.html')).toThrow('4 GiB');
    const full = Array.from({ length: 0xffff }, (_, at) => ({
      name: `${at}`,
      offset: 0,
      bytes: 0,
      packedBytes: 0,
      crc: 0,
    }));
    expect(() => new ZipWriter(full, 100).begin('a.html')).toThrow('65,535');
  });
});
