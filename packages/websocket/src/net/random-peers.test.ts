// Random sequences of messages between our ends and those of others, which share no line with us: `ws` in both roles, and the
// client inside Node. With and without compression; what arrives is compared by its content.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import WebSocket, { WebSocketServer as WsServer } from 'ws';
import { type Connection, type ConnectionHandlers, connect, prepare } from '../index.ts';
import { atEnd, eventually, listen } from '../testing/loopback.ts';
import { nodeWithWebSocket } from '../testing/node-with-websocket.ts';
import { runs, runsTimeoutMs } from '../testing/random-runs.ts';
import { cutAt, nameOf } from '../testing/wire-bytes.ts';

const LIMITS = { messageBytesMax: 1024 * 1024, controlFramesPerSecondMax: 100_000, inflationRatioMax: 0 };

interface Sent {
  readonly data: string | Buffer;
  /** Where it is cut into fragments. */
  readonly places: readonly number[];
  readonly hasPing: boolean;
  readonly compress: boolean;
  readonly isPrepared: boolean;
}

function noise(size: number, seed: number): Buffer {
  let state = seed;
  return Buffer.from(
    Uint8Array.from({ length: size }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    }),
  );
}

const size = fc.oneof(
  { weight: 5, arbitrary: fc.nat(300) },
  { weight: 1, arbitrary: fc.integer({ min: 65_533, max: 65_538 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1000, max: 200_000 }) },
);
const data = fc.oneof(
  fc.tuple(size, fc.nat()).map(([bytes, seed]) => noise(bytes, seed)),
  size.map((bytes) => Buffer.alloc(bytes)),
  size.map((chars) => 'the same words, 同样的话 😀 '.repeat(Math.ceil(chars / 24))),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
);
const sequence = fc.array(
  fc.record({
    data,
    places: fc.oneof(fc.constant<number[]>([]), fc.array(fc.nat(200_000), { maxLength: 3 })),
    hasPing: fc.boolean(),
    compress: fc.boolean(),
    isPrepared: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

const inWords = (payload: Uint8Array, isBinary: boolean): string =>
  `${isBinary ? 'b' : 't'}:${nameOf(payload)}`;
const wordsOf = (messages: readonly Sent[]): string[] =>
  messages.map((one) => inWords(Buffer.from(one.data), typeof one.data !== 'string'));

/** The pieces of a message; a text's are cut anywhere, also inside a character. */
function piecesOf({ data: whole, places }: Sent): Buffer[] {
  const pieces = cutAt(Buffer.from(whole), places);
  return pieces.length === 0 ? [Buffer.alloc(0)] : pieces;
}

function sendOurs(connection: Connection, messages: readonly Sent[]): void {
  for (const one of messages) {
    const { data: whole, compress, isPrepared } = one;
    const pieces = piecesOf(one);
    const kind = typeof whole === 'string' ? 'text' : 'binary';
    if (pieces.length > 1) {
      pieces.forEach((piece, i) => {
        connection.sendPart(piece, { kind, isLast: i === pieces.length - 1 });
        if (one.hasPing) connection.ping('between');
      });
    } else if (isPrepared) connection.send(prepare(whole));
    else connection.send(whole, { compress });
    if (one.hasPing) connection.ping();
  }
}

function sendTheirs(client: WebSocket, messages: readonly Sent[]): void {
  for (const one of messages) {
    const pieces = piecesOf(one);
    const binary = typeof one.data !== 'string';
    pieces.forEach((piece, i) => {
      client.send(piece, { binary, fin: i === pieces.length - 1, compress: one.compress });
      if (one.hasPing) client.ping('between');
    });
  }
}

/** Both send at once; both must read what the other sent. */
async function talk(
  ours: Connection,
  theirs: WebSocket,
  toThem: readonly Sent[],
  toUs: readonly Sent[],
): Promise<void> {
  const read: { ours: string[]; theirs: string[] } = { ours: [], theirs: [] };
  let ended: unknown;
  const handlers: ConnectionHandlers = {
    message: ({ kind, data: payload }) => read.ours.push(inWords(payload, kind === 'binary')),
    close: (event) => {
      ended = event;
    },
  };
  ours.handle(handlers);
  theirs.on('message', (payload: Buffer, isBinary) => read.theirs.push(inWords(payload, isBinary)));
  theirs.on('error', (error) => {
    ended = error;
  });
  sendOurs(ours, toThem);
  sendTheirs(theirs, toUs);
  await eventually(
    () => ended !== undefined || (read.ours.length >= toUs.length && read.theirs.length >= toThem.length),
  );
  expect(ended).toBeUndefined();
  expect(read.theirs).toEqual(wordsOf(toThem));
  expect(read.ours).toEqual(wordsOf(toUs));
}

const DEFLATES = [
  { what: 'plain', ours: false, theirs: false },
  { what: 'compressed', ours: { thresholdBytes: 0 }, theirs: { threshold: 0 } },
  {
    what: 'compressed, small windows and no takeover',
    ours: { thresholdBytes: 100, serverMaxWindowBits: 9, clientNoContextTakeover: true },
    theirs: { threshold: 10, serverNoContextTakeover: true, clientMaxWindowBits: 10 },
  },
] as const;

describe.each(DEFLATES)('random messages, $what', ({ ours, theirs }) => {
  it(
    '[W24] [D9] [D11] our server and the client of ws',
    async () => {
      let connected: (connection: Connection) => void = () => undefined;
      const { url } = await listen({
        perMessageDeflate: ours,
        limits: LIMITS,
        onConnection: (connection) => connected(connection),
      });
      await fc.assert(
        fc.asyncProperty(sequence, sequence, async (toThem, toUs) => {
          const accepted = new Promise<Connection>((resolve) => {
            connected = resolve;
          });
          const client = new WebSocket(url, { perMessageDeflate: theirs });
          const [connection] = await Promise.all([accepted, once(client, 'open')]);
          await talk(connection, client, toThem, toUs);
          client.terminate();
        }),
        runs(15),
      );
    },
    runsTimeoutMs(),
  );

  it(
    '[W24] [D9] [D11] our client and the server of ws',
    async () => {
      const server = new WsServer({ port: 0, host: '127.0.0.1', perMessageDeflate: theirs });
      await once(server, 'listening');
      atEnd(() => void server.close());
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      await fc.assert(
        fc.asyncProperty(sequence, sequence, async (toThem, toUs) => {
          const accepted = once(server, 'connection');
          const connection = await connect(`ws://127.0.0.1:${port}/`, {
            perMessageDeflate: ours,
            limits: LIMITS,
          });
          const [socket] = await accepted;
          await talk(connection, socket, toThem, toUs);
          socket.terminate();
        }),
        runs(15),
      );
    },
    runsTimeoutMs(),
  );
});

const node = nodeWithWebSocket();

// Node 20 has no such client, and `npm run matrix` has brought no other Node.
describe.skipIf(node === undefined)('the client inside Node', () => {
  it.each(DEFLATES)(
    '[W24] [D9] reads random messages and sends them back, $what',
    async ({ ours }) => {
      const program = fileURLToPath(new URL('../testing/node-client.mjs', import.meta.url));
      const heard: string[] = [];
      const { url, connection, closed } = await listen({ perMessageDeflate: ours, limits: LIMITS }, () => ({
        message: ({ kind, data: payload }) => heard.push(inWords(payload, kind === 'binary')),
      }));
      const said = new Promise<string>((resolve) => {
        execFile(node ?? '', [program, url], (_error, stdout) => resolve(stdout));
      });
      const theirs = await connection();
      await fc.assert(
        fc.asyncProperty(sequence, async (messages) => {
          heard.length = 0;
          sendOurs(theirs, messages);
          await eventually(() => heard.length >= messages.length || theirs.state !== 'open');
          expect(heard).toEqual(wordsOf(messages));
        }),
        runs(15),
      );
      theirs.close(4001, 'enough');
      expect(JSON.parse(await said)).toEqual({ code: 4001, reason: 'enough', wasClean: true });
      expect(await closed()).toMatchObject({ code: 4001, wasClean: true });
    },
    runsTimeoutMs(),
  );
});
