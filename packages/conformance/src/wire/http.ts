// The opening handshake as text, written and read by hand (RFC 6455 section 4), so that wrong ones can be written too.
// Knows no socket and judges no meaning; that is tester/opening.ts.
import { createHash, randomBytes } from 'node:crypto';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export interface Head {
  /** The first line. */
  readonly line: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** How many bytes it took, the empty line included. */
  readonly bytes: number;
}

/** The head at the start of these bytes; undefined while it is incomplete. Throws for what is not HTTP. */
export function readHead(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) {
    if (bytes.length > 64 * 1024) throw new Error('64 KiB and the head has no end');
    return undefined;
  }
  const [line = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const fields = lines.map((field): [string, string] => {
    const match = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(field);
    if (match === null) throw new Error(`"${field}" is not a header field`);
    return [match[1] ?? '', match[2] ?? ''];
  });
  return { line, fields, bytes: end + 4 };
}

/** All values of a field, of several fields as one list. */
export function fieldOf(head: Head, name: string): string | undefined {
  const values = head.fields.filter(([known]) => known.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

export const countOf = (head: Head, name: string): number =>
  head.fields.filter(([known]) => known.toLowerCase() === name).length;

/** Whether this list of tokens names it, in any case. */
export const names = (list: string | undefined, token: string): boolean =>
  (list ?? '').split(',').some((element) => element.trim().toLowerCase() === token);

export const newKey = (): string => randomBytes(16).toString('base64');

export const acceptOf = (key: string): string =>
  createHash('sha1')
    .update(key + GUID)
    .digest('base64');

export const isKey = (key: string | undefined): key is string =>
  key !== undefined && /^[A-Za-z0-9+/]{22}==$/.test(key) && Buffer.from(key, 'base64').length === 16;

/** A field of this name is replaced, with undefined left out; others are added at the end. */
export type Changes = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The text of a head: the usual fields with some changed. */
export function writeHead(
  line: string,
  usual: Readonly<Record<string, string>>,
  changes: Changes = {},
): string {
  const all: Changes = { ...usual, ...changes };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    (value === undefined ? [] : typeof value === 'string' ? [value] : value).map((one) => `${name}: ${one}`),
  );
  return `${[line, ...lines].join('\r\n')}\r\n\r\n`;
}

export interface RequestPlan {
  readonly host: string;
  readonly path: string;
  readonly key: string;
  /** Default: `GET path HTTP/1.1`. */
  readonly line?: string;
  readonly changes?: Changes;
}

export function writeRequest({
  host,
  path,
  key,
  line = `GET ${path} HTTP/1.1`,
  changes,
}: RequestPlan): string {
  const usual = {
    Host: host,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': key,
    'Sec-WebSocket-Version': '13',
  };
  return writeHead(line, usual, changes);
}

export function writeAnswer(
  key: string,
  changes: Changes = {},
  line = 'HTTP/1.1 101 Switching Protocols',
): string {
  const usual = { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Accept': acceptOf(key) };
  return writeHead(line, usual, changes);
}
