// The trace's lines: bytes, handshakes and frames in words for people. Pure; console-trace.ts prints them.
import {
  type AcceptSteps,
  describeCloseCode,
  isControlOpcode,
  OPCODE,
  opcodeName,
  readClosePayload,
} from '@wireroom/websocket/core';

/** Bytes of one read or write that are shown; the rest is counted. */
const SHOWN_BYTES_MAX = 256;
const SHOWN_TEXT_MAX = 512;
const BYTES_PER_LINE = 16;

export interface TracedFrame {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly masked: boolean;
  readonly maskKey: number;
  readonly length: number;
  /** Unmasked; of a long payload its beginning. */
  readonly payload: Buffer;
}

/** `0000  47 45 54 20 …  GET …`, sixteen bytes a line. */
export function hexLines(bytes: Buffer): string[] {
  const shown = hideSecrets(bytes).subarray(0, SHOWN_BYTES_MAX);
  const lines: string[] = [];
  for (let at = 0; at < shown.length; at += BYTES_PER_LINE) {
    const row = shown.subarray(at, at + BYTES_PER_LINE);
    const hex = row
      .toString('hex')
      .replace(/../g, '$& ')
      .padEnd(BYTES_PER_LINE * 3);
    const text = row.toString('latin1').replace(/[^\x20-\x7e]/g, '·');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${hex} ${text}`);
  }
  if (bytes.length > shown.length) lines.push(`…     and ${bytes.length - shown.length} bytes more`);
  return lines;
}

/** The head of a request or an answer, a line each, without what is secret in it. */
export function headLines(rawHead: Buffer): string[] {
  return hideSecrets(rawHead).toString('latin1').trimEnd().split('\r\n');
}

/** How the server proves that it understood the request as WebSocket (RFC 6455 section 4.2.2). */
export function acceptLines(steps: AcceptSteps): string[] {
  return [
    `key                 ${steps.key}`,
    `key + GUID          ${steps.key}${steps.guid}`,
    `SHA-1, 20 bytes     ${steps.sha1.replace(/..(?!$)/g, '$& ')}`,
    `in Base64           ${steps.accept}  (Sec-WebSocket-Accept)`,
  ];
}

/** One frame: its bits, how its length is written, and what it carries. */
export function frameLines(frame: TracedFrame): string[] {
  const hexOpcode = `0x${frame.opcode.toString(16)}`;
  const bits = `FIN=${frame.fin ? 1 : 0} RSV=${frame.rsv.toString(2).padStart(3, '0')} opcode=${hexOpcode} ${opcodeName(frame.opcode)}`;
  const mask = frame.masked ? `MASK=1 key=${frame.maskKey.toString(16).padStart(8, '0')}` : 'MASK=0';
  return [`${bits}  ${mask}  length=${frame.length} (${lengthForm(frame.length)})`, ...payloadLines(frame)];
}

function lengthForm(length: number): string {
  if (length < 126) return '7 bits';
  return length < 65_536 ? '126, then 16 bits' : '127, then 64 bits';
}

function payloadLines(frame: TracedFrame): string[] {
  if (frame.opcode === OPCODE.close) return [closeLine(frame.payload)];
  if (frame.length === 0) return [];
  const isText =
    frame.opcode === OPCODE.text || frame.opcode === OPCODE.continuation || isControlOpcode(frame.opcode);
  if (!isText) return hexLines(frame.payload);
  const text = hideSecrets(frame.payload).toString('utf8');
  const shown =
    text.length > SHOWN_TEXT_MAX ? `${text.slice(0, SHOWN_TEXT_MAX)}… (${frame.length} bytes)` : text;
  return [`payload  ${JSON.stringify(shown)}`];
}

function closeLine(payload: Buffer): string {
  try {
    const { code, reason } = readClosePayload(payload);
    return `close    ${code} ${describeCloseCode(code)}${reason === '' ? '' : `: ${JSON.stringify(reason)}`}`;
  } catch (error) {
    return `close    not allowed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const SECRETS = [
  /^((?:cookie|set-cookie|authorization|proxy-authorization):[ \t]*)([^\r\n]*)/gim,
  /("(?:token|pid)"\s*:\s*")([^"]*)/g,
];

/** Cookies, credentials and tokens never reach the console: their bytes are shown as asterisks. */
function hideSecrets(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  const hidden = SECRETS.reduce(
    (shown, secret) =>
      shown.replace(secret, (_all, name: string, value: string) => name + '*'.repeat(value.length)),
    text,
  );
  return hidden === text ? bytes : Buffer.from(hidden, 'latin1');
}
