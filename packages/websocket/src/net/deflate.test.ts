// Compression on a connection, in bytes: what a server takes and sends once permessage-deflate is agreed on.
import { once } from 'node:events';
import net from 'node:net';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FrameParser } from '../core/frame-parser.ts';
import { acceptSteps, writeAcceptance } from '../core/handshake.ts';
import type { Message } from '../core/message.ts';
import { OPCODE, RSV1 } from '../core/opcode.ts';
import { atEnd, eventually, type Loopback, listen } from '../testing/loopback.ts';
import { ask, close, maskedFrame, RawPeer, upgradeRequest } from '../testing/raw-peer.ts';
import { connect } from './client.ts';
import { deflateSettings } from './deflate.ts';
import { prepare } from './prepared-message.ts';
import { rawDeflate } from './raw-deflate.ts';
import type { WebSocketServerOptions } from './server.ts';
import type { FrameInfo } from './tap.ts';

const OFFER = 'Sec-WebSocket-Extensions: permessage-deflate';
const HELLO = Buffer.from('f248cdc9c90700', 'hex');

async function agree(
  options: Partial<WebSocketServerOptions> = {},
  offer = OFFER,
): Promise<Loopback & { readonly peer: RawPeer }> {
  const loopback = await listen({ perMessageDeflate: { thresholdBytes: 0 }, ...options });
  return { ...loopback, peer: await RawPeer.upgrade(loopback.port, [offer]) };
}

function compressed(payload: Buffer, opcode: number = OPCODE.text): Buffer {
  return maskedFrame({ opcode, rsv: RSV1, payload });
}

function deflated(data: string | Buffer): Buffer {
  const flushed = zlib.deflateRawSync(data, { finishFlush: zlib.constants.Z_SYNC_FLUSH });
  return flushed.subarray(0, -4);
}

/** What came, as `opcode:hex`, with a `c` where RSV1 is set. Close frames as their code. */
function frames(peer: RawPeer): string[] {
  const parser = new FrameParser('client', RSV1);
  parser.push(Buffer.from(peer.received));
  const found: string[] = [];
  for (let part = parser.next(); part !== undefined; part = parser.next()) {
    if (!part.isLast) break;
    if (part.opcode === OPCODE.close) found.push(`close ${part.payload.readUInt16BE()}`);
    else found.push(`${part.opcode}${part.rsv === RSV1 ? 'c' : ''}:${part.payload.toString('hex')}`);
  }
  return found;
}

