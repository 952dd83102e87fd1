// Sections 1 to 4: lengths, ping and pong, reserved bits, opcodes (RFC 6455 5.2 and 5.5).
import type { Case } from '../case.ts';
import { type Exchange, echoOf, PROTOCOL_ERROR, pongWith, WE_CLOSE } from '../tester/exchange.ts';
import type { Cut } from '../tester/session.ts';
import { binary, close, type Frame, ping, pong, text } from '../wire/frame.ts';
import { ALL_CUTS, asciiOf, bytesOf, exchanges, FRAME_CUTS, oneExchange } from './making.ts';

const SIZES = [0, 1, 125, 126, 127, 128, 65535, 65536, 65537];
/** What a byte at a time does not take too long for. */
const BYTEWISE_BYTES_MAX = 128;
/** No divisor of any size, so that cuts fall everywhere. */
const PIECE_BYTES = 997;

/** Section 1. */
export function lengthCases(): Case[] {
  const kinds = [
    { number: 1, kind: 'text', make: (size: number) => text(asciiOf(size)) },
    { number: 2, kind: 'binary', make: (size: number) => binary(bytesOf(size)) },
  ];
  return kinds.flatMap(({ number, kind, make }) =>
    SIZES.flatMap((size, index) => {
      const frame = make(size);
      const spec = {
        id: `1.${number}.${index + 1}`,
        rule: 'RFC 6455 5.2',
        title: `${kind} message of ${size} bytes`,
        why: 'The length has three forms; an end that is off by one at a border loses its place in the stream.',
      };
      const planIn = (cut: Cut): Exchange => ({
        steps: [{ send: [frame], cut }],
        expects: [echoOf(frame)],
        ending: WE_CLOSE,
      });
      if (size <= BYTEWISE_BYTES_MAX) return exchanges(spec, FRAME_CUTS, planIn);
      const pieces = {
        ...spec,
        id: `${spec.id}p`,
        title: `${spec.title}, in writes of ${PIECE_BYTES} bytes`,
      };
      return [...exchanges(spec, ['whole'], planIn), oneExchange(pieces, planIn(PIECE_BYTES))];
    }),
  );
}

/** Section 2. */
export function pingCases(): Case[] {
  const rule = 'RFC 6455 5.5.2';
  const payloads: readonly (readonly [string, Buffer])[] = [
    ['empty ping', Buffer.alloc(0)],
    ['ping with text', Buffer.from('Hello')],
    ['ping with bytes that are not UTF-8', Buffer.from('00fffefdfcfb00ff', 'hex')],
    ['ping of 125 bytes', bytesOf(125)],
  ];
  const answered = payloads.flatMap(([title, payload], index) =>
    exchanges(
      { id: `2.${index + 1}`, rule, title, why: 'A pong bears the payload of its ping, byte for byte.' },
      FRAME_CUTS,
      (cut) => ({ steps: [{ send: [ping(payload)], cut }], expects: [pongWith(payload)], ending: WE_CLOSE }),
    ),
  );
  const tooLong = exchanges(
    {
      id: '2.5',
      rule: 'RFC 6455 5.5',
      title: 'ping of 126 bytes',
      why: 'Control frames have 125 bytes at most.',
    },
    FRAME_CUTS,
    (cut) => ({ steps: [{ send: [ping(bytesOf(126))], cut }], expects: [], ending: PROTOCOL_ERROR }),
  );
  return [...answered, ...tooLong, ...pongCases(), ...manyPings()];
}

function pongCases(): Case[] {
  const why = 'A pong that nobody asked for is a heartbeat: it has no answer and does no harm.';
  const rule = 'RFC 6455 5.5.3';
  const frames: readonly (readonly [string, Frame])[] = [
    ['pong without a ping, empty', pong()],
    ['pong without a ping, with data', pong('beat')],
  ];
  return frames.flatMap(([title, frame], index) =>
    exchanges({ id: `2.${index + 6}`, rule, title, why }, ALL_CUTS, (cut) => ({
      steps: [{ send: [frame, ping('after')], cut }],
      expects: [pongWith('after')],
      ending: WE_CLOSE,
    })),
  );
}

function manyPings(): Case[] {
  const pings = Array.from({ length: 10 }, (_, index) => `ping ${index}`);
  const spec = {
    id: '2.8',
    rule: 'RFC 6455 5.5.3',
    title: 'ten pings back to back',
    why: 'Each is answered, in order. (Answering the last one only would be allowed, but tells less.)',
  };
  return exchanges(spec, ALL_CUTS, (cut) => ({
    steps: [{ send: pings.map((payload) => ping(payload)), cut }],
    expects: pings.map((payload) => pongWith(payload)),
    ending: WE_CLOSE,
  }));
}

/** A good message before the bad frame and a ping behind it: the first is answered, the last is not. */
const between = (bad: Frame, cut: Cut): Exchange => ({
  steps: [{ send: [text('before'), bad, ping('behind')], cut }],
  expects: [echoOf(text('before'))],
  ending: PROTOCOL_ERROR,
});

const alone = (bad: Frame): Exchange => ({ steps: [{ send: [bad] }], expects: [], ending: PROTOCOL_ERROR });

/** Section 3. */
export function reservedBitCases(): Case[] {
  const rule = 'RFC 6455 5.2';
  const why =
    'A reserved bit without an extension that defines it fails the connection, and what follows is not read.';
  const others: readonly (readonly [string, (rsv: number) => Frame])[] = [
    ['binary message', (rsv) => binary(bytesOf(9), { rsv })],
    ['ping', (rsv) => ping('reserved', { rsv })],
    ['Close frame', (rsv) => close(1000, '', { rsv })],
  ];
  return [1, 2, 3, 4, 5, 6, 7].flatMap((rsv) => [
    ...exchanges({ id: `3.${rsv}.1`, rule, why, title: `bits ${rsv} on a text message` }, ALL_CUTS, (cut) =>
      between(text('reserved', { rsv }), cut),
    ),
    ...others.map(([name, make], index) =>
      oneExchange(
        { id: `3.${rsv}.${index + 2}`, rule, why, title: `bits ${rsv} on a ${name}` },
        alone(make(rsv)),
      ),
    ),
  ]);
}

/** Section 4. */
export function opcodeCases(): Case[] {
  const rule = 'RFC 6455 5.2';
  const why = 'An opcode that is not defined fails the connection, and what follows is not read.';
  return [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode) => [
    oneExchange({ id: `4.${opcode}.1`, rule, why, title: `opcode ${opcode}, empty` }, alone({ opcode })),
    oneExchange(
      { id: `4.${opcode}.2`, rule, why, title: `opcode ${opcode} with a payload` },
      alone({ opcode, payload: Buffer.from('undefined') }),
    ),
    ...exchanges(
      { id: `4.${opcode}.3`, rule, why, title: `opcode ${opcode} behind a message` },
      ALL_CUTS,
      (cut) => between({ opcode, payload: Buffer.from('undefined') }, cut),
    ),
  ]);
}
