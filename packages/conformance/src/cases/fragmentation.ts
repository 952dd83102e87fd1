// Section 5: fragments (RFC 6455 5.4). Section 10: one message that comes in pieces of the size of packets.
import type { Case } from '../case.ts';
import {
  type Exchange,
  type Expected,
  echoOf,
  PROTOCOL_ERROR,
  pongWith,
  WE_CLOSE,
} from '../tester/exchange.ts';
import type { Cut } from '../tester/session.ts';
import { continuation, type Frame, fragments, ping, pong, TEXT, text } from '../wire/frame.ts';
import { ALL_CUTS, asciiOf, exchanges, FRAME_CUTS, oneExchange } from './making.ts';

const rule = 'RFC 6455 5.4';
const OPEN = { fin: false };

export function fragmentationCases(): Case[] {
  return [
    ...legalCases(),
    ...controlFragments(),
    ...continuationsOfNothing(),
    ...messageInMessage(),
    ...quietPauses(),
  ];
}

const legal =
  (frames: readonly Frame[], expects: readonly Expected[]) =>
  (cut: Cut): Exchange => ({ steps: [{ send: frames, cut }], expects, ending: WE_CLOSE });

function legalCases(): Case[] {
  const why = 'A message is the sum of its fragments; control frames between them are dealt with at once.';
  const list: readonly (readonly [string, readonly Frame[], readonly Expected[]])[] = [
    ['text in two fragments', [text('frag', OPEN), continuation('ment')], [echoOf(text('fragment'))]],
    [
      'ping between two fragments',
      [text('frag', OPEN), ping('between'), continuation('ment')],
      [pongWith('between'), echoOf(text('fragment'))],
    ],
    [
      'pong between two fragments',
      [text('frag', OPEN), pong('between'), continuation('ment')],
      [echoOf(text('fragment'))],
    ],
    [
      'five fragments with two pings',
      [
        ...[text('a', OPEN), continuation('b', OPEN), ping('first'), continuation('c', OPEN)],
        ...[continuation('d', OPEN), ping('second'), continuation('e')],
      ],
      [pongWith('first'), pongWith('second'), echoOf(text('abcde'))],
    ],
    [
      'empty fragments around and between',
      [
        text('', OPEN),
        continuation('a', OPEN),
        continuation('', OPEN),
        continuation('b', OPEN),
        continuation(''),
      ],
      [echoOf(text('ab'))],
    ],
    [
      'two messages in fragments, one whole behind them',
      [text('a', OPEN), continuation('b'), text('c', OPEN), continuation('d'), text('e')],
      [echoOf(text('ab')), echoOf(text('cd')), echoOf(text('e'))],
    ],
  ];
  return list.flatMap(([title, frames, expects], index) =>
    exchanges({ id: `5.${index + 1}`, rule, title, why }, ALL_CUTS, legal(frames, expects)),
  );
}

function quietPauses(): Case[] {
  const spec = {
    id: '5.7',
    rule,
    title: 'five fragments with a ping before and after a pause',
    why: 'The first pong must not wait for the end of the message.',
  };
  return exchanges(spec, ALL_CUTS, (cut) => ({
    steps: [
      { send: [text('a', OPEN), continuation('b', OPEN), ping('first')], cut },
      { pause: true, seen: 1 },
      { send: [continuation('c', OPEN), continuation('d', OPEN), ping('second'), continuation('e')], cut },
    ],
    expects: [pongWith('first'), pongWith('second'), echoOf(text('abcde'))],
    ending: WE_CLOSE,
  }));
}

