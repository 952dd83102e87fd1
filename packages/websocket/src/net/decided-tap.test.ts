// Taps that come with the decision of a handshake: what they are shown, and what they may do to the line.
import { once } from 'node:events';
import http from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OPCODE } from '../core/opcode.ts';
import { atEnd, type Loopback, listen } from '../testing/loopback.ts';
import { ACCEPT, close, maskedFrame, RawPeer, text, upgradeRequest } from '../testing/raw-peer.ts';
import { WebSocketServer as WsServer } from '../ws/ws.ts';
import type { WebSocketServerOptions } from './server.ts';
import type { ConnectionTap, TappedLine } from './tap.ts';
import { tcpHandles } from './tcp-handle.ts';

class Seen implements ConnectionTap {
  readonly log: string[] = [];
  readonly reads: Buffer[] = [];
  readonly writes: Buffer[] = [];
  line: TappedLine | undefined;

  read(chunk: Buffer): void {
    this.reads.push(Buffer.from(chunk));
    this.log.push('read');
  }
  wrote(chunk: Buffer): void {
    this.writes.push(Buffer.from(chunk));
  }
  request(head: { readonly target: string }): void {
    this.log.push(`request ${head.target}`);
  }
  response(_raw: Buffer, steps: { readonly accept: string } | undefined): void {
    this.log.push(`response ${steps?.accept}`);
  }
  opened(line: TappedLine): void {
    this.line = line;
    this.log.push('opened');
  }
  closing(begunBy: string): void {
    this.log.push(`closing ${begunBy}`);
  }
  close(event: { readonly code: number } | undefined): void {
    this.log.push(`close ${event?.code}`);
  }
}

async function tapped(
  options: Partial<WebSocketServerOptions> = {},
): Promise<Loopback & { readonly seen: Seen }> {
  const seen = new Seen();
  const loopback = await listen({ decide: () => ({ accept: true, tap: seen }), ...options });
  return { ...loopback, seen };
}

const request = upgradeRequest();

describe('a tap that comes with the decision', () => {
  it('[W103] is shown the request in the reads in which it came, then everything', async () => {
    const { port, seen, closed } = await tapped();
    const peer = await RawPeer.dial(port);
    peer.socket.write(request.slice(0, 20));
    await new Promise((resolve) => setTimeout(resolve, 10));
    peer.socket.write(`${request.slice(20)}`);
    await peer.until(({ received }) => received.includes('\r\n\r\n'));
    peer.socket.write(text('hi'));
    peer.socket.write(close(1000));
    const received = await peer.untilEnd();
    peer.socket.end();
    await closed();
    expect(seen.reads[0]?.toString()).toBe(request.slice(0, 20));
    expect(Buffer.concat(seen.reads).toString('latin1').startsWith(request)).toBe(true);
    expect(Buffer.concat(seen.writes).equals(received)).toBe(true);
    expect(seen.log.filter((line, at, all) => line !== all[at - 1])).toEqual([
      'read',
      'request /',
      `response ${ACCEPT}`,
      'opened',
      'read',
      'closing them',
      'close 1000',
    ]);
  });

  it('[W103] sees frames that came in one read with the request, and those of a decision that took its time', async () => {
    const seen = new Seen();
    const { port, closed } = await listen({
      decide: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return { accept: true, tap: seen };
      },
    });
    const peer = await RawPeer.dial(port);
    const sent = Buffer.concat([Buffer.from(request), text('early'), close(1000)]);
    peer.socket.write(sent);
    await peer.untilEnd();
    peer.socket.end();
    await closed();
    expect(Buffer.concat(seen.reads).equals(sent)).toBe(true);
  });

  it('[W103] stands beside the tap of the server, and each gets what it wants', async () => {
    const frames: string[] = [];
    const reads: Buffer[] = [];
    const { port, seen, closed } = await tapped({
      tap: {
        open: () => ({
          read: (chunk) => reads.push(Buffer.from(chunk)),
          frame: (direction, { payload }) => frames.push(`${direction} ${payload}`),
        }),
      },
    });
    const peer = await RawPeer.upgrade(port);
    peer.socket.write(text('both'));
    await peer.until(({ received }) => received.length === 6);
    peer.socket.destroy();
    await closed();
    expect(frames).toEqual(['in both', 'out both']);
    expect(Buffer.concat(reads).equals(Buffer.concat(seen.reads))).toBe(true);
  });

  it('[W103] sees a request that node:http has read, in one read', async () => {
    const seen = new Seen();
    const { server } = await listen({ decide: () => ({ accept: true, tap: seen }) });
    const outer = http.createServer();
    outer.on('upgrade', (message, socket, head) => server.handleUpgrade(message, socket, head));
    outer.listen(0, '127.0.0.1');
    await once(outer, 'listening');
    atEnd(() => void outer.close());
    const address = outer.address();
    const peer = await RawPeer.dial(typeof address === 'object' && address !== null ? address.port : 0);
    const sent = Buffer.concat([Buffer.from(request), text('early')]);
    peer.socket.write(sent);
    await peer.until(({ received }) => received.subarray(-5).toString() === 'early');
    peer.socket.destroy();
    expect(seen.reads.map((read) => read.equals(sent))).toEqual([true]);
    expect(seen.log).toContain('request /');
  });

  it('[W103] is chosen request by request behind the API of ws', async () => {
    const seen = new Seen();
    const server = new WsServer({
      port: 0,
      host: '127.0.0.1',
      tapFor: (message) => (message.url === '/?record=1' ? seen : undefined),
    });
    await once(server, 'listening');
    atEnd(() => void server.close());
    server.on('connection', (socket) => socket.on('message', (data) => socket.send(data.toString())));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const plain = await RawPeer.upgrade(port);
    plain.socket.destroy();
    expect(seen.log).toEqual([]);
    const peer = await RawPeer.dial(port);
    peer.socket.write(upgradeRequest([], '/?record=1'));
    await peer.until(({ received }) => received.includes('\r\n\r\n'));
    peer.socket.write(text('here'));
    await peer.until(({ received }) => received.subarray(-4).toString() === 'here');
    peer.socket.destroy();
    expect(seen.log.slice(0, 5)).toEqual([
      'read',
      'request /?record=1',
      `response ${ACCEPT}`,
      'opened',
      'read',
    ]);
    expect(Buffer.concat(seen.writes).subarray(-4).toString()).toBe('here');
  });

  it('[W104] hears which side began to close', async () => {
    const { port, seen, connection, closed } = await tapped();
    const peer = await RawPeer.upgrade(port);
    (await connection()).close(1000);
    await peer.until(({ received }) => received.length === 4);
    peer.socket.write(close(1000));
    await peer.untilEnd();
    peer.socket.end();
    await closed();
    expect(seen.log.slice(-3)).toEqual(['closing us', 'read', 'close 1000']);
  });

  it('[W104] hears that we gave the connection up', async () => {
    const { port, seen, closed } = await tapped();
    const peer = await RawPeer.upgrade(port);
    peer.socket.write(maskedFrame({ opcode: 3, payload: Buffer.from('?') }));
    await peer.untilEnd();
    peer.socket.end();
    await closed();
    expect(seen.log.slice(-2)).toEqual(['closing us', 'close 1002']);
  });
});

