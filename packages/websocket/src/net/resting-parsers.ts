// Parsers between two frames, lent to whichever connection has something to parse. Ten thousand silent connections share one;
// a connection that was left inside a frame keeps its own until that is through.
import { FrameParser } from '../core/frame-parser.ts';
import type { Role } from '../core/opcode.ts';

/** More are in use only while handlers of one connection have others parse. */
const RESTING_MAX = 16;

// One list for each role, and for whether RSV1 has a meaning: the parsers in it are all alike.
const resting: Readonly<Record<Role, readonly [plain: FrameParser[], compressed: FrameParser[]]>> = {
  server: [[], []],
  client: [[], []],
};

/** As the constructor of FrameParser. */
export function takeParser(role: Role, rsvAllowed: number): FrameParser {
  return resting[role][rsvAllowed === 0 ? 0 : 1].pop() ?? new FrameParser(role, rsvAllowed);
}

/** Only a parser that is neither inside a frame nor has anything unread. */
export function giveParserBack(parser: FrameParser): void {
  const list = resting[parser.masked ? 'server' : 'client'][parser.rsvAllowed === 0 ? 0 : 1];
  if (list.length < RESTING_MAX) list.push(parser);
}
