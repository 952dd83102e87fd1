// How Sec-WebSocket-Accept comes about, step by step (RFC 6455 section 4.2.2). A page on http:// with a LAN host name has
// no crypto.subtle, so the SHA-1 comes from a library.
import { sha1 } from '@noble/hashes/legacy.js';
import { toBase64, toUtf8 } from '../bytes.ts';
import type { AcceptSteps } from '../decoded.ts';

/** RFC 6455 section 1.3. */
export const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** `key` is Sec-WebSocket-Key as sent; any text has steps, also one that is no proper key. */
export function acceptSteps(key: string): AcceptSteps {
  const concatenated = key + GUID;
  const digest = sha1(toUtf8(concatenated));
  return { key, guid: GUID, concatenated, sha1: digest, accept: toBase64(digest) };
}
