// Section 15: masks and the form of lengths. Section 16: claims of length beyond all bounds, and bombs. (RFC 6455 5.1,
// 5.2, 10.4)
import { type Case, type Finding, finding } from '../case.ts';
import type { Pace } from '../pace.ts';
import {
  echoOf,
  exchange,
  isSame,
  PROTOCOL_ERROR,
  pongWith,
  verdictOf,
  WE_CLOSE,
} from '../tester/exchange.ts';
import type { Session } from '../tester/session.ts';
import { binary, close, continuation, type Frame, fragments, ping, TEXT, text } from '../wire/frame.ts';
import { ALL_CUTS, asciiOf, bytesOf, type CaseSpec, exchanges, frameCase, oneExchange } from './making.ts';

const WRONG = { mask: 'wrong' } as const;
const OPEN = { fin: false };

/** Section 15. */
export function maskAndLengthCases(): Case[] {
  return [...maskCases(), ...longFormCases(), ...topBitCases()];
}

function maskCases(): Case[] {
  const list: readonly (readonly [string, readonly Frame[]])[] = [
    ['text', [text('bare', WRONG)]],
    ['binary', [binary(bytesOf(200), WRONG)]],
    ['empty text', [text('', WRONG)]],
    ['continuation', [text('a', OPEN), continuation('b', WRONG)]],
    ['ping', [ping('bare', WRONG)]],
    ['Close', [close(1000, '', WRONG)]],
  ];
  return list.flatMap(([title, frames], index) =>
    exchanges(
      {
        id: `15.1.${index + 1}`,
        rule: 'RFC 6455 5.1',
        title: `${title} whose mask is wrong for the role`,
        why: 'Clients mask so that no script chooses the bytes on the wire; servers do not. Both are to be insisted on.',
      },
      ALL_CUTS,
      (cut) => ({ steps: [{ send: [...frames, ping('behind')], cut }], expects: [], ending: PROTOCOL_ERROR }),
    ),
  );
}

/** The sender must use the shortest form. The RFC does not say in so many words that the receiver must insist. */
function longFormCases(): Case[] {
  const list: readonly (readonly [string, Frame])[] = [
    ['0 bytes in the form of 16 bits', text('', { lengthBytes: 2 })],
    ['125 bytes in the form of 16 bits', binary(bytesOf(125), { lengthBytes: 2 })],
    ['0 bytes in the form of 64 bits', text('', { lengthBytes: 8 })],
    ['125 bytes in the form of 64 bits', binary(bytesOf(125), { lengthBytes: 8 })],
    ['126 bytes in the form of 64 bits', binary(bytesOf(126), { lengthBytes: 8 })],
    ['65535 bytes in the form of 64 bits', binary(bytesOf(65_535), { lengthBytes: 8 })],
  ];
  const data = list.map(([title, frame], index) =>
    frameCase(
      {
        id: `15.2.${index + 1}`,
        rule: 'RFC 6455 5.2',
        title,
        why: 'Two forms for one length are one too many: filters and ends may read them differently.',
      },
      (session, pace) => insisting(session, frame, pace),
    ),
  );
  const control = [2, 8] as const;
  return [
    ...data,
    ...control.map((lengthBytes, index) =>
      oneExchange(
        {
          id: `15.2.${index + 7}`,
          rule: 'RFC 6455 5.5',
          title: `ping of 4 bytes in the form of ${lengthBytes * 8} bits`,
          why: 'The length of a control frame fits into 7 bits.',
        },
        { steps: [{ send: [ping('ping', { lengthBytes })] }], expects: [], ending: PROTOCOL_ERROR },
      ),
    ),
  ];
}

/** Passes for failing with 1002; taking the frame as if nothing were is not strict. */
async function insisting(session: Session, frame: Frame, pace: Pace): Promise<Finding> {
  await session.send([frame]);
  const event = await session.next(pace.replyTimeoutMs);
  if (event === undefined) return finding('fail', 'nothing happened');
  if (isSame(event, echoOf(frame))) return finding('non-strict', 'it took the long form');
  if (event.type === 'close') {
    const looseness = event.code === 1002 ? [] : [`it closed with ${event.code ?? 'no code'}`];
    return verdictOf({ faults: [], looseness });
  }
  return event.type === 'end'
    ? finding('non-strict', 'it cut TCP without a Close frame')
    : finding('fail', `it sent a ${event.type}`);
}

