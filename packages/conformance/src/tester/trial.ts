// Plays one case against one end, within its time, and makes a result of whatever happens. Who decides which case comes
// when: server-run.ts and client-run.ts.
import { type Case, type Finding, type FrameTest, finding, type Verdict } from '../case.ts';
import type { Pace } from '../pace.ts';
import type { Head } from '../wire/http.ts';
import {
  type Answering,
  askingOf,
  NotAgreed,
  OpeningFailed,
  openToClient,
  openToServer,
  takeRequest,
} from './opening.ts';
import type { RawLink, Reach } from './raw-link.ts';
import type { Session } from './session.ts';

export interface CaseResult {
  readonly id: string;
  readonly section: string;
  readonly title: string;
  readonly rule: string;
  readonly verdict: Verdict;
  /** What was seen, where it was not simply right. */
  readonly notes: readonly string[];
  readonly tookMs: number;
}

/** Only so many heavy cases at once; the others wait here. */
export class Turnstile {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  async pass<T>(run: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = this.#waiting.shift();
      if (next !== undefined) next();
      else this.#free += 1;
    }
  }
}

/** A server under test gets this case. */
export function tryServer(tested: Case, url: URL, pace: Pace, reach: Reach = {}): Promise<CaseResult> {
  return resultOf(tested, async () => {
    const { test } = tested;
    if (test.kind === 'answer') throw new TypeError(`${tested.id} is a case for clients`);
    if (test.kind === 'frames')
      return playFrames(test, await openToServer(url, test.deflate, pace, reach), pace);
    const { asking, end } = askingOf(url, pace, reach);
    try {
      return await test.play(asking, pace);
    } finally {
      end();
    }
  });
}

export interface ClientTrial {
  readonly tested: Case;
  readonly link: RawLink;
  readonly request: Head;
  readonly pace: Pace;
  readonly turnstile: Turnstile;
}

/** A client under test has come for this case; its request has been read. */
export function tryClient({ tested, link, request, pace, turnstile }: ClientTrial): Promise<CaseResult> {
  const play = async (answering: Answering): Promise<Finding> => {
    const { test } = tested;
    if (test.kind === 'request') throw new TypeError(`${tested.id} is a case for servers`);
    if (test.kind === 'answer') return test.play(answering, pace);
    const session = await openToClient(answering, test.deflate);
    // An open connection may be silent as long as it likes, so it is here that heavy cases wait for each other.
    const run = (): Promise<Finding> => playFrames(test, session, pace);
    return tested.isHeavy ? turnstile.pass(run) : run();
  };
  return resultOf(tested, async () => {
    try {
      return await play(takeRequest(link, request));
    } finally {
      link.socket.destroySoon();
    }
  });
}

async function playFrames(test: FrameTest, session: Session, pace: Pace): Promise<Finding> {
  // What hangs in spite of all limits is cut; the case then sees the end.
  const timer = setTimeout(() => session.destroy(), pace.caseTimeoutMs);
  try {
    return await test.play(session, pace);
  } finally {
    clearTimeout(timer);
    session.destroy();
  }
}

async function resultOf(
  { id, section, title, rule }: Case,
  play: () => Promise<Finding>,
): Promise<CaseResult> {
  const from = performance.now();
  const { verdict, notes } = await play().catch(findingOfError);
  return { id, section, title, rule, verdict, notes, tookMs: Math.round(performance.now() - from) };
}

function findingOfError(error: unknown): Finding {
  if (error instanceof NotAgreed) return finding('unimplemented', error.message);
  if (error instanceof OpeningFailed) return finding('fail', error.message);
  if (error instanceof Error && 'code' in error) return finding('fail', `no connection: ${error.message}`);
  throw error;
}
