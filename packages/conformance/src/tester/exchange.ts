// The usual case: send these frames, expect these answers in this order, then this ending. What was seen is compared and
// becomes a verdict. Cases that need more talk to the session themselves.
import { type Finding, finding } from '../case.ts';
import type { Pace } from '../pace.ts';
import { close, type Frame, TEXT } from '../wire/frame.ts';
import type { WireEvent } from '../wire/frame-reader.ts';
import type { Cut, Session } from './session.ts';

export type Expected =
  | { readonly type: 'message'; readonly kind: 'text' | 'binary'; readonly data: Uint8Array }
  | { readonly type: 'pong'; readonly data: Uint8Array };

export type Step =
  | { readonly send: readonly Frame[]; readonly cut?: Cut }
  /** A silence that the connection must survive. So many answers must be there before more is sent. */
  | { readonly pause: true; readonly seen?: number };

export type Ending =
  /** After the answers the tester closes with 1000; the other side must do so, too. */
  | { readonly by: 'tester' }
  /** The Close frame is among the steps. The reply must have one of these codes (undefined: empty). */
  | { readonly by: 'script'; readonly codes: readonly (number | undefined)[] }
  /** The other side must fail the connection. Another code than these is not strict; or wrong, if `isCodeStrict`. */
  | { readonly by: 'peer'; readonly codes: readonly number[]; readonly isCodeStrict?: boolean };

export interface Exchange {
  readonly steps: readonly Step[];
  readonly expects: readonly Expected[];
  readonly ending: Ending;
  /** The answers are large. */
  readonly isLarge?: boolean;
}

export const WE_CLOSE: Ending = { by: 'tester' };
export const PROTOCOL_ERROR: Ending = { by: 'peer', codes: [1002] };
export const BAD_DATA: Ending = { by: 'peer', codes: [1007] };

/** The echo of a message that is sent. */
export const echoOf = ({ opcode, payload = Buffer.alloc(0) }: Frame): Expected => ({
  type: 'message',
  kind: opcode === TEXT ? 'text' : 'binary',
  data: payload,
});

export const pongWith = (data: string | Uint8Array): Expected => ({ type: 'pong', data: Buffer.from(data) });

/** What a session has gone through, and the doubts on the way. */
interface Record {
  readonly seen: WireEvent[];
  readonly faults: string[];
  readonly looseness: string[];
}

export async function exchange(session: Session, plan: Exchange, pace: Pace): Promise<Finding> {
  const record: Record = { seen: [], faults: [], looseness: [] };
  await takeSteps(session, plan, pace, record);
  const timeoutMs = plan.isLarge === true ? pace.largeTimeoutMs : pace.replyTimeoutMs;
  if (plan.ending.by === 'tester') {
    await collect(session, record, timeoutMs, (seen) => seen.length >= plan.expects.length);
    if (!record.seen.some(isEnding)) await session.send([close(1000)]);
  }
  await collect(session, record, timeoutMs, (seen) => seen.some(({ type }) => type === 'end'));
  judgeAnswers(plan, record);
  judgeEnding(session, plan.ending, record);
  return verdictOf(record, session.remarks);
}

export function verdictOf(
  { faults, looseness }: { readonly faults: readonly string[]; readonly looseness: readonly string[] },
  remarks: readonly string[] = [],
): Finding {
  const notes = [...faults, ...looseness, ...remarks];
  if (faults.length > 0) return finding('fail', ...notes);
  return finding(looseness.length + remarks.length > 0 ? 'non-strict' : 'pass', ...notes);
}

async function takeSteps(session: Session, plan: Exchange, pace: Pace, record: Record): Promise<void> {
  for (const step of plan.steps) {
    if ('send' in step) {
      await session.send(step.send, step.cut);
      continue;
    }
    const due = step.seen ?? 0;
    await collect(session, record, pace.promptMs, (seen) => seen.length >= due || seen.some(isEnding));
    await collect(session, record, pace.pauseMs, (seen) => seen.some(isEnding));
    if (record.seen.some(isEnding)) record.faults.push('the connection did not survive a pause');
    if (step.seen !== undefined && record.seen.length < step.seen)
      record.looseness.push(
        `of ${step.seen} answers that were due before a pause, ${record.seen.length} came`,
      );
  }
}

