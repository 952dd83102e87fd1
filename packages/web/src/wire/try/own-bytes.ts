// Bytes that somebody types in hex, read as what a client sends after its handshake. Pure.
import { type CaptureRecord, type Decoded, decode, fromHex } from '@wireroom/capture';

/** More is not read; the server's sandbox takes as much. */
export const OWN_BYTES_MAX = 64 * 1024;

export interface OwnBytes {
  readonly bytes: Uint8Array;
  readonly decoded: Decoded;
}

/** Undefined: this is no hex. Blanks, line breaks and `0x` may stand between the bytes. */
export function readOwnBytes(hex: string): OwnBytes | undefined {
  const bytes = fromHex(hex.replaceAll(/0x|,/gi, ' '));
  if (bytes === undefined || bytes.length > OWN_BYTES_MAX) return undefined;
  const records: readonly CaptureRecord[] = [
    {
      ...{ kind: 'bytes', at: 0, direction: 'in', offset: 1, bytes },
      anchor: { frameAt: 0, frames: 0, messages: 0, isInMessage: false },
    },
  ];
  return { bytes, decoded: decode({ records }) };
}
