// Raw DEFLATE (RFC 1951) with a history that lasts from call to call, done at once in the calling turn: what one direction
// of permessage-deflate needs from zlib. Chooses between the two files that can do it; deflate.ts comes next.
//
// Why not zlib's threads: a round trip to them costs 50 to 100 µs of CPU, a chat message of 300 bytes needs 7 µs to deflate
// and 2 µs to inflate (docs/permessage-deflate.md has the figures), and what is done at once cannot come out of order.
import type { MessageInflater } from '../core/message-assembler.ts';
import { canUseZlibHandle, HandleDeflater, HandleInflater } from './zlib-handle.ts';
import { HistoryDeflater, HistoryInflater } from './zlib-history.ts';

export interface DeflaterSettings {
  /** 8 to 15. */
  readonly windowBits: number;
  /** 0 (stored only) to 9. */
  readonly level: number;
  /** 1 to 9. */
  readonly memLevel: number;
}

export interface RawDeflater {
  /**
   * The payload of one compressed message: the deflated data up to a byte's border, less the 00 00 ff ff that every
   * flush ends with (RFC 7692 section 7.2.1). `data` is not empty. The result is the caller's.
   */
  deflate(data: Uint8Array): Buffer;
  /** Forgets the history. */
  reset(): void;
  /** Frees the memory; nothing may be called after that. */
  close(): void;
}

export interface RawInflater extends MessageInflater {
  /** Forgets the history. After an error there is no going on: only `close`. */
  reset(): void;
  close(): void;
}

/** zlib by its handle, or by its documented functions. Tests set it; everybody else leaves it as it is. */
export const rawDeflate: { usesHandle: boolean } = { usesHandle: canUseZlibHandle() };

export function makeDeflater(settings: DeflaterSettings): RawDeflater {
  return rawDeflate.usesHandle ? new HandleDeflater(settings) : new HistoryDeflater(settings);
}

/** @param windowBits 8 to 15: how far the other side may look back */
export function makeInflater(windowBits: number): RawInflater {
  return rawDeflate.usesHandle ? new HandleInflater(windowBits) : new HistoryInflater(windowBits);
}
