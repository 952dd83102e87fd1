// A client under test: that of the package ws.
import WebSocket from 'ws';
import { playAll, testerUrl } from './case-loop.mjs';
import { WS_LIMITS } from './engine-limits.ts';

const readOne = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.on('message', (data) => resolve(String(data)));
    socket.on('error', reject);
  });

const echo = (url: string): Promise<void> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url, {
      ...WS_LIMITS,
      perMessageDeflate: { threshold: 0 },
    });
    socket.on('error', () => undefined);
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    socket.on('close', () => resolve());
  });

await playAll(testerUrl(), { readOne, echo });
