// permessage-deflate between our ends and those of `ws`, in every combination of its parameters.
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket, { WebSocketServer as WsServer } from 'ws';
import type { DeflateAgreement } from '../core/deflate-offer.ts';
import { atEnd, eventually, listen } from '../testing/loopback.ts';
import { connect } from './client.ts';
import type { DeflateOptions } from './deflate.ts';
import { rawDeflate } from './raw-deflate.ts';
import { canUseZlibHandle } from './zlib-handle.ts';

const WIDE = { messageBytesMax: 16 * 1024 * 1024, inflationRatioMax: 0 };

/** A source of the same bytes in every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}

type Payload = string | Buffer;

/** From very compressible to not at all: JSON, prose, a picture's rows, zeros, noise; small and large, and empty ones. */
function payloads(count: number, bytesMax: number, seed = 1): Payload[] {
  const roll = dice(seed);
  return Array.from({ length: count }, (_, i) => {
    const bytes = i % 17 === 0 ? 0 : roll() % bytesMax;
    const word = (): string => ['room', '消息', 'entry', 'author', '😀', 'says', 'nothing'][roll() % 7] ?? '';
    const fill = (piece: () => string): string => {
      let text = '';
      while (text.length < bytes) text += piece();
      return text;
    };
    switch (i % 5) {
      case 0:
        return fill(() => JSON.stringify({ seq: roll(), author: word(), text: `${word()} ${word()}` }));
      case 1:
        return fill(() => `${word()} `);
      case 2:
        return Buffer.from(Array.from({ length: bytes }, (_, x) => (x % 64) * ((x >> 6) % 4)));
      case 3:
        return Buffer.alloc(bytes);
      default:
        return Buffer.from(Array.from({ length: bytes }, () => roll() & 0xff));
    }
  });
}

const same = (data: unknown, isBinary: boolean, sent: Payload | undefined): boolean =>
  Buffer.isBuffer(data) && isBinary === Buffer.isBuffer(sent) && data.equals(Buffer.from(sent ?? 'missing'));

interface Outcome {
  /** How many messages came back as they were sent, in order. */
  readonly echoed: number;
  readonly compression: DeflateAgreement | undefined;
}

/** Our server echoes to a client of ws. */
async function throughOurServer(
  ours: DeflateOptions,
  theirs: WebSocket.PerMessageDeflateOptions,
  messages: readonly Payload[],
): Promise<Outcome> {
  const { url, connection } = await listen({ perMessageDeflate: ours, limits: WIDE });
  const client = new WebSocket(url, { perMessageDeflate: theirs });
  atEnd(() => client.terminate());
  await once(client, 'open');
  let echoed = 0;
  const done = new Promise<void>((resolve, reject) => {
    client.on('error', reject);
    client.on('close', (code) => reject(new Error(`closed with ${code} after ${echoed}`)));
    client.on('message', (data, isBinary) => {
      if (!same(data, isBinary, messages[echoed]))
        reject(new Error(`message ${echoed} is not as it was sent`));
      echoed += 1;
      if (echoed === messages.length) resolve();
    });
  });
  for (const message of messages) client.send(message);
  await done;
  return { echoed, compression: (await connection()).compression };
}

