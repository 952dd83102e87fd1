// The words after `wireroom inspect`, read. They are those of wscat where it has some.
import { readFileSync } from 'node:fs';
import { readFlags } from '../terminal/flags.ts';
import { UsageError } from '../usage-error.ts';
import { type Address, addressOf } from './address.ts';
import { INSPECT_LIMITS } from './limits.ts';
import { isCaptureFile } from './reading.ts';

export interface InspectOptions {
  /** Connects there; or listens on a port instead; or reads a file of captures. */
  readonly to:
    | { readonly kind: 'connect'; readonly address: Address }
    | { readonly kind: 'read'; readonly file: string }
    | { readonly kind: 'listen'; readonly port: number };
  readonly headers: Readonly<Record<string, string>>;
  readonly subprotocols: readonly string[];
  readonly tls: TlsOptions;
  readonly execute: readonly string[];
  readonly file: string | undefined;
  readonly isBinary: boolean;
  /** Without a person: so long after the last line. `undefined`: until the other end closes. */
  readonly waitMs: number | undefined;
  /** Whether lines that begin with a slash are commands although nobody types them. */
  readonly hasSlashCommands: boolean;
  readonly output: 'frames' | 'messages' | 'json';
  readonly showsPings: boolean;
  readonly showsSecrets: boolean;
  readonly isColorWanted: boolean;
  readonly saveTo: string | undefined;
  readonly deflate: boolean;
  readonly redirectsMax: number;
  readonly socketIoEvent: string;
}

export interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly passphrase?: string;
}

const OPTIONS = {
  connect: { type: 'string', short: 'c' },
  listen: { type: 'string', short: 'l' },
  header: { type: 'string', short: 'H', multiple: true },
  subprotocol: { type: 'string', short: 's', multiple: true },
  origin: { type: 'string', short: 'o' },
  host: { type: 'string' },
  auth: { type: 'string' },
  'no-check': { type: 'boolean', short: 'n' },
  ca: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  passphrase: { type: 'string' },
  execute: { type: 'string', short: 'x', multiple: true },
  wait: { type: 'string', short: 'w' },
  file: { type: 'string', short: 'f' },
  binary: { type: 'boolean', short: 'b' },
  'show-ping-pong': { type: 'boolean', short: 'P' },
  slash: { type: 'boolean' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  save: { type: 'string' },
  'show-secrets': { type: 'boolean' },
  deflate: { type: 'boolean' },
  location: { type: 'boolean', short: 'L' },
  'max-redirects': { type: 'string' },
  protocol: { type: 'string', short: 'p' },
  socketio: { type: 'boolean' },
  event: { type: 'string' },
  'no-color': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof readValues>['values'];

/** Reads them, or throws a UsageError. `help`: it was asked for. */
export function readArguments(args: readonly string[]): InspectOptions | 'help' {
  const { values, positionals } = readValues(args);
  if (values.help === true) return 'help';
  if (values.protocol !== undefined && values.protocol !== '13') {
    throw new UsageError(`-p is "${values.protocol}"; version 13 is the only one there is (RFC 6455).`);
  }
  if (values.json === true && values.quiet === true)
    throw new UsageError('Choose --json or --quiet, not both.');
  return {
    to: destinationOf(values, positionals),
    headers: headersOf(values),
    subprotocols: (values.subprotocol ?? []).flatMap((list) => list.split(/\s*,\s*/)),
    tls: tlsOf(values),
    execute: values.execute ?? [],
    file: values.file,
    isBinary: values.binary === true,
    waitMs: waitOf(values.wait),
    hasSlashCommands: values.slash === true,
    output: values.json === true ? 'json' : values.quiet === true ? 'messages' : 'frames',
    showsPings: values['show-ping-pong'] === true,
    showsSecrets: values['show-secrets'] === true,
    isColorWanted: values['no-color'] !== true,
    saveTo: values.save,
    deflate: values.deflate === true,
    redirectsMax: redirectsOf(values),
    socketIoEvent: values.event ?? 'message',
  };
}

function readValues(args: readonly string[]) {
  // `-w -1` is wscat's way to say "for ever", and a dash after a flag is no value to parseArgs.
  const joined = args.join('\0').replace(/(^|\0)(?:-w|--wait)\0(?=-?\d)/g, '$1--wait=');
  return readFlags({
    args: args.length === 0 ? [] : joined.split('\0'),
    options: OPTIONS,
    allowPositionals: true,
  });
}

function destinationOf(values: Values, positionals: readonly string[]): InspectOptions['to'] {
  const [url = values.connect, ...more] = positionals;
  const surplus = values.connect !== undefined && positionals.length > 0 ? positionals : more;
  if (surplus.length > 0) throw new UsageError(`One URL at a time; "${surplus[0]}" is another one.`);
  if (values.listen !== undefined) {
    if (url !== undefined) throw new UsageError('Connect (-c) or listen (-l), not both.');
    return { kind: 'listen', port: numberOf('-l', values.listen, 0, 65_535) };
  }
  if (url === undefined) throw new UsageError('Which server? Give its URL, such as ws://localhost:3000/ws.');
  if (isCaptureFile(url)) return { kind: 'read', file: url };
  return { kind: 'connect', address: addressOf(url, values.socketio === true) };
}

function headersOf({ header = [], origin, host, auth }: Values): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const line of header) {
    const [, name, value] = /^([^:\s]+)\s*:\s*(.*)$/s.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageError(`-H is "${line}"; it must be a header such as "X-Room: lobby".`);
    }
    headers[name] = value;
  }
  if (origin !== undefined) headers.Origin = origin;
  if (host !== undefined) headers.Host = host;
  if (auth !== undefined) headers.Authorization = `Basic ${Buffer.from(auth).toString('base64')}`;
  return headers;
}

function tlsOf(values: Values): TlsOptions {
  const { ca, cert, key, passphrase } = values;
  return {
    rejectUnauthorized: values['no-check'] !== true,
    ...(ca !== undefined && { ca: fileOf('--ca', ca) }),
    ...(cert !== undefined && { cert: fileOf('--cert', cert) }),
    ...(key !== undefined && { key: fileOf('--key', key) }),
    ...(passphrase !== undefined && { passphrase }),
  };
}

function fileOf(flag: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new UsageError(`${flag} is "${path}"; it must be a file that can be read.`);
  }
}

function waitOf(wait: string | undefined): number | undefined {
  if (wait === undefined) return INSPECT_LIMITS.waitMs;
  const seconds = /^-?\d{1,6}(\.\d+)?$/.test(wait) ? Number(wait) : Number.NaN;
  if (Number.isNaN(seconds)) throw new UsageError(`-w is "${wait}"; it must be seconds, or -1 for ever.`);
  return seconds < 0 ? undefined : seconds * 1000;
}

function redirectsOf(values: Values): number {
  const given = values['max-redirects'];
  if (given === undefined) return values.location === true ? INSPECT_LIMITS.redirectsMax : 0;
  return numberOf('--max-redirects', given, 0, INSPECT_LIMITS.redirectsMax);
}

function numberOf(flag: string, text: string, min: number, max: number): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`${flag} is "${text}"; it must be a whole number from ${min} to ${max}.`);
}
