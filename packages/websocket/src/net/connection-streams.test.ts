import { text } from 'node:stream/consumers';
import { ReadableStream, TextDecoderStream } from 'node:stream/web';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { WireError } from '../core/wire-error.ts';
import { echo, eventually, type Loopback, listen } from '../testing/loopback.ts';
import { acceptance, failure, rawServer } from '../testing/raw-server.ts';
import { type ConnectOptions, connect } from './client.ts';
import type { Connection, ConnectionHandlers } from './connection.ts';
import { messages, messagesInPieces, sendInPieces, streams } from './connection-streams.ts';
import type { WebSocketServerOptions } from './server.ts';

interface Pair {
  readonly client: Connection;
  readonly server: Connection;
  readonly loopback: Loopback;
}

async function pair(
  handlers: (connection: Connection) => ConnectionHandlers = () => ({}),
  options: Partial<WebSocketServerOptions> = {},
  clientOptions: ConnectOptions = {},
): Promise<Pair> {
  const loopback = await listen(options, handlers);
  const client = await connect(loopback.url, clientOptions);
  return { client, server: await loopback.connection(), loopback };
}

/** A client at a server of bytes, which has sent these frames and FIN. */
async function fed(hex: string): Promise<Connection> {
  const server = await rawServer();
  const connecting = connect(server.url);
  const { peer, accept } = await server.peer();
  peer.socket.end(Buffer.concat([Buffer.from(acceptance(accept)), Buffer.from(hex, 'hex')]));
  return connecting;
}

/** Sends as fast as the other side reads; returns how many messages have been given to it. */
function flood(connection: Connection, message: Buffer, count: number): () => number {
  let sent = 0;
  const go = (): void => {
    while (sent < count) {
      sent += 1;
      if (!connection.send(message)) return;
    }
    connection.close();
  };
  connection.handle({ drain: go });
  go();
  return () => sent;
}

const MEGABYTE = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Memory of Buffers that somebody still holds. */
function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

describe('messages', () => {
  it('[W91] come in order, from the call on, until a clean close', async () => {
    const { client, server } = await pair();
    const incoming = messages(client);
    server.send('one');
    server.send(Uint8Array.of(2));
    server.close(4001, 'done');
    const seen: string[] = [];
    for await (const message of incoming) seen.push(`${message.kind} ${message.data.toString('hex')}`);
    expect(seen).toEqual(['text 6f6e65', 'binary 02']);
  });

  it('[W91] throw the error of an end that is not clean, after what came before it', async () => {
    for (const [hex, code] of [
      ['810161', 'ended-without-close'],
      ['810161c100', 'reserved-bits'],
    ] as const) {
      const client = await fed(hex);
      const seen: string[] = [];
      const over = (async () => {
        for await (const message of messages(client)) seen.push(message.text());
      })();
      expect((await failure(over)).code).toBe(code);
      expect(seen).toEqual(['a']);
    }
  });

  it('[W91] that are broken off close the connection with 1000', async () => {
    const { client, server, loopback } = await pair();
    server.send('one');
    server.send('two');
    for await (const message of messages(client)) {
      expect(message.text()).toBe('one');
      break;
    }
    expect(await loopback.closed()).toMatchObject({ code: 1000, wasClean: true });
  });

  it('[W91] can be fetched one at a time, and other handlers stay', async () => {
    const { client, server, loopback } = await pair();
    const closes: number[] = [];
    const incoming = messages(client, { close: ({ code }) => closes.push(code) });
    server.send('one');
    expect((await incoming.next()).value?.text()).toBe('one');
    server.send('two');
    expect((await incoming.next()).value?.text()).toBe('two');
    server.close(4000);
    expect(await incoming.next()).toEqual({ done: true, value: undefined });
    expect(closes).toEqual([4000]);
    await loopback.closed();
    expect((await failure(messages(client).next())).code).toBe('not-open');
  });

  it('[W91] of a connection that this side cuts', async () => {
    const { client } = await pair();
    const next = failure(messages(client).next());
    client.terminate();
    expect((await next).code).toBe('connection-lost');
  });

  it('[W92] that are not fetched make the other side wait, and lose nothing', async () => {
    const message = Buffer.alloc(64 * 1024, 1);
    const count = 512;
    const { client, server } = await pair();
    const incoming = messages(client);
    const sent = flood(server, message, count);
    await eventually(() => server.bufferedBytes > 64 * 1024);
    const before = heldBytes();
    let peakBytes = 0;
    let received = 0;
    let ahead = 0;
    for await (const { data } of incoming) {
      received += data.length;
      ahead = Math.max(ahead, sent() * message.length - received);
      if (received % MEGABYTE === 0) peakBytes = Math.max(peakBytes, heldBytes() - before);
      await new Promise(setImmediate);
    }
    expect(received).toBe(count * message.length);
    // Of 32 MiB, what the kernel holds of a connection and two small buffers.
    expect(ahead).toBeLessThan(16 * MEGABYTE);
    expect(peakBytes).toBeLessThan(16 * MEGABYTE);
  });
});

