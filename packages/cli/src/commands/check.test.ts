// The command as it is typed. What the diagnosis finds is tested in testkit/broken-servers and testkit/src/check.test.ts.
import net from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { run } from './check.ts';

let out = '';
let err = '';
let echo: WebSocketServer;
let silent: WebSocketServer;

const portOf = (server: WebSocketServer): number => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

beforeAll(async () => {
  echo = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  echo.on('connection', (socket) => {
    socket.on('error', () => undefined);
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  silent = new WebSocketServer({ port: 0, host: '127.0.0.1', autoPong: false });
  silent.on('connection', (socket) => socket.on('error', () => undefined));
  await Promise.all(
    [echo, silent].map((server) => new Promise((resolve) => server.once('listening', resolve))),
  );
});
afterAll(() => {
  for (const server of [echo, silent]) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
});

beforeEach(() => {
  out = '';
  err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    out += String(chunk);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    err += String(chunk);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('wireroom check', () => {
  it.each([
    [[], 'which server?'],
    [['--only', 'no-such-mistake', 'ws://localhost/'], 'there is no mistake "no-such-mistake"'],
    [['ws://localhost/', 'ws://localhost/'], 'one URL at a time'],
    [['ftp://localhost/'], 'begins with ftp:'],
    [['--lang', 'fr', 'ws://localhost/'], '--lang is "fr"; it must be en or zh'],
    [['--exercise', '13', 'ws://localhost/'], '--exercise takes a number from 1 to 12'],
    [['--header', 'nonsense', 'ws://localhost/'], "--header takes 'Name: value'"],
    [['--quick', '--full', 'ws://localhost/'], 'exclude each other'],
    [['--nonsense'], 'wireroom check --help'],
  ])('[K1] says what is wrong with the command line %j', async (args, words) => {
    expect(await run(args)).toBe(2);
    expect(err).toContain(words);
    expect(out).toBe('');
  });

  it('[K1] help and the list of mistakes, in both languages', async () => {
    expect(await run(['--help'])).toBe(0);
    expect(out).toContain('Exit code: 0 nothing wrong, 1 mistakes found, 2');
    expect(await run(['--list', '--lang', 'zh'])).toBe(0);
    expect(out).toMatch(/ping-unanswered +它不回答 ping。/);
  });

  it('[K1][K9] exit code 0 where there is only advice, 1 with --strict; the JSON of docs/check.md', async () => {
    const args = [
      `ws://127.0.0.1:${portOf(echo)}/`,
      '--quick',
      '--json',
      '--only',
      'origin-unchecked,ping-unanswered',
    ];
    expect(await run(args)).toBe(0);
    const report = JSON.parse(out);
    expect(report).toMatchObject({ version: 1, verdict: 'pass', counts: { mistake: 0, risk: 1, remark: 0 } });
    expect(report.server).toMatchObject({ data: 'echo', marker: 'pong', description: 'an echo server' });
    expect(report.findings).toHaveLength(1);
    expect(Object.keys(report.findings[0])).toEqual([
      ...['id', 'severity', 'layer', 'rfc', 'title', 'seen', 'expected', 'why', 'mend', 'follows', 'cases'],
    ]);
    out = '';
    expect(await run([...args, '--strict'])).toBe(1);
    expect(JSON.parse(out).verdict).toBe('mistakes');
  }, 60_000);

  it('[K1] grades an exercise of the course instead', async () => {
    expect(await run([`ws://127.0.0.1:${portOf(echo)}/`, '--exercise', '1', '--lang', 'en'])).toBe(0);
    expect(out).toContain('✓');
    out = '';
    expect(await run([`ws://127.0.0.1:${portOf(silent)}/`, '--exercise', '07', '--lang', 'en'])).toBe(1);
    expect(out).toContain('✗');
  }, 60_000);

  it('[K1] exit code 1 for a mistake, and a report in the language asked for, without colours where nobody sees them', async () => {
    const args = [
      `http://127.0.0.1:${portOf(silent)}/`,
      '--quick',
      '--only',
      'ping-unanswered',
      '--lang',
      'zh',
    ];
    expect(await run(args)).toBe(1);
    expect(out).toContain('✗ 1 个错误');
    expect(out).toMatch(/✗ 它不回答 ping。 {2}ping-unanswered/);
    expect(out).toContain('依据  RFC 6455 5.5.2');
    expect(out).not.toContain('\u001b');
    expect(err).toBe('');
  }, 60_000);

  it('[K3] exit code 2 and one sentence where nobody listens, as JSON too', async () => {
    const port = portOf(echo);
    const free = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => free.once('listening', resolve));
    const address = free.address();
    const unused = typeof address === 'object' && address !== null ? address.port : 0;
    await new Promise((resolve) => free.close(resolve));
    expect(unused).not.toBe(port);
    expect(await run([`127.0.0.1:${unused}`])).toBe(2);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toContain('the connection was refused');
    expect(await run([`127.0.0.1:${unused}`, '--json'])).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ version: 1, verdict: 'unreachable' });
  });
});