function topBitCases(): Case[] {
  const claims = [
    ['only the top bit', 0x8000_0000_0000_0000n],
    ['all bits', 0xffff_ffff_ffff_ffffn],
    ['the top bit and 5', 0x8000_0000_0000_0005n],
  ] as const;
  return claims.flatMap(([title, claimedLength], index) =>
    exchanges(
      {
        id: `15.3.${index + 1}`,
        rule: 'RFC 6455 5.2',
        title: `a length of 64 bits: ${title}`,
        why: 'The top bit must be 0. Read as a signed number, such a length is negative.',
      },
      ['whole', 'bytes'],
      (cut) => ({
        steps: [{ send: [text('hello', { claimedLength, lengthBytes: 8 })], cut }],
        expects: [],
        ending: PROTOCOL_ERROR,
      }),
    ),
  );
}

const BOUNDS = 'RFC 6455 10.4';

/** Section 16. */
export function boundCases(): Case[] {
  return [...claimCases(), ...countCases()];
}

function claimCases(): Case[] {
  const claims = [
    ['2 GiB', 2n ** 31n],
    ['4 GiB and 5 bytes', 2n ** 32n + 5n],
    ['1 PiB', 2n ** 50n],
    ['2 to the power of 53, and 1', 2n ** 53n + 1n],
    ['2 to the power of 63, less 1', 2n ** 63n - 1n],
  ] as const;
  const why = 'What a header claims costs its sender nothing; the one who reads it must have a bound.';
  const spec = (number: number, title: string): CaseSpec => ({
    id: `16.1.${number}`,
    rule: BOUNDS,
    why,
    title,
  });
  return [
    ...claims.map(([title, claimedLength], index) =>
      frameCase(spec(index + 1, `a frame that claims ${title}`), (session, pace) =>
        bounded(session, binary(bytesOf(64), { claimedLength, lengthBytes: 8 }), pace),
      ),
    ),
    frameCase(spec(6, 'a continuation that claims 1 PiB'), async (session, pace) => {
      await session.send([binary(bytesOf(64), OPEN)]);
      return bounded(session, continuation('x', { claimedLength: 2n ** 50n, lengthBytes: 8 }), pace);
    }),
  ];
}

/** Many, and large, but nothing that a server with usual bounds would refuse. */
function countCases(): Case[] {
  const spec = (number: number, title: string, why: string): CaseSpec => ({
    id: `16.2.${number}`,
    rule: BOUNDS,
    why,
    title,
  });
  const empty = [...Array(1000).keys()].map(
    (index): Frame => ({ opcode: index === 0 ? TEXT : 0, fin: index === 999 }),
  );
  const openWhy =
    'Fragments without a byte escape every bound on bytes; how many are too many is the program’s affair.';
  return [
    oneExchange(
      spec(1, '1 MiB exactly, then a ping', 'A border of the program’s own must not be off by one.'),
      () => {
        const frame = text(asciiOf(1024 * 1024));
        return {
          steps: [{ send: [frame, ping('behind')] }],
          expects: [echoOf(frame), pongWith('behind')],
          ending: WE_CLOSE,
          isLarge: true,
        };
      },
    ),
    frameCase(spec(2, '1,000 empty fragments', openWhy), async (session, pace) => {
      const plan = { steps: [{ send: empty }], expects: [echoOf(text(''))], ending: WE_CLOSE } as const;
      const { verdict, notes } = await exchange(session, plan, pace);
      return verdict === 'pass' ? { verdict, notes } : finding('informational', ...notes);
    }),
    oneExchange(
      spec(3, '2,000 messages in one write', 'Many small messages in one read are many messages.'),
      () => {
        const frames = [...Array(2000).keys()].map((index) => text(`message ${index}`));
        return { steps: [{ send: frames }], expects: frames.map(echoOf), ending: WE_CLOSE };
      },
    ),
    oneExchange(
      spec(4, '256 KiB in fragments of 100 bytes', 'The sum of all fragments is what counts.'),
      () => {
        const whole = asciiOf(256 * 1024);
        return {
          steps: [{ send: fragments(TEXT, whole, 100) }],
          expects: [echoOf(text(whole))],
          ending: WE_CLOSE,
        };
      },
    ),
  ];
}

/** 1009 at once; another way of giving up is not strict; waiting for all these bytes is the program's choice. */
async function bounded(session: Session, frame: Frame, pace: Pace): Promise<Finding> {
  await session.send([frame]);
  const event = await session.next(pace.promptMs);
  if (event === undefined) return finding('informational', 'it waits for what was claimed');
  if (event.type === 'end') return finding('non-strict', 'it cut TCP without a Close frame');
  if (event.type !== 'close') return finding('fail', `it sent a ${event.type}`);
  const looseness = event.code === 1009 ? [] : [`it closed with ${event.code ?? 'no code'} instead of 1009`];
  return verdictOf({ faults: [], looseness });
}
