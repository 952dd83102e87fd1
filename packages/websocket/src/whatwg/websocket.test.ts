import { once } from 'node:events';
import { CloseEvent, failureOf, WebSocket, type WebSocketOptions } from '@wireroom/websocket/whatwg';
import { describe, expect, it, vi } from 'vitest';
import { WireError } from '../core/wire-error.ts';
import type { Connection } from '../net/connection.ts';
import { prepare } from '../net/prepared-message.ts';
import { atEnd, eventually, listen } from '../testing/loopback.ts';
import type { RawPeer } from '../testing/raw-peer.ts';
import { acceptance, rawServer } from '../testing/raw-server.ts';

const FORM = { kind: 'form' };

function nameOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError) return error.name;
    throw error;
  }
  return 'nothing';
}

/** Every event, as a word. */
function record(websocket: WebSocket): string[] {
  const seen: string[] = [];
  websocket.addEventListener('open', () => seen.push('open'));
  websocket.addEventListener('error', () => seen.push('error'));
  websocket.addEventListener('message', ({ data }) => seen.push(`message ${data}`));
  websocket.addEventListener('close', ({ code, reason, wasClean }) =>
    seen.push(`close ${code} "${reason}"${wasClean ? ' clean' : ''}`),
  );
  return seen;
}

async function closed(websocket: WebSocket): Promise<CloseEvent> {
  const [event] = await once(websocket, 'close');
  return event;
}

/** Open, and echoed to. */
async function opened(options?: WebSocketOptions): Promise<WebSocket> {
  const { url } = await listen();
  const websocket = new WebSocket(url, [], options);
  await once(websocket, 'open');
  return websocket;
}

async function openedRaw(
  options?: WebSocketOptions,
): Promise<{ websocket: WebSocket; peer: RawPeer; seen: string[] }> {
  const server = await rawServer();
  const websocket = new WebSocket(server.url, [], options);
  const seen = record(websocket);
  const { peer, accept } = await server.peer();
  peer.socket.write(acceptance(accept));
  await once(websocket, 'open');
  return { websocket, peer, seen };
}

async function nextMessage(websocket: WebSocket): Promise<unknown> {
  const [event] = await once(websocket, 'message');
  return event.data;
}

