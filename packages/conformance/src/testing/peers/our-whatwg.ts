// A client under test: our WebSocket of browsers.
import { WebSocket } from '@wireroom/websocket/whatwg';
import { playAll, testerUrl } from './case-loop.mjs';
import { ENGINE_LIMITS } from './engine-limits.ts';

const readOne = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.onmessage = ({ data }) => resolve(String(data));
    socket.onerror = reject;
  });

const echo = (url: string): Promise<void> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url, [], {
      limits: ENGINE_LIMITS,
      perMessageDeflate: { thresholdBytes: 0 },
    });
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => socket.send(data);
    socket.onclose = () => resolve();
  });

await playAll(testerUrl(), { readOne, echo });
