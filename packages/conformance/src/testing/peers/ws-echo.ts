// What a server and a client of the ws API do under test, whichever package has it: ws itself, or our own behind the same API.
import type WebSocket from 'ws';
import type { WebSocketServer } from 'ws';
import { playAll, testerUrl } from './case-loop.mjs';
import { WS_LIMITS } from './engine-limits.ts';

const OPTIONS = { ...WS_LIMITS, perMessageDeflate: { threshold: 0 } };

/** Echoes, and says its port in one line. */
export function serve(Server: typeof WebSocketServer): void {
  const server = new Server({ port: 0, host: '127.0.0.1', ...OPTIONS });
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  server.on('listening', () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null) process.stdout.write(`${address.port}\n`);
  });
}

/** Comes for every case and echoes. */
export async function play(Client: typeof WebSocket): Promise<void> {
  const readOne = (url: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = new Client(url);
      socket.on('message', (data) => resolve(String(data)));
      socket.on('error', reject);
    });
  const echo = (url: string): Promise<void> =>
    new Promise((resolve) => {
      const socket = new Client(url, OPTIONS);
      socket.on('error', () => undefined);
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
      socket.on('close', () => resolve());
    });
  await playAll(testerUrl(), { readOne, echo });
}
