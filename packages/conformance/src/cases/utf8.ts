// Section 6: text is UTF-8, over fragments too, and bad text is refused at the first impossible byte (RFC 6455 8.1).
import type { Case, Finding } from '../case.ts';
import type { Pace } from '../pace.ts';
import { BAD_DATA, type Exchange, echoOf, isEnding, verdictOf, WE_CLOSE } from '../tester/exchange.ts';
import type { Session } from '../tester/session.ts';
import { continuation, encode, type Frame, fragments, ping, TEXT, text } from '../wire/frame.ts';
import type { WireEvent } from '../wire/frame-reader.ts';
import { ALL_CUTS, asciiOf, exchanges, FRAME_CUTS, frameCase, oneExchange } from './making.ts';
import { GREEK, patternOf, SEQUENCE_GROUPS } from './utf8-tables.ts';

const rule = 'RFC 6455 8.1';
const OPEN = { fin: false };

const MIXED = Buffer.from('48c2b5403ac39fc3b6c3a4e282acf09d849e21', 'hex');
/** A border between two characters of it. */
const MIXED_BORDER = 5;
/** Good text, a surrogate in the midst of it, good text. */
const WITH_SURROGATE = Buffer.concat([
  GREEK,
  Buffer.from(patternOf(0xd800, 3), 'hex'),
  Buffer.from('edited'),
]);

export function utf8Cases(): Case[] {
  return [...emptyCases(), ...validCases(), ...invalidCases(), ...failFastCases(), ...tableCases()];
}

const echoed =
  (frames: readonly Frame[], whole: string | Uint8Array) =>
  (cut: 'whole' | 'frames' | 'bytes' | number): Exchange => ({
    steps: [{ send: frames, cut }],
    expects: [echoOf(text(whole))],
    ending: WE_CLOSE,
  });

function emptyCases(): Case[] {
  const why = 'A text of no characters is a text; so is one in empty fragments.';
  const list: readonly (readonly [string, readonly Frame[], string])[] = [
    ['empty text', [text('')], ''],
    ['three empty fragments', [text('', OPEN), continuation('', OPEN), continuation('')], ''],
    [
      'a full fragment between empty ones',
      [text('', OPEN), continuation('middle', OPEN), continuation('')],
      'middle',
    ],
  ];
  return list.flatMap(([title, frames, whole], index) =>
    exchanges({ id: `6.1.${index + 1}`, rule, title, why }, ALL_CUTS, echoed(frames, whole)),
  );
}

function validCases(): Case[] {
  const why = 'Fragments and packets may be cut anywhere, also inside a character.';
  const list: readonly (readonly [string, readonly Frame[], Buffer])[] = [
    ['all lengths in one frame', [text(MIXED)], MIXED],
    [
      'cut between two characters',
      [text(MIXED.subarray(0, MIXED_BORDER), OPEN), continuation(MIXED.subarray(MIXED_BORDER))],
      MIXED,
    ],
    ['one byte for each frame', fragments(TEXT, MIXED, 1), MIXED],
    ['Greek, one byte for each frame', fragments(TEXT, GREEK, 1), GREEK],
  ];
  const small = list.flatMap(([title, frames, whole], index) =>
    exchanges({ id: `6.2.${index + 1}`, rule, title, why }, ALL_CUTS, echoed(frames, whole)),
  );
  const long = Buffer.from('e282ac'.repeat(40_000), 'hex');
  const large = [1021, 4096, 65_535].map((size, index) =>
    oneExchange(
      { id: `6.2.${index + 5}`, rule, title: `120,000 bytes of 3-byte characters in writes of ${size}`, why },
      echoed([text(long)], long)(size),
    ),
  );
  return [...small, ...large];
}

const refused =
  (frames: readonly Frame[]) =>
  (cut: 'whole' | 'frames' | 'bytes' | number): Exchange => ({
    steps: [{ send: frames, cut }],
    expects: [],
    ending: BAD_DATA,
  });

function invalidCases(): Case[] {
  const why =
    'Bad text fails the connection with 1007, wherever in the message it stands, and is not echoed.';
  const far = Buffer.concat([asciiOf(100_000), Buffer.from('ff', 'hex'), asciiOf(10)]);
  const list: readonly (readonly [string, readonly Frame[]])[] = [
    ['a surrogate in the middle', [text(WITH_SURROGATE)]],
    ['a surrogate in the middle, one byte for each frame', fragments(TEXT, WITH_SURROGATE, 1)],
    [
      'a character that ends in another fragment wrongly',
      [text(Buffer.of(0x61, 0xc3), OPEN), continuation('a')],
    ],
    [
      'an end inside a character, in the last fragment',
      [text('ok', OPEN), continuation(Buffer.of(0xe2, 0x82))],
    ],
    ['bad text behind which a ping comes', [text(Buffer.of(0xff)), ping('behind')]],
  ];
  return [
    ...list.flatMap(([title, frames], index) =>
      exchanges({ id: `6.3.${index + 1}`, rule, title, why }, ALL_CUTS, refused(frames)),
    ),
    oneExchange(
      { id: '6.3.6', rule, title: 'one bad byte behind 100,000 good ones', why },
      refused([text(far)])('whole'),
    ),
    oneExchange(
      { id: '6.3.7', rule, title: 'one bad byte behind 100,000 good ones, in fragments', why },
      refused(fragments(TEXT, far, 1000))('frames'),
    ),
  ];
}

