// SHA-256 as it goes, everywhere: of all so far it can be told at any time, and more can come after that.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Digest } from './held-line.ts';

export interface RunningDigest extends Digest {
  /** Another one that goes on from here by itself. */
  copy(): RunningDigest;
}

export const runningDigest = (hash = sha256.create()): RunningDigest => ({
  update: (bytes) => void hash.update(bytes),
  hex: () => bytesToHex(hash.clone().digest()),
  copy: () => runningDigest(hash.clone()),
});
