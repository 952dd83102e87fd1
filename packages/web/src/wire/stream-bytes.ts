// The bytes of a piece of one direction's stream, put together from the reads that it lay in.
import type { Decoded, Direction, Span } from '@wireroom/capture';

/** Bytes that were not kept count as zero. */
export function bytesOf(decoded: Decoded, direction: Direction, span: Span): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, span.to - span.from));
  for (const chunk of decoded.chunks[direction]) {
    if (chunk.span.to <= span.from || chunk.span.from >= span.to) continue;
    const from = Math.max(chunk.span.from, span.from);
    const to = Math.min(chunk.span.to, span.to);
    bytes.set(chunk.bytes.subarray(from - chunk.span.from, to - chunk.span.from), from - span.from);
  }
  return bytes;
}
