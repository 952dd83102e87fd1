// Random streams of frames: messages in any fragments with control frames between them, closes of every kind, frames with
// every mistake, garbage, and all of that with some bytes changed. For tests only.
import zlib from 'node:zlib';
import fc, { type Arbitrary } from 'fast-check';
import { OPCODE, type Role, RSV1 } from '../core/core.ts';
import {
  closePayload,
  cutAt,
  deflated,
  fragments,
  frameFor,
  type LengthForm,
  type RawFrame,
} from './wire-bytes.ts';

const filled = fc
  .tuple(fc.constantFrom(123, 124, 125, 126, 127, 128, 300, 999, 1000, 1001), fc.nat(255))
  .map(([size, byte]) => Buffer.alloc(size, byte));
/** At the border between the 16-bit and the 64-bit length. */
const large = fc.integer({ min: 65_533, max: 65_538 }).map((size) => Buffer.alloc(size, 'x'));
const text = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('', 'a', 'κόσμε', '😀', '\u{10ffff}', '\ud7ff\ue000', 'x'.repeat(200)),
  )
  .map((value) => Buffer.from(value));
const bytes = fc.uint8Array({ maxLength: 60 }).map((raw) => Buffer.from(raw));
/** Sequences that UTF-8 forbids, and beginnings of allowed ones. */
const badText = fc
  .constantFrom(
    '80',
    'c0af',
    'e080af',
    'eda080',
    'f08080af',
    'f4908080',
    'ff',
    'c3',
    'e282',
    'f09f98',
    'c328',
  )
  .chain((hex) => fc.tuple(text, text).map(([a, b]) => Buffer.concat([a, Buffer.from(hex, 'hex'), b])));

const payload: Arbitrary<Buffer> = fc.oneof(
  { weight: 18, arbitrary: text },
  { weight: 9, arbitrary: bytes },
  { weight: 6, arbitrary: badText },
  { weight: 6, arbitrary: filled },
  { weight: 1, arbitrary: large },
);
const maskKey = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff_ffff }));
const controlFrame: Arbitrary<RawFrame> = fc.record({
  opcode: fc.constantFrom(OPCODE.ping, OPCODE.pong),
  payload: fc.oneof(text, bytes, fc.constant(Buffer.alloc(125, 'p'))).map((value) => value.subarray(0, 125)),
  maskKey,
});

/** Close frames: with every code, good and bad reasons, no payload, one byte. */
const closeFrame: Arbitrary<RawFrame> = fc
  .oneof(
    fc.constantFrom(Buffer.alloc(0), Buffer.from([3])),
    fc
      .tuple(
        fc.oneof(fc.integer({ min: 995, max: 1020 }), fc.integer({ min: 2998, max: 5001 }), fc.nat(65_535)),
        fc.oneof(text, badText, fc.constant(Buffer.alloc(124, 'r'))),
      )
      .map(([code, reason]) => closePayload(code, reason.subarray(0, 123))),
  )
  .map((value) => ({ opcode: OPCODE.close, payload: value }));

const lengthForm: Arbitrary<LengthForm> = fc.constantFrom(
  'shortest',
  'shortest',
  'shortest',
  '16 bits',
  '64 bits',
  'top bit',
  'too long',
  'too short',
);

/** One frame in which anything may be wrong. */
const anyFrame: Arbitrary<RawFrame> = fc.record({
  opcode: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(0, 1, 2, 8, 9, 10) },
    { weight: 1, arbitrary: fc.nat(15) },
  ),
  payload,
  fin: fc.boolean(),
  rsv: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(7) }),
  lengthForm,
  hasWrongMask: fc.nat(15).map((n) => n === 0),
  maskKey,
});

export interface SentMessage {
  readonly kind: 'text' | 'binary';
  readonly data: Buffer;
}

/** A message and the frames that carry it. */
export interface FramedMessage extends SentMessage {
  readonly frames: readonly RawFrame[];
}

const messageData: Arbitrary<SentMessage> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), data: text }),
  fc.record({
    kind: fc.constantFrom('text' as const, 'binary' as const),
    data: fc
      .constantFrom('', 'words and words again, '.repeat(30), '消息😀'.repeat(20))
      .map((s) => Buffer.from(s)),
  }),
  fc.record({
    kind: fc.constant('binary' as const),
    data: fc.oneof({ weight: 9, arbitrary: fc.oneof(bytes, filled) }, { weight: 1, arbitrary: large }),
  }),
);

/** How a message is laid out: where its payload is cut into frames, and what comes between them. */
interface Layout {
  readonly places: readonly number[];
  readonly hasEmptyEnd: boolean;
  readonly between: readonly RawFrame[];
}

const layout: Arbitrary<Layout> = fc.record({
  places: fc.oneof(fc.constant<number[]>([]), fc.array(fc.nat(70_000), { maxLength: 3 })),
  hasEmptyEnd: fc.boolean(),
  between: fc.array(controlFrame, { maxLength: 2 }),
});

