// For tests of downloads: a server in a process of its own whose lobby holds several pieces of a history, Ann who wrote it and is
// remembered by the command line, and a folder that is new for each test. Called once in a file of tests: it has hooks.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { chat } from '../chat/chat.ts';
import { PrivateServer } from '../compare/private-server.ts';
import { FakeIo } from '../terminal/fake-io.fixture.ts';
import { history } from './history.ts';

/** 240 kB in all. */
const MESSAGES = 60;
const MESSAGE_BYTES = 4_000;

export interface Outcome {
  readonly code: number;
  readonly printed: string;
  readonly complained: string;
}

export interface FilledServer {
  readonly url: string;
  /** As what the command line remembers about it bears it. */
  readonly socketUrl: string;
  /** What Ann's command line reads and remembers, as environment. */
  readonly ann: Readonly<Record<string, string>>;
  readonly folder: string;
  run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome>;
}

export function filledServer(): FilledServer {
  let server: PrivateServer | undefined;
  let ann: FilledServer['ann'] = {};
  let folder = '';
  const address = (): string => `127.0.0.1:${server?.port}`;

  beforeAll(async () => {
    server = await PrivateServer.start();
    ann = { XDG_CONFIG_HOME: mkdtempSync(join(tmpdir(), 'wireroom-ann-')) };
    const io = new FakeIo({ env: ann });
    for (let count = 0; count < MESSAGES; count++)
      io.input.write(`message ${count} ${'x'.repeat(MESSAGE_BYTES)}\n`);
    io.input.end();
    expect(await chat([`http://${address()}`, '--name', 'Ann'], io)).toBe(0);
  }, 120_000);
  afterAll(async () => {
    await server?.dispose();
    rmSync(ann.XDG_CONFIG_HOME ?? '', { recursive: true, force: true });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wireroom-get-'));
    return () => rmSync(folder, { recursive: true });
  });

  return {
    get url() {
      return `http://${address()}`;
    },
    get socketUrl() {
      return `ws://${address()}/ws`;
    },
    get ann() {
      return ann;
    },
    get folder() {
      return folder;
    },
    run: async (args, env) => {
      const io = new FakeIo({ env });
      const code = await history(args, io);
      return { code, printed: io.printed, complained: io.complained };
    },
  };
}