describe('new WebSocket', () => {
  it('[G1] takes absolute ws, wss, http and https URLs without a fragment', async () => {
    for (const url of [
      ...['/chat', '//a/', 'a b', '', '#x', 'ws:', 'ws://a b/', 'ws://a:99999/', 'ftp://a/', 'mailto:a@b'],
      ...['about:blank', 'data:,x', 'ws://a/#', 'ws://a/#x', 'http://a/#x'],
    ]) {
      expect(
        nameOf(() => new WebSocket(url)),
        url,
      ).toBe('SyntaxError');
    }
    const { port } = await listen();
    const cases: readonly (readonly [string | URL, string])[] = [
      [`http://127.0.0.1:${port}`, `ws://127.0.0.1:${port}/`],
      [`HTTPS://127.0.0.1:${port}/a b?c d`, `wss://127.0.0.1:${port}/a%20b?c%20d`],
      [new URL(`ws://127.0.0.1:${port}/\ud800`), `ws://127.0.0.1:${port}/%EF%BF%BD`],
      [`ws://u:p@127.0.0.1:${port}/`, `ws://u:p@127.0.0.1:${port}/`],
    ];
    for (const [given, shown] of cases) {
      const websocket = new WebSocket(given);
      expect(websocket.url).toBe(shown);
      websocket.close();
      await closed(websocket);
    }
  });

  it('[G2] takes subprotocols that are different tokens', async () => {
    const { url } = await listen({ decide: () => ({ accept: true, subprotocol: 'b' }) });
    for (const protocols of ['', 'a b', 'a,b', 'ä', 'a\u0080', ['a', 'a'], ['a', 'A'], ['a', ''], [' a']]) {
      expect(
        nameOf(() => new WebSocket(url, protocols)),
        JSON.stringify(protocols),
      ).toBe('SyntaxError');
    }
    const websocket = new WebSocket(url, ['a', 'b']);
    expect(websocket.protocol).toBe('');
    await once(websocket, 'open');
    expect(websocket.protocol).toBe('b');
    websocket.close();
    const single = new WebSocket(url, 'b');
    await once(single, 'open');
    expect(single.protocol).toBe('b');
    single.close();
  });

  it('[G2] fails where the server chooses none of them', async () => {
    const { url } = await listen();
    const websocket = new WebSocket(url, 'chat');
    const seen = record(websocket);
    await closed(websocket);
    expect(seen).toEqual(['error', 'close 1006 ""']);
    expect(websocket.protocol).toBe('');
  });

  it('[G3] looks as in a browser', async () => {
    const constants = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 };
    for (const [name, value] of Object.entries(constants)) {
      for (const holder of [WebSocket, WebSocket.prototype]) {
        expect(Object.getOwnPropertyDescriptor(holder, name)).toEqual({
          value,
          enumerable: true,
          writable: false,
          configurable: false,
        });
      }
    }
    const inherited: string[] = [];
    for (const name in WebSocket.prototype) inherited.push(name);
    expect(inherited).toEqual(
      expect.arrayContaining([
        ...['url', 'readyState', 'bufferedAmount', 'extensions', 'protocol', 'binaryType'],
        ...['send', 'close', 'onopen', 'onmessage', 'onerror', 'onclose'],
      ]),
    );
    expect([WebSocket.length, WebSocket.prototype.send.length, WebSocket.prototype.close.length]).toEqual([
      1, 1, 0,
    ]);
    expect(String(WebSocket.prototype)).toBe('[object WebSocket]');
    expect(nameOf(() => Reflect.construct(WebSocket, []))).toBe('TypeError');
    expect(nameOf(() => Reflect.get(WebSocket.prototype, 'url', {}))).toBe('TypeError');
    const websocket = await opened();
    expect(websocket).toBeInstanceOf(EventTarget);
    expect(Object.keys(websocket)).toEqual([]);
    expect(Reflect.set(websocket, 'OPEN', 5)).toBe(false);
    expect([websocket.CONNECTING, websocket.OPEN, websocket.CLOSING, websocket.CLOSED]).toEqual([0, 1, 2, 3]);
    websocket.close();
  });

  it('[G4] connects, offers compression, and tells when it is open', async () => {
    const { url } = await listen({
      perMessageDeflate: { serverNoContextTakeover: true, serverMaxWindowBits: 10 },
    });
    const websocket = new WebSocket(url);
    expect([websocket.readyState, websocket.extensions, websocket.binaryType]).toEqual([0, '', 'blob']);
    const [event] = await once(websocket, 'open');
    expect(event).toMatchObject({ type: 'open', target: websocket, bubbles: false, cancelable: false });
    expect(websocket.readyState).toBe(1);
    expect(websocket.extensions).toBe(
      'permessage-deflate; server_no_context_takeover; server_max_window_bits=10',
    );
    websocket.close();
    const plain = new WebSocket(url, [], { perMessageDeflate: false });
    await once(plain, 'open');
    expect(plain.extensions).toBe('');
    plain.close();
  });

  it('[G5] fails with a plain error and 1006, and tells only who asks for it why', async () => {
    const { url, server } = await listen({ decide: () => ({ accept: false, status: 403, reason: 'No.' }) });
    const refused = new WebSocket(url);
    const seen = record(refused);
    const [event] = await once(refused, 'error');
    expect(event.constructor).toBe(Event);
    expect(Object.keys(event)).toEqual([]);
    expect(refused.readyState).toBe(3);
    expect(failureOf(refused)).toMatchObject({ code: 'response-refused', httpStatus: 403 });
    expect(seen).toEqual(['error', 'close 1006 ""']);
    await server.close();
    const nobody = new WebSocket(url);
    expect(failureOf(nobody)).toBeUndefined();
    expect(await closed(nobody)).toMatchObject({ code: 1006, reason: '', wasClean: false });
    expect(failureOf(nobody)).toBeInstanceOf(WireError);
  });

  it('[G15] takes headers, TLS options and limits of Node programs, and credentials of the URL', async () => {
    const server = await rawServer();
    const headers = { 'X-Token': 'abc' };
    const websocket = new WebSocket(server.url.replace('ws://', 'ws://user:p%40ss@'), [], {
      headers,
      limits: { messageBytesMax: 2 },
    });
    const { peer, request, accept } = await server.peer();
    expect(request).toContain('\r\nX-Token: abc\r\n');
    const credentials = Buffer.from('user:p@ss').toString('base64');
    expect(request).toContain(`\r\nAuthorization: Basic ${credentials}\r\n`);
    peer.socket.write(acceptance(accept));
    await once(websocket, 'open');
    peer.socket.write(Buffer.from('8103616263', 'hex'));
    await peer.untilEnd();
    expect(peer.frames('server')).toEqual(['8:1009']);
    peer.socket.end();
    await closed(websocket);
    expect(failureOf(websocket)).toMatchObject({ code: 'message-too-large' });
  });
});

