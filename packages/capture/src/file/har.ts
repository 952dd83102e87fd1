// Captures as HAR 1.2, with the field `_webSocketMessages` as Chrome writes it. HAR knows messages, not frames and reads: a
// capture that comes back from it has frames made for its messages, and says so.
import { concat, fromBase64, fromLatin1, toBase64, toUtf8 } from '../bytes.ts';
import { decode } from '../decode/decode.ts';
import type { Decoded, DecodedHead, DecodedMessage } from '../decoded.ts';
import type { BytesRecord, Capture, CaptureRecord, Direction, OpenRecord } from '../record.ts';
import { objection } from '../record-schema.ts';
import { z } from '../zod.ts';
import { CaptureFileError } from './file-error.ts';

export function toHar(captures: readonly Capture[]): string {
  const entries = captures.map((capture, index) => entryOf(capture, decode(capture), index));
  const log = { version: '1.2', creator: { name: 'Wireroom', version: '1' }, pages: [], entries };
  return `${JSON.stringify({ log }, null, 2)}\n`;
}

function entryOf(capture: Capture, decoded: Decoded, index: number): object {
  const { request, response } = decoded.handshake;
  const open = capture.records.find((record) => record.kind === 'open');
  const begin = open?.at ?? request?.at ?? 0;
  const wait = request && response ? (response.at - request.at) / 1_000 : 0;
  const url = urlOf(open, request);
  return {
    startedDateTime: new Date(begin / 1_000).toISOString(),
    time: ((capture.records.at(-1)?.at ?? begin) - begin) / 1_000,
    request: {
      method: request?.method ?? 'GET',
      url,
      httpVersion: request?.version ?? 'HTTP/1.1',
      headers: headersOf(request),
      queryString: queryOf(url),
      cookies: [],
      headersSize: sizeOf(request),
      bodySize: 0,
    },
    response: {
      status: response?.status ?? 0,
      statusText: response?.reasonPhrase ?? '',
      httpVersion: response?.version ?? '',
      headers: headersOf(response),
      cookies: [],
      content: { size: 0, mimeType: 'x-unknown' },
      redirectURL: '',
      headersSize: sizeOf(response),
      bodySize: 0,
    },
    cache: {},
    timings: { send: 0, wait, receive: 0 },
    ...(open && { serverIPAddress: open.server.address }),
    connection: open?.connectionId ?? String(index + 1),
    _resourceType: 'websocket',
    _webSocketMessages: decoded.messages.map(messageOf),
  };
}

function urlOf(open: OpenRecord | undefined, request: Decoded['handshake']['request']): string {
  const host = request?.headers.find(({ name }) => name.toLowerCase() === 'host')?.value ?? 'unknown';
  return `${open?.tls ? 'wss' : 'ws'}://${host}${request?.target ?? '/'}`;
}

function queryOf(url: string): { readonly name: string; readonly value: string }[] {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? '';
  return [...new URLSearchParams(query)].map(([name, value]) => ({ name, value }));
}

const headersOf = (head: DecodedHead | undefined): { readonly name: string; readonly value: string }[] =>
  (head?.headers ?? []).map(({ name, value }) => ({ name, value }));

const sizeOf = (head: DecodedHead | undefined): number => (head ? head.span.to - head.span.from : -1);

/** Time in seconds since 1970; binary as Base64. */
function messageOf({ direction, at, type, text, data }: DecodedMessage): object {
  return {
    type: direction === 'in' ? 'send' : 'receive',
    time: at / 1_000_000,
    opcode: type === 'text' ? 1 : 2,
    data: type === 'text' ? (text ?? new TextDecoder().decode(data)) : toBase64(data),
  };
}

const headerSchema = z.array(z.object({ name: z.string(), value: z.string() }));
const entrySchema = z.object({
  startedDateTime: z.string(),
  request: z.object({ method: z.string(), url: z.string(), headers: headerSchema }),
  response: z.object({ status: z.number(), statusText: z.string(), headers: headerSchema }),
  serverIPAddress: z.string().optional(),
  connection: z.string().optional(),
  _webSocketMessages: z.array(
    z.object({ type: z.string(), time: z.number(), opcode: z.number(), data: z.string() }),
  ),
});
type HarEntry = z.infer<typeof entrySchema>;
const harSchema = z.object({ log: z.object({ entries: z.array(z.unknown()) }) });

