// Messages that the program takes piece by piece, relays, limits of frames and of silence, round trips: on real sockets.
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { MessageSink } from '../core/message-assembler.ts';
import { OPCODE } from '../core/opcode.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { atEnd, eventually, listen } from '../testing/loopback.ts';
import { maskedFrame, RawPeer, text } from '../testing/raw-peer.ts';
import { connect } from './client.ts';

/** A sink that writes down what it gets. */
function noting(notes: string[], bytesMax?: number): MessageSink {
  return {
    ...(bytesMax !== undefined && { bytesMax }),
    piece: (bytes) => notes.push(bytes.toString('latin1')),
    end: () => notes.push('end'),
    abort: () => notes.push('abort'),
  };
}

async function withSink(
  options: { bytesMax?: number; limits?: object } = {},
): Promise<{ peer: RawPeer; notes: string[]; loopback: Awaited<ReturnType<typeof listen>> }> {
  const notes: string[] = [];
  const limits = { messageBytesMax: 10, closeTimeoutMs: 40, ...options.limits };
  const loopback = await listen({ limits }, () => ({
    begin: (kind) => {
      notes.push(kind);
      return noting(notes, options.bytesMax);
    },
    message: () => notes.push('message'),
  }));
  const peer = await RawPeer.upgrade(loopback.port);
  atEnd(() => void peer.socket.destroy());
  return { peer, notes, loopback };
}

