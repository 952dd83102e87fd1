// Section 9: large messages, many fragments, small writes, many round trips (RFC 6455 5.2, 5.4, 10.4). Contents are
// compared in full.
import { type Case, type Finding, finding } from '../case.ts';
import type { Pace } from '../pace.ts';
import { describe, type Exchange, echoOf, exchange, isSame, WE_CLOSE } from '../tester/exchange.ts';
import type { Session } from '../tester/session.ts';
import { BINARY, binary, close, type Frame, fragments, TEXT, text } from '../wire/frame.ts';
import { asciiOf, bytesOf, frameCase } from './making.ts';

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

const kinds = [
  { kind: 'text', opcode: TEXT, payloadOf: asciiOf },
  { kind: 'binary', opcode: BINARY, payloadOf: bytesOf },
] as const;

export function volumeCases(): Case[] {
  return [...largeMessages(), ...manyFragments(), ...smallWrites(), ...roundTrips()];
}

const sizeText = (bytes: number): string =>
  bytes >= MEBIBYTE
    ? `${bytes / MEBIBYTE} MiB`
    : bytes >= KIBIBYTE
      ? `${bytes / KIBIBYTE} KiB`
      : `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;

/** A case that a quick pace does with less. */
function largeCase(id: string, title: string, why: string, plan: (pace: Pace) => Exchange): Case {
  return frameCase({ id, rule: 'RFC 6455 5.2', title, why, isHeavy: true }, (session, pace) =>
    exchange(session, { ...plan(pace), isLarge: true }, pace),
  );
}

function echoing(frames: readonly Frame[], whole: Frame, cut: 'whole' | 'frames' | number): Exchange {
  return { steps: [{ send: frames, cut }], expects: [echoOf(whole)], ending: WE_CLOSE };
}

function largeMessages(): Case[] {
  const sizes = [64 * KIBIBYTE, 256 * KIBIBYTE, MEBIBYTE, 4 * MEBIBYTE, 8 * MEBIBYTE, 16 * MEBIBYTE];
  const why = 'One frame may be as large as the program allows; every byte of it comes back.';
  return kinds.flatMap(({ kind, opcode, payloadOf }, number) =>
    sizes.map((size, index) =>
      largeCase(`9.${number + 1}.${index + 1}`, `${kind} message of ${sizeText(size)}`, why, (pace) => {
        const frame = { opcode, payload: payloadOf(Math.min(size, pace.messageBytesMax)) };
        return echoing([frame], frame, 'whole');
      }),
    ),
  );
}

function manyFragments(): Case[] {
  const sizes = [64, 256, 1024, 4096, 16_384, 65_536, 262_144, MEBIBYTE, 4 * MEBIBYTE];
  const why = 'The number of fragments is the sender’s affair; putting them together must not become slow.';
  return kinds.flatMap(({ kind, opcode, payloadOf }, number) =>
    sizes.map((size, index) =>
      largeCase(
        `9.${number + 3}.${index + 1}`,
        `4 MiB ${kind} in fragments of ${sizeText(size)}`,
        why,
        (pace) => {
          const payload = payloadOf(Math.min(4 * MEBIBYTE, pace.messageBytesMax));
          return echoing(fragments(opcode, payload, size), { opcode, payload }, 'whole');
        },
      ),
    ),
  );
}

function smallWrites(): Case[] {
  const why = 'TCP may deliver a frame in any pieces.';
  const list: readonly (readonly [bytes: number, pieces: readonly number[]])[] = [
    [64, [1]],
    [16 * KIBIBYTE, [1]],
    [MEBIBYTE, [64, 128, 256, 512, 1024, 2048]],
    [16 * MEBIBYTE, [65_536, MEBIBYTE]],
  ];
  return kinds.flatMap(({ kind, opcode, payloadOf }, number) =>
    list
      .flatMap(([bytes, pieces]) => pieces.map((piece) => ({ bytes, piece })))
      .map(({ bytes, piece }, index) =>
        largeCase(
          `9.${number + 5}.${index + 1}`,
          `${kind} message of ${sizeText(bytes)} in writes of ${sizeText(piece)}`,
          why,
          (pace) => {
            const frame = { opcode, payload: payloadOf(Math.min(bytes, pace.messageBytesMax)) };
            return echoing([frame], frame, piece);
          },
        ),
      ),
  );
}

function roundTrips(): Case[] {
  const sizes = [0, 16, 64, 256, 1024, 4096];
  const makers = [
    { kind: 'text', make: (bytes: Buffer) => text(bytes), payloadOf: asciiOf },
    { kind: 'binary', make: (bytes: Buffer) => binary(bytes), payloadOf: bytesOf },
  ];
  return makers.flatMap(({ kind, make, payloadOf }, number) =>
    sizes.map((size, index) =>
      frameCase(
        {
          id: `9.${number + 7}.${index + 1}`,
          rule: 'RFC 6455 5.6',
          title: `round trips one after the other, ${kind} of ${sizeText(size)}`,
          why: 'A thousand of them show what is lost, doubled or late.',
          isHeavy: true,
        },
        (session, pace) =>
          stream(
            session,
            pace,
            Array.from({ length: pace.messagesMax }, () => make(payloadOf(size))),
          ),
      ),
    ),
  );
}

/** Sends each and waits for its echo, then closes. */
async function stream(session: Session, pace: Pace, frames: readonly Frame[]): Promise<Finding> {
  for (const [index, frame] of frames.entries()) {
    await session.send([frame]);
    const event = await session.next(pace.largeTimeoutMs);
    if (event !== undefined && isSame(event, echoOf(frame))) continue;
    return finding(
      'fail',
      `message ${index + 1}: ${event === undefined ? 'nothing' : describe(event)} came back`,
    );
  }
  return exchange(
    session,
    { steps: [{ send: [close(1000)] }], expects: [], ending: { by: 'script', codes: [1000] } },
    pace,
  );
}
