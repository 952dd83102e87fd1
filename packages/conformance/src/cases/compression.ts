// Sections 12 and 13: streams of compressed messages, over kinds of data and over what is agreed on (RFC 7692). The
// tester's reader holds the other end to the agreement, so that cheating gives data that cannot be read.
import { type Case, type DeflateWish, type Finding, finding } from '../case.ts';
import type { Pace } from '../pace.ts';
import { describe, exchange, isSame } from '../tester/exchange.ts';
import type { Session } from '../tester/session.ts';
import { BINARY, close, fragments, TEXT } from '../wire/frame.ts';
import type { ClientBounds } from '../wire/negotiation.ts';
import { CORPORA, type Corpus, JSON_TEXT } from './corpora.ts';
import { frameCase } from './making.ts';

const KIBIBYTE = 1024;
const MESSAGES_MIN = 4;

interface Shape {
  readonly bytes: number;
  /** Of the compressed payload. Undefined: one frame. */
  readonly fragmentBytes?: number;
}

const SHAPES: readonly Shape[] = [
  ...[16, 64, 256, 1, 4, 8, 16, 32, 64, 128].map((size, index) => ({
    bytes: index < 3 ? size : size * KIBIBYTE,
  })),
  ...[8, 16, 32, 64, 128].map((size) => ({ bytes: size * KIBIBYTE, fragmentBytes: 256 })),
  ...[1, 4, 32].map((size) => ({ bytes: 128 * KIBIBYTE, fragmentBytes: size * KIBIBYTE })),
];

/** Both hints about the client's own direction: it can do either, and asks nothing of the server. */
const PLAIN: DeflateWish = {
  offers: 'permessage-deflate; client_no_context_takeover; client_max_window_bits',
  bounds: {},
};

/** Section 12. */
export function payloadCases(): Case[] {
  const why = 'A history that differs by one byte between both ends spoils every message after it.';
  return CORPORA.flatMap((corpus, index) =>
    SHAPES.map((shape, number) =>
      streamCase({
        id: `12.${index + 1}.${number + 1}`,
        corpus,
        shape,
        wish: PLAIN,
        about: corpus.name,
        why,
      }),
    ),
  );
}

interface Negotiation {
  readonly about: string;
  /** What is asked of a server, behind the name; several offers for a list in order of preference. */
  readonly asked: readonly string[];
  readonly bounds: ClientBounds;
}

const NO_TAKEOVER = 'server_no_context_takeover';
const bits = (count: number): string => `server_max_window_bits=${count}`;

const NEGOTIATIONS: readonly Negotiation[] = [
  { about: 'nothing asked for', asked: [''], bounds: {} },
  { about: 'no context takeover', asked: [NO_TAKEOVER], bounds: { noContextTakeover: true } },
  { about: 'a window of 9 bits', asked: [bits(9)], bounds: { windowBits: 9 } },
  { about: 'a window of 15 bits', asked: [bits(15)], bounds: { windowBits: 15 } },
  {
    about: 'no context takeover, 9 bits',
    asked: [`${NO_TAKEOVER}; ${bits(9)}`],
    bounds: { noContextTakeover: true, windowBits: 9 },
  },
  {
    about: 'no context takeover, 15 bits',
    asked: [`${NO_TAKEOVER}; ${bits(15)}`],
    bounds: { noContextTakeover: true, windowBits: 15 },
  },
  {
    about: 'a list of offers',
    asked: [`${NO_TAKEOVER}; ${bits(9)}`, NO_TAKEOVER, ''],
    bounds: { noContextTakeover: true, windowBits: 9 },
  },
  { about: 'a window of 12 bits', asked: [bits(12)], bounds: { windowBits: 12 } },
  { about: 'a window of 8 bits', asked: [bits(8)], bounds: { windowBits: 8 } },
];

/** The last two negotiations, which are ours, are tried with few shapes. */
const FULL_NEGOTIATIONS = 7;
const FEW_SHAPES: readonly Shape[] = SHAPES.filter(({ bytes, fragmentBytes }) =>
  fragmentBytes === undefined ? [64, KIBIBYTE, 16 * KIBIBYTE].includes(bytes) : bytes === 8 * KIBIBYTE,
);

/** Section 13. */
export function parameterCases(): Case[] {
  const why =
    'An end that has agreed to bounds keeps to them; who reads it may have no more memory than that.';
  const cases = NEGOTIATIONS.flatMap(({ about, asked, bounds }, index) =>
    (index < FULL_NEGOTIATIONS ? SHAPES : FEW_SHAPES).map((shape, number) =>
      streamCase({
        id: `13.${index + 1}.${number + 1}`,
        corpus: JSON_TEXT,
        shape,
        wish: { offers: asked.map(offerOf).join(', '), bounds },
        about,
        why,
      }),
    ),
  );
  return [...cases, ...testersOwnBounds()];
}

const offerOf = (asked: string): string =>
  `permessage-deflate${asked === '' ? '' : `; ${asked}`}; client_max_window_bits`;

/** The tester binds itself: a server answers what it is told, and must read what is compressed so. */
function testersOwnBounds(): Case[] {
  const why = 'What the tester promises about its own direction must not confuse whoever reads it.';
  const promises = ['client_no_context_takeover', 'client_max_window_bits=9', 'client_max_window_bits="10"'];
  return promises.map((promise, index) => ({
    ...streamCase({
      id: `13.10.${index + 1}`,
      corpus: JSON_TEXT,
      shape: { bytes: KIBIBYTE },
      wish: { offers: `permessage-deflate; ${promise}`, bounds: {} },
      about: promise,
      why,
    }),
    peers: ['server'],
  }));
}

interface StreamSpec {
  readonly id: string;
  readonly corpus: Corpus;
  readonly shape: Shape;
  readonly wish: DeflateWish;
  readonly about: string;
  readonly why: string;
}

function streamCase({ id, corpus, shape, wish, about, why }: StreamSpec): Case {
  const { bytes, fragmentBytes } = shape;
  const size = bytes < KIBIBYTE ? `${bytes} bytes` : `${bytes / KIBIBYTE} KiB`;
  const cut = fragmentBytes === undefined ? '' : ` in fragments of ${fragmentBytes}`;
  const title = `${about}, messages of ${size}${cut}`;
  return frameCase({ id, rule: 'RFC 7692 7', title, why, isHeavy: true, deflate: wish }, (session, pace) =>
    stream(session, pace, corpus, shape),
  );
}

async function stream(
  session: Session,
  pace: Pace,
  corpus: Corpus,
  { bytes, fragmentBytes }: Shape,
): Promise<Finding> {
  const { kind } = corpus;
  const count = Math.min(pace.messagesMax, Math.max(MESSAGES_MIN, Math.ceil(pace.streamBytesMax / bytes)));
  for (let index = 0; index < count; index += 1) {
    const data = corpus.cut(index, bytes);
    const payload = session.deflate?.deflate(data) ?? data;
    const opcode = kind === 'text' ? TEXT : BINARY;
    await session.send(fragments(opcode, payload, fragmentBytes ?? Number.POSITIVE_INFINITY, 4));
    const event = await session.next(pace.largeTimeoutMs);
    if (event !== undefined && isSame(event, { type: 'message', kind, data })) continue;
    return finding(
      'fail',
      `message ${index + 1}: ${event === undefined ? 'nothing' : describe(event)} came back`,
    );
  }
  const closing = {
    steps: [{ send: [close(1000)] }],
    expects: [],
    ending: { by: 'script', codes: [1000] },
  } as const;
  return exchange(session, closing, pace);
}