/** A server of ws echoes to our client. */
async function throughTheirServer(
  ours: DeflateOptions,
  theirs: WebSocket.PerMessageDeflateOptions,
  messages: readonly Payload[],
): Promise<Outcome> {
  const server = new WsServer({ port: 0, host: '127.0.0.1', perMessageDeflate: theirs });
  await once(server, 'listening');
  atEnd(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  server.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = await connect(`ws://127.0.0.1:${port}/`, { perMessageDeflate: ours, limits: WIDE });
  let echoed = 0;
  await new Promise<void>((resolve, reject) => {
    client.handle({
      close: ({ code, error }) => reject(new Error(`closed with ${code} after ${echoed}: ${error?.message}`)),
      message: ({ kind, data }) => {
        if (!same(data, kind === 'binary', messages[echoed]))
          reject(new Error(`message ${echoed} is not as it was sent`));
        echoed += 1;
        if (echoed === messages.length) resolve();
      },
    });
    for (const message of messages) client.send(message);
  });
  client.handle({});
  client.close();
  return { echoed, compression: client.compression };
}

describe.each([
  { way: 'by the handle', usesHandle: true },
  { way: 'by documented functions', usesHandle: false },
])('compression $way', ({ usesHandle }) => {
  beforeEach(() => {
    rawDeflate.usesHandle = usesHandle;
  });
  afterEach(() => {
    rawDeflate.usesHandle = canUseZlibHandle();
  });

  it.each([8, 9, 10, 11, 12, 13, 14, 15])(
    '[D4] [D5] [D9] windows of %i bits, with takeover and without',
    async (bits) => {
      const messages = payloads(12, 40_000, bits);
      for (const flag of [false, true]) {
        const ours = { thresholdBytes: 0, serverMaxWindowBits: bits, clientMaxWindowBits: bits };
        const flags = { serverNoContextTakeover: flag, clientNoContextTakeover: flag };
        const server = await throughOurServer({ ...ours, ...flags }, { threshold: 0 }, messages);
        expect(server.echoed).toBe(messages.length);
        // A client of ws says that its window can be limited, unless told otherwise.
        const agreed = { serverMaxWindowBits: bits, clientMaxWindowBits: bits, ...flags };
        expect(server.compression).toEqual(agreed);
        const client = await throughTheirServer({ ...ours, ...flags }, { threshold: 0 }, messages);
        expect(client.echoed).toBe(messages.length);
        expect(client.compression).toEqual(agreed);
      }
    },
  );

  it.each([8, 9, 12, 15])('[D4] [D9] what ws imposes, windows of %i bits', async (bits) => {
    const messages = payloads(12, 40_000, bits + 100);
    for (const flag of [false, true]) {
      const theirs = {
        threshold: 0,
        serverMaxWindowBits: bits,
        clientMaxWindowBits: bits,
        serverNoContextTakeover: flag,
        clientNoContextTakeover: flag,
      };
      await throughOurServer({ thresholdBytes: 0 }, theirs, messages);
      const { compression } = await throughTheirServer({ thresholdBytes: 0 }, theirs, messages);
      expect(compression).toMatchObject({ serverMaxWindowBits: bits, clientMaxWindowBits: bits });
    }
  });
});

describe('long streams', () => {
  const messages = payloads(1000, 3000);

  it.each([
    { flag: false, bits: 15 },
    { flag: true, bits: 15 },
    { flag: false, bits: 9 },
    { flag: true, bits: 9 },
  ])(
    '[D11] a thousand messages in order, both roles: $bits bits, no takeover $flag',
    async ({ flag, bits }) => {
      const ours = {
        serverMaxWindowBits: bits,
        clientMaxWindowBits: bits,
        serverNoContextTakeover: flag,
        clientNoContextTakeover: flag,
      };
      expect((await throughOurServer(ours, {}, messages)).echoed).toBe(1000);
      expect((await throughTheirServer(ours, {}, messages)).echoed).toBe(1000);
    },
  );

  it('[D11] messages of many sizes, up to 4 MiB', async () => {
    const sizes = [1, 16, 64, 256, 1024, 65_535, 65_536, 65_537, 1 << 20, 4 << 20];
    const large = sizes.map((bytes) => Buffer.alloc(bytes, 'wireroom '));
    await throughOurServer({ thresholdBytes: 0 }, { threshold: 0 }, large);
    await throughTheirServer({ thresholdBytes: 0 }, { threshold: 0 }, large);
  });

  it('[D11] fragments of ws, compressed as one message', async () => {
    const texts: string[] = [];
    const { url } = await listen({ perMessageDeflate: true }, () => ({
      message: (message) => texts.push(message.text()),
    }));
    const client = new WebSocket(url, { perMessageDeflate: { threshold: 0 } });
    atEnd(() => client.terminate());
    await once(client, 'open');
    for (let i = 0; i < 3; i++) {
      client.send('one and one, ', { fin: false });
      client.send('', { fin: false });
      client.send('and one again', { fin: true });
    }
    await eventually(() => texts.length === 3);
    expect(new Set(texts)).toEqual(new Set(['one and one, and one again']));
  });
});