/** Throws a CaptureFileError. Entries that are no WebSockets are passed over. */
export function fromHar(text: string): readonly Capture[] {
  const har = harSchema.safeParse(parsed(text));
  if (!har.success) throw new CaptureFileError('not-har', { why: objection(har.error) });
  const captures = har.data.log.entries.flatMap((entry, index) => {
    if (typeof entry !== 'object' || entry === null || !('_webSocketMessages' in entry)) return [];
    const result = entrySchema.safeParse(entry);
    if (!result.success)
      throw new CaptureFileError('har-entry', { number: index + 1, why: objection(result.error) });
    return [captureOf(result.data, index)];
  });
  if (captures.length === 0) throw new CaptureFileError('har-no-websocket');
  return captures;
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new CaptureFileError('har-not-json');
  }
}

function captureOf(entry: HarEntry, index: number): Capture {
  const { request, response, _webSocketMessages: messages } = entry;
  const begin = (Date.parse(entry.startedDateTime) || 0) * 1_000;
  const url = /^(wss?|https?):\/\/([^/?#]*)([^#]*)/.exec(request.url);
  const records: CaptureRecord[] = [openOf(entry, begin, index), noteOfHar(begin)];
  const offsets = { in: 0, out: 0 };
  const add = (direction: Direction, at: number, bytes: Uint8Array): void => {
    const record: BytesRecord = { kind: 'bytes', at, direction, offset: offsets[direction], bytes };
    offsets[direction] += bytes.length;
    records.push(record);
  };
  const target = url?.[3] || '/';
  add('in', begin, headOf(`${request.method} ${target} HTTP/1.1`, request.headers));
  if (response.status > 0)
    add('out', begin, headOf(`HTTP/1.1 ${response.status} ${response.statusText}`, response.headers));
  for (const { type, time, opcode, data } of messages) {
    const direction = type === 'send' ? 'in' : 'out';
    // Chrome notes errors as messages with an opcode below 0.
    if (opcode === 1 || opcode === 2) add(direction, time * 1_000_000, frameOf(direction, opcode, data));
  }
  return { records };
}

const noteOfHar = (at: number): CaptureRecord => ({
  kind: 'note',
  at,
  id: 'from-har',
  text: 'Out of a HAR file, which keeps messages and no frames: each message is shown as one frame, with a mask of zeros from the client.',
});

function openOf(entry: HarEntry, at: number, index: number): OpenRecord {
  const [, scheme = '', host = ''] = /^(\w+):\/\/([^/?#]*)/.exec(entry.request.url) ?? [];
  const isSecure = scheme === 'wss' || scheme === 'https';
  const port = Number(/:(\d+)$/.exec(host)?.[1] ?? (isSecure ? 443 : 80));
  return {
    kind: 'open',
    at,
    connectionId: entry.connection ?? `har-${index + 1}`,
    recordedBy: 'client',
    gateway: 'unknown',
    client: { address: 'client', port: 0 },
    server: { address: entry.serverIPAddress ?? host.replace(/:\d+$/, ''), port: Math.min(port, 65_535) },
    ...(isSecure && { tls: { protocol: 'unknown', cipher: 'unknown' } }),
  };
}

function headOf(first: string, headers: HarEntry['request']['headers']): Uint8Array {
  const isPlain = (value: string): boolean => !/[\r\n]/.test(value);
  const lines = headers
    // Names with a colon in front are HTTP/2's.
    .filter(({ name, value }) => !name.startsWith(':') && isPlain(name) && isPlain(value))
    .map(({ name, value }) => `${name}: ${value}`);
  return fromLatin1(`${[first.replaceAll(/[\r\n]/g, ''), ...lines].join('\r\n')}\r\n\r\n`);
}

function frameOf(direction: Direction, opcode: number, data: string): Uint8Array {
  const payload = opcode === 1 ? toUtf8(data) : (fromBase64(data) ?? toUtf8(data));
  const mask = direction === 'in' ? 0x80 : 0;
  const { length } = payload;
  const head = new Uint8Array(length < 126 ? 2 : length < 0x1_0000 ? 4 : 10);
  const view = new DataView(head.buffer);
  head[0] = 0x80 | opcode;
  head[1] = mask | (head.length === 2 ? length : head.length === 4 ? 126 : 127);
  if (head.length === 4) view.setUint16(2, length);
  if (head.length === 10) view.setBigUint64(2, BigInt(length));
  return concat([head, new Uint8Array(mask ? 4 : 0), payload]);
}