describe('streams', () => {
  it('[W93] text is strings, binary is bytes, both ways', async () => {
    const { client } = await pair(echo);
    const { readable, writable, closed, close } = streams(client);
    const writer = writable.getWriter();
    const reader = readable.getReader();
    await writer.write('täxt');
    expect(await reader.read()).toEqual({ done: false, value: 'täxt' });
    await writer.write(Uint8Array.of(1, 2));
    expect(await reader.read()).toEqual({ done: false, value: Buffer.of(1, 2) });
    close({ closeCode: 4002, reason: 'enough' });
    expect(await reader.read()).toEqual({ done: true, value: undefined });
    expect(await closed).toEqual({ closeCode: 4002, reason: '' });
    expect(await failure(writer.write('late'))).toMatchObject({ code: 'not-open' });
  });

  it('[W93] can be piped: an echo in one line', async () => {
    const pipes: Promise<void>[] = [];
    const loopback = await listen({
      onConnection(connection) {
        const { readable, writable } = streams(connection);
        pipes.push(readable.pipeTo(writable));
      },
    });
    const { readable, writable, closed } = streams(await connect(loopback.url));
    const writer = writable.getWriter();
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const chunk of readable) seen.push(chunk);
    })();
    for (let i = 0; i < 100; i++) await writer.write(`message ${i}`);
    await eventually(() => seen.length === 100);
    await writer.close();
    await reading;
    expect(await closed).toEqual({ closeCode: 1000, reason: '' });
    expect(seen.at(-1)).toBe('message 99');
    expect(await Promise.all(pipes)).toEqual([undefined]);
  });

  it('[W93] cancel and abort close the connection, as the reason says', async () => {
    const cases: readonly (readonly [(both: ReturnType<typeof streams>) => Promise<unknown>, object])[] = [
      [({ readable }) => readable.cancel(), { code: 1000, reason: '' }],
      [({ readable }) => readable.cancel({ closeCode: 4003, reason: 'x' }), { code: 4003, reason: 'x' }],
      [({ writable }) => writable.close(), { code: 1000 }],
      [({ writable }) => writable.abort(new Error('private')), { code: 1011, reason: '' }],
      [({ writable }) => writable.abort({ closeCode: 4004 }), { code: 4004 }],
    ];
    for (const [end, event] of cases) {
      const { client, loopback } = await pair();
      await end(streams(client));
      expect(await loopback.closed()).toMatchObject({ ...event, wasClean: true });
    }
  });

  it('[W93] errors reach both sides and `closed`', async () => {
    const client = await fed('810161c100');
    const { readable, writable, closed } = streams(client);
    const reader = readable.getReader();
    expect((await reader.read()).value).toBe('a');
    expect((await failure(reader.read())).code).toBe('reserved-bits');
    expect((await failure(closed)).code).toBe('reserved-bits');
    expect((await failure(writable.getWriter().write('a'))).code).toBe('reserved-bits');
  });

  it('[W93] what is no message is refused', async () => {
    const { client } = await pair();
    const writer = streams(client).writable.getWriter();
    await expect(Reflect.apply(writer.write, writer, [5])).rejects.toBeInstanceOf(TypeError);
  });

  it('[W92] [W93] a reader that does not read makes the writer wait', async () => {
    const chunk = Buffer.alloc(256 * 1024, 1);
    const count = 128;
    const { client, server } = await pair();
    const incoming = streams(client);
    const outgoing = streams(server);
    let written = 0;
    const writing = (async () => {
      const writer = outgoing.writable.getWriter();
      for (; written < count; written++) {
        await writer.ready;
        await writer.write(chunk);
        expect(server.bufferedBytes).toBe(0);
      }
      await writer.close();
    })();
    await eventually(() => server.bufferedBytes > 0);
    let received = 0;
    let ahead = 0;
    for await (const { length } of incoming.readable) {
      received += length;
      ahead = Math.max(ahead, written * chunk.length - received);
      await new Promise(setImmediate);
    }
    await writing;
    expect(received).toBe(count * chunk.length);
    expect(ahead).toBeLessThan(16 * MEGABYTE);
  });

  it('[W93] a text is written while there is room, bytes when they have left', async () => {
    const { client, server } = await pair();
    const { writable } = streams(client);
    const writer = writable.getWriter();
    await writer.write('a');
    expect(client.bufferedBytes).toBeGreaterThan(0);
    await writer.write(Uint8Array.of(1));
    expect(client.bufferedBytes).toBe(0);
    server.terminate();
  });
});

