// A server that is nothing but bytes, for tests of clients: a test reads each request and writes each answer. For tests
// only.
import { once } from 'node:events';
import net from 'node:net';
import { acceptSteps } from '../core/handshake.ts';
import { WireError } from '../core/wire-error.ts';
import { atEnd, eventually } from './loopback.ts';
import { RawPeer } from './raw-peer.ts';

/** A connection whose request was taken out of what it received. */
export interface Asked {
  readonly peer: RawPeer;
  readonly request: string;
  readonly accept: string;
}

export interface RawServer {
  readonly port: number;
  readonly url: string;
  /** The first connection, or the one with this index. */
  peer(index?: number): Promise<Asked>;
}

export async function rawServer(): Promise<RawServer> {
  const peers: RawPeer[] = [];
  const server = net.createServer({ allowHalfOpen: true }, (socket) => peers.push(new RawPeer(socket)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => {
    for (const { socket } of peers) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    url: `ws://127.0.0.1:${port}/`,
    async peer(index = 0) {
      await eventually(() => peers.length > index);
      const peer = peers[index];
      if (peer === undefined) throw new Error('no peer');
      const request = await peer.takeHead();
      const key = /Sec-WebSocket-Key: (.*)\r\n/.exec(request)?.[1] ?? '';
      return { peer, request, accept: acceptSteps(key).accept };
    },
  };
}

/** An answer that accepts. */
export function acceptance(accept: string, extra = ''): string {
  return `HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${extra}\r\n`;
}

/** The WireError that a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<WireError> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof WireError)) throw error;
  return error;
}
