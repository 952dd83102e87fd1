// `wireroom` as a program beside a real server: what people and scripts call. What the commands do in detail is tested
// in the package.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { commandLine } from './command-line.ts';
import { NativeClient } from './native-client.ts';
import { startTestServer, temporaryDir } from './server.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function wireroom(args: readonly string[], input = ''): Promise<Ran> {
  const config = temporaryDir();
  cleanUps.push(() => rmSync(config, { recursive: true, force: true }));
  const child = spawn(process.execPath, commandLine(...args), {
    env: { ...process.env, XDG_CONFIG_HOME: config, LANG: 'C' },
  });
  cleanUps.push(() => child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

async function serve(): Promise<{ readonly port: number; readonly socketPort: number }> {
  const server = await startTestServer();
  cleanUps.push(() => server.stop());
  return server;
}

it('[N13] chat posts what is piped into it, and everybody in the room has it', async () => {
  const { port } = await serve();
  const ada = await NativeClient.enter(`ws://localhost:${port}/ws`, 'Ada');
  const ran = wireroom(['chat', `localhost:${port}`, '--name', 'Bot'], 'one\ntwo\n');
  await ada.untilText('two');
  expect(await ran).toMatchObject({ code: 0, stdout: expect.stringContaining('Bot: one\nBot: two\n') });
  expect(ada.entries.filter(({ type }) => type === 'message').map(({ text }) => text)).toEqual([
    'one',
    'two',
  ]);
  await ada.close();
});

it('[N4] inspect shows the chat natively and by Socket.IO', async () => {
  const { port, socketPort } = await serve();
  const native = await wireroom(
    ['inspect', `ws://localhost:${port}/ws`, '-w', '0.2'],
    '{"type":"hello","ref":1,"name":"Cy"}\n',
  );
  expect(native).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/command hello[\s\S]*event welcome/),
  });
  const socketIo = await wireroom(
    ['inspect', `http://localhost:${socketPort}`, '--socketio', '-w', '0.2'],
    '{"type":"LOGIN","name":"Di"}\n',
  );
  expect(socketIo.stdout).toMatch(/Socket\.IO 0 connect[\s\S]*event, LOGIN[\s\S]*event, TOKEN/);
  expect(socketIo.stdout).toMatch(/"token":"\*+"/);
});

it('[N6] inspect says why the chat refuses', async () => {
  const { port } = await serve();
  const { code, stdout, stderr } = await wireroom([
    'inspect',
    `ws://localhost:${port}/ws`,
    '-o',
    'https://evil.example',
  ]);
  expect(code).toBe(1);
  expect(stdout).toContain('403 Forbidden');
  expect(stderr).toContain('it answered 403 instead of 101');
});

it('[N14] compare measures every row in a quick run', { timeout: 240_000 }, async () => {
  const { code, stdout, stderr } = await wireroom(['compare', '--quick', '--idle', '2', '--json']);
  expect(code, stderr).toBe(0);
  const { ways, linesOfCode } = JSON.parse(stdout);
  expect(Object.keys(ways)).toEqual(['native', 'socketio-websocket', 'socketio-upgrade', 'socketio-polling']);
  for (const figures of Object.values<Record<string, never>>(ways)) {
    expect(figures).toMatchObject({
      connect: { up: expect.any(Number), roundTrips: expect.any(Number) },
      idlePerMinute: { up: expect.any(Number), down: expect.any(Number) },
      lines: [{ textBytes: 10 }, { textBytes: 100 }, { textBytes: 1000 }],
    });
    for (const outage of ['silence', 'cut', 'restart']) {
      expect(figures[outage]).toMatchObject({ backAfterMs: [expect.any(Number)] });
    }
  }
  const { native, 'socketio-upgrade': upgrade } = ways;
  for (const outage of ['silence', 'cut', 'restart']) {
    expect(native[outage]).toMatchObject({ others: { lost: 0, twice: 0 }, own: { lost: 0, twice: 0 } });
  }
  expect(native.connect).toMatchObject({ tcpConnections: 1, httpRequests: 1 });
  expect(upgrade.timeline.map(({ text }: { text: string }) => text)).toEqual(
    expect.arrayContaining(['2probe', '3probe', '5', '101 Switching Protocols']),
  );
  expect(linesOfCode.native).toBeGreaterThan(50);
});
