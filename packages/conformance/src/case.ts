// What a case is: what it does to the other end, of which rule, and why. The list of all of them is cases.ts; who runs
// them is tester/. Every case expects an end that echoes messages, of the same kind and with the same bytes.
import type { Pace } from './pace.ts';
import type { Answering, Asking } from './tester/opening.ts';
import type { PeerRole, Session } from './tester/session.ts';
import type { ClientBounds } from './wire/negotiation.ts';

/**
 * - `pass`: as the RFC says, and at once.
 * - `non-strict`: allowed, or as good as; but later, sloppier or with another code than one would wish.
 * - `informational`: the RFC leaves it open; the notes say what was seen.
 * - `unimplemented`: needs an extension that the other end did not agree on.
 * - `fail`: against the RFC.
 */
export type Verdict = 'pass' | 'non-strict' | 'informational' | 'unimplemented' | 'fail';

export interface Finding {
  readonly verdict: Verdict;
  /** What was seen, one sentence each; for a plain pass nothing. */
  readonly notes: readonly string[];
}

/** What is agreed on about compression. Without: nothing is offered to a server, nothing taken from a client. */
export interface DeflateWish {
  /** The offers to a server, a whole header field. */
  readonly offers: string;
  /** What a client is bound to. */
  readonly bounds: ClientBounds;
}

/** Sends and reads frames after a handshake without fault. */
export interface FrameTest {
  readonly kind: 'frames';
  readonly deflate?: DeflateWish;
  play(session: Session, pace: Pace): Promise<Finding>;
}

/** Sends an opening request to a server and looks at what comes of it. */
export interface RequestTest {
  readonly kind: 'request';
  play(asking: Asking, pace: Pace): Promise<Finding>;
}

/** Answers the opening request of a client and looks at what comes of it. */
export interface AnswerTest {
  readonly kind: 'answer';
  play(answering: Answering, pace: Pace): Promise<Finding>;
}

export interface Case {
  /** Section, number, and where there are several cuts one of `w` (one write), `f` (one for each frame), `b` (for each byte). */
  readonly id: string;
  readonly section: string;
  /** Where the rule stands. */
  readonly rule: string;
  readonly title: string;
  readonly why: string;
  /** The roles of the tested end for which it makes sense. */
  readonly peers: readonly PeerRole[];
  /** Many bytes or much computing: only few of these run at once. */
  readonly isHeavy: boolean;
  readonly test: FrameTest | RequestTest | AnswerTest;
}

export const PASS: Finding = { verdict: 'pass', notes: [] };

export const finding = (verdict: Verdict, ...notes: string[]): Finding => ({ verdict, notes });

export const BOTH: readonly PeerRole[] = ['server', 'client'];