function controlFragments(): Case[] {
  const why = 'Control frames are never fragmented, also not into fragments that would make a whole.';
  const list: readonly (readonly [string, readonly Frame[]])[] = [
    ['ping with FIN = 0', [ping('frag', OPEN), continuation('ment')]],
    ['pong with FIN = 0', [pong('frag', OPEN), continuation('ment')]],
    ['ping with FIN = 0 inside a message', [text('a', OPEN), ping('b', OPEN), continuation('c')]],
    ['Close with FIN = 0', [{ opcode: 8, fin: false }]],
  ];
  return list.flatMap(([title, frames], index) =>
    exchanges({ id: `5.${index + 8}`, rule: 'RFC 6455 5.5', title, why }, ALL_CUTS, (cut) => ({
      steps: [{ send: frames, cut }],
      expects: [],
      ending: PROTOCOL_ERROR,
    })),
  );
}

function continuationsOfNothing(): Case[] {
  const why = 'A continuation continues an open message. What was complete before it still counts.';
  const done = [text('frag', OPEN), continuation('ment')];
  const echo = [echoOf(text('fragment'))];
  const list: readonly (readonly [string, readonly Frame[], readonly Expected[]])[] = [
    ['continuation, FIN = 1, as first frame', [continuation('lost'), text('behind')], []],
    ['continuation, FIN = 0, as first frame', [continuation('lost', OPEN), text('behind')], []],
    ['empty continuation as first frame', [continuation('')], []],
    [
      'continuation, FIN = 1, after a message in fragments',
      [...done, continuation('lost'), text('behind')],
      echo,
    ],
    [
      'continuation, FIN = 0, after a message in fragments',
      [...done, continuation('lost', OPEN), text('behind')],
      echo,
    ],
    ['continuation after a whole message', [text('fragment'), continuation('lost'), ping('behind')], echo],
    [
      'continuations, FIN = 0 and FIN = 1, by turns',
      [...[0, 1, 2].flatMap(() => [continuation('lost', OPEN), continuation('lost')])],
      [],
    ],
  ];
  return list.flatMap(([title, frames, expects], index) =>
    exchanges({ id: `5.${index + 12}`, rule, title, why }, ALL_CUTS, (cut) => ({
      steps: [{ send: frames, cut }],
      expects,
      ending: PROTOCOL_ERROR,
    })),
  );
}

function messageInMessage(): Case[] {
  const why =
    'Messages do not interleave: until the last fragment only continuations and control frames may come.';
  const list: readonly (readonly [string, readonly Frame[]])[] = [
    ['whole text inside an open message', [text('a', OPEN), text('b'), continuation('c')]],
    ['text with FIN = 0 inside an open message', [text('a', OPEN), text('b', OPEN), continuation('c')]],
    ['whole text after two fragments', [text('a', OPEN), continuation('b', OPEN), text('c')]],
    ['binary inside an open text', [text('a', OPEN), { opcode: 2, payload: Buffer.from('b') }]],
  ];
  return list.flatMap(([title, frames], index) =>
    exchanges({ id: `5.${index + 19}`, rule, title, why }, ALL_CUTS, (cut) => ({
      steps: [{ send: frames, cut }],
      expects: [],
      ending: PROTOCOL_ERROR,
    })),
  );
}

/** Section 10. */
export function packetCases(): Case[] {
  const message = asciiOf(64 * 1024);
  const why =
    'What a program sends in one go arrives in frames and packets of any size, and is one message again.';
  const inFragments = (size: number): Exchange => ({
    steps: [{ send: fragments(TEXT, message, size), cut: 'frames' }],
    expects: [echoOf(text(message))],
    ending: WE_CLOSE,
  });
  return [
    ...[1300, 1, 125, 126, 65535].map((size, index) =>
      oneExchange(
        {
          id: `10.${index + 1}`,
          rule,
          why,
          title: `text of 64 KiB in fragments of ${size} ${size === 1 ? 'byte' : 'bytes'}`,
          isHeavy: size === 1,
        },
        inFragments(size),
      ),
    ),
    ...exchanges(
      { id: '10.6', rule, why, title: 'text of 125 bytes in fragments of 1 byte' },
      FRAME_CUTS,
      legal(fragments(TEXT, asciiOf(125), 1), [echoOf(text(asciiOf(125)))]),
    ),
  ];
}
