// Every setting of the server: one table of names, defaults and readers. Flags win over environment variables.
// docs/configuration.md shows the same table to people; a check keeps the two together.
import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { parseArgs } from 'node:util';
import type { RoomReaders } from './history/history.ts';
import type { MetricsAccess } from './http/metrics-route.ts';
import type { TlsSetting } from './lib/certificate.ts';
import { ConfigError } from './lib/config-error.ts';
import type { RoomEdits } from './rooms/rooms.ts';

export { ConfigError } from './lib/config-error.ts';

export interface RateLimit {
  readonly burst: number;
  readonly perSecond: number;
}

export interface Config {
  readonly host: string;
  readonly port: number;
  /** The lesson's port; `undefined` where it is off. */
  readonly socketPort: number | undefined;
  readonly dataDir: string;
  /** Of PostgreSQL; `undefined`: SQLite in `dataDir`. Secret: it may hold a password. */
  readonly databaseUrl: string | undefined;
  readonly rateLimit: RateLimit | undefined;
  /** Who may change a room's title and topic. */
  readonly roomEdits: RoomEdits;
  /** Who may read a room's history. */
  readonly roomReaders: RoomReaders;
  readonly allowedOrigins: readonly string[];
  /** Empty: any Host is served. */
  readonly allowedHosts: readonly string[];
  readonly publicUrl: string | undefined;
  readonly socketsPerAddressMax: number;
  readonly leaveGraceMs: number;
  /** Undefined: as long as so many clients need, see gateway/drain.ts. */
  readonly drainWindowMs: number | undefined;
  readonly trustProxy: boolean;
  readonly tls: TlsSetting;
  readonly logLevel: LogLevel;
  /** Who may read /metrics. */
  readonly metrics: MetricsAccess;
  readonly trace: boolean;
  /** Which part of all messages is traced to a collector; 0: none, and nothing is loaded for it. */
  readonly tracesRatio: number;
  readonly wireRecording: boolean;
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

interface Setting {
  readonly env: string;
  readonly fallback: string;
  readonly help: string;
  /** A flag without a value means this. */
  readonly bare?: string;
}

/** The flag of `SOCKET_PORT` is `--socket-port`, and so on. */
export const SETTINGS = {
  host: { env: 'HOST', fallback: 'localhost', help: 'address to listen on; 0.0.0.0 lets other machines in' },
  port: { env: 'PORT', fallback: '3000', help: 'main port: page, HTTP, /ws, Socket.IO' },
  socketPort: {
    env: 'SOCKET_PORT',
    fallback: '8090',
    help: 'port for plain WebSocket and Socket.IO programs, or off',
  },
  dataDir: { env: 'DATA_DIR', fallback: './data', help: 'folder of the database' },
  databaseUrl: {
    env: 'DATABASE_URL',
    fallback: '',
    help: 'postgres://… to keep everything in PostgreSQL instead; several servers may share it',
  },
  rateLimit: { env: 'RATE_LIMIT', fallback: '20/5', help: 'messages per author: burst/per second, or off' },
  roomEdits: {
    env: 'ROOM_EDITS',
    fallback: 'members',
    help: "who changes a room's title and topic: members, or off",
  },
  roomReaders: {
    env: 'ROOM_READERS',
    fallback: 'anyone',
    help: "who downloads a room's history: anyone, or members",
  },
  allowedOrigins: {
    env: 'ALLOWED_ORIGINS',
    fallback: '',
    help: 'further page origins that may connect, by commas',
  },
  allowedHosts: { env: 'ALLOWED_HOSTS', fallback: '', help: 'host names served, by commas; empty: all' },
  publicUrl: {
    env: 'PUBLIC_URL',
    fallback: '',
    help: 'the address people type, where a proxy stands in front',
  },
  socketsPerAddressMax: {
    env: 'MAX_SOCKETS_PER_ADDRESS',
    fallback: '200',
    help: 'chat sockets from one address',
  },
  leaveGraceMs: { env: 'LEAVE_GRACE', fallback: '60', help: 'seconds somebody cut off stays a member' },
  drainWindow: {
    env: 'DRAIN_WINDOW',
    fallback: 'auto',
    help: 'seconds over which clients come back after a restart, or auto: as many as they need',
  },
  trustProxy: {
    env: 'TRUST_PROXY',
    fallback: 'off',
    help: 'on: client addresses come from X-Forwarded-For',
    bare: 'on',
  },
  tls: { env: 'TLS', fallback: 'off', help: 'self-signed: https and wss with a certificate made at start' },
  tlsCert: { env: 'TLS_CERT', fallback: '', help: 'file with the certificate chain (PEM)' },
  tlsKey: { env: 'TLS_KEY', fallback: '', help: 'file with the private key (PEM)' },
  logLevel: { env: 'LOG_LEVEL', fallback: 'info', help: LOG_LEVELS.join(', ') },
  metrics: {
    env: 'METRICS',
    fallback: 'local',
    help: 'who may read /metrics: local (this machine), token, on (everybody), or off',
  },
  metricsToken: {
    env: 'METRICS_TOKEN',
    fallback: '',
    help: 'secret by which others may read /metrics: Authorization: Bearer …',
  },
  wireRecording: {
    env: 'WIRE_RECORDING',
    fallback: 'on',
    help: 'off: connections that ask for it are not recorded for the wire inspector',
  },
  traces: {
    env: 'TRACES',
    fallback: 'off',
    help: 'otlp: messages are traced to the collector of OTEL_EXPORTER_OTLP_ENDPOINT',
  },
  tracesRatio: { env: 'TRACES_RATIO', fallback: '0.1', help: 'which part of all messages is traced: 0 to 1' },
  trace: { env: 'TRACE', fallback: 'off', help: 'on: print every TCP read, handshake and frame', bare: 'on' },
} as const satisfies Record<string, Setting>;

type SettingName = keyof typeof SETTINGS;
type Raw = Readonly<Record<SettingName, string>>;

export const flagOf = (setting: Setting): string => setting.env.toLowerCase().replaceAll('_', '-');

/** Reads flags and environment; throws ConfigError with a sentence for people. */
export function readConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Config {
  const raw = readRaw(argv, env);
  return {
    host: readHost(raw.host),
    ...readPorts(raw),
    dataDir: raw.dataDir === '' ? bad('dataDir', raw.dataDir, 'the path of a folder') : raw.dataDir,
    databaseUrl: readDatabaseUrl(raw.databaseUrl),
    rateLimit: readRateLimit(raw.rateLimit),
    roomEdits: readRoomEdits(raw.roomEdits),
    roomReaders: readRoomReaders(raw.roomReaders),
    allowedOrigins: readList(raw.allowedOrigins).map((value) =>
      value === 'null' ? value : readOrigin('allowedOrigins', value),
    ),
    allowedHosts: readList(raw.allowedHosts).map(readAllowedHost),
    publicUrl: raw.publicUrl === '' ? undefined : readOrigin('publicUrl', raw.publicUrl),
    socketsPerAddressMax: readNumber('socketsPerAddressMax', raw.socketsPerAddressMax, 1, 1_000_000),
    leaveGraceMs: readNumber('leaveGraceMs', raw.leaveGraceMs, 0, 86_400) * 1000,
    drainWindowMs:
      raw.drainWindow === 'auto' ? undefined : readNumber('drainWindow', raw.drainWindow, 0, 3_600) * 1000,
    trustProxy: readSwitch('trustProxy', raw.trustProxy),
    tls: readTls(raw),
    logLevel: readLogLevel(raw.logLevel),
    metrics: readMetrics(raw),
    trace: readSwitch('trace', raw.trace),
    tracesRatio: readTracesRatio(raw),
    wireRecording: readSwitch('wireRecording', raw.wireRecording),
  };
}

function readRaw(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Raw {
  const flags = readFlags(argv);
  const value = (name: SettingName): string => {
    const setting: Setting = SETTINGS[name];
    const fromEnv = env[setting.env];
    return flags[flagOf(setting)] ?? (fromEnv === undefined || fromEnv === '' ? setting.fallback : fromEnv);
  };
  return {
    host: value('host'),
    port: value('port'),
    socketPort: value('socketPort'),
    dataDir: value('dataDir'),
    databaseUrl: value('databaseUrl'),
    rateLimit: value('rateLimit'),
    roomEdits: value('roomEdits'),
    roomReaders: value('roomReaders'),
    allowedOrigins: value('allowedOrigins'),
    allowedHosts: value('allowedHosts'),
    publicUrl: value('publicUrl'),
    socketsPerAddressMax: value('socketsPerAddressMax'),
    leaveGraceMs: value('leaveGraceMs'),
    drainWindow: value('drainWindow'),
    trustProxy: value('trustProxy'),
    tls: value('tls'),
    tlsCert: value('tlsCert'),
    tlsKey: value('tlsKey'),
    logLevel: value('logLevel'),
    metrics: value('metrics'),
    metricsToken: value('metricsToken'),
    trace: value('trace'),
    traces: value('traces'),
    tracesRatio: value('tracesRatio'),
    wireRecording: value('wireRecording'),
  };
}

function readFlags(argv: readonly string[]): Record<string, string> {
  const settings: readonly Setting[] = Object.values(SETTINGS);
  const bare = new Map(settings.filter((s) => s.bare !== undefined).map((s) => [`--${flagOf(s)}`, s.bare]));
  // With a value of its own after it a flag is not bare.
  const isBare = (arg: string, next: string | undefined): boolean =>
    bare.has(arg) && (next === undefined || next.startsWith('-'));
  const args = argv.map((arg, index) => (isBare(arg, argv[index + 1]) ? `${arg}=${bare.get(arg)}` : arg));
  const options = Object.fromEntries(settings.map((s) => [flagOf(s), { type: 'string' as const }]));
  try {
    const { values } = parseArgs({ args, options, strict: true, allowPositionals: false });
    return Object.fromEntries(
      Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('.')[0] : String(error);
    throw new ConfigError(`${reason}. Run with --help to see every setting.`);
  }
}

function bad(name: SettingName, value: string, wanted: string): never {
  const setting: Setting = SETTINGS[name];
  throw new ConfigError(`${setting.env} (or --${flagOf(setting)}) is "${value}"; it must be ${wanted}.`);
}

function readPorts(raw: Raw): Pick<Config, 'port' | 'socketPort'> {
  const port = readPort('port', raw.port);
  const socketPort =
    raw.socketPort.toLowerCase() === 'off' ? undefined : readPort('socketPort', raw.socketPort);
  if (port !== 0 && port === socketPort) {
    throw new ConfigError(
      `PORT (or --port) and SOCKET_PORT (or --socket-port) are both ${port}; they must be two ports. SOCKET_PORT=off does without the second.`,
    );
  }
  return { port, socketPort };
}

function readPort(name: SettingName, value: string): number {
  return readNumber(name, value, 0, 65_535);
}

const withoutBrackets = (value: string): string => value.replace(/^\[(.*)\]$/, '$1');

/** A name or an address and nothing around it: no scheme, port, path or wildcard. */
const isHost = (value: string): boolean =>
  isIPv6(withoutBrackets(value)) || (/^[\p{L}\p{N}._-]+$/u.test(value) && URL.canParse(`http://${value}`));

function readHost(value: string): string {
  const host = value.trim().toLowerCase();
  return isHost(host) ? withoutBrackets(host) : bad('host', value, 'a host name or address');
}

/** As a URL writes it, since that is what it is compared with. */
function readAllowedHost(value: string): string {
  const host = isIPv6(value) ? `[${value}]` : value;
  if (!isHost(host) || !URL.canParse(`http://${host}`)) {
    return bad('allowedHosts', value, 'host names or addresses alone, such as chat.example.org, by commas');
  }
  return new URL(`http://${host}`).hostname;
}

function readNumber(name: SettingName, value: string, min: number, max: number): number {
  const number = /^\d{1,7}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min && number <= max)) return bad(name, value, `a whole number from ${min} to ${max}`);
  return number;
}

const isOff = (value: string): boolean => ['off', '0', 'false', 'no'].includes(value.toLowerCase());
const isOn = (value: string): boolean => ['on', '1', 'true', 'yes'].includes(value.toLowerCase());

function readSwitch(name: SettingName, value: string): boolean {
  if (isOn(value)) return true;
  return isOff(value) ? false : bad(name, value, 'on or off');
}

function readRateLimit(value: string): RateLimit | undefined {
  if (isOff(value)) return undefined;
  const match = /^(\d{1,6})\/(\d{1,6}(?:\.\d{1,3})?)$/.exec(value);
  const burst = Number(match?.[1] ?? 0);
  const perSecond = Number(match?.[2] ?? 0);
  if (burst < 1 || perSecond <= 0) {
    return bad('rateLimit', value, 'two numbers "burst/per second" such as 20/5, or off');
  }
  return { burst, perSecond };
}

function readRoomEdits(value: string): RoomEdits {
  if (isOff(value)) return 'off';
  return value === 'members' ? value : bad('roomEdits', value, 'members or off');
}

function readRoomReaders(value: string): RoomReaders {
  return value === 'anyone' || value === 'members' ? value : bad('roomReaders', value, 'anyone or members');
}

function readList(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function readOrigin(name: SettingName, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    return bad(name, value, 'an address such as https://chat.example.org');
  }
  return url.origin;
}

/** What is wrong with it is said without showing it: there may be a password in it. */
function readDatabaseUrl(value: string): string | undefined {
  if (value === '') return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url !== undefined && ['postgres:', 'postgresql:'].includes(url.protocol)) return value;
  throw new ConfigError(
    'DATABASE_URL (or --database-url) must be an address such as postgres://user:password@host:5432/database.',
  );
}