describe('messages', () => {
  it('[G6] come as strings, Blobs or ArrayBuffers, in order, with the origin', async () => {
    const { url, connection } = await listen({}, () => ({}));
    const websocket = new WebSocket(`${url}chat`);
    await once(websocket, 'open');
    const server = await connection();
    const events: MessageEvent[] = [];
    websocket.addEventListener('message', (event) => events.push(event));
    server.send('täxt');
    server.send(Uint8Array.of(1, 2, 3));
    server.send('last');
    await eventually(() => events.length === 3);
    const [text, blob] = events;
    expect(text).toMatchObject({ data: 'täxt', origin: url.slice(0, -1), lastEventId: '', source: null });
    expect(text).toBeInstanceOf(MessageEvent);
    expect(blob?.data).toBeInstanceOf(Blob);
    expect(Buffer.from(await blob?.data.arrayBuffer())).toEqual(Buffer.of(1, 2, 3));
    websocket.binaryType = 'arraybuffer';
    Reflect.set(websocket, 'binaryType', 'nodebuffer');
    expect(websocket.binaryType).toBe('arraybuffer');
    server.send(Uint8Array.of(4, 5));
    server.send(new Uint8Array(0));
    server.send(prepare(Buffer.alloc(70_000, 7)));
    await eventually(() => events.length === 6);
    const buffers = events.slice(3).map(({ data }) => data);
    for (const buffer of buffers) expect(buffer).toBeInstanceOf(ArrayBuffer);
    expect(buffers.map((buffer) => Buffer.from(buffer).toString('hex').slice(0, 8))).toEqual([
      '0405',
      '',
      '07070707',
    ]);
    expect(buffers.map((buffer) => buffer.byteLength)).toEqual([2, 0, 70_000]);
    websocket.close();
  });

  it('[G7] are sent as what they are, everything else as a string', async () => {
    const websocket = await opened();
    expect(nameOf(() => Reflect.apply(websocket.send, websocket, []))).toBe('TypeError');
    const seen: unknown[] = [];
    websocket.binaryType = 'arraybuffer';
    websocket.addEventListener('message', ({ data }) =>
      seen.push(typeof data === 'string' ? data : Buffer.from(data).toString('hex')),
    );
    const bytes = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7);
    const send = (data: unknown): unknown => Reflect.apply(websocket.send, websocket, [data]);
    for (const data of [
      ...['a', '', 'lone \ud800 surrogate \udc00', bytes.buffer, bytes.subarray(2, 4)],
      ...[new DataView(bytes.buffer, 4, 2), new Blob([bytes.subarray(6)]), new Uint16Array(0)],
      ...[undefined, null, 5, FORM, [1, 2], new SharedArrayBuffer(1)],
    ]) {
      send(data);
    }
    expect(nameOf(() => send(new Uint8Array(new SharedArrayBuffer(1))))).toBe('TypeError');
    await eventually(() => seen.length === 14);
    expect(seen).toEqual([
      ...['a', '', 'lone \ufffd surrogate \ufffd', '0001020304050607', '0203', '0405', '0607', ''],
      ...['undefined', 'null', '5', '[object Object]', '1,2', '[object SharedArrayBuffer]'],
    ]);
    websocket.close();
  });

  it('[G7] cannot be sent while connecting', async () => {
    const { url } = await listen();
    const websocket = new WebSocket(url);
    expect(nameOf(() => websocket.send('early'))).toBe('InvalidStateError');
    expect(websocket.bufferedAmount).toBe(0);
    websocket.close();
    await closed(websocket);
  });

  it('[G8] keep their order around Blobs, as they were when they were sent', async () => {
    const websocket = await opened();
    const seen: string[] = [];
    websocket.binaryType = 'arraybuffer';
    websocket.addEventListener('message', ({ data }) =>
      seen.push(typeof data === 'string' ? data : Buffer.from(data).toString()),
    );
    const changed = Buffer.from('4');
    websocket.send('1');
    websocket.send(new Blob(['2', 'x'.repeat(100_000)]));
    websocket.send('3');
    websocket.send(changed);
    websocket.send(new Blob(['5']));
    websocket.send('6');
    changed.fill('?');
    expect(websocket.bufferedAmount).toBe(100_006);
    websocket.close(3000);
    expect(websocket.readyState).toBe(2);
    websocket.send('after the end');
    expect(await closed(websocket)).toMatchObject({ code: 3000, wasClean: true });
    // What came back while it was closing was not told.
    expect(seen).toEqual([]);
    expect(websocket.bufferedAmount).toBe(13);
  });

  it('[G8] so the server gets them', async () => {
    const { url, connection, closed: over } = await listen({}, () => ({}));
    const websocket = new WebSocket(url);
    await once(websocket, 'open');
    const server = await connection();
    const seen: string[] = [];
    server.handle({ message: (message) => seen.push(message.text().slice(0, 2)) });
    websocket.send(new Blob(['2', 'x'.repeat(100_000)]));
    websocket.send('3');
    websocket.send(new Blob(['5']));
    websocket.send('6');
    websocket.close();
    await closed(websocket);
    expect(over).toBeTypeOf('function');
    expect(seen).toEqual(['2x', '3', '5', '6']);
  });

  it('[G9] that have not left are counted in bytes, those after the end for ever', async () => {
    const websocket = await opened();
    websocket.send('héllo');
    websocket.send(new Uint8Array(10));
    websocket.send(new Blob(['abc']));
    expect(websocket.bufferedAmount).toBe(19);
    await Promise.resolve();
    expect(websocket.bufferedAmount).toBe(19);
    await eventually(() => websocket.bufferedAmount === 0);
    websocket.close();
    websocket.send('12345');
    expect(websocket.bufferedAmount).toBe(5);
    await closed(websocket);
    websocket.send(new Blob(['123']));
    websocket.send(new ArrayBuffer(2));
    expect(websocket.bufferedAmount).toBe(10);
    await new Promise(setImmediate);
    expect(websocket.bufferedAmount).toBe(10);
  });

  it('[G9] too many of them flag the WebSocket as full and end it', async () => {
    const { websocket, peer, seen } = await openedRaw({
      limits: { bufferedBytesMax: 1_000_000, closeTimeoutMs: 20 },
    });
    peer.socket.pause();
    let sentBytes = 0;
    for (; websocket.readyState === 1; sentBytes += 900_000) websocket.send(new Uint8Array(900_000));
    expect(websocket.readyState).toBe(2);
    await closed(websocket);
    expect(seen).toEqual(['open', 'error', 'close 1006 ""']);
    expect(failureOf(websocket)).toMatchObject({ code: 'outgoing-overflow' });
    expect(websocket.bufferedAmount).toBeGreaterThanOrEqual(900_000);
    expect(sentBytes).toBeGreaterThan(900_000);
  });
});

