// What `wireroom chat` remembers from one visit to the next, in a file that only its owner can read: names and the tokens
// that prove them, by server. The SDK says what is in it.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { KeyValueStorage } from '@wireroom/client';

/** Servers that are remembered; the one that was written to longest ago is forgotten first. */
export const SERVERS_REMEMBERED_MAX = 32;

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** By the XDG rule: `~/.config/wireroom/chat.json` unless XDG_CONFIG_HOME says otherwise. */
export function memoryFile(env: Readonly<Record<string, string | undefined>>): string {
  const config = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config');
  return join(config, 'wireroom', 'chat.json');
}

/** Reads the file at every call, since another terminal may have written to it. */
export function fileStorage(file: string): KeyValueStorage {
  return {
    get: (key) => read(file).get(key),
    set(key, value) {
      const values = read(file);
      // Last written, last in the file.
      values.delete(key);
      values.set(key, value);
      for (const oldest of [...values.keys()].slice(0, Math.max(0, values.size - SERVERS_REMEMBERED_MAX)))
        values.delete(oldest);
      write(file, values);
    },
    remove(key) {
      const values = read(file);
      if (values.delete(key)) write(file, values);
    },
  };
}

/** Forgets everything about one server. Tells whether there was anything. */
export function forget(file: string, url: string): boolean {
  const values = read(file);
  const keys = [...values.keys()].filter((key) => key.startsWith(`wireroom:${url}:`));
  for (const key of keys) values.delete(key);
  if (keys.length > 0) write(file, values);
  return keys.length > 0;
}

/** The token of the guest whom `wireroom chat` was on this server last: the SDK keeps the one used last first. */
export function rememberedToken(file: string, url: string): string | undefined {
  const identity = parsed(read(file).get(`wireroom:${url}:identity`));
  const guests = isRecord(identity) && Array.isArray(identity.guests) ? identity.guests : [];
  const guest: unknown = guests[0];
  return isRecord(guest) && typeof guest.token === 'string' ? guest.token : undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}

/** A file that is missing, or that somebody has written something else into, remembers nothing. */
function read(file: string): Map<string, string> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null) return new Map();
    return new Map(
      Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch {
    return new Map();
  }
}

/** In one step, so that nobody ever reads half a file. */
function write(file: string, values: ReadonlyMap<string, string>): void {
  if (values.size === 0) {
    rmSync(file, { force: true });
    return;
  }
  mkdirSync(dirname(file), { recursive: true, mode: OWNER_ONLY_FOLDER });
  const fresh = `${file}.${process.pid}.new`;
  writeFileSync(fresh, `${JSON.stringify(Object.fromEntries(values), undefined, 2)}\n`, { mode: OWNER_ONLY });
  renameSync(fresh, file);
}
