// Section 17: compressed messages one at a time: forms of DEFLATE that are allowed, data that is none, bits in wrong places,
// bad text inside, bombs (RFC 7692 6 and 7). Streams are compression.ts, the negotiation is deflate-offers.ts.
import { constants, deflateRawSync } from 'node:zlib';
import { type Case, type DeflateWish, type Finding, finding } from '../case.ts';
import type { Pace } from '../pace.ts';
import {
  type Ending,
  type Exchange,
  type Expected,
  echoOf,
  PROTOCOL_ERROR,
  pongWith,
  WE_CLOSE,
} from '../tester/exchange.ts';
import type { Cut, Session } from '../tester/session.ts';
import {
  BINARY,
  binary,
  CLOSE,
  continuation,
  type Frame,
  fragments,
  PING,
  PONG,
  ping,
  TEXT,
  text,
} from '../wire/frame.ts';
import {
  ALL_CUTS,
  asciiOf,
  bytesOf,
  type CaseSpec,
  exchanges,
  FRAME_CUTS,
  frameCase,
  oneExchange,
} from './making.ts';

const RSV1 = 4;
const OPEN = { fin: false };
const DEFLATE: DeflateWish = { offers: 'permessage-deflate; client_max_window_bits', bounds: {} };

/** 1007 says it best; the RFC names no code for data that does not inflate. */
const NOT_DEFLATE: Ending = { by: 'peer', codes: [1007, 1002, 1011] };
const BAD_TEXT: Ending = { by: 'peer', codes: [1007] };

const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex');

/** As section 7.2.1 says, without a history. */
function deflated(data: Uint8Array): Buffer {
  return deflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
}

const packed = (payload: Uint8Array, rest: Partial<Frame> = {}): Frame =>
  text(payload, { rsv: RSV1, ...rest });

export function deflateDataCases(): Case[] {
  return [
    ...allowedForms(),
    ...histories(),
    ...wrongBits(),
    ...notDeflate(),
    ...badText(),
    ...fastBadText(),
    ...bombs(),
    ...withoutAgreement(),
  ];
}

const spec = (id: string, title: string, why: string, rule = 'RFC 7692 7.2'): CaseSpec => ({
  ...{ id, rule, title, why },
  deflate: DEFLATE,
});

const HELLO = text('Hello');
// The examples of section 7.2.3.
const HELLO_DEFLATED = hex('f2 48 cd c9 c9 07 00');
const HELLO_STORED = hex('00 05 00 fa ff 48 65 6c 6c 6f 00');
const HELLO_LAST_BLOCK = hex('f3 48 cd c9 c9 07 00 00');
const HELLO_TWO_BLOCKS = hex('f2 48 05 00 00 00 ff ff ca c9 c9 07 00');

function allowedForms(): Case[] {
  const why =
    'Whoever compresses chooses blocks, fragments and whether to compress at all, message by message.';
  const list: readonly (readonly [string, readonly Frame[], readonly Expected[]])[] = [
    ['one block', [packed(HELLO_DEFLATED)], [echoOf(HELLO)]],
    ['a stored block', [packed(HELLO_STORED)], [echoOf(HELLO)]],
    ['a block marked as the last', [packed(HELLO_LAST_BLOCK)], [echoOf(HELLO)]],
    ['two blocks', [packed(HELLO_TWO_BLOCKS)], [echoOf(HELLO)]],
    ['an empty message', [packed(hex('00'))], [echoOf(text(''))]],
    [
      'two fragments',
      [packed(HELLO_DEFLATED.subarray(0, 3), OPEN), continuation(HELLO_DEFLATED.subarray(3))],
      [echoOf(HELLO)],
    ],
    [
      'a ping between two fragments',
      [
        packed(HELLO_DEFLATED.subarray(0, 3), OPEN),
        ping('between'),
        continuation(HELLO_DEFLATED.subarray(3)),
      ],
      [pongWith('between'), echoOf(HELLO)],
    ],
    ['a fragment for each byte', fragments(TEXT, HELLO_DEFLATED, 1, RSV1), [echoOf(HELLO)]],
    [
      'empty fragments around',
      [packed(Buffer.alloc(0), OPEN), continuation(HELLO_DEFLATED, OPEN), continuation('')],
      [echoOf(HELLO)],
    ],
    ['not compressed', [HELLO], [echoOf(HELLO)]],
    [
      'compressed and not, by turns',
      [packed(HELLO_DEFLATED), text('plain'), packed(deflated(Buffer.from('again'))), binary(bytesOf(3))],
      [echoOf(HELLO), echoOf(text('plain')), echoOf(text('again')), echoOf(binary(bytesOf(3)))],
    ],
    [
      'after a block marked as the last, another message',
      [packed(HELLO_LAST_BLOCK), packed(HELLO_DEFLATED)],
      [echoOf(HELLO), echoOf(HELLO)],
    ],
  ];
  return list.flatMap(([title, frames, expects], index) =>
    exchanges(spec(`17.1.${index + 1}`, title, why), ALL_CUTS, (cut) => ({
      steps: [{ send: frames, cut }],
      expects,
      ending: WE_CLOSE,
    })),
  );
}