describe('sending in pieces', () => {
  async function sentAs(
    kind: 'text' | 'binary',
    pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  ): Promise<string[]> {
    const server = await rawServer();
    const connecting = connect(server.url);
    const { peer, accept } = await server.peer();
    peer.socket.write(acceptance(accept));
    const client = await connecting;
    await sendInPieces(client, kind, pieces);
    client.send('next');
    await peer.until(() => peer.frames('server').at(-1) === '1:next');
    client.terminate();
    return peer.frames('server').slice(0, -1);
  }

  it('[W94] is one message, a frame for each piece that is not empty', async () => {
    async function* slowly(): AsyncGenerator<string> {
      yield 'a';
      await new Promise(setImmediate);
      yield '';
      yield 'bc';
    }
    expect(await sentAs('text', slowly())).toEqual(['1:a', '0:bc', '0:']);
    expect(await sentAs('binary', [Buffer.from('x'), 'y'])).toEqual(['2:x', '0:y', '0:']);
    expect(await sentAs('text', [])).toEqual(['1:']);
  });

  it('[W94] cuts strings anywhere', async () => {
    expect(await sentAs('text', ['a\ud83d', '\ude00b'])).toEqual(['1:a', '0:😀b', '0:']);
    expect(await sentAs('text', ['\ud83d', '', '\ude00'])).toEqual(['1:😀', '0:']);
    expect(await sentAs('text', ['\ud83d', Buffer.from('x'), '\ud83d'])).toEqual([
      '1:\ufffd',
      '0:x',
      '0:\ufffd',
    ]);
  });

  it('[W94] asks for a piece when the one before has left: the buffer may be filled again', async () => {
    const { client, server } = await pair();
    const incoming = messages(server);
    const buffer = Buffer.alloc(100_000);
    function* refilled(): Generator<Buffer> {
      for (let i = 1; i <= 9; i++) {
        expect(client.bufferedBytes).toBe(0);
        yield buffer.fill(i);
      }
    }
    await sendInPieces(client, 'binary', refilled());
    const { value } = await incoming.next();
    expect(value?.data.length).toBe(900_000);
    for (let i = 0; i < 9; i++) expect(value?.data[i * 100_000 + 50_000]).toBe(i + 1);
    client.terminate();
  });

  it('[W94] closes with 1011 where the pieces fail, and throws on', async () => {
    const { client, loopback } = await pair();
    function* failing(): Generator<string> {
      yield 'a';
      throw new Error('the disk is full');
    }
    await expect(sendInPieces(client, 'text', failing())).rejects.toThrow('the disk is full');
    expect(await loopback.closed()).toMatchObject({ code: 1011, wasClean: true });
  });

  it('[W94] ends with the connection, and tells the source', async () => {
    const { client, server } = await pair();
    let hasReturned = false;
    async function* endless(): AsyncGenerator<string> {
      try {
        for (;;) {
          yield 'x'.repeat(1000);
          await new Promise(setImmediate);
        }
      } finally {
        hasReturned = true;
      }
    }
    const sending = sendInPieces(client, 'text', endless());
    server.terminate();
    await expect(sending).rejects.toBeInstanceOf(WireError);
    expect(hasReturned).toBe(true);
  });

  it('[W94] one at a time', async () => {
    const { client } = await pair();
    const first = sendInPieces(client, 'text', ['a', 'b']);
    await expect(sendInPieces(client, 'text', ['c'])).rejects.toBeInstanceOf(TypeError);
    await first;
    expect(client.state).toBe('open');
    client.terminate();
  });
});