function readTracesRatio({ traces, tracesRatio }: Raw): number {
  const ratio = /^(?:0|1|0?\.\d{1,6}|1\.0+)$/.test(tracesRatio) ? Number(tracesRatio) : Number.NaN;
  if (!(ratio >= 0 && ratio <= 1))
    return bad('tracesRatio', tracesRatio, 'a number from 0 to 1, such as 0.05');
  if (isOff(traces)) return 0;
  return traces === 'otlp' ? ratio : bad('traces', traces, 'otlp or off');
}

function readLogLevel(value: string): LogLevel {
  return (
    LOG_LEVELS.find((level) => level === value) ?? bad('logLevel', value, `one of ${LOG_LEVELS.join(', ')}`)
  );
}

/** What is wrong with the token is said without showing it. */
function readMetrics(raw: Raw): MetricsAccess {
  const token = raw.metricsToken === '' ? undefined : raw.metricsToken;
  if (token !== undefined && !/^[!-~]{16,256}$/.test(token)) {
    throw new ConfigError(
      'METRICS_TOKEN (or --metrics-token) must be 16 to 256 visible ASCII characters without spaces, such as `openssl rand -hex 24` prints.',
    );
  }
  if (isOff(raw.metrics)) return { readers: 'off', token: undefined };
  const readers = METRICS_READERS.find((known) => known === raw.metrics.toLowerCase());
  if (readers === undefined) return bad('metrics', raw.metrics, 'local, token, on or off');
  if (readers === 'token' && token === undefined)
    throw new ConfigError('METRICS is "token", so METRICS_TOKEN must be set: the token that is asked for.');
  return { readers, token };
}

const METRICS_READERS = ['local', 'token', 'on'] as const;

function readTls(raw: Raw): TlsSetting {
  if (raw.tlsCert !== '' || raw.tlsKey !== '') {
    if (raw.tlsCert === '') return bad('tlsCert', '', 'set together with TLS_KEY');
    if (raw.tlsKey === '') return bad('tlsKey', '', 'set together with TLS_CERT');
    return { kind: 'files', cert: readPem('tlsCert', raw.tlsCert), key: readPem('tlsKey', raw.tlsKey) };
  }
  if (isOff(raw.tls)) return { kind: 'off' };
  return raw.tls === 'self-signed' ? { kind: 'self-signed' } : bad('tls', raw.tls, 'self-signed or off');
}

function readPem(name: 'tlsCert' | 'tlsKey', file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return bad(name, file, 'a file that can be read');
  }
  return text.includes('-----BEGIN ') ? text : bad(name, file, 'a PEM file ("-----BEGIN …")');
}