async function collect(
  session: Session,
  { seen }: Record,
  timeoutMs: number,
  isEnough: (seen: readonly WireEvent[]) => boolean,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!isEnough(seen)) {
    const event = await session.next(deadline - performance.now());
    if (event === undefined) return;
    seen.push(event);
    if (event.type === 'violation') return;
  }
}

export const isEnding = ({ type }: WireEvent): boolean =>
  type === 'close' || type === 'end' || type === 'violation';

function judgeAnswers({ expects, ending }: Exchange, { seen, faults, looseness }: Record): void {
  const answers = seen.filter((event) => !isEnding(event));
  const isLossy = ending.by === 'peer';
  for (const [index, expected] of expects.entries()) {
    const answer = answers[index];
    if (answer !== undefined && isSame(answer, expected)) continue;
    if (answer === undefined && isLossy) looseness.push(`${describe(expected)} was lost in failing`);
    else if (answer === undefined) faults.push(`${describe(expected)} did not come`);
    else faults.push(`${describe(answer)} came instead of ${describe(expected)}`);
  }
  for (const answer of answers.slice(expects.length)) faults.push(`${describe(answer)} came, unasked for`);
  for (const event of seen) if (event.type === 'violation') faults.push(`it sent ${event.what}`);
}

function judgeEnding(session: Session, ending: Ending, record: Record): void {
  const { seen, faults, looseness } = record;
  if (seen.some(({ type }) => type === 'violation')) return;
  const closing = seen.find((event) => event.type === 'close');
  const end = seen.find((event) => event.type === 'end');
  if (ending.by === 'peer') {
    judgeFailing(session, ending, record);
    return;
  }
  if (closing === undefined) {
    faults.push(end === undefined ? 'no Close frame came' : 'TCP ended without a Close frame');
    return;
  }
  const codes = ending.by === 'script' ? ending.codes : [1000];
  // Section 5.5.1: echoing the code is what ends typically do.
  if (!codes.includes(closing.code))
    (closing.code === undefined ? looseness : faults).push(`it closed with ${codeText(closing.code)}`);
  if (end !== undefined) return;
  if (session.peer === 'server') faults.push('the server did not end TCP after the closing handshake');
  else looseness.push('the client did not end TCP after the server had');
}

function judgeFailing(
  session: Session,
  { codes, isCodeStrict }: Extract<Ending, { by: 'peer' }>,
  { seen, faults, looseness }: Record,
): void {
  const closing = seen.find((event) => event.type === 'close');
  const end = seen.find((event) => event.type === 'end');
  if (closing === undefined && end === undefined) {
    faults.push('it did not fail the connection');
    return;
  }
  // Section 7.1.7 says SHOULD of the Close frame: whoever cuts TCP has failed the connection, too.
  if (closing === undefined) looseness.push('it cut TCP without a Close frame');
  else if (closing.code === undefined || !codes.includes(closing.code)) {
    (isCodeStrict === true ? faults : looseness).push(
      `it closed with ${codeText(closing.code)} instead of ${codes.join(' or ')}`,
    );
  }
  if (end === undefined && session.peer === 'server')
    looseness.push('the server did not end TCP after it had failed the connection');
}

const codeText = (code: number | undefined): string => (code === undefined ? 'no code' : String(code));

export function isSame(event: WireEvent, expected: Expected): boolean {
  if (event.type === 'message' && expected.type === 'message')
    return event.kind === expected.kind && event.data.equals(expected.data);
  return event.type === 'pong' && expected.type === 'pong' && event.data.equals(expected.data);
}

const SHOWN_BYTES_MAX = 16;

/** For a note. */
export function describe(event: WireEvent | Expected): string {
  switch (event.type) {
    case 'message':
      return `a ${event.kind} message of ${bytesText(event.data)}`;
    case 'pong':
    case 'ping':
      return `a ${event.type} of ${bytesText(event.data)}`;
    case 'close':
      return `a Close frame with ${codeText(event.code)}`;
    case 'violation':
      return event.what;
    case 'end':
      return event.isReset ? 'a reset of TCP' : 'the end of TCP';
  }
}

function bytesText(data: Uint8Array): string {
  if (data.length > SHOWN_BYTES_MAX || data.length === 0) return `${data.length} bytes`;
  return `${data.length} bytes (${Buffer.from(data).toString('hex')})`;
}
