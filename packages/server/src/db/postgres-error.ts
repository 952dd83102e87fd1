// What PostgreSQL and the way to it say when they fail, and how a database is named to people: never with its password.
import { OpenError } from './sqlite-error.ts';

/** `postgres://user:secret@host:5432/chat` as people may read it. */
export function whereIs(url: string): string {
  if (!URL.canParse(url)) return 'DATABASE_URL';
  const { host, pathname } = new URL(url);
  return `PostgreSQL ${host === '' ? 'on this machine' : `at ${host}`}, database ${pathname.slice(1) || '(default)'},`;
}

/** The five characters of https://www.postgresql.org/docs/current/errcodes-appendix.html; `undefined`: not the server's error. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}

/** Connection exceptions, an administrator's or a crash's end of the session, a server that starts or stops. */
const LOST = /^(?:08|57P0[1-5]|25P03)/;

/** Is the session gone? Then nobody knows what became of a commit that was under way. */
export function lostConnection(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const state = sqlState(error);
  // What is no error of the server's is one of the socket: reset, timed out, ended.
  return state === undefined || LOST.test(state);
}

/** Another transaction stood in the way; the same again will do. */
export function isPassing(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40001' || state === '40P01' || state === '23505';
}

/** The data itself cannot be stored, however often it is tried: a fault of this program. */
export function isFaulty(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && /^(?:22|23|42)/.test(state);
}

/** A sentence for whoever starts the server. */
export function openErrorOf(error: unknown, place: string): unknown {
  if (error instanceof OpenError) return error;
  const state = sqlState(error);
  const refused = (what: string): OpenError =>
    new OpenError('unusable', `${place} ${what}`, { cause: error });
  if (state === '28P01' || state === '28000') return refused('does not know this user or password.');
  if (state === '3D000') return refused('is not there. Make it with createdb.');
  if (state === '42501') return refused('does not let this user make tables.');
  if (lostConnection(error)) {
    const reason = error.message === '' && 'code' in error ? String(error.code) : error.message;
    return refused(`cannot be reached (${reason}). Is it running, and is DATABASE_URL right?`);
  }
  return error;
}
