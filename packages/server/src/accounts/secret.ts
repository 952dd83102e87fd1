// Secrets that prove somebody: random enough that nobody guesses them, so a plain hash is enough, and only that is kept.
import { createHash } from 'node:crypto';

export type RandomBytes = (count: number) => Uint8Array;

export const secretOf = (randomBytes: RandomBytes, bytes: number): string =>
  Buffer.from(randomBytes(bytes)).toString('base64url');

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
