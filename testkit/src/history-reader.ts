// Asks a running server for histories, for tests: whole, in part, and on from where one broke off. It knows HTTP and JSON Lines.
import { createHash } from 'node:crypto';
import http from 'node:http';
import { brotliDecompressSync, constants, gunzipSync } from 'node:zlib';
import type { Json } from './native-client.ts';

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Unpacked. */
  readonly bytes: Buffer;
  /** Did the connection end before the answer did? */
  readonly isBroken: boolean;
}

export interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  /** Breaks off when so many bytes have come, as they came. */
  readonly breakAt?: number;
  readonly method?: string;
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function open(
  url: string,
  { headers = {}, method = 'GET' }: Asking = {},
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    http.request(url, { headers, method, agent: false }, resolve).on('error', reject).end();
  });
}

export async function ask(url: string, asking: Asking = {}): Promise<Answer> {
  const response = await open(url, asking);
  const chunks: Buffer[] = [];
  let length = 0;
  let isBroken = false;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      length += chunk.byteLength;
      if (length >= (asking.breakAt ?? Number.POSITIVE_INFINITY)) break;
    }
    isBroken = !response.complete;
  } catch {
    isBroken = true;
  }
  response.destroy();
  const { statusCode: status = 0 } = response;
  return { status, headers: response.headers, bytes: unpack(response, Buffer.concat(chunks)), isBroken };
}

/** As far as it came. */
function unpack({ headers }: http.IncomingMessage, bytes: Buffer): Buffer {
  switch (headers['content-encoding']) {
    case 'gzip':
      return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
    case 'br':
      return brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH });
    default:
      return bytes;
  }
}

/** The query that goes on from what an answer brought. */
export function goOn({ headers }: Pick<Answer, 'headers'>, has: Buffer, query = ''): string {
  const parameters = new URLSearchParams(query);
  parameters.set('until', String(headers['x-wireroom-until']));
  parameters.set('epoch', String(headers['x-wireroom-epoch']));
  parameters.set('prefix', sha256(has));
  parameters.set('bytes', String(has.byteLength));
  return `?${parameters}`;
}

export interface Lines {
  readonly head: Json;
  readonly records: readonly Json[];
  readonly end: Json;
}

/** A whole file of JSON Lines, its digest checked. */
export function linesOf(file: Buffer): Lines {
  const text = file.toString();
  const lines = text.trimEnd().split('\n');
  const records = lines.map((line): Json => JSON.parse(line));
  const [head, end] = [records[0], records.at(-1)];
  if (head?.type !== 'history' || end?.type !== 'end') throw new Error(`no history: ${text.slice(0, 200)}`);
  const before = Buffer.from(`${lines.slice(0, -1).join('\n')}\n`);
  if (end.sha256 !== sha256(before)) throw new Error('The digest in the last line is another.');
  return { head, records: records.slice(1, -1), end };
}

/** The end in the last line of a file, in whatever format; its digest checked. */
export function endOf(file: Buffer): Json {
  const start = file.subarray(0, -1).lastIndexOf(0x0a) + 1;
  const line = file.subarray(start).toString();
  const json = line.slice(line.indexOf('{'), line.lastIndexOf('}') + 1);
  const end: Json = JSON.parse(line.startsWith('wireroom-end,') ? json.replaceAll('""', '"') : json);
  if (end.sha256 !== sha256(file.subarray(0, start)))
    throw new Error('The digest in the last line is another.');
  return end;
}