describe('messages in pieces', () => {
  it('[W97] come as they come, beyond the size of whole messages', async () => {
    const { peer, notes } = await withSink();
    const frame = maskedFrame({ opcode: OPCODE.binary, payload: Buffer.from('abcdefghijklmnop') });
    peer.socket.write(frame.subarray(0, 10));
    await eventually(() => notes.join('').length >= 10);
    peer.socket.write(frame.subarray(10));
    await eventually(() => notes.at(-1) === 'end');
    expect(notes[0]).toBe('binary');
    expect(notes.slice(1, -1).join('')).toBe('abcdefghijklmnop');
  });

  it('[W97] in fragments, empty, and one after the other', async () => {
    const { peer, notes } = await withSink();
    peer.socket.write(
      Buffer.concat([
        maskedFrame({ opcode: OPCODE.text, payload: Buffer.from('one '), fin: false }),
        maskedFrame({ opcode: OPCODE.ping, payload: Buffer.from('!') }),
        maskedFrame({ opcode: OPCODE.continuation, payload: Buffer.alloc(0), fin: false }),
        maskedFrame({ opcode: OPCODE.continuation, payload: Buffer.from('two') }),
        text(''),
        text('three'),
      ]),
    );
    await eventually(() => notes.filter((note) => note === 'end').length === 3);
    expect(notes).toEqual(['text', 'one ', 'two', 'end', 'text', 'end', 'text', 'three', 'end']);
  });

  it('[W97] a sink bounds its own message, and learns of the end of the connection', async () => {
    const { peer, notes, loopback } = await withSink({ bytesMax: 12 });
    peer.socket.write(
      maskedFrame({ opcode: OPCODE.binary, payload: Buffer.from('twelve bytes'), fin: false }),
    );
    await eventually(() => notes.length === 2);
    peer.socket.write(maskedFrame({ opcode: OPCODE.continuation, payload: Buffer.from('+') }));
    expect(await loopback.closed()).toMatchObject({ code: 1009 });
    expect(notes).toEqual(['binary', 'twelve bytes', 'abort']);
  });

  it('[W21] text is checked while it comes, also across pieces', async () => {
    const { peer, notes, loopback } = await withSink();
    peer.socket.write(
      maskedFrame({ opcode: OPCODE.text, payload: Buffer.from('ok \xc3', 'latin1'), fin: false }),
    );
    await eventually(() => notes.length === 2);
    peer.socket.write(maskedFrame({ opcode: OPCODE.continuation, payload: Buffer.from('x') }));
    expect(await loopback.closed()).toMatchObject({ code: 1007 });
    expect(notes).toEqual(['text', 'ok \xc3', 'abort']);
  });

  it('[W35] a sink that throws closes its connection with 1011', async () => {
    const loopback = await listen({ limits: { closeTimeoutMs: 40 } }, () => ({
      begin: () => ({
        piece: () => {
          throw new Error('full');
        },
        end: () => undefined,
      }),
    }));
    const peer = await RawPeer.upgrade(loopback.port);
    peer.socket.write(text('x'));
    expect(await loopback.closed()).toMatchObject({ code: 1011, error: { code: 'handler-failed' } });
    peer.socket.destroy();
  });

  it('[W97] compressed ones too, inflated and bounded by the ratio', async () => {
    const notes: string[] = [];
    const loopback = await listen(
      {
        perMessageDeflate: true,
        limits: { messageBytesMax: 10, inflationRatioMax: 200, closeTimeoutMs: 40 },
      },
      () => ({ begin: () => noting(notes) }),
    );
    const peer = await RawPeer.upgrade(loopback.port, ['Sec-WebSocket-Extensions: permessage-deflate']);
    atEnd(() => void peer.socket.destroy());
    const deflated = deflateRawSync(Buffer.alloc(100_000, 'z'), { finishFlush: 2 }).subarray(0, -4);
    peer.socket.write(maskedFrame({ opcode: OPCODE.binary, rsv: 4, payload: deflated }));
    await eventually(() => notes.at(-1) === 'end');
    expect(notes.slice(0, -1).join('')).toBe('z'.repeat(100_000));
    const bomb = deflateRawSync(Buffer.alloc(8_000_000), { finishFlush: 2 }).subarray(0, -4);
    peer.socket.write(maskedFrame({ opcode: OPCODE.binary, rsv: 4, payload: bomb }));
    expect(await loopback.closed()).toMatchObject({ code: 1008 });
    expect(notes.at(-1)).toBe('abort');
  });

  it('[W97] handlers that are set later take the next message whole again', async () => {
    const { peer, notes, loopback } = await withSink({ limits: { messageBytesMax: 100 } });
    peer.socket.write(text('in pieces'));
    await eventually(() => notes.at(-1) === 'end');
    const [connection] = loopback.connections;
    connection?.handle({ message: (message) => notes.push(`whole ${message.text()}`) });
    peer.socket.write(text('again'));
    await eventually(() => notes.at(-1) === 'whole again');
  });
});

describe('limits', () => {
  it('[W96] a frame above the limit is 1009, a message of several below it is not', async () => {
    const loopback = await listen({ limits: { frameBytesMax: 4, closeTimeoutMs: 40 } });
    const peer = await RawPeer.upgrade(loopback.port);
    const parts = ['1234', '5678'].map((part, i) =>
      maskedFrame({
        opcode: i === 0 ? OPCODE.text : OPCODE.continuation,
        payload: Buffer.from(part),
        fin: i === 1,
      }),
    );
    peer.socket.write(Buffer.concat([...parts, text('1234')]));
    await peer.until(({ received }) => received.length === 16);
    peer.socket.write(text('12345'));
    expect(await loopback.closed()).toMatchObject({ code: 1009, error: { code: 'frame-too-large' } });
    peer.socket.destroy();
    const second = await RawPeer.upgrade(loopback.port);
    second.socket.write(maskedFrame({ opcode: OPCODE.text, payload: Buffer.from('12345'), fin: false }));
    expect(await loopback.closed(2)).toMatchObject({ code: 1009 });
    second.socket.destroy();
  });

  it('[W100] silence is 1001; messages either way break it, pings do not', async () => {
    const clock = new FakeClock();
    let isHeard = false;
    const limits = { idleTimeoutMs: 10_000, pingIntervalMs: 0 };
    const loopback = await listen({ clock, limits }, () => ({
      message: () => {
        isHeard = true;
      },
    }));
    const peer = await RawPeer.upgrade(loopback.port);
    const connection = await loopback.connection();
    clock.advance(9_000);
    connection.send('out');
    clock.advance(9_000);
    peer.socket.write(text('in'));
    await eventually(() => isHeard);
    clock.advance(9_000);
    connection.ping();
    clock.advance(500);
    expect(connection.state).toBe('open');
    clock.advance(1_500);
    expect(connection.state).toBe('closing');
    peer.socket.end();
    expect(await loopback.closed()).toMatchObject({ code: 1001, error: { code: 'idle-timeout' } });
    peer.socket.destroy();
  });
});