function inFrames(
  message: SentMessage,
  carried: Buffer,
  rsv: number,
  { places, hasEmptyEnd, between }: Layout,
): FramedMessage {
  const cut = cutAt(carried, places);
  const pieces = cut.length === 0 ? [Buffer.alloc(0)] : cut;
  if (hasEmptyEnd && places.length > 0) pieces.push(Buffer.alloc(0));
  const frames = fragments(message.kind === 'text' ? OPCODE.text : OPCODE.binary, pieces, rsv);
  return { ...message, frames: [...frames.slice(0, 1), ...between, ...frames.slice(1)] };
}

/** A message as it should be, in up to five frames. */
export const framedMessage: Arbitrary<FramedMessage> = fc
  .tuple(messageData, layout)
  .map(([message, how]) => inFrames(message, message.data, 0, how));

/**
 * The same, compressed: without a history, so that it may stand anywhere; by zlib itself, at any level and strategy; of
 * every fourth the last block is marked as the last.
 */
export const deflatedMessage: Arbitrary<FramedMessage> = fc
  .tuple(messageData, layout, fc.nat(9), fc.constantFrom(0, 2, 3, 4), fc.nat(3))
  .map(([message, how, level, strategy, n]) =>
    inFrames(
      message,
      n === 0
        ? zlib.deflateRawSync(message.data, { level, strategy })
        : deflated(message.data, { level, strategy }),
      RSV1,
      how,
    ),
  );

/** One change to bytes; the numbers count around their length. */
type Change =
  | { readonly does: 'flip'; readonly at: number; readonly bit: number }
  | { readonly does: 'set'; readonly at: number; readonly byte: number }
  | { readonly does: 'cut out'; readonly at: number; readonly count: number }
  | { readonly does: 'put in'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly does: 'end'; readonly at: number }
  | { readonly does: 'repeat'; readonly at: number; readonly count: number };

const at = fc.nat(100_000);
export const change: Arbitrary<Change> = fc.oneof(
  fc.record({ does: fc.constant('flip' as const), at, bit: fc.nat(7) }),
  fc.record({ does: fc.constant('set' as const), at, byte: fc.nat(255) }),
  fc.record({ does: fc.constant('cut out' as const), at, count: fc.integer({ min: 1, max: 20 }) }),
  fc.record({
    does: fc.constant('put in' as const),
    at,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  }),
  fc.record({ does: fc.constant('end' as const), at }),
  fc.record({ does: fc.constant('repeat' as const), at, count: fc.integer({ min: 1, max: 40 }) }),
);

export function changed(original: Uint8Array, changes: readonly Change[]): Buffer {
  let result = Buffer.from(original);
  for (const one of changes) {
    if (result.length === 0) break;
    const place = one.at % result.length;
    const [before, after] = [result.subarray(0, place), result.subarray(place)];
    switch (one.does) {
      case 'flip':
        result[place] = (result[place] ?? 0) ^ (1 << one.bit);
        break;
      case 'set':
        result[place] = one.byte;
        break;
      case 'cut out':
        result = Buffer.concat([before, after.subarray(one.count)]);
        break;
      case 'put in':
        result = Buffer.concat([before, one.bytes, after]);
        break;
      case 'end':
        result = Buffer.from(before);
        break;
      case 'repeat':
        result = Buffer.concat([before, after.subarray(0, one.count), after]);
    }
  }
  return result;
}

/** Mostly no change or one: a stream that is wrong everywhere shows only its first mistake. */
const someChanges = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.array(change, { minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.array(change, { maxLength: 4 }) },
);

/** Bytes that come to an end of this role. */
export function wireStream(role: Role, withDeflate: boolean): Arbitrary<Buffer> {
  const one = (frame: RawFrame): Buffer => frameFor(role, frame);
  const all = ({ frames }: FramedMessage): Buffer => Buffer.concat(frames.map(one));
  const part = fc.oneof(
    { weight: 6, arbitrary: framedMessage.map(all) },
    { weight: withDeflate ? 8 : 0, arbitrary: deflatedMessage.map(all) },
    {
      weight: withDeflate ? 3 : 0,
      arbitrary: fc.tuple(deflatedMessage, someChanges).map(([m, c]) => spoilt(role, m, c)),
    },
    { weight: 2, arbitrary: controlFrame.map(one) },
    { weight: 2, arbitrary: anyFrame.map(one) },
    { weight: 1, arbitrary: closeFrame.map(one) },
    { weight: 1, arbitrary: bytes },
  );
  return fc
    .tuple(fc.array(part, { maxLength: 7 }), someChanges)
    .map(([parts, changes]) => changed(Buffer.concat(parts), changes));
}

/** A compressed message whose payload is changed while its frames stay right. */
function spoilt(role: Role, { frames }: FramedMessage, changes: readonly Change[]): Buffer {
  return Buffer.concat(
    frames.map((frame) =>
      frameFor(role, frame.opcode >= 8 ? frame : { ...frame, payload: changed(frame.payload, changes) }),
    ),
  );
}

/** Where a stream is cut. */
export const cuts = fc.array(fc.nat(100_000), { maxLength: 8 });
