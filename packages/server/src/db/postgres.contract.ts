// What tests of PostgreSQL stand on: a server (TEST_DATABASE_URL, the machine's, or a private one that is started and thrown
// away) and in it a database of their own. Where none is to be had, suites skip and `npm test` says so.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, onTestFinished } from 'vitest';
import { migratePostgres } from './migrator.ts';
import { openPostgres, type Postgres } from './postgres.ts';

const MACHINE_URL = 'postgres://postgres@localhost:5432/postgres';

/** Where a server answers; called once in a file of tests, outside of its suites. */
export async function serverUrl(): Promise<string | undefined> {
  for (const url of [process.env.TEST_DATABASE_URL, MACHINE_URL])
    if (url !== undefined && url !== '' && (await answers(url))) return url;
  if (!hasPrivateServer()) return undefined;
  const server = await privateServer(await freePort());
  afterAll(() => server.remove());
  await server.start();
  return server.url;
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

export async function administer(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** An empty database, and how to be rid of it. */
export async function temporaryDatabase(server: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `wireroom_test_${randomBytes(6).toString('hex')}`;
  await administer(server, `CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const drop = async (): Promise<void> => {
    await administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  };
  return { url: url.href, drop };
}

/** Opens it, brought to its form, until the test ends. */
export async function openForTest(url: string): Promise<Postgres> {
  const database = await openPostgres({ url, onError: () => {} });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await database.close();
    isOpen = false;
  };
  onTestFinished(close);
  await migratePostgres(database);
  return database;
}

export async function emptyTables(url: string): Promise<void> {
  const rows = await administer(
    url,
    `SELECT string_agg(quote_ident(tablename), ', ') AS tables FROM pg_tables
     WHERE schemaname = 'public' AND tablename NOT LIKE 'migrations%'`,
  );
  const [row] = rows;
  if (typeof row === 'object' && row !== null && 'tables' in row && typeof row.tables === 'string')
    await administer(url, `TRUNCATE ${row.tables} RESTART IDENTITY`);
}

export interface PrivateServer {
  readonly url: string;
  start(): Promise<void>;
  /** `immediate`: as a crash would. */
  stop(how: 'fast' | 'immediate'): Promise<void>;
  remove(): Promise<void>;
}

/** Debian keeps its programs apart from the PATH, one folder for each version. */
function programFolder(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(root, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

export const hasPrivateServer = (): boolean => programFolder() !== undefined && runAs() !== undefined;

/** PostgreSQL refuses to run as root: then it runs as its own user, or as nobody. */
function runAs(): { readonly uid?: number; readonly gid?: number } | undefined {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = ['-u', '-g'].map((flag) =>
        Number(execFileSync('id', [flag, user], { stdio: 'pipe' })),
      );
      if (uid !== undefined && gid !== undefined) return { uid, gid };
    } catch {
      // No such user on this machine.
    }
  }
  return undefined;
}

/** A server of the test's own, on a free port, with nothing in it. */
export async function privateServer(port: number): Promise<PrivateServer> {
  const programs = programFolder() ?? '';
  const user = runAs() ?? {};
  const folder = mkdtempSync(join(tmpdir(), 'wireroom-postgres-'));
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = { ...user, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } } as const;
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
  execFileSync(join(programs, 'initdb'), initdb, { ...options, stdio: 'pipe' });
  let running: ChildProcess | undefined;
  const url = `postgres://postgres@localhost:${port}/postgres`;
  const stop = async (how: 'fast' | 'immediate'): Promise<void> => {
    const child = running;
    if (child === undefined) return;
    running = undefined;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await ended;
  };
  return {
    url,
    start: async () => {
      const args = [
        '-D',
        data,
        '-p',
        String(port),
        '-k',
        folder,
        '-h',
        'localhost',
        '-c',
        'max_connections=40',
      ];
      const child = spawn(join(programs, 'postgres'), args, { ...options, stdio: 'ignore' });
      running = child;
      while (!(await answers(url)))
        if (child.exitCode !== null) throw new Error(`postgres ended with ${child.exitCode}`);
    },
    stop,
    remove: async () => {
      await stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