describe('relays', () => {
  it('[W99] send on what came as it came, to several, whatever its size; [W98] and what was not read is gone', async () => {
    const kept: { readonly data: Buffer }[] = [];
    const loopback = await listen({}, (connection) => ({
      message(message) {
        for (let i = 0; i < 3; i++) connection.send(message);
        kept.push(message);
      },
    }));
    const client = await connect(loopback.url);
    const received: string[] = [];
    client.handle({ message: ({ kind, data }) => received.push(`${kind} ${data.toString('base64')}`) });
    const messages = [
      '',
      'short',
      Buffer.from([1, 2, 3]),
      'ü'.repeat(5_000),
      Buffer.alloc(70_000, 7),
      Buffer.alloc(600_000, 8),
    ];
    for (const message of messages) client.send(message);
    await eventually(() => received.length === messages.length * 3);
    const expected = messages.flatMap((message) =>
      Array(3).fill(
        `${typeof message === 'string' ? 'text' : 'binary'} ${Buffer.from(message).toString('base64')}`,
      ),
    );
    expect(received).toEqual(expected);
    expect(() => kept[1]?.data).toThrow(TypeError);
    client.close();
  });

  it('[W99] also compressed, and masked by a client', async () => {
    const loopback = await listen({ perMessageDeflate: { thresholdBytes: 10 } }, (connection) => ({
      message: (message) => connection.send(message),
    }));
    const client = await connect(loopback.url, { perMessageDeflate: { thresholdBytes: 10 } });
    const received: string[] = [];
    client.handle({
      message(message) {
        received.push(message.text());
        if (received.length < 4) client.send(message);
      },
    });
    client.send('a text that is long enough to be compressed');
    await eventually(() => received.length === 4);
    expect(new Set(received)).toEqual(new Set(['a text that is long enough to be compressed']));
    client.close();
  });
});

describe('round trips', () => {
  it('[W101] are measured both ways, several at once', async () => {
    const loopback = await listen();
    const client = await connect(loopback.url);
    const connection = await loopback.connection();
    const times = await Promise.all([client.roundTripMs(), client.roundTripMs(), connection.roundTripMs()]);
    expect(times.every((ms) => ms >= 0 && ms < 10_000)).toBe(true);
    client.close();
  });

  it('[W101] the last pong answers the earlier pings, a foreign pong none; the end rejects', async () => {
    const loopback = await listen();
    const peer = await RawPeer.upgrade(loopback.port);
    const connection = await loopback.connection();
    const first = connection.roundTripMs();
    const second = connection.roundTripMs();
    await peer.until(({ received }) => received.length === 20);
    peer.socket.write(maskedFrame({ opcode: OPCODE.pong, payload: Buffer.from('12345678') }));
    peer.socket.write(maskedFrame({ opcode: OPCODE.pong, payload: peer.received.subarray(12, 20) }));
    expect(await first).toBeGreaterThanOrEqual(await second);
    const third = connection.roundTripMs();
    peer.socket.resetAndDestroy();
    await expect(third).rejects.toMatchObject({ code: 'connection-lost' });
    await expect(connection.roundTripMs()).rejects.toMatchObject({ code: 'connection-lost' });
  });
});
