// A message that is sent in parts and compressed as one: what leaves, in bytes, and what the other side makes of it.
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FrameParser } from '../core/frame-parser.ts';
import type { Message } from '../core/message.ts';
import { RSV1 } from '../core/opcode.ts';
import { eventually, listen } from '../testing/loopback.ts';
import { RawPeer } from '../testing/raw-peer.ts';
import { connect } from './client.ts';
import type { DeflateOptions } from './deflate.ts';
import { rawDeflate } from './raw-deflate.ts';
import { canUseZlibHandle } from './zlib-handle.ts';

interface Frame {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly payload: Buffer;
}

function framesOf(peer: RawPeer): Frame[] {
  const parser = new FrameParser('client', RSV1);
  parser.push(Buffer.from(peer.received));
  const frames: Frame[] = [];
  let pieces: Buffer[] = [];
  for (let part = parser.next(); part !== undefined; part = parser.next()) {
    pieces.push(Buffer.from(part.payload));
    if (!part.isLast) continue;
    const { fin, rsv, opcode } = part;
    frames.push({ fin, rsv, opcode, payload: Buffer.concat(pieces) });
    pieces = [];
  }
  return frames;
}

function inflated(payloads: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat([...payloads, Buffer.from('0000ffff', 'hex')]);
  return zlib.inflateRawSync(bytes, { finishFlush: zlib.constants.Z_SYNC_FLUSH });
}

const PARTS = ['Hello, hello, ', '', 'hello again', ''];
const CASES: readonly DeflateOptions[] = [
  { thresholdBytes: 0 },
  { thresholdBytes: 0, serverNoContextTakeover: true, clientNoContextTakeover: true },
  { thresholdBytes: 0, serverMaxWindowBits: 9, clientMaxWindowBits: 9 },
];

describe.each([
  { way: 'by the handle', usesHandle: true },
  { way: 'by documented functions', usesHandle: false },
])('a compressed message in parts, $way', ({ usesHandle }) => {
  beforeAll(() => {
    rawDeflate.usesHandle = usesHandle;
  });
  afterAll(() => {
    rawDeflate.usesHandle = canUseZlibHandle();
  });

  it.each(CASES)('[D19] is one message with RSV1 on its first frame, %o', async (perMessageDeflate) => {
    const { port, connection } = await listen({ perMessageDeflate });
    const offer = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits';
    const peer = await RawPeer.upgrade(port, [offer]);
    const ours = await connection();
    for (const [i, part] of PARTS.entries()) ours.sendPart(part, { isLast: i === PARTS.length - 1 });
    await eventually(() => framesOf(peer).length === PARTS.length);
    const frames = framesOf(peer);
    expect(frames.map(({ fin, rsv, opcode }) => [fin, rsv, opcode])).toEqual([
      [false, RSV1, 1],
      [false, 0, 0],
      [false, 0, 0],
      [true, 0, 0],
    ]);
    expect(inflated(frames.map(({ payload }) => payload)).toString()).toBe(PARTS.join(''));
    expect(frames[1]?.payload).toHaveLength(0);
    expect(frames[3]?.payload).toEqual(Buffer.from('00', 'hex'));
  });

  it.each(CASES)('[D19] arrives between others, both ways, %o', async (perMessageDeflate) => {
    const got: Message[] = [];
    const { url, connection } = await listen({ perMessageDeflate }, () => ({
      message: (message) => got.push(message),
    }));
    const client = await connect(url, { perMessageDeflate });
    client.handle({ message: (message) => got.push(message) });
    const theirs = await connection();
    const large = Buffer.alloc(100_000, 'a large part, ');
    for (const sender of [client, theirs]) {
      sender.send('before');
      sender.sendPart(large, { isLast: false });
      sender.ping();
      sender.sendPart('middle', { isLast: false });
      sender.sendPart(large, { isLast: true });
      sender.send('after');
      await eventually(() => got.length === 3);
      expect(got.map(({ kind }) => kind)).toEqual(['text', 'binary', 'text']);
      const [before, whole, after] = got.splice(0);
      expect([before?.text(), after?.text()]).toEqual(['before', 'after']);
      expect(whole?.data.equals(Buffer.concat([large, Buffer.from('middle'), large]))).toBe(true);
    }
    client.terminate();
  });

  it('[D19] the first part decides: by its size, or by what it says', async () => {
    const { port, connection } = await listen({ perMessageDeflate: { thresholdBytes: 3 } });
    const peer = await RawPeer.upgrade(port, ['Sec-WebSocket-Extensions: permessage-deflate']);
    const ours = await connection();
    for (const [first, compress] of [
      ['ab', undefined],
      ['abc', undefined],
      ['ab', true],
      ['abc', false],
    ] as const) {
      ours.sendPart(first, { isLast: false, compress });
      ours.sendPart('the rest of it', { isLast: true });
    }
    await eventually(() => framesOf(peer).length === 8);
    expect(framesOf(peer).map(({ rsv }) => rsv)).toEqual([0, 0, RSV1, 0, RSV1, 0, 0, 0]);
  });
});