/** Section 7.2.3.2: the second Hello is nothing but a reference to the first. */
function histories(): Case[] {
  const reference = hex('f2 00 11 00 00');
  const why = 'With context takeover a message may refer to those before it, and only to them.';
  return [
    ...exchanges(spec('17.2.1', 'a message that is a reference to the one before', why), ALL_CUTS, (cut) => ({
      steps: [{ send: [packed(HELLO_DEFLATED), packed(reference)], cut }],
      expects: [echoOf(HELLO), echoOf(HELLO)],
      ending: WE_CLOSE,
    })),
    oneExchange(spec('17.2.2', 'a reference to a message that does not exist', why), {
      steps: [{ send: [packed(reference)] }],
      expects: [],
      ending: NOT_DEFLATE,
    }),
    oneExchange(spec('17.2.3', 'a reference over a message that was not compressed', why), {
      steps: [{ send: [packed(HELLO_DEFLATED), text('between'), packed(reference)] }],
      expects: [echoOf(HELLO), echoOf(text('between')), echoOf(HELLO)],
      ending: WE_CLOSE,
    }),
  ];
}

function wrongBits(): Case[] {
  const why = 'RSV1 means compression on the first frame of a data message and nothing anywhere else.';
  const list: readonly (readonly [string, readonly Frame[]])[] = [
    ['RSV1 on a continuation', [text('a', OPEN), continuation('b', { rsv: RSV1 })]],
    [
      'RSV1 on every fragment',
      [packed(HELLO_DEFLATED.subarray(0, 3), OPEN), continuation(HELLO_DEFLATED.subarray(3), { rsv: RSV1 })],
    ],
    ['RSV1 on a ping', [{ opcode: PING, rsv: RSV1, payload: HELLO_DEFLATED }]],
    ['RSV1 on a pong', [{ opcode: PONG, rsv: RSV1, payload: HELLO_DEFLATED }]],
    ['RSV1 on a Close frame', [{ opcode: CLOSE, rsv: RSV1, payload: hex('03e8') }]],
    ['RSV2', [text('a', { rsv: 2 })]],
    ['RSV3', [text('a', { rsv: 1 })]],
    ['RSV1 and RSV2', [packed(HELLO_DEFLATED, { rsv: 6 })]],
    ['RSV1 on an undefined opcode', [{ opcode: 3, rsv: RSV1, payload: HELLO_DEFLATED }]],
  ];
  return list.flatMap(([title, frames], index) =>
    exchanges(spec(`17.3.${index + 1}`, title, why, 'RFC 7692 6'), FRAME_CUTS, (cut) => ({
      steps: [{ send: [...frames, ping('behind')], cut }],
      expects: [],
      ending: PROTOCOL_ERROR,
    })),
  );
}

function notDeflate(): Case[] {
  const why = 'Data that is not DEFLATE fails the connection; it is neither echoed nor passed over.';
  const large = deflated(asciiOf(100_000));
  large.fill(0xff, 60, 90);
  const list: readonly (readonly [string, readonly Frame[]])[] = [
    ['a block of the type that does not exist', [packed(hex('06'))]],
    ['a stored block whose lengths disagree', [packed(hex('00 05 00 00 00 48 65 6c 6c 6f 00'))]],
    ['random bytes', [packed(hex('ff fe fd fc 01 02 03'))]],
    [
      'the second fragment is rubbish',
      [packed(HELLO_DEFLATED.subarray(0, 3), OPEN), continuation(hex('ffffffff'))],
    ],
    ['text that was not compressed', [packed(Buffer.from('Hello, this is plain'))]],
    ['rubbish in the midst of 100,000 bytes', [packed(large)]],
    ['a binary message of rubbish', [{ opcode: BINARY, rsv: RSV1, payload: hex('ffffffff') }]],
  ];
  return list.flatMap(([title, frames], index) =>
    exchanges(spec(`17.4.${index + 1}`, title, why), FRAME_CUTS, (cut) => ({
      steps: [{ send: [...frames, ping('behind')], cut }],
      expects: [],
      ending: NOT_DEFLATE,
    })),
  );
}

