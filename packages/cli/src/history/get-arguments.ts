// The words after `wireroom history get`, read.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  HISTORY_FORMATS,
  type HistoryFormat,
  type HistorySpec,
  historyFileName,
  isTimeZone,
} from '@wireroom/history';
import { urlOf } from '../chat/arguments.ts';
import { memoryFile, rememberedToken } from '../chat/memory-file.ts';
import { readFlags } from '../terminal/flags.ts';
import { UsageError } from '../usage-error.ts';

/** What is asked of the server. */
export interface Asked {
  /** Of its WebSocket, as for the SDK. */
  readonly url: string;
  readonly room: string;
  readonly spec: HistorySpec;
  /** Absent: from the beginning. */
  readonly after?: number;
}

export interface Token {
  readonly text: string;
  /** By `wireroom chat`; the server may have forgotten it. */
  readonly isRemembered: boolean;
}

export interface GetOrder {
  readonly asked: Asked;
  /** Undefined: the output. */
  readonly path: string | undefined;
  readonly via: 'auto' | 'http' | 'websocket';
  readonly token: Token | undefined;
  /** The server is to make the file first: `path` and `token` are there. */
  readonly isJob: boolean;
}

type Env = Readonly<Record<string, string | undefined>>;

const OPTIONS = {
  url: { type: 'string' },
  format: { type: 'string', short: 'f' },
  from: { type: 'string' },
  to: { type: 'string' },
  author: { type: 'string' },
  tz: { type: 'string' },
  after: { type: 'string' },
  out: { type: 'string', short: 'o' },
  via: { type: 'string' },
  job: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const DEFAULT_URL = 'http://localhost:3000';
const WAYS = ['auto', 'http', 'websocket'] as const;

/** Reads them, or throws a UsageError. */
export function readGetArguments(args: readonly string[], env: Env): GetOrder | 'help' {
  const { values, positionals } = readFlags({ args: [...args], options: OPTIONS, allowPositionals: true });
  if (values.help === true) return 'help';
  const [typed, surplus] = positionals;
  if (typed === undefined)
    throw new UsageError('get: name the room, for instance: wireroom history get lobby');
  if (surplus !== undefined) throw new UsageError(`get: one room at a time; "${surplus}" is another one.`);
  const { url, room } = placeOf(typed, values.url);
  const format = oneOf('format', values.format ?? 'jsonl', HISTORY_FORMATS);
  const spec: HistorySpec = {
    format,
    ...(values.from === undefined ? {} : { from: instant('from', values.from) }),
    ...(values.to === undefined ? {} : { to: instant('to', values.to) }),
    ...(values.author === undefined ? {} : { author: values.author }),
    ...(values.tz === undefined ? {} : { tz: timeZone(values.tz) }),
  };
  const after = seq(values.after);
  const token = tokenFor(url, env);
  if (values.job === true) checkJob(values, token);
  return {
    asked: { url, room, spec, ...(after === 0 ? {} : { after }) },
    path: values.out === '-' ? undefined : pathOf(values.out, room, format, after),
    via: oneOf('via', values.via ?? 'auto', WAYS),
    token,
    isJob: values.job === true,
  };
}

function checkJob({ out, via }: { readonly out?: string; readonly via?: string }, token: Token | undefined) {
  if (out === '-')
    throw new UsageError('get: --job makes a file that is fetched in pieces; name one with --out.');
  if (via !== undefined && via !== 'auto' && via !== 'http')
    throw new UsageError(`get: --job comes over HTTP; leave --via ${via} away.`);
  if (token === undefined)
    throw new UsageError(
      'get: with --job the server keeps the file for whoever asked. Say who you are: put a token into WIREROOM_TOKEN, or enter once with "wireroom chat".',
    );
}

/** From WIREROOM_TOKEN, or of the guest whom `wireroom chat` was. Never from an argument: others can read those. */
export function tokenFor(url: string, env: Env): Token | undefined {
  if (env.WIREROOM_TOKEN) return { text: env.WIREROOM_TOKEN, isRemembered: false };
  const remembered = rememberedToken(memoryFile(env), url);
  return remembered === undefined ? undefined : { text: remembered, isRemembered: true };
}

/** Of an order that has one: with --job. */
export function tokenOf({ token }: GetOrder): string {
  if (token === undefined) throw new UsageError('get: --job needs a token.');
  return token.text;
}

/** A room's name, or the address of its history: https://chat.example/api/rooms/lobby/history */
function placeOf(typed: string, server: string | undefined): { readonly url: string; readonly room: string } {
  if (!typed.includes('://')) return { url: urlOf(server ?? DEFAULT_URL), room: typed };
  const { pathname, origin } = URL.canParse(typed) ? new URL(typed) : { pathname: '', origin: '' };
  const room = /^\/api\/rooms\/([^/]+)(?:\/history)?\/?$/.exec(pathname)?.[1];
  if (room === undefined)
    throw new UsageError(
      `get: "${typed}" names no room; one looks like https://chat.example/api/rooms/lobby/history, or: wireroom history get lobby --url https://chat.example`,
    );
  if (server !== undefined)
    throw new UsageError('get: --url and a URL of a room are two addresses; give one.');
  return { url: urlOf(origin), room: decodeURIComponent(room) };
}

function pathOf(out: string | undefined, room: string, format: HistoryFormat, after: number): string {
  const name = historyFileName(room.replaceAll(/[^\w-]/g, '_'), format, after);
  if (out === undefined) return name;
  const isFolder = out.endsWith('/') || (existsSync(out) && statSync(out).isDirectory());
  return isFolder ? join(out, name) : out;
}

function oneOf<Word extends string>(flag: string, word: string, words: readonly Word[]): Word {
  const found = words.find((each) => each === word);
  if (found === undefined)
    throw new UsageError(`get: --${flag} is one of: ${words.join(', ')}; "${word}" is not.`);
  return found;
}

/** A day alone is its first moment in UTC. */
function instant(flag: string, typed: string): string {
  const isRead = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(typed);
  const ms = isRead ? Date.parse(typed) : Number.NaN;
  if (Number.isNaN(ms))
    throw new UsageError(
      `get: --${flag} is a day or an instant, 2026-11-26 or 2026-11-26T18:00:00+01:00; "${typed}" is neither.`,
    );
  return new Date(ms).toISOString();
}

function timeZone(typed: string): string {
  if (isTimeZone(typed)) return typed;
  throw new UsageError(`get: --tz is the name of a time zone, like Europe/Berlin; "${typed}" is none.`);
}

function seq(typed: string | undefined): number {
  if (typed === undefined) return 0;
  if (/^\d{1,15}$/.test(typed)) return Number(typed);
  throw new UsageError(`get: --after is the number of an entry; "${typed}" is none.`);
}
