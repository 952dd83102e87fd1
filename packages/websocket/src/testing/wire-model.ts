// What RFC 6455 makes of bytes, written down as plainly as possible: all the bytes at once, no state between chunks, no
// speed. The engine must say the same. Knows no compression. For tests only.
import { isUtf8 } from 'node:buffer';
import type { MessageBounds, Role, WireErrorCode } from '../core/core.ts';
import { nameOf } from './wire-bytes.ts';

/** As `text:hex`, `binary:hex`, `ping:hex`, `pong:hex`, `close:code:reason`, and last the code of an error. */
export function modelOutcome(role: Role, bytes: Buffer, bounds: MessageBounds): string[] {
  const found: string[] = [];
  const wrong = (code: WireErrorCode): string[] => [...found, code];
  let open: { readonly isText: boolean; data: Buffer; claimed: bigint; frames: number } | undefined;
  let rest = bytes;
  while (rest.length > 0) {
    const frame = readFrame(role, rest);
    if (frame === 'incomplete') return found;
    if (typeof frame === 'string') return wrong(frame);
    const { opcode, fin, payload, length, isWhole } = frame;
    rest = rest.subarray(frame.end);
    if (opcode >= 8) {
      if (!isWhole) return found;
      if (opcode !== 8) {
        found.push(`${opcode === 9 ? 'ping' : 'pong'}:${nameOf(payload)}`);
        continue;
      }
      return [...found, readClose(payload)];
    }
    if (opcode === 0 && open === undefined) return wrong('continuation-unexpected');
    if (opcode !== 0 && open !== undefined) return wrong('continuation-missing');
    open ??= { isText: opcode === 1, data: Buffer.alloc(0), claimed: 0n, frames: 0 };
    open.claimed += length;
    open.frames += 1;
    if (open.claimed > bounds.messageBytesMax) return wrong('message-too-large');
    if (open.frames > bounds.fragmentsPerMessageMax) return wrong('too-many-fragments');
    open.data = Buffer.concat([open.data, payload]);
    if (open.isText && !canBecomeUtf8(open.data)) return wrong('utf8-invalid');
    if (!isWhole) return found;
    if (!fin) continue;
    if (open.isText && !isUtf8(open.data)) return wrong('utf8-invalid');
    found.push(`${open.isText ? 'text' : 'binary'}:${nameOf(open.data)}`);
    open = undefined;
  }
  return found;
}

interface Frame {
  readonly opcode: number;
  readonly fin: boolean;
  readonly length: bigint;
  /** Unmasked; as much of it as is there. */
  readonly payload: Buffer;
  readonly isWhole: boolean;
  readonly end: number;
}

function readFrame(role: Role, bytes: Buffer): Frame | WireErrorCode | 'incomplete' {
  const first = bytes.readUInt8(0);
  const opcode = first & 15;
  const fin = first >= 128;
  if ((first & 0x70) !== 0) return 'reserved-bits';
  if (![0, 1, 2, 8, 9, 10].includes(opcode)) return 'opcode-reserved';
  if (opcode >= 8 && !fin) return 'control-fragmented';
  if (bytes.length < 2) return 'incomplete';
  const second = bytes.readUInt8(1);
  if (role === 'server' && second < 128) return 'mask-missing';
  if (role === 'client' && second >= 128) return 'mask-unexpected';
  const short = second % 128;
  if (opcode >= 8 && short > 125) return 'control-too-long';
  const payloadAt = 2 + (short < 126 ? 0 : short === 126 ? 2 : 8) + (role === 'server' ? 4 : 0);
  const keyAt = payloadAt - (role === 'server' ? 4 : 0);
  if (bytes.length < keyAt) return 'incomplete';
  const length =
    short < 126 ? BigInt(short) : short === 126 ? BigInt(bytes.readUInt16BE(2)) : bytes.readBigUInt64BE(2);
  if (short === 126 && length < 126n) return 'length-not-shortest';
  if (short === 127 && length >= 1n << 63n) return 'length-impossible';
  if (short === 127 && length < 65_536n) return 'length-not-shortest';
  if (bytes.length < payloadAt) return 'incomplete';
  const there = BigInt(bytes.length - payloadAt);
  const isWhole = there >= length;
  const end = payloadAt + Number(isWhole ? length : there);
  const key = bytes.subarray(keyAt, payloadAt);
  const payload = Buffer.from(bytes.subarray(payloadAt, end).map((byte, i) => byte ^ (key[i % 4] ?? 0)));
  return { opcode, fin, length, payload, isWhole, end };
}

function readClose(payload: Buffer): string {
  if (payload.length === 0) return 'close:1005:';
  if (payload.length === 1) return 'close-payload-invalid';
  const code = payload.readUInt16BE(0);
  if (!isCodeToSend(code)) return 'close-code-invalid';
  const reason = payload.subarray(2);
  return isUtf8(reason) ? `close:${code}:${reason.toString()}` : 'close-reason-invalid';
}

/** Section 7.4 and the registry of IANA. */
export function isCodeToSend(code: number): boolean {
  const registered = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];
  return registered.includes(code) || (code >= 3000 && code <= 4999);
}

// What can end a character that has begun: after E0 only a0…bf, after ED only 80…9f, after F0 only 90…bf, after F4 only 80…8f.
const ENDS = ['', '80', 'a0', '90', '8080', 'a080', '9080', '808080', '908080', 'a08080'].map((hex) =>
  Buffer.from(hex, 'hex'),
);

/** Whether any ending makes it UTF-8. */
export function canBecomeUtf8(bytes: Uint8Array): boolean {
  return ENDS.some((end) => isUtf8(Buffer.concat([bytes, end])));
}
