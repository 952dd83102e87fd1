// PostgreSQL behind one small interface: pools of bounded size, sessions with the settings that rule L2 rests on, and the
// only file that names the driver. It knows no table. Writers go through postgres-lane.ts; readers take `query`.
import { ChatError } from '@wireroom/protocol';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { DB_LIMITS } from './limits.ts';
import { lostConnection, openErrorOf, whereIs } from './postgres-error.ts';
import type { Schema } from './schema.ts';
import type { Row } from './sqlite.ts';
import { OpenError } from './sqlite-error.ts';

/** A hot statement, written by hand. Its name is that of the prepared statement. */
export interface PreparedSql {
  readonly name: string;
  readonly text: string;
}

export type SqlParameter = string | number | null | readonly (string | number | null)[];

export interface PostgresSession {
  query(statement: PreparedSql | string, values?: readonly SqlParameter[]): Promise<readonly Row[]>;
}

/** A session that somebody holds for a while. */
export interface HeldSession extends PostgresSession {
  /** Gives it back; with an error: it is not to be used again. */
  release(error?: Error): void;
}

/** A session that hears of notifications, apart from the pools. */
export interface ListeningSession extends PostgresSession {
  end(): Promise<void>;
}

export interface PostgresOptions {
  readonly url: string;
  /** A session that nobody was using has ended, say: nothing is lost by it. */
  readonly onError: (error: unknown) => void;
}

type PoolName = 'write' | 'read';

export class Postgres implements PostgresSession {
  /** Where it is, without the password. */
  readonly place: string;
  readonly db: Kysely<Schema>;
  readonly #options: PostgresOptions;
  readonly #pools: Readonly<Record<PoolName, pg.Pool>>;

  constructor(options: PostgresOptions) {
    this.#options = options;
    this.place = whereIs(options.url);
    this.#pools = {
      write: this.#pool(DB_LIMITS.writeSessionsMax),
      read: this.#pool(DB_LIMITS.readSessionsMax),
    };
    this.db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: this.#pools.read }) });
  }

  /** Reads on a session of their own, whatever is being written. */
  async query(statement: PreparedSql | string, values?: readonly SqlParameter[]): Promise<readonly Row[]> {
    const session = await this.hold('read');
    try {
      const rows = await session.query(statement, values);
      session.release();
      return rows;
    } catch (error) {
      session.release(lostConnection(error) ? error : undefined);
      throw error;
    }
  }

  /** Rejects where no session is to be had within `connectTimeoutMs`. */
  async hold(pool: PoolName): Promise<HeldSession> {
    const client = await this.#pools[pool].connect();
    // Between two queries the loss of the session is told as an event; the next query fails, and that is soon enough.
    const onError = (): void => {};
    client.on('error', onError);
    let isHeld = true;
    return {
      query: (statement, values) => ask(client, statement, values),
      release: (error) => {
        if (!isHeld) return;
        isHeld = false;
        client.release(error);
        client.off('error', onError);
      },
    };
  }

  /** As `query`, for adapters: what is the way's fault or the crowd's is a ChatError, `storage-failed` or `busy`. */
  async read(statement: PreparedSql | string, values?: readonly SqlParameter[]): Promise<readonly Row[]> {
    if (this.#pools.read.waitingCount >= DB_LIMITS.waitingMax)
      throw new ChatError('busy', { retryAfterMs: DB_LIMITS.busyRetryAfterMs });
    try {
      return await this.query(statement, values);
    } catch (error) {
      throw lostConnection(error) ? new ChatError('storage-failed', { cause: error }) : error;
    }
  }

  async listen(
    channel: string,
    on: { readonly told: (payload: string) => void; readonly ended: () => void },
  ): Promise<ListeningSession> {
    const client = new pg.Client(this.#settings());
    client.on('error', (error) => this.#tellOf(error));
    client.on('end', on.ended);
    client.on('notification', ({ payload }) => on.told(payload ?? ''));
    await client.connect();
    await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    return {
      query: (statement, values) => ask(client, statement, values),
      end: () => client.end(),
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.#pools.write.end(), this.#pools.read.end()]);
  }

  /** The driver hangs the whole session on its errors, which is nothing for a log: told again, in a sentence. */
  #tellOf({ message }: Error): void {
    this.#options.onError(new Error(`${this.place} has ended a session that nobody was using: ${message}`));
  }

  #pool(max: number): pg.Pool {
    const pool = new pg.Pool({
      ...this.#settings(),
      max,
      idleTimeoutMillis: DB_LIMITS.idleSessionMs,
      onConnect: prepareSession,
    });
    pool.on('error', (error) => this.#tellOf(error));
    return pool;
  }

  #settings(): pg.ClientConfig {
    return {
      connectionString: this.#options.url,
      application_name: 'wireroom',
      connectionTimeoutMillis: DB_LIMITS.connectTimeoutMs,
      query_timeout: DB_LIMITS.statementTimeoutMs + 1_000,
      keepAlive: true,
      types: { getTypeParser },
    };
  }
}

/** Opens the pools and looks whether this server can keep what we promise. Rejects with an OpenError. */
export async function openPostgres(options: PostgresOptions): Promise<Postgres> {
  const database = new Postgres(options);
  try {
    await refuseUnfit(database);
    return database;
  } catch (error) {
    await database.close();
    throw openErrorOf(error, database.place);
  }
}

async function refuseUnfit(database: Postgres): Promise<void> {
  const [row] = await database.query(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('fsync') AS fsync,
       current_setting('synchronous_commit') AS commit, current_setting('server_encoding') AS encoding`,
  );
  const unfit = (what: string): OpenError => new OpenError('unusable', `${database.place} ${what}`);
  const version = typeof row?.version === 'number' ? row.version : 0;
  if (version < DB_LIMITS.postgresVersionMin)
    throw unfit('runs a PostgreSQL older than 12. Use a newer one.');
  if (row?.encoding !== 'UTF8') throw unfit('is not in UTF8. Make a database with ENCODING UTF8.');
  if (row.fsync !== 'on')
    throw unfit('has fsync off: what it calls committed may be lost. Switch it on in postgresql.conf.');
  if (row.commit === 'off') throw unfit('does not let us switch synchronous_commit on.');
}

/**
 * What every session is set to. All values of synchronous_commit but `off` wait for this server's disk. Plans go by key
 * whatever the statistics of a young table say (L4.9), and a process that hangs in a transaction does not keep its locks.
 */
async function prepareSession(client: pg.ClientBase): Promise<void> {
  await client.query(`
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
    SET statement_timeout = ${DB_LIMITS.statementTimeoutMs};
    SET idle_in_transaction_session_timeout = ${DB_LIMITS.statementTimeoutMs};
    SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
    SET jit = off; SET client_min_messages = warning`);
}

async function ask(
  client: pg.ClientBase,
  statement: PreparedSql | string,
  values: readonly SqlParameter[] = [],
): Promise<readonly Row[]> {
  const config = typeof statement === 'string' ? { text: statement } : { ...statement };
  const { rows } = await client.query<Row>({ ...config, values: [...values] });
  return rows;
}

const INT8 = 20;

/** Numbers up to 2^53 come as numbers: no seq, time or count of ours is larger. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  return oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text');
}
