// `wireroom inspect` against servers that are not ours: `ws`, Socket.IO, and some that refuse.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, fromHar, fromJsonl, fromPcapng } from '@wireroom/capture';
import { generate } from 'selfsigned';
import { Server } from 'socket.io';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { FakeIo, type FakeIoOptions } from '../terminal/fake-io.fixture.ts';
import { inspect } from './inspect.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const portOf = (server: net.Server): number => {
  const address = server.address() as AddressInfo;
  return address.port;
};

async function listening(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endings.push(() => server.close());
  return portOf(server);
}

/** Sends every message back; closes with 1000 after one that says `end`. */
async function echo(options: object = {}, server: http.Server = http.createServer()): Promise<string> {
  const websockets = new WebSocketServer({ server, ...options });
  websockets.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => {
      socket.send(data, { binary: isBinary });
      if (String(data) === 'end') socket.close(1000, 'done');
      if (String(data) === 'fail') socket.close(1011, 'failed');
    });
  });
  endings.push(() => websockets.close());
  return `ws://127.0.0.1:${await listening(server)}/`;
}

interface Ran {
  readonly code: number;
  readonly printed: string;
  readonly complained: string;
}

async function ran(args: readonly string[], input = '', options: FakeIoOptions = {}): Promise<Ran> {
  const io = new FakeIo(options);
  io.input.end(input);
  const code = await inspect(args, io);
  return { code, printed: io.printed, complained: io.complained };
}

describe('a file of captures', () => {
  it('[N5] is shown as the connection was, and kept in another format', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wireroom-inspect-'));
    endings.push(() => rmSync(folder, { recursive: true }));
    const url = await echo();
    const kept = join(folder, 'kept.pcapng');
    await ran([url, '-x', 'hello', '-x', 'end', '--save', kept]);
    const har = join(folder, 'kept.har');
    const { code, printed } = await ran([kept, '--save', har]);
    expect(code).toBe(0);
    expect(printed).toContain('HTTP/1.1 101 Switching Protocols');
    expect(printed.split('\n').filter((line) => line.endsWith('  hello'))).toHaveLength(2);
    const [capture] = fromHar(readFileSync(har, 'utf8'));
    const texts = capture && decode(capture).messages.map(({ text }) => String(text));
    expect(texts?.sort()).toEqual(['end', 'end', 'hello', 'hello']);
  });

  it('[N6] that is none is refused with a sentence', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wireroom-inspect-'));
    endings.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'no.pcapng');
    expect(await ran([file])).toMatchObject({
      code: 2,
      complained: expect.stringContaining('cannot be read (ENOENT)'),
    });
    writeFileSync(file, 'hello');
    expect(await ran([file])).toMatchObject({ code: 2, complained: expect.stringContaining(`"${file}": `) });
  });
});

