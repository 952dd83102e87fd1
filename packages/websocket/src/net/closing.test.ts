import { describe, expect, it } from 'vitest';
import { OPCODE } from '../core/opcode.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { echo, listen } from '../testing/loopback.ts';
import { close, maskedFrame, RawPeer, text } from '../testing/raw-peer.ts';

const ping = maskedFrame({ opcode: OPCODE.ping });

describe('a close that the peer starts', () => {
  it('[W28] is answered with the same code, and nothing after it counts', async () => {
    const seen: string[] = [];
    const { port, closed } = await listen({}, (connection) => ({
      message: (message) => {
        seen.push(message.text());
        connection.send('reply');
      },
    }));
    const peer = await RawPeer.upgrade(port);
    peer.socket.write(
      Buffer.concat([text('a'), close(4321), text('b'), ping, close(1000), Buffer.from('ff', 'hex')]),
    );
    await peer.untilEnd();
    expect(peer.frames()).toEqual(['1:reply', '8:4321']);
    peer.socket.end();
    expect(await closed()).toEqual({ code: 4321, reason: '', wasClean: true });
    expect(seen).toEqual(['a']);
  });

  it('[W28] an empty one is answered by an empty one and told as 1005', async () => {
    const { port, closed } = await listen();
    const peer = await RawPeer.upgrade(port);
    peer.socket.write(close());
    await peer.untilEnd();
    expect(peer.received.toString('hex')).toBe('8800');
    peer.socket.end();
    expect(await closed()).toEqual({ code: 1005, reason: '', wasClean: true });
  });

  it('[W27] its reason reaches the handler', async () => {
    const { port, closed } = await listen();
    const peer = await RawPeer.upgrade(port);
    const payload = Buffer.concat([Buffer.from('0fa0', 'hex'), Buffer.from('再见 '.repeat(17))]);
    peer.socket.write(maskedFrame({ opcode: OPCODE.close, payload }));
    await peer.untilEnd();
    peer.socket.end();
    expect(await closed()).toEqual({ code: 4000, reason: '再见 '.repeat(17), wasClean: true });
  });

  it('[W28] in the middle of a message ends it without delivering it', async () => {
    const { port, closed } = await listen();
    const peer = await RawPeer.upgrade(port);
    peer.socket.write(Buffer.concat([maskedFrame({ opcode: OPCODE.text, fin: false }), close(1000)]));
    await peer.untilEnd();
    expect(peer.frames()).toEqual(['8:1000']);
    peer.socket.end();
    expect(await closed()).toMatchObject({ code: 1000, wasClean: true });
  });
});

describe('a close that we start', () => {
  it('[W29] sends nothing after it, drops messages, and ends clean with the answer', async () => {
    const seen: string[] = [];
    const { port, connection, closed } = await listen({}, () => ({
      message: (message) => seen.push(message.text()),
    }));
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    ours.send('last');
    ours.close(4000, 'enough');
    expect(ours.state).toBe('closing');
    expect(ours.send('never')).toBe(false);
    ours.ping();
    await peer.until(({ received }) => received.length >= 16);
    peer.socket.write(Buffer.concat([text('dropped'), ping, close(4000)]));
    await peer.untilEnd();
    expect(peer.frames()).toEqual(['1:last', '8:4000']);
    peer.socket.end();
    expect(await closed()).toEqual({ code: 4000, reason: '', wasClean: true });
    expect(seen).toEqual([]);
    expect(ours.state).toBe('closed');
  });

  it('[W29] still checks what comes', async () => {
    const { port, connection, closed } = await listen();
    const peer = await RawPeer.upgrade(port);
    (await connection()).close();
    peer.socket.write(Buffer.from('ff', 'hex'));
    await peer.untilEnd();
    peer.socket.end();
    expect(peer.frames()).toEqual(['8:1000']);
    expect(await closed()).toMatchObject({ code: 1002, wasClean: false, error: { code: 'reserved-bits' } });
  });

  it('[W31] has a time-out', async () => {
    const clock = new FakeClock();
    const { port, connection, closed } = await listen({ clock });
    const peer = await RawPeer.upgrade(port);
    (await connection()).close();
    await peer.until(({ received }) => received.length === 4);
    clock.advance(4_000);
    expect(peer.hasEnded).toBe(false);
    clock.advance(1_500);
    expect(await closed()).toMatchObject({ code: 1006, wasClean: false, error: { code: 'close-timeout' } });
    expect(clock.timerCount).toBe(0);
  });

  it('[W31] a peer that never ends TCP is cut, and it still was clean', async () => {
    const clock = new FakeClock();
    const { port, closed } = await listen({ clock });
    const peer = await RawPeer.upgrade(port);
    peer.socket.write(close(1000));
    await peer.untilEnd();
    clock.advance(5_500);
    expect(await closed()).toEqual({ code: 1000, reason: '', wasClean: true });
  });

  it('[W31] a peer that violates the protocol and stays is cut', async () => {
    const clock = new FakeClock();
    const { port, closed } = await listen({ clock });
    const peer = await RawPeer.upgrade(port);
    peer.socket.write(Buffer.from('ff', 'hex'));
    await peer.untilEnd();
    clock.advance(5_500);
    expect(await closed()).toMatchObject({ code: 1002, wasClean: false });
  });

  it('refuses codes and reasons that must not be sent', async () => {
    const { port, connection } = await listen();
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    for (const code of [0, 999, 1005, 1006, 1015, 2000, 5000])
      expect(() => ours.close(code)).toThrow(RangeError);
    expect(() => ours.close(1000, 'x'.repeat(124))).toThrow(RangeError);
    expect(() => ours.ping('x'.repeat(126))).toThrow(RangeError);
    expect(ours.state).toBe('open');
    ours.close(1000, 'x'.repeat(123));
    await peer.until(({ received }) => received.length === 127);
    peer.socket.destroy();
  });
});

