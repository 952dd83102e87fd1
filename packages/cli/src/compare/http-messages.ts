// The HTTP requests or answers in one direction of a connection, as far as polling needs it: lengths are stated, nothing is
// chunked or compressed. No parser for strangers: it reads what our own clients and server have just said.
import type { SeenChunk } from './recording-proxy.ts';

export interface HttpMessage {
  readonly head: string;
  readonly body: string;
  readonly bytes: number;
  /** When its first byte passed. */
  readonly atMs: number;
}

/** @param isUpgrade what follows the first head is not HTTP any more */
export function httpMessages(chunks: readonly SeenChunk[], isUpgrade: boolean): readonly HttpMessage[] {
  const whole = Buffer.concat(chunks.map(({ bytes }) => bytes));
  const messages: HttpMessage[] = [];
  for (let at = 0; at < whole.length; ) {
    const headEnd = whole.indexOf('\r\n\r\n', at);
    if (headEnd === -1) break;
    const head = whole.toString('latin1', at, headEnd);
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    const end = headEnd + 4 + length;
    messages.push({
      head,
      body: whole.toString('utf8', headEnd + 4, end),
      bytes: end - at,
      atMs: timeOf(chunks, at),
    });
    if (isUpgrade) break;
    at = end;
  }
  return messages;
}

function timeOf(chunks: readonly SeenChunk[], at: number): number {
  let passed = 0;
  for (const { bytes, atMs } of chunks) {
    passed += bytes.length;
    if (at < passed) return atMs;
  }
  return chunks.at(-1)?.atMs ?? 0;
}
