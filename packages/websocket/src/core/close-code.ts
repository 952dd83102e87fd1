// Close codes (RFC 6455 section 7.4) and the payload of a Close frame (section 5.5.1), read and written.
import { isCompleteUtf8 } from './utf8.ts';
import { WireError } from './wire-error.ts';

/** What a Close frame says. `code` is 1005 when it says nothing; 1005 itself never crosses the wire. */
export interface CloseFrame {
  readonly code: number;
  readonly reason: string;
}

/** The close codes of RFC 6455 section 7.4.1 that the engine itself names. 1005 and 1006 never cross the wire. */
export const CLOSE_CODE = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  noneGiven: 1005,
  lost: 1006,
  policy: 1008,
  internalError: 1011,
} as const;

/** Bytes of a close reason: of the 125 that a control frame may carry (section 5.5) two are the code. */
export const CLOSE_REASON_BYTES_MAX = 123;

const WORDS: ReadonlyMap<number, string> = new Map([
  [1000, 'normal closure'],
  [1001, 'going away'],
  [1002, 'protocol error'],
  [1003, 'unsupported data'],
  [1004, 'reserved'],
  [1005, 'no status received'],
  [1006, 'abnormal closure'],
  [1007, 'invalid payload data'],
  [1008, 'policy violation'],
  [1009, 'message too big'],
  [1010, 'extension missing'],
  [1011, 'internal error'],
  [1012, 'service restart'],
  [1013, 'try again later'],
  [1014, 'bad gateway'],
  [1015, 'TLS handshake failed'],
]);

/** A close code in words, for people. */
export function describeCloseCode(code: number): string {
  const words = WORDS.get(code);
  if (words !== undefined) return words;
  if (code >= 3000 && code <= 3999) return 'registered by a library';
  if (code >= 4000 && code <= 4999) return 'private to the application';
  return 'not allowed';
}

/** May the code stand in a Close frame? 1004, 1005, 1006 and 1015 may not, nor what nobody has registered. */
export function isSendableCloseCode(code: number): boolean {
  if (code >= 3000 && code <= 4999) return Number.isInteger(code);
  return code >= 1000 && code <= 1014 && Number.isInteger(code) && (code < 1004 || code > 1006);
}

/** Reads the payload of a received Close frame. Throws a WireError when it must not look like that. */
export function readClosePayload(payload: Buffer): CloseFrame {
  if (payload.length === 0) return { code: CLOSE_CODE.noneGiven, reason: '' };
  if (payload.length === 1) throw new WireError('close-payload-invalid');
  const code = payload.readUInt16BE(0);
  if (!isSendableCloseCode(code)) {
    throw new WireError('close-code-invalid', `Close code ${code} must not be sent.`);
  }
  const reason = payload.subarray(2);
  if (!isCompleteUtf8(reason)) throw new WireError('close-reason-invalid');
  return { code, reason: reason.toString('utf8') };
}

/** Writes the payload of a Close frame; code 1005 makes it empty. Long reasons are cut between two characters. */
export function writeClosePayload(code: number, reason: string): Buffer {
  if (code === CLOSE_CODE.noneGiven) return Buffer.alloc(0);
  const text = Buffer.from(reason, 'utf8');
  let length = Math.min(text.length, CLOSE_REASON_BYTES_MAX);
  while (length < text.length && length > 0 && ((text[length] ?? 0) & 0xc0) === 0x80) length--;
  const payload = Buffer.alloc(2 + length);
  payload.writeUInt16BE(code, 0);
  text.copy(payload, 2, 0, length);
  return payload;
}
