// Which requests of Socket.IO belong to which recording, and when that ends: with requests in the test's hand.
import { IncomingMessage, ServerResponse } from 'node:http';
import net from 'node:net';
import { expect, it } from 'vitest';
import { BODY_CHARACTERS_MAX, SocketIoRecordings } from './socketio-recording.ts';

function make() {
  const told: string[] = [];
  const bodies: string[] = [];
  const recordings = new SocketIoRecordings(
    () => {
      told.push('begun');
      return {
        connectionId: 'c_1',
        verdict: () => {},
        belongsTo: () => {},
        follows: () => {},
        unfollows: () => {},
        resumed: () => {},
        polled: ({ direction, body }) => {
          told.push(`poll ${direction}`);
          bodies.push(body);
        },
        note: (id) => told.push(id),
        read: () => told.push('read'),
        close: (event) => told.push(`close ${event?.code ?? 'without a code'}`),
      };
    },
    () => {},
  );
  const request = (method: string, query: string): IncomingMessage =>
    Object.assign(new IncomingMessage(new net.Socket()), {
      method,
      httpVersion: '1.1',
      url: `/socket.io/?EIO=4&record=1${query}`,
    });
  const poll = (asked: IncomingMessage): ServerResponse => {
    const response = new ServerResponse(asked);
    recordings.poll(asked, response);
    return response;
  };
  return { told, bodies, recordings, request, poll };
}

it('[I11] a first request that is refused leaves no recording open', () => {
  const { told, request, poll } = make();
  const response = poll(request('GET', '&transport=polling'));
  response.writeHead(403).end();
  response.emit('close');
  expect(told).toEqual(['begun', 'poll in', 'poll out', 'close without a code']);
});

it('[I11] a probe that fails ends nothing, a WebSocket that took over does, and a second one is not mixed in', () => {
  const { told, request, poll, recordings } = make();
  const socket = new net.Socket();
  const ended = { code: 1001, reason: '', wasClean: true };
  for (const hasTakenOver of [false, true]) {
    told.length = 0;
    const first = request('GET', '&transport=polling');
    const response = poll(first);
    recordings.connected('s1', first);
    response.emit('close');
    const upgrade = request('GET', '&transport=websocket&sid=s1');
    const tap = recordings.tapFor(upgrade, socket);
    expect(recordings.tapFor(upgrade, socket)).toBeUndefined();
    tap?.read?.(Buffer.alloc(1));
    if (hasTakenOver) recordings.upgraded('s1');
    tap?.close?.(ended);
    recordings.closed('s1');
    const ends = hasTakenOver ? ['close 1001'] : ['probe-failed'];
    expect(told).toEqual(['begun', 'poll in', 'read', ...ends, 'close without a code']);
  }
});

it('[I11] of a body so much is kept and no more', () => {
  const { bodies, request, poll, recordings } = make();
  const first = request('GET', '');
  poll(first);
  recordings.connected('s1', first);
  const post = request('POST', '&sid=s1');
  const response = poll(post);
  for (let i = 0; i < 5; i++) post.emit('data', 'x'.repeat(BODY_CHARACTERS_MAX / 4));
  post.emit('end');
  response.end('y'.repeat(2 * BODY_CHARACTERS_MAX));
  expect(bodies.map((body) => body.length)).toEqual([0, BODY_CHARACTERS_MAX + 1, BODY_CHARACTERS_MAX + 1]);
  expect(bodies[1]?.endsWith('x…')).toBe(true);
});
