import { once } from 'node:events';
import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { CASES } from '../cases/cases.ts';
import { QUICK_PACE } from '../pace.ts';
import { BINARY, close, encode, TEXT, text } from '../wire/frame.ts';
import { FrameReader } from '../wire/frame-reader.ts';
import { newKey, writeRequest } from '../wire/http.ts';
import { type ClientRun, testClients } from './client-run.ts';

const PACE = { ...QUICK_PACE, pauseMs: 50, promptMs: 300, replyTimeoutMs: 1_000 };

let run: ClientRun | undefined;

afterEach(() => run?.close());

async function listen(pattern: RegExp): Promise<ClientRun> {
  run = await testClients({ cases: CASES.filter(({ id }) => pattern.test(id)), pace: PACE });
  return run;
}

/** Sends this and resolves with all that comes until the end. */
async function talk({ url }: ClientRun, bytes: string): Promise<string> {
  const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(bytes);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return answer;
}

/** A client that believes every answer and echoes what it understands, masked or not. */
async function looseClient({ url }: ClientRun, path: string, masks: boolean): Promise<void> {
  const { port, host } = new URL(url);
  const socket = net.connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(writeRequest({ host, path, key: newKey() }));
  let head = Buffer.alloc(0);
  let reader: FrameReader | undefined;
  socket.on('data', (chunk) => {
    let frames = chunk;
    if (reader === undefined) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return;
      reader = new FrameReader({ isMasking: false });
      frames = head.subarray(end + 4);
    }
    for (const event of reader.push(frames)) {
      if (event.type === 'message')
        socket.write(encode({ opcode: event.kind === 'text' ? TEXT : BINARY, payload: event.data }, masks));
      if (event.type === 'close') socket.end(encode(close(event.code), masks));
    }
  });
  await once(socket, 'close');
}

describe('testing clients', () => {
  it('tells how many cases there are, to WebSocket and to HTTP', async () => {
    const tester = await listen(/^2\.1/);
    expect(tester.caseCount).toBe(2);
    expect(await talk(tester, 'GET /count HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(
      /^HTTP\/1.1 200 OK.*\r\n\r\n2$/s,
    );
    const request = writeRequest({ host: 'x', path: '/count', key: newKey() });
    const answer = await talk(tester, request);
    expect(answer).toMatch(/^HTTP\/1.1 101 /);
    expect(Buffer.from(answer, 'latin1').subarray(answer.indexOf('\r\n\r\n') + 4)).toEqual(
      Buffer.concat([encode(text('2'), false), encode(close(1000), false)]),
    );
  });

  it('plays the case that is asked for, or else the next one, and each once', async () => {
    const tester = await listen(/^1\.1\.[123]w$/);
    await looseClient(tester, '/case?n=2', true);
    await looseClient(tester, '/whatever', true);
    expect(await talk(tester, 'GET /case?n=2 HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1.1 410 /);
    await looseClient(tester, '/', true);
    expect((await tester.finished).map(({ id }) => id)).toEqual(['1.1.1w', '1.1.2w', '1.1.3w']);
  });

  it('fails a client that does not mask, and one that takes any answer', async () => {
    const tester = await listen(/^(1\.1\.2w|14\.6\.1|14\.6\.11)$/);
    await looseClient(tester, '/', false);
    await looseClient(tester, '/', true);
    await looseClient(tester, '/', true);
    const results = await tester.finished;
    expect(results.map(({ verdict }) => verdict)).toEqual(['fail', 'fail', 'fail']);
    expect(results.map(({ notes }) => notes.join())).toEqual([
      expect.stringContaining('a frame without a mask'),
      'it took the answer and sent frames',
      'it took the answer and sent frames',
    ]);
  });

  it('fails a client whose request is no handshake', async () => {
    const tester = await listen(/^1\.1\.[12]w$/);
    await talk(tester, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const weakKey = writeRequest({ host: 'x', path: '/', key: 'short' });
    await talk(tester, weakKey);
    const results = await tester.finished;
    expect(results.map(({ notes }) => notes.join())).toEqual([
      "the client's request: Upgrade does not name websocket",
      "the client's request: Sec-WebSocket-Key is not the Base64 of 16 bytes",
    ]);
  });

  it('counts what nobody came for as failed when it is closed', async () => {
    const tester = await listen(/^1\.1\.[12]w$/);
    await looseClient(tester, '/', true);
    await tester.close();
    expect((await tester.finished).map(({ verdict }) => verdict)).toEqual(['pass', 'fail']);
  });
});
