// A raw peer, client or server, that ends its connection in the middle of anything: the stage at which and the way in which are rolled, from
// a seed. leaks.ts opens thousands of them and looks for what they leave behind.
import { once } from 'node:events';
import net from 'node:net';
import { maskedFrame, upgradeRequest } from './raw-peer.ts';
import { closePayload, deflated, frameFor } from './wire-bytes.ts';
import { acceptance } from './wire-end.ts';

const EXTENSION = 'Sec-WebSocket-Extensions: permessage-deflate';

const STAGES = [
  'before the head',
  'in the head',
  'behind the head',
  'open',
  'in a header',
  'in a frame',
  'in fragments',
  'in a compressed message',
  'after messages',
  'after a mistake',
  'closing',
] as const;
const ENDINGS = ['reset', 'FIN', 'clean'] as const;
type Stage = (typeof STAGES)[number];
type Ending = (typeof ENDINGS)[number];

let state = 1;

/** All of them come from this number, in the same order. */
export function beginAt(seed: number): void {
  state = seed;
}

export function roll(below: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state >>> 8) % below;
}

export function pick<T>(values: readonly T[]): T {
  const value = values[roll(values.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
}

/** What is sent behind the handshake up to that stage. */
function bytesFor(role: 'server' | 'client', stage: Stage): Buffer {
  const frame = (opcode: number, payload: Uint8Array, more: { fin?: boolean; rsv?: number } = {}): Buffer =>
    frameFor(role, { opcode, payload, ...more });
  const some = Buffer.alloc(roll(3000), 'words ');
  const packed = deflated(some);
  switch (stage) {
    case 'in a header':
      return frame(1, some).subarray(0, 1 + roll(3));
    case 'in a frame':
      return frame(2, Buffer.alloc(5000)).subarray(0, 20 + roll(4000));
    case 'in fragments':
      return Buffer.concat([
        frame(1, some, { fin: false }),
        frame(9, Buffer.from('p')),
        frame(0, some, { fin: false }),
      ]);
    case 'in a compressed message': {
      const half = packed.length >> 1;
      const begun = frame(2, packed.subarray(0, half), { fin: false, rsv: 4 });
      return Buffer.concat([frame(1, packed, { rsv: 4 }), begun]);
    }
    case 'after messages':
      return Buffer.concat([
        frame(1, some),
        frame(1, packed, { rsv: 4 }),
        frame(2, some),
        frame(9, Buffer.from('p')),
      ]);
    case 'after a mistake':
      return frame(pick([3, 7, 11]), some);
    case 'closing':
      return frame(8, closePayload(1000));
    default:
      return Buffer.alloc(0);
  }
}

/** Ends a raw socket that way and waits for its end. */
async function end(socket: net.Socket, ending: Ending, closeFrame: Buffer): Promise<void> {
  if (!socket.destroyed) {
    socket.resume();
    if (ending === 'reset') socket.resetAndDestroy();
    else if (ending === 'FIN' || closeFrame.length === 0) socket.end();
    else {
      socket.write(closeFrame);
      // A client waits for the server to end TCP; a server ends it once the Close frame has come.
      socket.once('end', () => socket.end());
      socket.once('data', () => socket.end());
    }
  }
  if (!socket.closed) await once(socket, 'close').catch(() => undefined);
}

function onceDataOrGone(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('data', () => resolve());
    socket.once('close', () => resolve());
    socket.once('end', () => resolve());
  });
}

/** A raw client at a server of ours. */
export async function visit(port: number): Promise<void> {
  const stage = pick(STAGES);
  const ending = pick(ENDINGS);
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect').catch(() => undefined);
  const request = upgradeRequest(roll(2) === 0 ? [EXTENSION] : []);
  if (stage === 'in the head') socket.write(request.slice(0, 1 + roll(request.length - 2)));
  else if (stage !== 'before the head') {
    const bytes = bytesFor('server', stage);
    socket.write(roll(2) === 0 ? request : Buffer.concat([Buffer.from(request), bytes]));
    if (stage !== 'behind the head') await onceDataOrGone(socket);
    if (bytes.length > 0 && socket.writable) {
      socket.write(bytes);
      if (roll(2) === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const isOpen = stage === 'open' || stage === 'after messages';
  await end(
    socket,
    ending,
    isOpen ? maskedFrame({ opcode: 8, payload: closePayload(1000) }) : Buffer.alloc(0),
  );
}

/** What a raw server does to a client of ours. */
export function answer(socket: net.Socket): void {
  const stage = pick(STAGES);
  const ending = pick(ENDINGS);
  let head = '';
  socket.on('error', () => undefined);
  const begin = (): void => {
    const accepted = acceptance(head, head.includes('permessage-deflate') ? 'permessage-deflate' : undefined);
    if (stage === 'in the head') socket.write(accepted.subarray(0, roll(accepted.length - 1)));
    else if (stage !== 'before the head') socket.write(Buffer.concat([accepted, bytesFor('client', stage)]));
    const isOpen = stage === 'open' || stage === 'after messages';
    const closeFrame = isOpen
      ? frameFor('client', { opcode: 8, payload: closePayload(1000) })
      : Buffer.alloc(0);
    setImmediate(() => end(socket, ending, closeFrame));
  };
  const read = (chunk: Buffer): void => {
    head += chunk.toString('latin1');
    if (!head.includes('\r\n\r\n')) return;
    socket.off('data', read);
    begin();
  };
  socket.on('data', read);
  // Whoever gives up in the middle of the head is let go.
  socket.on('end', () => socket.end());
}