describe('closing', () => {
  it('[G10] takes 1000 and 3000 to 4999, and a reason of up to 123 bytes', async () => {
    const websocket = await opened();
    const close = (...args: unknown[]): unknown => Reflect.apply(websocket.close, websocket, args);
    for (const code of [
      0,
      999,
      1001,
      1005,
      1006,
      2999,
      5000,
      65536 + 1000,
      -1,
      Number.NaN,
      null,
      'reason',
      999.5,
    ]) {
      const name = nameOf(() => close(code));
      // Clamped, not taken modulo; 999.5 goes to the even neighbour, 1000.
      expect(name, String(code)).toBe(code === 999.5 ? 'nothing' : 'InvalidAccessError');
    }
    const other = await opened();
    expect(nameOf(() => other.close(1000, 'x'.repeat(124)))).toBe('SyntaxError');
    expect(nameOf(() => other.close(1000, 'ä'.repeat(62)))).toBe('SyntaxError');
    expect(nameOf(() => other.close(1000, '\ud800'.repeat(42)))).toBe('SyntaxError');
    expect(nameOf(() => other.close(1001, 'x'.repeat(124)))).toBe('InvalidAccessError');
    expect(other.readyState).toBe(1);
    other.close(4999, 'ä'.repeat(61));
    expect(nameOf(() => other.close(5))).toBe('InvalidAccessError');
    expect(nameOf(() => other.close())).toBe('nothing');
    await closed(other);
  });

  it('[G10] says neither code nor reason without one, and 1000 with a reason alone', async () => {
    const cases: readonly (readonly [unknown[], string])[] = [
      [[], '8880'],
      [[undefined], '8880'],
      [[undefined, undefined], '8880'],
      [[undefined, ''], '8880'],
      [[undefined, 'bye'], '8885 03e8 627965'],
      [[3000, '\ud800'], '8885 0bb8 efbfbd'],
      [[1000, null], '8886 03e8 6e756c6c'],
    ];
    for (const [args, frame] of cases) {
      const { websocket, peer } = await openedRaw();
      Reflect.apply(websocket.close, websocket, args);
      await eventually(() => peer.received.length >= 6);
      const { received } = peer;
      const key = received.subarray(2, 6);
      const payload = received.subarray(6).map((byte, at) => byte ^ (key[at % 4] ?? 0));
      const shown = Buffer.concat([received.subarray(0, 2), payload]).toString('hex');
      expect(shown, JSON.stringify(args)).toBe(frame.replaceAll(' ', ''));
      peer.socket.destroy();
      await closed(websocket);
    }
  });

  it('[G11] while connecting gives the attempt up', async () => {
    const server = await rawServer();
    const websocket = new WebSocket(server.url);
    const seen = record(websocket);
    const { peer, accept } = await server.peer();
    websocket.close();
    expect(websocket.readyState).toBe(2);
    expect(seen).toEqual([]);
    websocket.send('dropped');
    peer.socket.write(acceptance(accept));
    const event = await closed(websocket);
    expect(event).toBeInstanceOf(CloseEvent);
    expect(websocket.readyState).toBe(3);
    expect(seen).toEqual(['error', 'close 1006 ""']);
    expect(failureOf(websocket)).toMatchObject({ code: 'connect-aborted' });
    expect(websocket.bufferedAmount).toBe(7);
    await peer.untilEnd();
  });

  it('[G12] tells no message after close, nor after the Close frame of the server', async () => {
    const { websocket, peer, seen } = await openedRaw();
    peer.socket.write(Buffer.from('810161', 'hex'));
    await nextMessage(websocket);
    websocket.close(1000);
    expect(websocket.readyState).toBe(2);
    peer.socket.write(Buffer.from('810162880203e8', 'hex'));
    peer.socket.end();
    await closed(websocket);
    expect(seen).toEqual(['open', 'message a', 'close 1000 "" clean']);

    const second = await openedRaw();
    const states: number[] = [];
    second.websocket.addEventListener('message', () => states.push(second.websocket.readyState));
    second.peer.socket.write(Buffer.from('810161880403e86279810162', 'hex'));
    await second.peer.until(({ received }) => received.length >= 8);
    expect(second.websocket.readyState).toBe(2);
    second.websocket.send('xyz');
    expect(second.websocket.bufferedAmount).toBe(3);
    second.peer.socket.end();
    await closed(second.websocket);
    expect(second.seen).toEqual(['open', 'message a', 'close 1000 "by" clean']);
    expect(states).toEqual([1]);
  });

  it('[G13] tells the server’s code and reason; 1005 for none, 1006 with an error for a loss', async () => {
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['8802 0fa0', ['close 4000 "" clean']],
      ['8800', ['close 1005 "" clean']],
      ['8805 03f3 c3a4 21', ['close 1011 "ä!" clean']],
      ['', ['error', 'close 1006 ""']],
      ['c100', ['error', 'close 1006 ""']],
      ['8101ff', ['error', 'close 1006 ""']],
    ];
    for (const [frames, expected] of cases) {
      const { websocket, peer, seen } = await openedRaw();
      const over = closed(websocket);
      peer.socket.end(Buffer.from(frames.replaceAll(' ', ''), 'hex'));
      const event = await over;
      expect(seen.slice(1), frames).toEqual(expected);
      expect(event).toMatchObject({ type: 'close', target: websocket, bubbles: false, cancelable: false });
      expect(websocket.readyState).toBe(3);
      expect(failureOf(websocket) === undefined, frames).toBe(expected.length === 1);
    }
  });

  it('[G13] the close event can be made by programs', () => {
    expect(new CloseEvent('close')).toMatchObject({ wasClean: false, code: 0, reason: '' });
    const made = new CloseEvent('close', { wasClean: true, code: 65_536 + 7, reason: 'x' });
    expect([made.wasClean, made.code, made.reason]).toEqual([true, 7, 'x']);
    expect(String(made)).toBe('[object CloseEvent]');
  });
});

