// A history file's bytes as they were before anybody compressed them: gzip and brotli are told from what is in the file, not
// from its name. And the check of what comes out.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { beginsHistory, type Digest, type HistoryVerdict, historyVerifier } from '@wireroom/history';
import type { Io } from '../terminal/io.ts';

/** One read: large, since nobody waits for the first line. */
const READ_BYTES = 1024 * 1024;
const GZIP = [0x1f, 0x8b] as const;

export type Compression = 'none' | 'gzip' | 'brotli';

export interface CheckedFile {
  readonly verdict: HistoryVerdict;
  readonly compression: Compression;
  /** The compressed bytes could not be unpacked to the end. */
  readonly damage: string | undefined;
}

/** `-` is the input. Rejects with Node's error if the file cannot be read. */
export async function checkFile(name: string, io: Io): Promise<CheckedFile> {
  const source: AsyncIterable<Uint8Array> =
    name === '-' ? io.input : createReadStream(name, { highWaterMark: READ_BYTES });
  const verifier = historyVerifier({ digest: nodeDigest() });
  const { bytes, compression } = await peeked(source);
  try {
    for await (const chunk of unpacked(bytes, compression)) verifier.push(chunk);
    return { verdict: verifier.finish(), compression, damage: undefined };
  } catch (error) {
    const damage = damageOf(error);
    if (damage === undefined) throw error;
    return { verdict: verifier.finish(), compression, damage };
  }
}

/** The first bytes of the file, unpacked: once more, after it was checked. */
export async function* firstBytes(name: string, count: number): AsyncGenerator<Uint8Array> {
  const { bytes, compression } = await peeked(createReadStream(name, { highWaterMark: READ_BYTES }));
  let left = count;
  for await (const chunk of unpacked(bytes, compression)) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

export function nodeDigest(): Digest {
  const hash = createHash('sha256');
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    hex: () => hash.digest('hex'),
  };
}

/** Brotli has no sign of its own: it is what is neither gzip nor a history already. */
async function peeked(source: AsyncIterable<Uint8Array>) {
  const iterator = source[Symbol.asyncIterator]();
  const first = await iterator.next();
  const begin = first.done === true ? new Uint8Array(0) : first.value;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    if (begin.length > 0) yield begin;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  }
  return { bytes: bytes(), compression: compressionOf(begin) };
}

function compressionOf(begin: Uint8Array): Compression {
  if (begin[0] === GZIP[0] && begin[1] === GZIP[1]) return 'gzip';
  return begin.length === 0 || beginsHistory(begin) ? 'none' : 'brotli';
}

function unpacked(bytes: AsyncGenerator<Uint8Array>, compression: Compression): AsyncIterable<Uint8Array> {
  if (compression === 'none') return bytes;
  const unpacker = compression === 'gzip' ? createGunzip() : createBrotliDecompress();
  // The error reaches whoever reads.
  pipeline(bytes, unpacker, () => undefined);
  return unpacker;
}

/** zlib's own errors; those of the disk are for the caller. */
function damageOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const isOfZlib = /^(Z_|ERR__|ERR_BROTLI)/.test(String(error.code));
  return isOfZlib ? error.message : undefined;
}
