// How a connection ended, in a handful of classes: codes and reasons are many, and what to think of them is not. Pure.
import { CLOSE_CODES } from '@wireroom/protocol';
import type { CloseClass } from '../lib/counts.ts';

/** What the peer did against the protocol (RFC 6455 section 7.4.1). */
const BROKE_RULES: ReadonlySet<number> = new Set([1002, 1003, 1007, 1008, 1009, 1010]);

export function classOfCode(code: number): CloseClass {
  // With 1000 and 1001 they said goodbye, and with 1005 likewise, without a number.
  if (code === 1000 || code === 1001 || code === 1005) return 'done';
  if (code === 1006) return 'lost';
  if (code === CLOSE_CODES.restarting) return 'restart';
  if (code === CLOSE_CODES.tooSlow) return 'too-slow';
  return BROKE_RULES.has(code) ? 'broke-rules' : 'other';
}

/** By Socket.IO's reasons. What the server itself closes is a restart if it is stopping. */
export function classOfReason(reason: string, isStopping: boolean): CloseClass {
  switch (reason) {
    case 'client namespace disconnect':
    case 'server namespace disconnect':
      return 'done';
    case 'transport close':
    case 'transport error':
    case 'ping timeout':
      return 'lost';
    case 'parse error':
      return 'broke-rules';
    case 'server shutting down':
      return 'restart';
    default:
      return isStopping ? 'restart' : 'other';
  }
}
