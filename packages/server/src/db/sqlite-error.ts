// What SQLite says when it fails, in one vocabulary for both drivers, and the error of a database that is not opened.

export type OpenErrorCode = 'no-driver' | 'in-use' | 'newer' | 'unusable';

/** The database cannot be used; the message is a sentence for whoever starts the server. */
export class OpenError extends Error {
  readonly code: OpenErrorCode;
  /** No fault of the program: its message is enough. */
  readonly isOperating = true;

  constructor(code: OpenErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'OpenError';
    this.code = code;
  }
}

export type SqliteResult =
  | 'busy'
  | 'cannot-open'
  | 'constraint'
  | 'damaged'
  | 'full'
  | 'io'
  | 'not-a-database'
  | 'read-only'
  | 'other';

/** Primary result codes, https://www.sqlite.org/rescode.html. */
const BY_NUMBER: ReadonlyMap<number, SqliteResult> = new Map([
  [5, 'busy'],
  [8, 'read-only'],
  [10, 'io'],
  [11, 'damaged'],
  [13, 'full'],
  [14, 'cannot-open'],
  [19, 'constraint'],
  [26, 'not-a-database'],
]);

const BY_NAME: ReadonlyMap<string, SqliteResult> = new Map([
  ['BUSY', 'busy'],
  ['READONLY', 'read-only'],
  ['IOERR', 'io'],
  ['CORRUPT', 'damaged'],
  ['FULL', 'full'],
  ['CANTOPEN', 'cannot-open'],
  ['CONSTRAINT', 'constraint'],
  ['NOTADB', 'not-a-database'],
]);

/** `undefined`: the error does not come from SQLite. */
export function sqliteResult(error: unknown): SqliteResult | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  if (error.code === 'ERR_SQLITE_ERROR') {
    // node:sqlite: an extended result code, whose low byte is the primary one.
    const number = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;
    return BY_NUMBER.get(number) ?? 'other';
  }
  // better-sqlite3: the extended code's name, such as SQLITE_IOERR_FSYNC.
  const name = /^SQLITE_([A-Z]+)/.exec(error.code)?.[1];
  return name === undefined ? undefined : (BY_NAME.get(name) ?? 'other');
}

/** The OpenError of a file that cannot be opened because the disk is full. */
export function noRoomFor(file: string, cause: unknown): OpenError {
  return new OpenError(
    'unusable',
    `There is no room left on the disk of ${file}. Make some and start again.`,
    { cause },
  );
}

/** The OpenError of a damaged file, where the error or what caused it says that it is one. */
export function damageOf(error: unknown, file: string): OpenError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (sqliteResult(error) !== 'damaged') return damageOf(error.cause, file);
  const message = `${file} is damaged (SQLite: ${error.message}). Restore a backup, or name another DATA_DIR.`;
  return new OpenError('unusable', message, { cause: error });
}