interface Parts {
  readonly good: Buffer;
  /** After these bytes it cannot become UTF-8 any more. */
  readonly bad: Buffer;
  readonly rest: Buffer;
}

/** Up to U+110000: F4 is a lead byte that may be, and the byte behind it decides. */
const COMPLETE: Parts = { good: GREEK, bad: Buffer.from('f4908080', 'hex'), rest: Buffer.from('edited') };
const FIRST_BYTE: Parts = {
  good: Buffer.concat([GREEK, Buffer.of(0xf4)]),
  bad: Buffer.of(0x90),
  rest: Buffer.from('8080656469746564', 'hex'),
};

function failFastCases(): Case[] {
  const why =
    'No later byte can heal bad text, so the connection is failed at once and not at the end of the message.';
  const list: readonly (readonly [string, Parts, boolean])[] = [
    ['frames; the bad character complete', COMPLETE, true],
    ['frames; up to the first impossible byte', FIRST_BYTE, true],
    ['pieces of one frame; the bad character complete', COMPLETE, false],
    ['pieces of one frame; up to the first impossible byte', FIRST_BYTE, false],
  ];
  return list.map(([title, parts, isFramed], index) =>
    frameCase(
      { id: `6.4.${index + 1}`, rule, why, title: `good, pause, bad, pause, rest as ${title}` },
      (session, pace) => failFast(session, sendings(session, parts, isFramed), pace),
    ),
  );
}

/** What is sent one after the other, with pauses between. */
type Sending = readonly [() => Promise<void>, () => Promise<void>, () => Promise<void>];

function sendings(session: Session, { good, bad, rest }: Parts, isFramed: boolean): Sending {
  if (isFramed) {
    return [
      () => session.send([text(good, OPEN)]),
      () => session.send([continuation(bad, OPEN)]),
      () => session.send([continuation(rest)]),
    ];
  }
  const frame = encode(text(Buffer.concat([good, bad, rest])), session.peer === 'server');
  const restAt = frame.length - rest.length;
  const badAt = restAt - bad.length;
  return [
    () => session.sendBytes(frame.subarray(0, badAt)),
    () => session.sendBytes(frame.subarray(badAt, restAt)),
    () => session.sendBytes(frame.subarray(restAt)),
  ];
}

async function failFast(
  session: Session,
  [sendGood, sendBad, sendRest]: Sending,
  pace: Pace,
): Promise<Finding> {
  const faults: string[] = [];
  const looseness: string[] = [];
  await sendGood();
  const early = await session.next(pace.pauseMs);
  if (early !== undefined) return verdictOf({ faults: [`${early.type} came while all was good`], looseness });
  await sendBad();
  let event: WireEvent | undefined = await session.next(pace.promptMs);
  if (event === undefined) {
    looseness.push('it waited for the end of the message');
    await sendRest();
    event = await session.next(pace.replyTimeoutMs);
  }
  if (event === undefined || !isEnding(event)) faults.push('it did not fail the connection');
  else if (event.type === 'violation') faults.push(`it sent ${event.what}`);
  else if (event.type === 'end') looseness.push('it cut TCP without a Close frame');
  else if (event.type === 'close' && event.code !== 1007) looseness.push(`it closed with ${event.code}`);
  if (
    event?.type === 'close' &&
    (await session.next(pace.replyTimeoutMs)) === undefined &&
    session.peer === 'server'
  )
    looseness.push('the server did not end TCP');
  return verdictOf({ faults, looseness });
}

function tableCases(): Case[] {
  return SEQUENCE_GROUPS.flatMap(({ number, why, sequences }) =>
    sequences.flatMap(({ title, bytes, isValid }, index) => {
      const named = `${isValid ? 'valid' : 'not valid'}: ${title}`;
      const spec = { id: `6.${number}.${index + 1}`, rule: 'RFC 3629 3', title: named, why };
      return exchanges(spec, FRAME_CUTS, isValid ? echoed([text(bytes)], bytes) : refused([text(bytes)]));
    }),
  );
}