describe('listeners', () => {
  it('[G14] of attributes stand among the others where they were first set', async () => {
    const websocket = await opened();
    const calls: string[] = [];
    const listener = (name: string) => () => {
      calls.push(name);
    };
    expect(websocket.onmessage).toBeNull();
    websocket.addEventListener('message', listener('first'));
    websocket.onmessage = listener('replaced');
    websocket.addEventListener('message', listener('third'));
    const kept = listener('second');
    websocket.onmessage = kept;
    expect(websocket.onmessage).toBe(kept);
    websocket.send('a');
    await eventually(() => calls.length === 3);
    expect(calls).toEqual(['first', 'second', 'third']);

    websocket.onmessage = null;
    websocket.onmessage = listener('now last');
    websocket.send('b');
    await eventually(() => calls.length === 6);
    expect(calls.slice(3)).toEqual(['first', 'third', 'now last']);

    for (const value of [5, 'x', undefined]) {
      Reflect.set(websocket, 'onmessage', value);
      expect(websocket.onmessage).toBeNull();
    }
    Reflect.set(websocket, 'onmessage', FORM);
    expect(websocket.onmessage).toBe(FORM);
    websocket.send('c');
    await eventually(() => calls.length === 8);
    expect(calls.slice(6)).toEqual(['first', 'third']);
    websocket.close();
  });

  it('[G14] have the WebSocket as `this`; one that throws disturbs nobody', async () => {
    const websocket = await opened();
    const uncaught = vi.fn();
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', uncaught);
    atEnd(() => {
      for (const other of others) process.on('uncaughtException', other);
    });
    const seen: unknown[] = [];
    websocket.onmessage = () => {
      throw new Error('mine');
    };
    websocket.addEventListener('message', function (event) {
      seen.push(this === websocket, event.data);
    });
    websocket.send('a');
    await eventually(() => uncaught.mock.calls.length === 1);
    expect(seen).toEqual([true, 'a']);
    expect(websocket.readyState).toBe(1);
    websocket.close();
    expect(await closed(websocket)).toMatchObject({ wasClean: true });
  });

  it('[G4] set in the turn of `open` miss nothing', async () => {
    const greet = (connection: Connection) => {
      connection.send('hello');
      return {};
    };
    const { url } = await listen({}, greet);
    const websocket = new WebSocket(url);
    await once(websocket, 'open');
    expect(await nextMessage(websocket)).toBe('hello');
    websocket.close();
  });
});
