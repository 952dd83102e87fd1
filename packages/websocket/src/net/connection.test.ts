import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../core/frame-writer.ts';
import { OPCODE } from '../core/opcode.ts';
import { listen } from '../testing/loopback.ts';
import { close, maskedFrame, RawPeer, text, upgradeRequest } from '../testing/raw-peer.ts';

/** What a server answers to these bytes until it ends the connection, sent at once and byte by byte. */
async function exchange(...frames: Buffer[]): Promise<string[]> {
  const { port } = await listen();
  const bytes = Buffer.concat(frames);
  const whole = await RawPeer.upgrade(port);
  whole.socket.write(bytes);
  await whole.untilEnd();
  whole.socket.destroy();
  if (bytes.length < 400) {
    const bytewise = await RawPeer.upgrade(port);
    await bytewise.writeBytewise(bytes);
    await bytewise.untilEnd();
    bytewise.socket.destroy();
    expect(bytewise.frames()).toEqual(whole.frames());
  }
  return whole.frames();
}

const ping = (payload: string | Buffer = '') =>
  maskedFrame({ opcode: OPCODE.ping, payload: Buffer.from(payload) });
const pong = maskedFrame({ opcode: OPCODE.pong, payload: Buffer.from('unasked') });

describe('messages', () => {
  it('come back the same at every border of the length forms', async () => {
    const { port } = await listen();
    for (const length of [0, 1, 125, 126, 127, 128, 65535, 65536, 200_000]) {
      const peer = await RawPeer.upgrade(port);
      const payload = Buffer.alloc(length, 'äb');
      peer.socket.write(maskedFrame({ opcode: OPCODE.binary, payload }));
      peer.socket.write(close(1000));
      const received = await peer.untilEnd();
      const expected = Buffer.concat([
        encodeFrame({ opcode: OPCODE.binary, payload }),
        Buffer.from('880203e8', 'hex'),
      ]);
      expect(received.equals(expected), String(length)).toBe(true);
      peer.socket.destroy();
    }
  });

  it('[W18] in fragments, with pings between them answered at once', async () => {
    const frames = await exchange(
      maskedFrame({ opcode: OPCODE.text, fin: false, payload: Buffer.from('one ') }),
      ping('p1'),
      maskedFrame({ opcode: OPCODE.continuation, fin: false }),
      ping('p2'),
      maskedFrame({ opcode: OPCODE.continuation, payload: Buffer.from('two') }),
      close(),
    );
    expect(frames).toEqual(['10:p1', '10:p2', '1:one two', '8:']);
  });

  it('[W9] that come in the same write as the request are read after onConnection', async () => {
    const { port } = await listen();
    const peer = await RawPeer.dial(port);
    peer.socket.write(Buffer.concat([Buffer.from(upgradeRequest()), text('early'), close(1000)]));
    await peer.takeHead();
    await peer.untilEnd();
    expect(peer.frames()).toEqual(['1:early', '8:1000']);
    peer.socket.destroy();
  });
});

describe('pings', () => {
  it('[W25] are answered once each, in order, with the same payload', async () => {
    const payloads = ['', 'a', '\u0000\u0001', 'x'.repeat(125)];
    const frames = await exchange(...payloads.map((payload) => ping(payload)), pong, pong, close(1000));
    expect(frames).toEqual([...payloads.map((payload) => `10:${payload}`), '8:1000']);
  });

  it('[W25] and pongs reach the handlers', async () => {
    const seen: string[] = [];
    const { port, closed } = await listen({}, () => ({
      ping: (payload) => seen.push(`ping ${payload}`),
      pong: (payload) => seen.push(`pong ${payload}`),
    }));
    const peer = await RawPeer.upgrade(port);
    peer.socket.end(Buffer.concat([ping('hi'), pong]));
    await closed();
    expect(seen).toEqual(['ping hi', 'pong unasked']);
  });

  it('[W26] too many in a second are 1008', async () => {
    const { port, closed } = await listen({ limits: { controlFramesPerSecondMax: 10 } });
    const peer = await RawPeer.upgrade(port);
    peer.socket.write(Buffer.concat(Array.from({ length: 11 }, () => ping())));
    await peer.untilEnd();
    expect(peer.frames()).toEqual([...Array.from({ length: 10 }, () => '10:'), '8:1008']);
    peer.socket.destroy();
    expect(await closed()).toMatchObject({ code: 1008, error: { code: 'too-many-control-frames' } });
  });
});