describe('with a pipe', () => {
  it('[N1] shows handshake, frames and the end; each line of the input is a message', async () => {
    const { code, printed } = await ran([await echo(), '-w', '-1'], 'hello 世界\nend\n');
    expect(code).toBe(0);
    for (const part of [
      'GET / HTTP/1.1',
      '101 Switching Protocols',
      'masked with',
      'hello 世界',
      '1000 normal closure: done',
    ]) {
      expect(printed).toContain(part);
    }
    expect(printed).not.toContain('\u001b');
  });

  it('[N5] messages only, for other programs', async () => {
    const { printed } = await ran([await echo(), '-q', '-w', '-1'], 'one\ntwo\nend\n');
    expect(printed).toBe('one\ntwo\nend\n');
  });

  it('[N5] records as JSON lines, without secrets; with them when they are asked for', async () => {
    const url = await echo();
    const args = [url, '-H', 'Authorization: Bearer sesame', '--json', '-w', '-1'];
    const { printed } = await ran(args, '{"token":"sesame"}\nend\n');
    const [capture] = fromJsonl(printed);
    if (capture === undefined) throw new Error('there is no capture');
    const { handshake, messages } = decode(capture);
    expect(handshake.response?.status).toBe(101);
    expect(messages.map(({ text }) => text)).toEqual([
      '{"token":"******"}',
      'end',
      '{"token":"******"}',
      'end',
    ]);
    expect(capture.records.at(-1)).toMatchObject({ kind: 'close', code: 1000, begunBy: 'server' });
    expect(printed).not.toContain(Buffer.from('sesame').toString('base64').slice(0, 6));
    expect((await ran([url, '-w', '-1', '--show-secrets'], '{"token":"sesame"}\nend\n')).printed).toContain(
      'sesame',
    );
  });

  it('[N5] the capture is kept in a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wireroom-inspect-'));
    endings.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'a.jsonl');
    await ran([await echo(), '--save', file, '-x', 'end', '-w', '-1']);
    expect(fromJsonl(readFileSync(file, 'utf8'))).toHaveLength(1);
    for (const ending of ['pcapng', 'har']) {
      await ran([await echo(), '--save', `${file}.${ending}`, '-x', 'end', '-w', '-1']);
    }
    expect(fromPcapng(readFileSync(`${file}.pcapng`))).toHaveLength(1);
    expect(fromHar(readFileSync(`${file}.har`, 'utf8'))).toHaveLength(1);
    expect((await ran([await echo(), '--save', 'a.txt'])).code).toBe(2);
  });

  it('[N3] the whole input is one binary message, and a file is one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wireroom-inspect-'));
    endings.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'a.bin');
    writeFileSync(file, Buffer.from([0xff, 0x00]));
    const url = await echo();
    expect((await ran([url, '-b', '-w', '0'], 'a\nb\n')).printed).toContain('binary frame, 4 bytes');
    expect((await ran([url, '-f', file, '-w', '0'])).printed).toContain('ff 00');
    expect((await ran([url, '-f', join(folder, 'none'), '-w', '0'])).complained).toContain('cannot be read');
  });

  it('[N3] commands work where they are asked for', async () => {
    const { printed } = await ran([await echo(), '--slash', '-w', '0'], '/ping abc\n/fragments 2 abcd\n');
    expect(printed).toMatch(
      /ping frame, 3 bytes[\s\S]*text frame, 2 bytes, FIN 0[\s\S]*continuation frame, 2 bytes/,
    );
  });

  it('[N6] the exit code tells how it ended', async () => {
    const url = await echo();
    expect((await ran([url, '-x', 'end', '-w', '-1'])).code).toBe(0);
    expect((await ran([url, '-x', 'fail', '-w', '-1'])).code).toBe(1);
    expect((await ran(['ftp://x'])).code).toBe(2);
  });

  it('[N2] headers, subprotocol, origin and compression reach the server', async () => {
    const seen: http.IncomingMessage[] = [];
    const server = http.createServer();
    server.on('upgrade', (request) => seen.push(request));
    const url = await echo({ perMessageDeflate: true, handleProtocols: () => 'b' }, server);
    const { printed } = await ran([
      ...[url, '-H', 'X-A: 1', '-s', 'a', '-s', 'b', '-o', 'https://page.example'],
      ...['--deflate', '-x', 'end', '-w', '-1'],
    ]);
    expect(seen[0]?.headers).toMatchObject({
      'x-a': '1',
      origin: 'https://page.example',
      'sec-websocket-protocol': 'a, b',
      'sec-websocket-extensions': expect.stringContaining('permessage-deflate'),
    });
    expect(printed).toContain('Sec-WebSocket-Protocol: b');
  });

  it('[N4] speaks Socket.IO with a server of Socket.IO', async () => {
    const server = http.createServer();
    const io = new Server(server);
    io.on('connection', (socket) => {
      socket.on('message', (data) => {
        socket.emit('message', { heard: data });
        setImmediate(() => socket.disconnect(true));
      });
    });
    endings.push(() => io.close());
    const port = await listening(server);
    const { printed } = await ran([`http://127.0.0.1:${port}`, '--socketio', '-w', '-1'], '{"a":1}\n');
    for (const part of ['Engine.IO 0 open', '42["message",{"a":1}]', '42["message",{"heard":{"a":1}}]']) {
      expect(printed).toContain(part);
    }
  });
});

