import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../core/frame-writer.ts';
import { OPCODE } from '../core/opcode.ts';
import { WireError } from '../core/wire-error.ts';
import { atEnd, eventually, listen } from '../testing/loopback.ts';
import { close, maskedFrame, RawPeer, text } from '../testing/raw-peer.ts';
import { connect } from './client.ts';

describe('a message in parts', () => {
  it('[W80] leaves as one frame per part, the first of which says what it is', async () => {
    const { port, connection } = await listen();
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    ours.sendPart('a', { isLast: false });
    ours.sendPart(Buffer.from('b'), { kind: 'binary', isLast: false });
    ours.ping('p');
    ours.sendPart('', { isLast: true });
    ours.sendPart(Buffer.from('text'), { kind: 'text', isLast: true });
    ours.sendPart('bytes', { kind: 'binary', isLast: true });
    ours.send('whole');
    ours.close();
    await peer.until(({ received }) => received.includes(Buffer.from('880203e8', 'hex')));
    expect(peer.received.toString('hex')).toBe(
      [
        '010161',
        '000162',
        '890170',
        '8000',
        '810474657874',
        '82056279746573',
        '810577686f6c65',
        '880203e8',
      ].join(''),
    );
  });

  it('[W80] from a client is masked, and large parts arrive whole', async () => {
    const messages: Buffer[] = [];
    const { url } = await listen({}, () => ({ message: ({ data }) => messages.push(data) }));
    const client = await connect(url);
    const large = Buffer.alloc(70_000, 'x');
    client.sendPart(large, { isLast: false });
    client.sendPart(large, { isLast: true });
    await eventually(() => messages.length === 1);
    expect(messages[0]?.equals(Buffer.concat([large, large]))).toBe(true);
    client.terminate();
  });

  it('[W80] lets no other message in between', async () => {
    const { port, connection } = await listen();
    await RawPeer.upgrade(port);
    const ours = await connection();
    ours.sendPart(Buffer.alloc(20_000), { isLast: false });
    expect(() => ours.send('x')).toThrow(TypeError);
    ours.sendPart('', { isLast: true });
    expect(ours.send('x')).toBe(true);
  });

  it('[W29] is not sent after close', async () => {
    const { port, connection } = await listen();
    await RawPeer.upgrade(port);
    const ours = await connection();
    ours.close();
    expect(ours.sendPart('x', { isLast: true })).toBe(false);
    expect(ours.sendFrames([Buffer.from('8100', 'hex')])).toBe(false);
  });
});

describe('a message in pieces', () => {
  const pieces = [Buffer.from('[\u20ac'), Buffer.alloc(40_000, 'x'), Buffer.alloc(0), Buffer.from(']')];
  const whole = Buffer.concat(pieces);

  it('[W40.2] leaves as one frame, whole, before what is sent after it', async () => {
    const { port, connection } = await listen();
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    ours.send('before');
    expect(ours.sendPieces(pieces, 'text')).toBe(true);
    ours.sendPieces([Buffer.from('a'), Buffer.from('b')], 'binary');
    ours.send('after');
    ours.close();
    const expected = Buffer.concat([
      Buffer.from('8106626566' + '6f7265', 'hex'),
      encodeFrame({ opcode: OPCODE.text, payload: whole }),
      Buffer.from('82026162' + '81056166746572' + '880203e8', 'hex'),
    ]);
    await peer.until(({ received }) => received.length >= expected.length);
    expect(peer.received.equals(expected)).toBe(true);
    expect(ours.sendPieces(pieces, 'text')).toBe(false);
  });

  it.each([{}, { perMessageDeflate: true }])(
    '[W40.2] is one message to whoever has it masked, compressed or looked at: %j',
    async (options) => {
      const messages: { kind: string; data: Buffer }[] = [];
      const take = ({ kind, data }: { kind: 'text' | 'binary'; data: Buffer }) =>
        messages.push({ kind, data });
      const { url, connection } = await listen(options, () => ({ message: take }));
      const client = await connect(url, options);
      client.handle({ message: take });
      client.sendPieces(pieces, 'text');
      (await connection()).sendPieces(pieces, 'binary');
      await eventually(() => messages.length === 2);
      expect(messages.map(({ kind }) => kind).sort()).toEqual(['binary', 'text']);
      for (const { data } of messages) expect(data.equals(whole)).toBe(true);
      client.terminate();
    },
  );
});

