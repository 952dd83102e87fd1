import { describe, expect, it } from 'vitest';
import type { CloseEvent } from '../core/connection-state.ts';
import { OPCODE, opcodeName } from '../core/opcode.ts';
import { listen } from '../testing/loopback.ts';
import { ACCEPT, close, KEY, maskedFrame, RawPeer, text, upgradeRequest } from '../testing/raw-peer.ts';
import { connect } from './client.ts';
import { TAPPED_PAYLOAD_BYTES_MAX, type Tap } from './tap.ts';

interface Recording {
  readonly tap: Tap;
  readonly log: string[];
  readonly reads: Buffer[];
  readonly writes: Buffer[];
  readonly closed: Promise<CloseEvent | undefined>;
}

function record(): Recording {
  const log: string[] = [];
  const reads: Buffer[] = [];
  const writes: Buffer[] = [];
  let resolveClosed: (event: CloseEvent | undefined) => void = () => undefined;
  const closed = new Promise<CloseEvent | undefined>((resolve) => {
    resolveClosed = resolve;
  });
  const tap: Tap = {
    open: ({ role }) => {
      log.push(`open ${role}`);
      return {
        read: (chunk) => reads.push(Buffer.from(chunk)),
        wrote: (chunk) => writes.push(Buffer.from(chunk)),
        request: ({ method, target }, raw) => log.push(`request ${method} ${target} ${raw.length}`),
        response: (raw, steps) => log.push(`response ${raw.toString('latin1', 9, 12)} ${steps?.accept}`),
        frame: (direction, { opcode, fin, masked, maskKey, length, payload }) =>
          log.push(
            `${direction} ${opcodeName(opcode)}${fin ? '' : ' more'}${masked ? ` ${maskKey.toString(16)}` : ''} ${length} ${payload.toString().slice(0, 20)}`,
          ),
        handedOn: () => log.push('handed on'),
        close: (event) => {
          log.push(`close ${event?.code}`);
          resolveClosed(event);
        },
      };
    },
  };
  return { tap, log, reads, writes, closed };
}

describe('tap', () => {
  it('[W47] sees everything on a server, bytes as they were before unmasking', async () => {
    const { tap, log, reads, writes, closed } = record();
    const { port } = await listen({ tap });
    const peer = await RawPeer.dial(port);
    const request = upgradeRequest();
    const first = maskedFrame({ opcode: OPCODE.text, fin: false, payload: Buffer.from('Hel') });
    const rest = maskedFrame({ opcode: OPCODE.continuation, payload: Buffer.from('lo') });
    const sent = Buffer.concat([Buffer.from(request), first, rest, close(1000)]);
    peer.socket.write(sent.subarray(0, 20));
    await new Promise((resolve) => setTimeout(resolve, 10));
    peer.socket.write(sent.subarray(20));
    const received = await peer.untilEnd();
    peer.socket.end();
    await closed;
    expect(Buffer.concat(reads).equals(sent)).toBe(true);
    expect(reads.length).toBeGreaterThan(1);
    expect(Buffer.concat(writes).equals(received)).toBe(true);
    expect(log).toEqual([
      'open server',
      `request GET / ${request.length}`,
      `response 101 ${ACCEPT}`,
      'in text more 37fa213d 3 Hel',
      'in continuation 37fa213d 2 lo',
      'out text 5 Hello',
      `in close 37fa213d 2 \u0003\ufffd`,
      `out close 2 \u0003\ufffd`,
      'close 1000',
    ]);
    expect(request).toContain(KEY);
  });

  it('[W47] sees everything on a client', async () => {
    const { url } = await listen();
    const { tap, log, writes, closed } = record();
    const client = await connect(url, { tap });
    await new Promise<void>((resolve) => {
      client.handle({ message: () => resolve() });
      client.send('hi');
    });
    client.close();
    await closed;
    expect(writes[0]?.toString()).toContain('GET / HTTP/1.1');
    expect(log.map((line) => line.replace(/ [0-9a-f]+ 2 /, ' KEY 2 '))).toEqual([
      'open client',
      expect.stringMatching(/^request GET \/ \d+$/),
      expect.stringMatching(/^response 101 .{28}$/),
      'out text KEY 2 hi',
      'in text 2 hi',
      'out close KEY 2 \u0003\ufffd',
      'in close 2 \u0003\ufffd',
      'close 1000',
    ]);
  });

  it('[W47] sees refusals and hand-ons', async () => {
    const { tap, log, closed } = record();
    const { port } = await listen({ tap, handOn: (socket) => socket.end() });
    const handed = await RawPeer.dial(port);
    handed.socket.end('GET / HTTP/1.1\r\n\r\n');
    await handed.untilEnd();
    const refused = await RawPeer.dial(port);
    refused.socket.end(upgradeRequest().replace(': 13', ': 12'));
    await refused.untilEnd();
    await closed;
    expect(log).toEqual([
      'open server',
      'handed on',
      'open server',
      expect.stringContaining('request GET /'),
      'response 426 undefined',
      'close undefined',
    ]);
  });

  it('[W47] keeps the beginning of a long payload only', async () => {
    const payloads: string[] = [];
    const { port } = await listen({
      tap: {
        open: () => ({
          frame: (direction, { length, payload }) =>
            payloads.push(`${direction} ${length} ${payload.length}`),
        }),
      },
    });
    const peer = await RawPeer.upgrade(port);
    peer.socket.write(maskedFrame({ opcode: OPCODE.binary, payload: Buffer.alloc(200_000) }));
    await peer.until(({ received }) => received.length === 200_010);
    expect(payloads).toEqual([
      `in 200000 ${TAPPED_PAYLOAD_BYTES_MAX}`,
      `out 200000 ${TAPPED_PAYLOAD_BYTES_MAX}`,
    ]);
    peer.socket.destroy();
  });

  it('[W47] may decline, and may look at nothing', async () => {
    const roles: string[] = [];
    const { port } = await listen({
      tap: {
        open: ({ role }) => {
          roles.push(role);
          return roles.length === 1 ? undefined : {};
        },
      },
    });
    for (let i = 0; i < 2; i++) {
      const peer = await RawPeer.upgrade(port);
      peer.socket.write(text('x'));
      await peer.until(({ received }) => received.length === 3);
      peer.socket.destroy();
    }
    expect(roles).toEqual(['server', 'server']);
  });
});