describe('what goes wrong', () => {
  it('[N6] a refusal is shown with its body, also where that comes later', async () => {
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 23\r\n\r\n');
        setImmediate(() => socket.end('You are not on\nthe list'));
      });
    });
    const { code, printed, complained } = await ran([`ws://127.0.0.1:${await listening(server)}/`]);
    expect(code).toBe(1);
    expect(printed).toMatch(/403 Forbidden[\s\S]*You are not on\n.*the list/);
    expect(complained).toContain('it answered 403 instead of 101. It may want another Origin');
  });

  it('[N6] a redirect is refused, or followed where that was asked for', async () => {
    const url = await echo();
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () =>
        socket.end(`HTTP/1.1 302 Found\r\nLocation: ${url}\r\nContent-Length: 0\r\n\r\n`),
      );
    });
    const other = `ws://127.0.0.1:${await listening(server)}/`;
    expect(await ran([other, '-x', 'end'])).toMatchObject({
      code: 1,
      complained: expect.stringContaining('-L follows'),
    });
    const followed = await ran([other, '-L', '--json', '-x', 'end', '-w', '-1']);
    expect(followed.code).toBe(0);
    expect(fromJsonl(followed.printed)).toHaveLength(2);
  });

  it('[N6] nobody listens, no such name, no TLS, a certificate that nobody vouches for: each has its sentence', async () => {
    const server = net.createServer();
    const port = await listening(server);
    server.close();
    const refused = await ran([`ws://127.0.0.1:${port}/`]);
    expect(refused).toMatchObject({
      code: 1,
      complained: `Nothing listens at 127.0.0.1:${port}: the connection was refused.\n`,
    });
    expect((await ran(['ws://no-such-name.invalid/'])).complained).toMatch(
      /no host called|could not be looked up/,
    );
    const plain = (await echo()).replace('ws:', 'wss:');
    expect((await ran([plain])).complained).toContain('does not speak TLS');
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const secure = (await echo({}, https.createServer({ key, cert }))).replace('ws:', 'wss:');
    expect((await ran([secure])).complained).toContain('is not trusted');
    expect((await ran([secure, '-n', '-x', 'end', '-w', '-1'])).printed).toContain('TLSv1.3');
  });
});

describe('with a person', () => {
  it('[N7] lines that are typed are sent, and what comes is printed above', async () => {
    const io = new FakeIo({ isTerminal: true });
    const done = inspect([await echo()], io);
    await io.until('/help lists');
    io.type('hello\r');
    await io.untilSo(() => io.screen.lines.filter((line) => line.trim() === 'hello').length === 2);
    io.type('half');
    await io.untilSo(() => io.screen.lines.at(-1) === '> half');
    io.type('\u0015/hex 8a8000000000\r');
    await io.untilSo(() => /pong frame, 0 bytes, masked/.test(io.screen.lines.join('\n')));
    io.type('/nope\r/help\r');
    await io.until('There is no /nope');
    io.type('/close 4000 bye\r');
    expect(await done).toBe(1);
    expect(io.screen.lines.join('\n')).toContain('closed cleanly with 4000');
  });

  it('[N7] Ctrl-C leaves in order', async () => {
    const io = new FakeIo({ isTerminal: true });
    const done = inspect([await echo()], io);
    await io.until('/help lists');
    io.type('\u0003');
    expect(await done).toBe(0);
    expect(io.screen.lines.at(-1)).toContain('closed cleanly with 1000');
  });
});

it('[N2] -l listens, sends back and shows each client apart', async () => {
  const io = new FakeIo();
  const done = inspect(['-l', '0'], io);
  await io.until(/Listening on ws:\S+/);
  const url = /ws:\/\/[\d.:]+/.exec(io.complained)?.[0] ?? '';
  for (const _client of [1, 2]) {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    socket.send('hi');
    await once(socket, 'message');
  }
  io.interrupt();
  expect(await done).toBe(0);
  expect(io.printed).toMatch(/^\[1\] .*text frame/m);
  expect(io.printed).toMatch(/^\[2\] .*text frame/m);
});