describe('frames encoded elsewhere', () => {
  const frame = encodeFrame({ opcode: OPCODE.text, payload: Buffer.from('made') });

  it('[W81] leave as they are, in order with the others, and the tap sees them', async () => {
    const seen: string[] = [];
    const tap = {
      open: () => ({
        frame: (direction: 'in' | 'out', { payload }: { payload: Buffer }) =>
          seen.push(`${direction} ${payload.toString()}`),
      }),
    };
    const { port, connection } = await listen({ tap });
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    ours.send('1');
    expect(ours.sendFrames([frame.subarray(0, 2), frame.subarray(2)])).toBe(true);
    ours.sendFrames([Buffer.from('ffff', 'hex')]);
    ours.send('2');
    await peer.until(({ received }) => received.includes('2'));
    expect(peer.received.toString('latin1')).toBe('\x81\x011\x81\x04made\xff\xff\x81\x012');
    expect(seen).toEqual(['out 1', 'out made', 'out 2']);
  });

  it('[W38] count against the maximum like messages', async () => {
    const { port, connection, closed } = await listen({
      limits: { bufferedBytesMax: 1000, closeTimeoutMs: 40 },
    });
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    ours.send('x'.repeat(999));
    ours.sendFrames([frame]);
    expect(ours.state).toBe('closing');
    peer.socket.end();
    expect(await closed()).toMatchObject({ code: 1013 });
  });
});

describe('a callback for what was sent', () => {
  it('[W39] comes after the bytes have left, never inside the call, and with an error when they cannot', async () => {
    const { port, connection } = await listen();
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    const calls: string[] = [];
    ours.whenFlushed(() => calls.push('nothing to wait for'));
    ours.send('x');
    ours.whenFlushed((error) => calls.push(`sent ${error}`));
    expect(calls).toEqual([]);
    await eventually(() => calls.length === 2);
    expect(calls).toEqual(['nothing to wait for', 'sent undefined']);
    ours.send('y');
    ours.whenFlushed((error) => calls.push(String(error instanceof WireError && error.code)));
    ours.terminate();
    await eventually(() => calls.length === 3);
    expect(calls[2]).toBe('connection-lost');
    peer.socket.destroy();
  });
});

describe('pings, pongs and the close', () => {
  it('[W82] a pong can be sent unasked, with at most 125 bytes', async () => {
    const { port, connection } = await listen();
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    ours.pong('here');
    expect(() => ours.pong(Buffer.alloc(126))).toThrow(RangeError);
    await peer.until(({ received }) => received.length >= 6);
    expect(peer.frames()).toEqual(['10:here']);
  });

  it('[W83] close can say neither code nor reason', async () => {
    const { port, connection, closed } = await listen();
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    ours.close('none');
    await peer.until(({ received }) => received.length >= 2);
    expect(peer.received.toString('hex')).toBe('8800');
    peer.socket.end(close());
    expect(await closed()).toEqual({ code: 1005, reason: '', wasClean: true });
  });

  it('[W84] the handler learns at once that and why a connection is given up', async () => {
    const failures: string[] = [];
    const { port, closes, errors } = await listen({}, () => ({
      failed: ({ code }) => {
        failures.push(code);
        throw new Error('from the handler');
      },
    }));
    const peer = await RawPeer.upgrade(port);
    atEnd(() => void peer.socket.destroy());
    peer.socket.write(Buffer.concat([maskedFrame({ opcode: 0x3 }), text('late')]));
    await eventually(() => failures.length === 1);
    expect(failures).toEqual(['opcode-reserved']);
    expect(closes).toEqual([]);
    expect(errors.map(({ code }) => code)).toEqual(['handler-failed']);
  });
});
