// A whole server on SQLite whose file another program holds: nothing can be written, it says so, and it is well by itself when
// the file is free again.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@wireroom/websocket';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { startApp } from './app.ts';
import { readConfig } from './config.ts';
import { loadDriver } from './db/sqlite.ts';
import { DATABASE_FILE } from './storage.ts';

it('[M8] a file that nobody can write to: 503 with storage-failed, until it can be written to again', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'wireroom-test-'));
  const config = readConfig([], { DATA_DIR: dataDir, PORT: '0', SOCKET_PORT: 'off', HOST: '127.0.0.1' });
  const app = await startApp(config, {
    logger: pino({ level: 'silent' }),
    print: () => undefined,
    onFatal: (error) => {
      throw error;
    },
  });
  onTestFinished(async () => {
    await app.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const ready = async () => {
    const response = await fetch(`http://127.0.0.1:${app.port}/readyz`);
    return [
      response.status,
      ((await response.json()) as { reasons: { code: string }[] }).reasons.map((r) => r.code),
    ];
  };
  const ask = await talk(app.port);
  await ask({ type: 'hello', ref: 1, name: 'Ann' });
  await ask({ type: 'join', ref: 2, room: 'lobby' });
  expect(await ready()).toEqual([200, []]);
  const other = loadDriver().open(join(dataDir, DATABASE_FILE));
  onTestFinished(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  // The server waits for a moment (busyTimeoutMs), since most who hold the file let it go.
  expect(await ask({ type: 'post', ref: 3, room: 'lobby', text: 'lost' })).toMatchObject({
    code: 'storage-failed',
  });
  expect(await ready()).toEqual([503, ['storage-failed']]);
  other.exec('ROLLBACK');
  while ((await ready())[0] !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await ask({ type: 'post', ref: 4, room: 'lobby', text: 'after' })).toMatchObject({ type: 'posted' });
}, 120_000);

/** Sends a command and resolves to its answer, by its ref. */
async function talk(port: number) {
  const connection = await connect(`ws://127.0.0.1:${port}/ws`);
  const waiting = new Map<unknown, (answer: unknown) => void>();
  connection.handle({
    message: (message) => {
      const event = JSON.parse(message.text()) as { readonly ref?: unknown };
      waiting.get(event.ref)?.(event);
    },
  });
  onTestFinished(() => connection.terminate());
  return (command: { readonly ref: number } & Readonly<Record<string, unknown>>): Promise<unknown> =>
    new Promise((resolve) => {
      waiting.set(command.ref, resolve);
      connection.send(JSON.stringify(command));
    });
}
