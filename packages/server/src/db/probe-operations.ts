// The probe's one operation, in the database thread: a write of what is there already.
import type { SqliteDatabase } from './sqlite.ts';

export interface ProbeOperations {
  touch(input: undefined): void;
}

export function createOperations(database: SqliteDatabase): ProbeOperations {
  // The file's header is written anew whatever the number was, so the commit appends a page and syncs it. We number by
  // migrations; this one stays as it is made, at 0.
  return { touch: () => database.exec('PRAGMA user_version = 0') };
}
