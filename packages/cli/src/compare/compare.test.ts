// The documents of the comparison, and the parts that measure: no server here. A whole quick run is tested in testkit.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { styleFor } from '../terminal/terminal.ts';
import { readArguments } from './arguments.ts';
import { documentsOf } from './compare.ts';
import { httpMessages } from './http-messages.ts';
import { codeLines, lessonLines } from './lesson-lines.ts';
import { deliveryOf } from './measure.ts';
import { RecordingProxy, type SeenChunk } from './recording-proxy.ts';
import { reportOf } from './report.ts';
import { textOf } from './report-text.ts';
import { timelineOf } from './timeline.ts';

const documentAt = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url)), 'utf8');

describe('the documents', () => {
  const { comparison } = JSON.parse(documentAt('compare.json'));

  it.each(['compare.md', 'compare.zh.md', 'compare.json'])('[N15] %s is what its figures make', (name) => {
    expect(documentAt(name)).toBe(documentsOf(comparison)[name]);
  });

  it('[N15] the same stands in the terminal, in both languages', () => {
    const en = textOf(reportOf(comparison, 'en'), styleFor(false));
    expect(en).toContain('Connection cut: what others said meanwhile');
    expect(textOf(reportOf(comparison, 'zh'), styleFor(false))).toContain('连接被切断：期间别人说的话');
  });

  it('[N15] its figures of the lesson are those of the code', async () => {
    expect(comparison.linesOfCode).toEqual(await lessonLines());
  });
});

it('[N14] arguments', () => {
  const given = readArguments(['--idle', '2', '--quick', '--lang', 'zh'], {});
  expect(given).toMatchObject({ idleSeconds: 2, isQuick: true, language: 'zh', port: undefined });
  expect(() => readArguments(['--idle', '0'], {})).toThrow('seconds from 1');
  expect(() => readArguments(['--url', 'https://chat.example'], {})).toThrow('on this machine');
});

it('[N14] counts lines of code without blanks and comments', () => {
  expect(codeLines('// a\n\nconst a = 1; // b\n/* c\n d */\n  /** e */\nb();\n')).toBe(2);
});

it('[N14] counts what was lost and what came twice', () => {
  expect(deliveryOf(['a', 'b', 'c'], ['b', 'x', 'c', 'c'])).toEqual({ said: 3, lost: 1, twice: 1 });
});

/** However it came to it. */
const closed = (socket: net.Socket): Promise<void> =>
  new Promise((resolve) => void socket.once('close', () => resolve()));

describe('the proxy', () => {
  async function echoThrough(): Promise<{
    proxy: RecordingProxy;
    client: net.Socket;
    end: () => Promise<void>;
  }> {
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.pipe(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = await RecordingProxy.open((server.address() as AddressInfo).port);
    const client = net.connect(proxy.port, '127.0.0.1');
    client.on('error', () => {});
    return {
      proxy,
      client,
      async end() {
        client.destroy();
        await proxy.close();
        server.close();
      },
    };
  }

  it('[N14] counts bytes in both directions', async () => {
    const { proxy, client, end } = await echoThrough();
    client.write('hello');
    await once(client, 'data');
    expect(proxy.traffic()).toEqual({ up: 5, down: 5 });
    await end();
  });

  it('[N14] loses nothing while it holds its breath', async () => {
    const { proxy, client, end } = await echoThrough();
    client.write('a');
    await once(client, 'data');
    proxy.hold();
    client.write('b');
    // What is held has been seen already.
    await new Promise<void>((resolve) => {
      const look = (): void => void (proxy.traffic().up === 2 ? resolve() : setImmediate(look));
      look();
    });
    expect(client.bytesRead).toBe(1);
    proxy.release();
    expect(String((await once(client, 'data'))[0])).toBe('b');
    await end();
  });

  it('[N14] cuts what is there and what comes, until it is mended', async () => {
    const { proxy, client, end } = await echoThrough();
    client.write('a');
    await once(client, 'data');
    proxy.cut();
    await closed(client);
    const refused = net.connect(proxy.port, '127.0.0.1');
    refused.on('error', () => {});
    await closed(refused);
    proxy.mend();
    const again = net.connect(proxy.port, '127.0.0.1');
    again.write('b');
    await once(again, 'data');
    again.destroy();
    await end();
  });
});

describe('the timeline', () => {
  const chunk = (direction: 'up' | 'down', text: string, atMs: number, connection = 1): SeenChunk => ({
    atMs,
    connection,
    direction,
    bytes: Buffer.from(text),
  });

  it('[N14] tells requests and answers of polling with the packets in them, without session ids', () => {
    const body = '0{"sid":"secret","upgrades":["websocket"]}';
    const steps = timelineOf([
      chunk('up', 'GET /socket.io/?EIO=4&transport=polling&t=abc HTTP/1.1\r\nHost: x\r\n\r\n', 10),
      chunk('down', `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`, 12),
      chunk(
        'up',
        'POST /socket.io/?EIO=4&transport=polling&sid=secret HTTP/1.1\r\nContent-Length: 2\r\n\r\n40',
        13,
      ),
      chunk('down', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 14),
    ]);
    expect(steps.map(({ atMs, text, meaning }) => [atMs, text, meaning])).toEqual([
      [0, 'GET /socket.io/?EIO=4&transport=polling', undefined],
      [2, '200 OK 0{"sid":"…","upgrades":["websocket"]}', 'Engine.IO 0 open'],
      [3, 'POST /socket.io/?EIO=4&transport=polling&sid=… 40', 'Engine.IO 4 message › Socket.IO 0 connect'],
      [4, '200 OK ok', undefined],
    ]);
  });

  it('[N14] HTTP ends where the upgrade begins', () => {
    expect(httpMessages([chunk('up', 'GET / HTTP/1.1\r\n\r\n\u0081\u0005hello', 1)], true)).toHaveLength(1);
  });
});