/** The address of a server that knows one answer, with the right key. */
async function answerWith(extension: string): Promise<string> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (request: Buffer) => {
      const [, key = ''] = /Sec-WebSocket-Key: (\S+)/.exec(request.toString()) ?? [];
      socket.write(writeAcceptance(acceptSteps(key).accept, '', {}, extension));
    });
    atEnd(() => {
      socket.destroy();
    });
  });
  atEnd(() => {
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `ws://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
}

/** The code of the Close frame after these bytes, and of the error on the server. */
async function refusal(bytes: Buffer, options: Partial<WebSocketServerOptions> = {}): Promise<string> {
  const { peer, closed } = await agree(options);
  peer.socket.write(bytes);
  await peer.untilEnd();
  peer.socket.end();
  const { error } = await closed();
  return `${frames(peer).at(-1)} ${error?.code}`;
}

describe('the handshake', () => {
  it('[D1] is silent about compression unless it is switched on and offered', async () => {
    const off = await listen();
    const on = await listen({ perMessageDeflate: true });
    const head = async (port: number, ...headers: string[]): Promise<string> => {
      const peer = await RawPeer.dial(port);
      peer.socket.write(upgradeRequest(headers));
      const answer = await peer.takeHead();
      peer.socket.destroy();
      return answer;
    };
    expect(await head(off.port, OFFER)).not.toContain('Extensions');
    expect(await head(on.port)).not.toContain('Extensions');
    expect(await head(on.port, `${OFFER}; nonsense`)).not.toContain('Extensions');
    expect(await head(on.port, OFFER)).toContain('\r\nSec-WebSocket-Extensions: permessage-deflate\r\n');
    expect(off.connections.map(({ compression }) => compression)).toEqual([undefined]);
    expect(on.connections[2]?.compression).toEqual({
      serverNoContextTakeover: false,
      clientNoContextTakeover: false,
      serverMaxWindowBits: 15,
      clientMaxWindowBits: 15,
    });
  });

  it('[D2] refuses a malformed list with 400, also where compression is off', async () => {
    for (const perMessageDeflate of [false, true]) {
      const { port, errors } = await listen({ perMessageDeflate });
      const answer = await ask(port, upgradeRequest(['Sec-WebSocket-Extensions: permessage-deflate; =']));
      expect(answer).toContain('HTTP/1.1 400 ');
      expect(errors.map(({ code }) => code)).toEqual(['extensions-malformed']);
    }
  });

  it('[D7] an answer that does not fit fails the client', async () => {
    for (const [extension, code] of [
      ['permessage-deflate; server_max_window_bits=1000000000', 'extension-acceptance-invalid'],
      ['permessage-deflate', 'extension-acceptance-invalid'],
      ['permessage-deflate; server_max_window_bits=10; x', 'extension-acceptance-invalid'],
      ['permessage-deflate; server_max_window_bits=10, other', 'extension-unoffered'],
      ['permessage-deflate; ;', 'extensions-malformed'],
      ['permessage-deflate; server_max_window_bits=10', undefined],
    ] as const) {
      const attempt = connect(await answerWith(extension), {
        perMessageDeflate: { serverMaxWindowBits: 10 },
      });
      if (code !== undefined) await expect(attempt, extension).rejects.toMatchObject({ code });
      else expect((await attempt).compression).toMatchObject({ serverMaxWindowBits: 10 });
    }
  });

  it('settings out of range are mistakes of the program', () => {
    expect(deflateSettings(false)).toBeUndefined();
    expect(deflateSettings(true)).toEqual({ wishes: {}, thresholdBytes: 1024, level: 3, memLevel: 8 });
    for (const bad of [
      { level: 10 },
      { level: -1 },
      { memLevel: 0 },
      { serverMaxWindowBits: 7 },
      { clientMaxWindowBits: 16 },
      { serverMaxWindowBits: 9.5 },
      { thresholdBytes: -1 },
    ]) {
      expect(() => deflateSettings(bad), JSON.stringify(bad)).toThrow(RangeError);
    }
  });
});

describe('receiving', () => {
  it('[D11] takes the examples of RFC 7692 section 7.2.3: whole, in fragments, with history, beside plain ones', async () => {
    const messages: string[] = [];
    const { port } = await listen({ perMessageDeflate: true }, () => ({
      message: ({ kind, data }) => messages.push(`${kind} ${data}`),
      ping: (payload) => messages.push(`ping ${payload}`),
    }));
    const peer = await RawPeer.upgrade(port, [OFFER]);
    peer.socket.write(
      Buffer.concat([
        compressed(HELLO),
        maskedFrame({ opcode: OPCODE.text, rsv: RSV1, fin: false, payload: HELLO.subarray(0, 3) }),
        maskedFrame({ opcode: OPCODE.ping, payload: Buffer.from('p') }),
        maskedFrame({ opcode: OPCODE.continuation, fin: false }),
        maskedFrame({ opcode: OPCODE.continuation, payload: HELLO.subarray(3) }),
        maskedFrame({ opcode: OPCODE.text, payload: Buffer.from('plain') }),
        compressed(Buffer.from('f200110000', 'hex')),
        compressed(Buffer.from('00', 'hex'), OPCODE.binary),
        compressed(Buffer.alloc(0), OPCODE.binary),
        compressed(Buffer.from('f348cdc9c9070000', 'hex')),
        maskedFrame({ opcode: OPCODE.text, rsv: RSV1, fin: false, payload: HELLO }),
        maskedFrame({ opcode: OPCODE.continuation }),
        close(1000),
      ]),
    );
    await peer.untilEnd();
    peer.socket.end();
    expect(messages).toEqual([
      'text Hello',
      'ping p',
      'text Hello',
      'text plain',
      'text Hello',
      'binary ',
      'binary ',
      'text Hello',
      'text Hello',
    ]);
  });

  it('[W24] however the bytes are cut', async () => {
    const messages: string[] = [];
    const { port } = await listen({ perMessageDeflate: true }, () => ({
      message: (message) => messages.push(message.text()),
    }));
    const slow = await RawPeer.upgrade(port, [OFFER]);
    const text = 'Wasser, Brot und 😀; '.repeat(20);
    await slow.writeBytewise(Buffer.concat([compressed(deflated(text)), compressed(HELLO), close(1000)]));
    await slow.untilEnd();
    slow.socket.end();
    expect(messages).toEqual([text, 'Hello']);
  });

  it('[D10] RSV1 on a continuation or a control frame is 1002, also with an agreement', async () => {
    const first = maskedFrame({ opcode: OPCODE.text, rsv: RSV1, fin: false, payload: HELLO.subarray(0, 2) });
    const plainFirst = maskedFrame({ opcode: OPCODE.text, fin: false, payload: Buffer.from('x') });
    const rest = maskedFrame({ opcode: OPCODE.continuation, rsv: RSV1, payload: HELLO.subarray(2) });
    expect(await refusal(Buffer.concat([first, rest]))).toBe('close 1002 reserved-bits');
    expect(await refusal(Buffer.concat([plainFirst, rest]))).toBe('close 1002 reserved-bits');
    for (const opcode of [OPCODE.ping, OPCODE.pong, OPCODE.close]) {
      expect(await refusal(maskedFrame({ opcode, rsv: RSV1 }))).toBe('close 1002 reserved-bits');
    }
    for (const rsv of [1, 2, 3, 5, 6, 7]) {
      expect(await refusal(maskedFrame({ opcode: OPCODE.text, rsv, payload: HELLO }))).toBe(
        'close 1002 reserved-bits',
      );
    }
  });

  it('[D10] without an agreement RSV1 is 1002', async () => {
    expect(await refusal(compressed(HELLO), { perMessageDeflate: false })).toBe('close 1002 reserved-bits');
  });

  it('[D12] bad data is 1007', async () => {
    expect(await refusal(compressed(Buffer.from('ffff', 'hex')))).toBe('close 1007 deflate-data-invalid');
    // Back into a history that is not there.
    expect(await refusal(compressed(Buffer.from('f200110000', 'hex')))).toBe(
      'close 1007 deflate-data-invalid',
    );
  });

  it('[D12] where the client promised no takeover, there is no history to look back into', async () => {
    const { peer, closed } = await agree({}, `${OFFER}; client_no_context_takeover`);
    peer.socket.write(
      Buffer.concat([compressed(HELLO), compressed(HELLO), compressed(Buffer.from('f200110000', 'hex'))]),
    );
    await peer.untilEnd();
    peer.socket.end();
    expect((await closed()).error?.code).toBe('deflate-data-invalid');
    expect(frames(peer).length).toBe(3);
  });

  // Without the handle of zlib a message is judged when it is complete (D12).
  it.skipIf(!rawDeflate.usesHandle)('[D13] the size counts inflated bytes, while they come', async () => {
    const limits = { messageBytesMax: 100_000 };
    const at = deflated(Buffer.alloc(100_000));
    const above = deflated(Buffer.alloc(100_001));
    const { peer } = await agree({ limits });
    peer.socket.write(compressed(at, OPCODE.binary));
    await peer.until(() => frames(peer).length === 1);
    peer.socket.destroy();
    expect(await refusal(compressed(above, OPCODE.binary), { limits })).toBe('close 1009 message-too-large');
    // The message never ends, and is refused all the same.
    const bomb = deflated(Buffer.alloc(200_000_000));
    const part = maskedFrame({
      opcode: OPCODE.binary,
      rsv: RSV1,
      fin: false,
      payload: bomb.subarray(0, 1000),
    });
    expect(await refusal(part, { limits })).toBe('close 1009 message-too-large');
  });

  it('[D13] an impossible claim is refused at the header', async () => {
    const limits = { messageBytesMax: 8000 };
    const header = (length: number): Buffer =>
      maskedFrame({ opcode: OPCODE.binary, rsv: RSV1, payload: Buffer.alloc(length) }).subarray(0, 8);
    expect(await refusal(header(8000 + 1000 + 1024 + 1), { limits })).toBe('close 1009 message-too-large');
    const random = Buffer.from(Array.from({ length: 8000 }, (_, i) => (i * i * 31 + (i >> 3)) & 0xff));
    const stored = zlib.deflateRawSync(random, {
      level: 0,
      memLevel: 1,
      finishFlush: zlib.constants.Z_SYNC_FLUSH,
    });
    expect(stored.length).toBeGreaterThan(8000);
    const { peer } = await agree({ limits });
    peer.socket.write(compressed(stored.subarray(0, -4), OPCODE.binary));
    await peer.until(() => frames(peer).length === 1);
    peer.socket.destroy();
  });

  it('[D14] the ratio counts above 1 MiB', async () => {
    const limits = { messageBytesMax: 64 * 1024 * 1024 };
    const bomb = compressed(deflated(Buffer.alloc(2 * 1024 * 1024)), OPCODE.binary);
    expect(await refusal(bomb, { limits })).toBe('close 1008 inflation-too-steep');
    const sizes: number[] = [];
    const taking = await listen(
      { perMessageDeflate: true, limits: { ...limits, inflationRatioMax: 0 } },
      () => ({
        message: ({ data }) => sizes.push(data.length),
      }),
    );
    const peer = await RawPeer.upgrade(taking.port, [OFFER]);
    peer.socket.write(Buffer.concat([bomb, close(1000)]));
    await peer.untilEnd();
    peer.socket.end();
    expect(sizes).toEqual([2 * 1024 * 1024]);
  });

  it.skipIf(!rawDeflate.usesHandle)(
    '[D15] bad UTF-8 is 1007 at the first impossible byte, in an unfinished message too',
    async () => {
      const bad = deflated(Buffer.concat([Buffer.from('good '.repeat(50)), Buffer.from([0xed, 0xa0])]));
      expect(await refusal(compressed(bad))).toBe('close 1007 utf8-invalid');
      const part = maskedFrame({ opcode: OPCODE.text, rsv: RSV1, fin: false, payload: bad });
      expect(await refusal(part)).toBe('close 1007 utf8-invalid');
      const cutOff = deflated(Buffer.from([0xe2, 0x82]));
      expect(await refusal(compressed(cutOff))).toBe('close 1007 utf8-invalid');
      const { peer } = await agree();
      peer.socket.write(compressed(cutOff, OPCODE.binary));
      await peer.until(() => frames(peer).length === 1);
      peer.socket.destroy();
    },
  );

  it('[W20] fragments are counted as ever', async () => {
    const first = maskedFrame({ opcode: OPCODE.text, rsv: RSV1, fin: false, payload: HELLO });
    const empty = maskedFrame({ opcode: OPCODE.continuation, fin: false });
    const bytes = Buffer.concat([first, empty, empty, empty]);
    expect(await refusal(bytes, { limits: { fragmentsPerMessageMax: 3 } })).toBe(
      'close 1008 too-many-fragments',
    );
  });
});

describe('sending', () => {
  it('[D8] compresses from the threshold on, unless told not to', async () => {
    const { connection, peer } = await agree({ perMessageDeflate: { thresholdBytes: 100 } });
    const sender = await connection();
    sender.send('x'.repeat(99));
    sender.send('x'.repeat(100));
    sender.send('x'.repeat(100), { compress: false });
    sender.send(Buffer.alloc(100));
    sender.send(prepare('x'.repeat(99)));
    sender.send(prepare('x'.repeat(100)));
    sender.send(prepare('x'.repeat(100)), { compress: false });
    await peer.until(() => frames(peer).length === 7);
    expect(frames(peer).map((frame) => frame.split(':')[0])).toEqual(['1', '1c', '1', '2c', '1', '1c', '1']);
    peer.socket.destroy();
  });

  it('[D8] sends what does not get smaller as it is, where no history is kept', async () => {
    const { connection, peer } = await agree({}, `${OFFER}; server_no_context_takeover`);
    const sender = await connection();
    sender.send('Hi');
    sender.send(prepare('Hi'));
    sender.send('');
    sender.send('x'.repeat(50));
    sender.send('x'.repeat(50));
    await peer.until(() => frames(peer).length === 5);
    const [first, second, empty, third, fourth] = frames(peer);
    expect([first, second, empty]).toEqual(['1:4869', '1:4869', '1c:00']);
    expect(third).toMatch(/^1c:/);
    expect(fourth).toBe(third);
    peer.socket.destroy();
  });

  it('[D17] a prepared message is the same frame for all, and is valid between messages with a history', async () => {
    const { port, connections } = await listen({ perMessageDeflate: { thresholdBytes: 0 } });
    const options = { perMessageDeflate: { thresholdBytes: 0 } };
    const clients = [
      await connect(`ws://127.0.0.1:${port}/`, options),
      await connect(`ws://127.0.0.1:${port}/`, { perMessageDeflate: { serverNoContextTakeover: true } }),
      await connect(`ws://127.0.0.1:${port}/`, { perMessageDeflate: { serverMaxWindowBits: 9 } }),
      await connect(`ws://127.0.0.1:${port}/`),
    ];
    const received = clients.map(() => [] as string[]);
    clients.forEach((client, i) => {
      client.handle({ message: (message) => received[i]?.push(message.text()) });
    });
    const own = 'own words, again and again';
    const shared = prepare('shared words, again and again, own words');
    for (const connection of connections) {
      connection.send(own);
      connection.send(own);
      connection.send(shared);
      connection.send(own);
      connection.send(own);
      connection.send(shared);
    }
    const expected = [own, own, 'shared', own, own, 'shared'];
    await eventually(() => received.every(({ length }) => length === 6));
    for (const texts of received) {
      expect(texts.map((text) => (text.startsWith('shared') ? 'shared' : text))).toEqual(expected);
    }
    for (const client of clients) client.close();
  });

  it('[D11] [W25] keeps the order of messages, pongs and the Close frame', async () => {
    const { connection, peer } = await agree();
    const sender = await connection();
    sender.send('a'.repeat(100_000));
    sender.ping('p');
    sender.send('b');
    sender.close(1001);
    await peer.until(() => frames(peer).length === 4);
    expect(frames(peer).map((frame) => frame.slice(0, 10))).toEqual([
      expect.stringMatching(/^1c:/),
      '9:70',
      expect.stringMatching(/^1c:/),
      'close 1001',
    ]);
    peer.socket.destroy();
  });

  it('[W47] a tap sees RSV1 and the compressed bytes, both ways', async () => {
    const seen: string[] = [];
    const note = (direction: string, { rsv, length, payload }: FrameInfo): void => {
      seen.push(`${direction} ${rsv} ${length} ${payload.toString('hex')}`);
    };
    const { peer } = await agree({
      perMessageDeflate: { thresholdBytes: 0, level: 6 },
      tap: { open: () => ({ frame: note }) },
    });
    peer.socket.write(compressed(HELLO));
    await peer.until(() => frames(peer).length === 1);
    expect(seen).toEqual(['in 4 7 f248cdc9c90700', 'out 4 7 f248cdc9c90700']);
    peer.socket.destroy();
  });
});

describe('closing', () => {
  it('[W29] compressed messages that still come after our Close are checked and dropped', async () => {
    const messages: Message[] = [];
    const { port, connection, closed } = await listen({ perMessageDeflate: true }, () => ({
      message: (message) => messages.push(message),
    }));
    const peer = await RawPeer.upgrade(port, [OFFER]);
    (await connection()).close(1001);
    peer.socket.write(Buffer.concat([compressed(HELLO), compressed(HELLO), close(1001)]));
    await peer.untilEnd();
    peer.socket.end();
    expect(await closed()).toMatchObject({ code: 1001, wasClean: true });
    expect(messages).toEqual([]);
  });

  it('a connection cut in the middle of a compressed message lets go of everything', async () => {
    const { peer, closed } = await agree({}, `${OFFER}; client_no_context_takeover`);
    peer.socket.write(maskedFrame({ opcode: OPCODE.text, rsv: RSV1, fin: false, payload: HELLO }));
    await new Promise(setImmediate);
    peer.socket.destroy();
    expect(await closed()).toMatchObject({ code: 1006 });
  });
});