function badText(): Case[] {
  const why = 'Text is UTF-8 once it is inflated.';
  const lone = deflated(Buffer.from('61eda08062', 'hex'));
  const half = deflated(Buffer.from('61e282', 'hex'));
  const far = deflated(Buffer.concat([asciiOf(200_000), Buffer.of(0xff), asciiOf(10)]));
  const list: readonly (readonly [string, readonly Frame[]])[] = [
    ['a surrogate', [packed(lone)]],
    ['a surrogate, in fragments of one byte', fragments(TEXT, lone, 1, RSV1)],
    ['an end inside a character', [packed(half)]],
    ['one bad byte behind 200,000 good ones', [packed(far)]],
    ['one bad byte behind 200,000 good ones, in fragments', fragments(TEXT, far, 100, RSV1)],
  ];
  const refused = list.flatMap(([title, frames], index) =>
    exchanges(
      spec(`17.5.${index + 1}`, title, why, 'RFC 6455 8.1'),
      FRAME_CUTS,
      (cut: Cut): Exchange => ({
        steps: [{ send: frames, cut }],
        expects: [],
        ending: BAD_TEXT,
      }),
    ),
  );
  const good = Buffer.from('48c2b5403ac39fc3b6c3a4e282acf09d849e21', 'hex');
  return [
    ...refused,
    ...exchanges(
      spec('17.5.6', 'characters of all lengths, in fragments of one byte', why),
      ALL_CUTS,
      (cut) => ({
        steps: [{ send: fragments(TEXT, deflated(good), 1, RSV1), cut }],
        expects: [echoOf(text(good))],
        ending: WE_CLOSE,
      }),
    ),
  ];
}

function fastBadText(): Case[] {
  const bad = deflated(Buffer.concat([Buffer.of(0xff), bytesOf(40_000)]));
  const data = spec(
    '17.5.7',
    'bad text in the first of two fragments, pause',
    'What is known to be bad need not be waited for. Inflating at the end of a message is allowed.',
  );
  return [
    frameCase(data, async (session, pace): Promise<Finding> => {
      await session.send([packed(bad.subarray(0, 39_000), OPEN)]);
      const early = await session.next(pace.promptMs);
      if (early?.type === 'close') return finding('pass');
      await session.send([continuation(bad.subarray(39_000))]);
      const late = early ?? (await session.next(pace.replyTimeoutMs));
      return late?.type === 'close' || late?.type === 'end'
        ? finding('non-strict', 'it waited for the end of the message')
        : finding('fail', 'it did not fail the connection');
    }),
  ];
}

function bombs(): Case[] {
  const why = 'A few KiB can inflate to a GiB: the bound is on what comes out, while it comes out.';
  const list: readonly (readonly [string, number])[] = [
    ['128 MiB of zeros', 128],
    ['128 MiB of zeros in fragments', 128],
  ];
  return list.map(([title, mebibytes], index) =>
    frameCase(
      { ...spec(`17.6.${index + 1}`, title, why, 'RFC 7692 8'), isHeavy: true },
      async (session, pace) => {
        const payload = deflated(Buffer.alloc(mebibytes * 1024 * 1024));
        await session.send(fragments(BINARY, payload, index === 0 ? payload.length : 1000, RSV1));
        return bombed(session, pace);
      },
    ),
  );
}

async function bombed(session: Session, pace: Pace): Promise<Finding> {
  const event = await session.next(pace.largeTimeoutMs);
  if (event === undefined) return finding('fail', 'nothing came back');
  if (event.type === 'message') return finding('informational', 'it has no bound here and echoes all of it');
  if (event.type === 'end') return finding('non-strict', 'it cut TCP without a Close frame');
  if (event.type !== 'close') return finding('fail', `it sent a ${event.type}`);
  const isRight = event.code === 1009 || event.code === 1008;
  return finding(
    isRight ? 'pass' : 'non-strict',
    ...(isRight ? [] : [`it closed with ${event.code ?? 'no code'}`]),
  );
}

/** The same bit where compression was not agreed on. */
function withoutAgreement(): Case[] {
  const { deflate: _, ...rest } = spec(
    '17.7.1',
    'a compressed message without an agreement',
    'No agreement, no RSV1.',
  );
  return exchanges(rest, FRAME_CUTS, (cut) => ({
    steps: [{ send: [packed(HELLO_DEFLATED)], cut }],
    expects: [],
    ending: PROTOCOL_ERROR,
  }));
}
