// Masking of RFC 6455 section 5.3: byte i of the payload XOR byte (i mod 4) of the key. The same act masks and unmasks, in
// place. Long runs go by sixteen bytes at a time (wide-mask.ts), short ones byte by byte.
import { wideMask } from './wide-mask.ts';

// Below this many bytes the way over WebAssembly's memory costs more than it saves.
const ELSEWHERE_BYTES_MIN = 128;

/**
 * Masks `bytes[start..end)` in place.
 * @param key the four key bytes as one number, the first byte on top (as read by `readUInt32BE`); for a payload whose
 *   beginning is already masked, the key rotated by the bytes that came before
 * @returns true if all bytes that came out are known to be ASCII; false says nothing
 */
export function applyMask(bytes: Uint8Array, start: number, end: number, key: number): boolean {
  if (wideMask !== undefined) {
    if (bytes === wideMask.reading) return wideMask.mask(start, end, swapBytes(key)) === 0;
    if (end - start >= ELSEWHERE_BYTES_MIN) {
      wideMask.maskElsewhere(bytes, start, end, swapBytes(key));
      return false;
    }
  }
  maskBytes(bytes, start, end, key);
  return false;
}

function maskBytes(bytes: Uint8Array, start: number, end: number, key: number): void {
  let shift = 24;
  for (let i = start; i < end; i++) {
    bytes[i] = (bytes[i] ?? 0) ^ (key >>> shift);
    shift = (shift - 8) & 31;
  }
}

/** The key as it looks from `phase` bytes further on in the payload. */
export function rotateMaskKey(key: number, phase: number): number {
  const bits = (phase & 3) * 8;
  return bits === 0 ? key : (key << bits) | (key >>> (32 - bits));
}

/** WebAssembly's memory has the lowest byte first, on every machine. */
function swapBytes(key: number): number {
  return (key >>> 24) | ((key >>> 8) & 0xff00) | ((key & 0xff00) << 8) | (key << 24);
}
