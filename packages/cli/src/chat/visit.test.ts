// Visits to a real server: a person at a terminal, and a script.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PrivateServer } from '../compare/private-server.ts';
import { FakeIo } from '../terminal/fake-io.fixture.ts';
import { chat } from './chat.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function place(): Promise<PrivateServer> {
  const server = await PrivateServer.start();
  endings.push(() => server.dispose());
  return server;
}

const urlOf = ({ port }: PrivateServer): string => `ws://127.0.0.1:${port}/ws`;

interface Person {
  readonly io: FakeIo;
  readonly done: Promise<number>;
  readonly screen: () => string;
}

function enters(url: string, name: string | undefined, columns = 80): Person {
  const config = mkdtempSync(join(tmpdir(), 'wireroom-chat-'));
  endings.push(() => rmSync(config, { recursive: true, force: true }));
  const io = new FakeIo({ isTerminal: true, columns, env: { XDG_CONFIG_HOME: config, NO_COLOR: '1' } });
  const done = chat(name === undefined ? [url] : [url, '--name', name], io);
  endings.push(() => io.type('\u0003'));
  return { io, done, screen: () => io.screen.lines.join('\n') };
}

const shows = ({ io, screen }: Person, text: string | RegExp): Promise<void> =>
  io.untilSo(() => (typeof text === 'string' ? screen().includes(text) : text.test(screen())));

describe('a person', { timeout: 60_000 }, () => {
  it('[N10] is asked for a name, sees the others, and leaves', async () => {
    const url = urlOf(await place());
    const ada = enters(url, undefined);
    await shows(ada, 'Your name:');
    ada.io.type('Ada\r');
    await shows(ada, 'you are alone here');
    ada.io.type('hello 你好\r');
    await shows(ada, /Ada {2}hello 你好 #\d+/);
    const bo = enters(url, 'Bo', 40);
    await shows(bo, 'hello 你好');
    await shows(ada, '· Bo joined');
    ada.io.type('half a sentence');
    await shows(ada, 'half a sentence');
    bo.io.type('hi\r/names\r');
    await shows(ada, /Bo {2}hi\n(.*\n)*Ada › half a sentence$/);
    await shows(bo, /2 here: .*Ada/);
    bo.io.type('/quit\r');
    expect(await bo.done).toBe(0);
    await shows(ada, '· Bo left');
    ada.io.type('\u0015/nothing\r//shrug\r/help\r');
    await shows(ada, 'There is no /nothing');
    await shows(ada, /Ada {2}\/shrug/);
    ada.io.type('\u0004');
    expect(await ada.done).toBe(0);
  });

  it('[N13] goes on writing while the server is away, and nothing is lost', async () => {
    const server = await place();
    const url = urlOf(server);
    const ada = enters(url, 'Ada');
    await shows(ada, 'you are alone here');
    await server.stop();
    await shows(ada, /offline; trying again/);
    ada.io.type('written offline\r');
    await shows(ada, '… written offline  waits');
    await server.start();
    ada.io.type('\r');
    await shows(ada, 'connected again');
    await shows(ada, /Ada {2}written offline #\d+/);
    expect(ada.screen()).not.toContain('waits');
    ada.io.type('\u0003');
    expect(await ada.done).toBe(0);
  });

  it('[N12] reads older lines on demand', async () => {
    const url = urlOf(await place());
    const lines = Array.from({ length: 80 }, (_, index) => `line ${index}`);
    expect(await script(url, 'Bot', `${lines.join('\n')}\n`)).toMatchObject({ code: 0 });
    const ada = enters(url, 'Ada');
    await shows(ada, 'line 79');
    expect(ada.screen()).not.toContain('line 40');
    ada.io.type('/older\r/older\r/older\r');
    await shows(ada, /earlier: #1 to #\d+/);
    await shows(ada, /line 40/);
  });

  it('[N10] whose name is taken is asked for another one', async () => {
    const url = urlOf(await place());
    const first = enters(url, 'Ada');
    await shows(first, 'alone here');
    const second = enters(url, 'Ada');
    await shows(second, /already bears this name[\s\S]*Your name/);
    second.io.type('Ada Two\r');
    await shows(second, '2 people here');
  });
});

async function script(
  url: string,
  name: string | undefined,
  input: string,
): Promise<{ code: number; io: FakeIo }> {
  const config = mkdtempSync(join(tmpdir(), 'wireroom-chat-'));
  endings.push(() => rmSync(config, { recursive: true, force: true }));
  const io = new FakeIo({ env: { XDG_CONFIG_HOME: config } });
  io.input.end(input);
  return { code: await chat(name === undefined ? [url] : [url, '--name', name], io), io };
}

describe('a script', { timeout: 60_000 }, () => {
  it('[N13] posts each line of its input, and ends when all is acknowledged', async () => {
    const url = urlOf(await place());
    const ada = enters(url, 'Ada');
    await shows(ada, 'alone here');
    const { code, io } = await script(url, 'Bot', 'one\n\ntwo 二\n');
    expect(code).toBe(0);
    expect(io.printed).toContain('Bot: one\nBot: two 二\n');
    await shows(ada, /Bot {2}one\n(.*\n)*.*Bot {2}two 二/);
  });

  it('[N13] that cannot get in, or has no name, says why', async () => {
    const server = await place();
    const url = urlOf(server);
    expect(await script(url, undefined, '')).toMatchObject({
      code: 2,
      io: { complained: expect.stringContaining('--name') },
    });
    expect((await script(url, 'Bot', `${'x'.repeat(20_000)}\n`)).code).toBe(1);
    await server.stop();
    const { code, io } = await script(url, 'Bot', 'x\n');
    expect(code).toBe(1);
    expect(io.complained).toContain('No connection');
  });
});