describe('messages in pieces', () => {
  it('[W95] have their kind, and bytes that are put together by the means of the platform', async () => {
    const { client, server } = await pair();
    const incoming = messagesInPieces(client);
    server.sendPart('a\u20ac'.repeat(50_000), { isLast: false });
    server.sendPart(Buffer.from('f09f', 'hex'), { isLast: false });
    server.sendPart(Buffer.from('9880', 'hex'), { isLast: true });
    server.send(Buffer.from('bytes'));
    server.send('');
    server.send('decoded');
    server.close();
    const kinds: string[] = [];
    const seen: string[] = [];
    for await (const { kind, pieces } of incoming) {
      kinds.push(kind);
      seen.push(kinds.length < 4 ? await text(pieces) : await decoded(pieces));
    }
    expect(kinds).toEqual(['text', 'binary', 'text', 'text']);
    expect(seen).toEqual([`${'a\u20ac'.repeat(50_000)}😀`, 'bytes', '', 'decoded']);
  });

  it('[W95] that are not fetched are dropped when the next is asked for', async () => {
    const { client, server } = await pair(() => ({}), {}, { limits: { messageBytesMax: MEGABYTE } });
    const incoming = messagesInPieces(client);
    for (const first of ['one', 'two']) server.send(first + 'x'.repeat(7 * MEGABYTE));
    server.send('three');
    const seen: string[] = [];
    for await (const { pieces } of incoming) {
      for await (const piece of pieces) {
        seen.push(piece.toString('latin1', 0, 3));
        if (seen.length < 3) break;
      }
      if (seen.length === 3) break;
    }
    expect(seen).toEqual(['one', 'two', 'thr']);
    expect(client.state).not.toBe('open');
  });

  it('[W95] throw where the message is not completed', async () => {
    for (const [hex, code] of [
      ['01016180026263', 'ended-without-close'],
      ['0101618100', 'continuation-missing'],
      ['01016188020fa0', 'connection-lost'],
      ['010161c100', 'reserved-bits'],
      ['0101618001ff', 'utf8-invalid'],
    ] as const) {
      const client = await fed(hex.slice(0, hex === '01016180026263' ? -2 : undefined));
      const incoming = messagesInPieces(client);
      const { value } = await incoming.next();
      const seen: string[] = [];
      const reading = (async () => {
        for await (const piece of value?.pieces ?? []) seen.push(piece.toString());
      })();
      expect((await failure(reading)).code, hex).toBe(code);
      expect(seen.join('')[0]).toBe('a');
      if (code === 'connection-lost') expect((await incoming.next()).done).toBe(true);
      else expect((await failure(incoming.next())).code).toBe(code);
    }
  });

  it('[W92] [W95] take constant memory, whatever their size, and make the sender wait', async () => {
    const size = 64 * MEGABYTE;
    const piece = Buffer.alloc(256 * 1024, 7);
    const { client, server } = await pair();
    const incoming = messagesInPieces(client);
    function* source(): Generator<Buffer> {
      for (let sent = 0; sent < size; sent += piece.length) yield piece;
    }
    const sending = sendInPieces(server, 'binary', source());
    const { value } = await incoming.next();
    await eventually(() => server.bufferedBytes > 0);
    const before = heldBytes();
    let peakBytes = 0;
    let received = 0;
    let measured = 0;
    for await (const { length } of value?.pieces ?? []) {
      received += length;
      if (received - measured < MEGABYTE) continue;
      measured = received;
      peakBytes = Math.max(peakBytes, heldBytes() - before);
    }
    await sending;
    expect(received).toBe(size);
    expect(peakBytes).toBeLessThan(4 * MEGABYTE);
    client.terminate();
  });
});

async function decoded(pieces: AsyncIterable<Buffer>): Promise<string> {
  let whole = '';
  for await (const part of ReadableStream.from(pieces).pipeThrough(new TextDecoderStream())) whole += part;
  return whole;
}
