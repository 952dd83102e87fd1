// Which of the wires of tokens.css is somebody's: the same on every screen, since it comes from the author's id alone.

export const WIRES = 7;

export function wireOf(authorId: string): number {
  // FNV-1a, 32 bit.
  let hash = 0x811c9dc5;
  for (let at = 0; at < authorId.length; at++) {
    hash = Math.imul(hash ^ authorId.charCodeAt(at), 0x01000193) >>> 0;
  }
  return hash % WIRES;
}