describe.each(['by handle', 'by documented calls only'])('the line of a tap, %s', (path) => {
  const { isUsed } = tcpHandles;
  beforeEach(() => {
    if (path !== 'by handle') tcpHandles.isUsed = false;
  });
  afterEach(() => {
    tcpHandles.isUsed = isUsed;
  });

  it('[W105] is reset: the peer sees ECONNRESET', async () => {
    const { port, seen, closed } = await tapped();
    const peer = await RawPeer.upgrade(port);
    const failed = once(peer.socket, 'error');
    seen.line?.reset();
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
    expect(await closed()).toMatchObject({ code: 1006 });
  });

  it('[W105] is held: nothing passes in either direction, and nothing is lost', async () => {
    const { port, seen, connection, closed } = await tapped();
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    const letGo = seen.line?.hold();
    seen.line?.hold()();
    peer.socket.write(text('echo me'));
    ours.send('held');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(peer.received.length).toBe(0);
    expect(ours.bufferedBytes).toBe(6);
    letGo?.();
    letGo?.();
    await peer.until(({ received }) => received.length === 6 + 9);
    await ours.flushed();
    expect(peer.frames()).toEqual([`${OPCODE.text}:held`, `${OPCODE.text}:echo me`]);
    const again = seen.line?.hold();
    peer.socket.destroy();
    ours.terminate();
    await closed();
    again?.();
    expect(ours.bufferedBytes).toBe(0);
  });

  it('[W105] tells of room again after a hold, and closes what was to be closed', async () => {
    const drained: string[] = [];
    const seen = new Seen();
    const { port, connection, closed } = await listen(
      {
        decide: () => ({ accept: true, tap: seen }),
        limits: { bufferedBytesHighWaterMark: 4 },
      },
      () => ({ drain: () => drained.push('drain') }),
    );
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    const letGo = seen.line?.hold();
    expect(ours.send('more than four')).toBe(false);
    ours.pause();
    ours.resume();
    await new Promise((resolve) => setImmediate(resolve));
    expect(drained).toEqual([]);
    letGo?.();
    await peer.until(({ received }) => received.length === 16);
    await new Promise((resolve) => setImmediate(resolve));
    expect(drained).toEqual(['drain']);
    const second = seen.line?.hold();
    ours.close(1000);
    second?.();
    peer.socket.write(close(1000));
    await peer.untilEnd();
    peer.socket.end();
    expect(await closed()).toMatchObject({ code: 1000 });
  });
});
