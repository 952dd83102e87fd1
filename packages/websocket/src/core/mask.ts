// Masking of RFC 6455 section 5.3: byte i of the payload XOR byte (i mod 4) of the key. The same act masks
// and unmasks. In place, and by 32-bit words wherever the memory is aligned; single bytes only at the edges.

// Below this many bytes a typed view costs more than the loop over bytes saves.
const WORDWISE_BYTES_MIN = 64;

const keyBytes = new Uint8Array(4);
const keyWord = new Int32Array(keyBytes.buffer);

/**
 * Masks `bytes[start..end)` in place.
 * @param key the four key bytes as one number, the first byte on top (as read by `readUInt32BE`); for a payload whose
 *   beginning is already masked, the key rotated by the bytes that came before
 */
export function applyMask(bytes: Uint8Array, start: number, end: number, key: number): void {
  if (key === 0) return;
  if (end - start < WORDWISE_BYTES_MIN) {
    maskBytes(bytes, start, end, key);
    return;
  }
  const misaligned = (bytes.byteOffset + start) & 3;
  let at = start;
  let rotated = key;
  if (misaligned !== 0) {
    at += 4 - misaligned;
    maskBytes(bytes, start, at, rotated);
    rotated = rotateMaskKey(rotated, at - start);
  }
  const wordCount = (end - at) >>> 2;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, wordCount);
  const word = toMachineWord(rotated);
  for (let i = 0; i < wordCount; i++) words[i] = (words[i] ?? 0) ^ word;
  maskBytes(bytes, at + wordCount * 4, end, rotated);
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

/** The key's bytes as this machine reads a word of memory, whatever its byte order. */
function toMachineWord(key: number): number {
  keyBytes[0] = key >>> 24;
  keyBytes[1] = key >>> 16;
  keyBytes[2] = key >>> 8;
  keyBytes[3] = key;
  return keyWord[0] ?? 0;
}
