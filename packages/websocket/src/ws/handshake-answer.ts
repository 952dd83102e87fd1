// The server's answers of the ws API: an acceptance as a list of lines that the program may add to, and refusals.
import { type OutgoingHttpHeaders, STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http';
import type { Duplex } from 'node:stream';
import { writeAcceptance } from '../core/handshake.ts';
import { WireError } from '../core/wire-error.ts';
import type { ConnectionTap } from '../net/tap.ts';

export interface Refusal {
  readonly status: number;
  /** The body. Default: what the status is called. */
  readonly message?: string | undefined;
  readonly headers?: OutgoingHttpHeaders | undefined;
}

const LINE = /^[\t\x20-\x7e\x80-\xff]+$/;

/** The lines of the 101 answer, without the empty one at their end. */
export function acceptanceLines(accept: string, subprotocol: string, extensions: string): string[] {
  return writeAcceptance(accept, subprotocol, {}, extensions).toString('latin1').trimEnd().split('\r\n');
}

/** Throws a WireError for a line that would break the answer. */
export function joinLines(lines: readonly string[]): Buffer {
  const wrong = lines.find((line) => !LINE.test(line));
  if (wrong !== undefined) {
    throw new WireError('decision-failed', undefined, {
      cause: new TypeError(`not a header line: ${wrong}`),
    });
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** Answers, and ends the connection once the answer is out. Throws a WireError for headers that would break the answer. */
export function refuse(
  { socket, tap }: { readonly socket: Duplex; readonly tap: ConnectionTap | undefined },
  { status, message, headers = {} }: Refusal,
): void {
  const body = message ?? STATUS_CODES[status] ?? '';
  const fields = {
    Connection: 'close',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    ...checked(headers),
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once('finish', () => socket.destroy());
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`;
  tap?.response?.(Buffer.from(head), undefined);
  socket.once('close', () => tap?.close?.(undefined));
  socket.end(head + body);
}

function checked(headers: OutgoingHttpHeaders): Record<string, string> {
  const extra: Record<string, string> = {};
  try {
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined) continue;
      const text = Array.isArray(value) ? value.join(', ') : String(value);
      validateHeaderName(name);
      validateHeaderValue(name, text);
      extra[name] = text;
    }
  } catch (cause) {
    throw new WireError('decision-failed', undefined, { cause });
  }
  return extra;
}
