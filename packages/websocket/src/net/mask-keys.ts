// Mask keys for client frames: fresh from the system's random source, as RFC 6455 section 5.3 demands.
// Drawn from it a thousand at a time, used once each.
import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(4096);
let used = pool.length;

/** The four key bytes as one number. */
export function nextMaskKey(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const key = pool.readUInt32BE(used);
  used += 4;
  return key;
}