describe('an end without a closing handshake', () => {
  it('[W33] FIN: what came before is delivered and answered, then 1006', async () => {
    const { port, closed } = await listen();
    const peer = await RawPeer.upgrade(port);
    peer.socket.end(Buffer.concat([text('one'), text('two')]));
    await peer.untilEnd();
    expect(peer.frames()).toEqual(['1:one', '1:two']);
    expect(await closed()).toMatchObject({
      code: 1006,
      wasClean: false,
      error: { code: 'ended-without-close' },
    });
  });

  it('[W33] FIN in the middle of a frame', async () => {
    const { port, closed } = await listen();
    const peer = await RawPeer.upgrade(port);
    peer.socket.end(text('cut off').subarray(0, 9));
    await peer.untilEnd();
    expect(peer.received).toHaveLength(0);
    expect(await closed()).toMatchObject({ code: 1006, wasClean: false });
  });

  it('[W34] terminate cuts at once', async () => {
    const { port, connection, closed } = await listen({}, echo);
    const peer = await RawPeer.upgrade(port);
    (await connection()).terminate();
    expect(await closed()).toEqual({ code: 1006, reason: '', wasClean: false });
    await peer.untilEnd();
    expect(peer.received).toHaveLength(0);
  });
});

describe('time', () => {
  it('[W43] pings, and terminates when nothing at all comes back', async () => {
    const clock = new FakeClock();
    const { port, closed } = await listen({ clock });
    const peer = await RawPeer.upgrade(port);
    clock.advance(24_000);
    expect(peer.received).toHaveLength(0);
    clock.advance(1_500);
    await peer.until(({ received }) => received.length === 2);
    expect(peer.frames()).toEqual(['9:']);
    clock.advance(7_000);
    expect(peer.isClosed).toBe(false);
    clock.advance(1_500);
    expect(await closed()).toMatchObject({ code: 1006, wasClean: false, error: { code: 'pong-timeout' } });
  });

  it('[W43] any byte is a sign of life', async () => {
    const clock = new FakeClock();
    const { port, connection } = await listen({ clock });
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    for (let round = 1; round <= 4; round++) {
      clock.advance(25_500);
      await peer.until(({ received }) => received.length >= 2 * round);
      peer.socket.write(maskedFrame({ opcode: OPCODE.pong }));
      await new Promise<void>((resolve) => ours.handle({ pong: () => resolve() }));
    }
    clock.advance(8_000);
    expect(ours.state).toBe('open');
    peer.socket.destroy();
  });

  it('[W43] silence does not count while we do not read ourselves', async () => {
    const clock = new FakeClock();
    const { port, connection } = await listen({ clock });
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    ours.pause();
    clock.advance(300_000);
    expect(ours.state).toBe('open');
    peer.socket.destroy();
    ours.terminate();
  });

  it('[W43] is switched off by 0', async () => {
    const clock = new FakeClock();
    const { port, connection } = await listen({ clock, limits: { pingIntervalMs: 0 } });
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    clock.advance(3_600_000);
    await new Promise(setImmediate);
    expect(peer.received).toHaveLength(0);
    expect(ours.state).toBe('open');
    peer.socket.destroy();
  });

  it('[W44] a frame that does not go on is 1008', async () => {
    for (const begun of [text('unfinished').subarray(0, 10), text('x').subarray(0, 1)]) {
      const clock = new FakeClock();
      const { port, connection, closed } = await listen({ clock, limits: { pingIntervalMs: 0 } });
      const peer = await RawPeer.upgrade(port);
      await connection();
      peer.socket.write(begun);
      await new Promise((resolve) => setTimeout(resolve, 20));
      clock.advance(29_000);
      expect(peer.hasEnded).toBe(false);
      clock.advance(2_500);
      await peer.untilEnd();
      expect(peer.frames()).toEqual(['8:1008']);
      peer.socket.end();
      expect(await closed()).toMatchObject({ error: { code: 'partial-frame-timeout' } });
    }
  });

  it('[W44] so is a message that does not go on, but not silence between messages', async () => {
    const clock = new FakeClock();
    const { port, connection } = await listen({ clock, limits: { pingIntervalMs: 0 } });
    const peer = await RawPeer.upgrade(port);
    await connection();
    peer.socket.write(text('x'));
    await peer.until(({ received }) => received.length === 3);
    clock.advance(120_000);
    peer.socket.write(maskedFrame({ opcode: OPCODE.binary, fin: false, payload: Buffer.from('x') }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    clock.advance(31_000);
    await peer.untilEnd();
    expect(peer.frames()).toEqual(['1:x', '8:1008']);
    peer.socket.destroy();
  });
});
