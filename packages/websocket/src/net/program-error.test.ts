import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { WireError } from '../core/wire-error.ts';
import { listen } from '../testing/loopback.ts';
import { RawPeer, upgradeRequest } from '../testing/raw-peer.ts';
import { surfaceProgramError } from './program-error.ts';
import { socketInfo } from './socket-info.ts';

describe('mistakes of the program that uses the engine', () => {
  it('surface as uncaught exceptions when nobody listens; errors of the wire do not', async () => {
    const uncaught: unknown[] = [];
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => uncaught.push(error));
    try {
      surfaceProgramError(new WireError('reserved-bits'));
      const cause = new Error('a mistake');
      surfaceProgramError(new WireError('handler-failed', undefined, { cause }));
      await new Promise(setImmediate);
      expect(uncaught).toEqual([cause]);
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of others) process.on('uncaughtException', listener);
    }
  });

  it('[W5] [W8] in isForUs and handOn cost one socket each', async () => {
    const { port, errors } = await listen({
      isForUs({ path }) {
        if (path === '/bad') throw new Error('in isForUs');
        return false;
      },
      handOn() {
        throw new Error('in handOn');
      },
    });
    const first = await RawPeer.dial(port);
    first.socket.write(upgradeRequest([], '/bad'));
    expect((await first.untilEnd()).toString()).toContain('HTTP/1.1 500 ');
    first.socket.end();
    const second = await RawPeer.dial(port);
    second.socket.write(upgradeRequest([], '/other'));
    expect(await second.untilEnd()).toHaveLength(0);
    expect(errors.map(({ code, cause }) => [code, cause])).toEqual([
      ['decision-failed', new Error('in isForUs')],
      ['handler-failed', new Error('in handOn')],
    ]);
  });

  it('a message that is neither text nor bytes is a TypeError', async () => {
    const { port, connection } = await listen();
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    for (const bad of [5, null, {}, new Uint16Array(3), new ArrayBuffer(3)]) {
      expect(() => Reflect.apply(ours.send, ours, [bad])).toThrow(TypeError);
    }
    ours.send('fine');
    await peer.until(({ received }) => received.length === 6);
    expect(peer.frames()).toEqual(['1:fine']);
    peer.socket.destroy();
  });

  it('a stream that is no socket knows nobody', () => {
    expect(socketInfo('client', new PassThrough())).toEqual({
      role: 'client',
      remoteAddress: '',
      remotePort: 0,
      localPort: 0,
      encrypted: false,
    });
  });
});