describe('violations', () => {
  const after = [ping('never answered'), text('never echoed')];

  it('[W23] what came before is answered, what comes after is not', async () => {
    expect(await exchange(text('good'), Buffer.from('c1', 'hex'), ...after)).toEqual(['1:good', '8:1002']);
  });

  it('[W14] [W15] [W16] [W17] [W18] break the grammar: 1002', async () => {
    const cases: Record<string, Buffer> = {
      unmasked: encodeFrame({ opcode: OPCODE.text, payload: Buffer.from('x') }),
      'reserved bit': maskedFrame({ opcode: OPCODE.text, rsv: 1 }),
      'reserved bit on close': maskedFrame({ opcode: OPCODE.close, rsv: 4 }),
      'opcode 3': maskedFrame({ opcode: 3 }),
      'opcode 11': maskedFrame({ opcode: 11, payload: Buffer.from('x') }),
      'ping in fragments': maskedFrame({ opcode: OPCODE.ping, fin: false }),
      'long ping': maskedFrame({ opcode: OPCODE.ping, payload: Buffer.alloc(126) }),
      'long form of a short length': Buffer.from('82fe007d00000000', 'hex'),
      'continuation of nothing': maskedFrame({ opcode: OPCODE.continuation }),
      'text inside a text': Buffer.concat([maskedFrame({ opcode: OPCODE.text, fin: false }), text('x')]),
    };
    for (const [name, bytes] of Object.entries(cases)) {
      expect(await exchange(bytes, ...after), name).toEqual(['8:1002']);
    }
  });

  it('[W27] bad Close frames: 1002, a bad reason 1007', async () => {
    expect(await exchange(close())).toEqual(['8:']);
    expect(await exchange(maskedFrame({ opcode: OPCODE.close, payload: Buffer.from('03', 'hex') }))).toEqual([
      '8:1002',
    ]);
    expect(await exchange(close(1005))).toEqual(['8:1002']);
    expect(await exchange(close(2999))).toEqual(['8:1002']);
    const badReason = Buffer.from('03e8eda080', 'hex');
    expect(await exchange(maskedFrame({ opcode: OPCODE.close, payload: badReason }))).toEqual(['8:1007']);
  });

  it('[W21] bad text is refused while its frame is still coming', async () => {
    const { port } = await listen();
    const peer = await RawPeer.upgrade(port);
    const frame = text('κόσμε and much more that never comes');
    frame[10] = (frame[10] ?? 0) ^ 0x80;
    peer.socket.write(frame.subarray(0, 12));
    await peer.untilEnd();
    expect(peer.frames()).toEqual(['8:1007']);
    peer.socket.destroy();
  });

  it('[W19] a claim of 100 MB is refused by its header alone, others undisturbed', async () => {
    const { port, closed } = await listen();
    const other = await RawPeer.upgrade(port);
    const peer = await RawPeer.upgrade(port);
    peer.socket.write(Buffer.from('82ff0000000005f5e10000000000', 'hex'));
    await peer.untilEnd();
    expect(peer.frames()).toEqual(['8:1009']);
    peer.socket.destroy();
    expect(await closed()).toMatchObject({
      code: 1009,
      wasClean: false,
      error: { code: 'message-too-large' },
    });
    other.socket.write(text('still here'));
    await other.until(({ received }) => received.length >= 12);
    expect(other.frames()).toEqual(['1:still here']);
    other.socket.destroy();
  });

  it('[W32] keeps reading after giving up, so that the answer is not lost in a reset', async () => {
    const { port, closed } = await listen();
    const peer = await RawPeer.upgrade(port);
    peer.socket.write(Buffer.concat([Buffer.from('f1', 'hex'), Buffer.alloc(4_000_000)]));
    await peer.untilEnd();
    expect(peer.frames()).toEqual(['8:1002']);
    peer.socket.end();
    expect(await closed()).toMatchObject({ code: 1002, error: { code: 'reserved-bits' } });
  });
});

describe('handlers', () => {
  it('[W35] that throw close their connection with 1011, and the error is reported with its cause', async () => {
    const { port, errors, closed } = await listen({}, () => ({
      message() {
        throw new Error('a mistake');
      },
    }));
    const peer = await RawPeer.upgrade(port);
    peer.socket.write(Buffer.concat([text('one'), text('two')]));
    await peer.untilEnd();
    expect(peer.frames()).toEqual(['8:1011']);
    peer.socket.destroy();
    expect(await closed()).toMatchObject({ code: 1011, error: { code: 'handler-failed' } });
    expect(errors).toMatchObject([{ code: 'handler-failed', cause: { message: 'a mistake' } }]);
  });

  it('[W35] that throw in onConnection or at the close do no more harm than that', async () => {
    const { port, errors, server } = await listen(
      {
        onConnection() {
          throw new Error('at the start');
        },
      },
      () => ({
        close() {
          throw new Error('at the end');
        },
      }),
    );
    const peer = await RawPeer.upgrade(port);
    await peer.untilEnd();
    expect(peer.frames()).toEqual(['8:1011']);
    peer.socket.end();
    await server.close();
    expect(errors.map(({ cause }) => cause)).toMatchObject([
      { message: 'at the start' },
      { message: 'at the end' },
    ]);
  });
});

describe('garbage', () => {
  it('[W24] ends in one Close frame, whatever it is', async () => {
    const { port, server } = await listen();
    let state = 12345;
    const random = () => {
      state = (state * 1103515245 + 12345) & 0x7fffffff;
      return state >>> 16;
    };
    for (let round = 0; round < 40; round++) {
      const peer = await RawPeer.upgrade(port);
      peer.socket.end(Buffer.from(Array.from({ length: 300 }, () => random() & 0xff)));
      await peer.untilEnd();
      const closes = peer.frames().filter((frame) => frame.startsWith('8:'));
      expect(closes.length, `round ${round}`).toBeLessThan(2);
      peer.socket.destroy();
    }
    await server.close();
    expect(server.connections.size).toBe(0);
  });
});
