// What a text of the load says of itself: in which step it was posted, when it was due, by whom, and which of theirs it is. Digits in
// fixed places at its end, so that a reader finds them without decoding anything. Pure. Times are microseconds on the run's clock.
import { STAMP_BYTES } from '../limits.ts';
import type { Dialect } from './dialect.ts';

const MARK = 0x7e;
const STEP_DIGITS = 3;
const DUE_DIGITS = 11;
const SENDER_DIGITS = 5;
const NUMBER_DIGITS = 8;
const DIGITS = STEP_DIGITS + DUE_DIGITS + SENDER_DIGITS + NUMBER_DIGITS;

/** Steps are told apart modulo this. */
export const STEPS_MAX = 10 ** STEP_DIGITS;

export interface Stamp {
  step: number;
  dueMicros: number;
  sender: number;
  number: number;
}

/** A text of so many bytes, at least STAMP_BYTES. */
export function stampedText({ step, dueMicros, sender, number }: Stamp, bytes: number): string {
  const digits =
    String(step).padStart(STEP_DIGITS, '0') +
    String(Math.round(dueMicros)).padStart(DUE_DIGITS, '0') +
    String(sender).padStart(SENDER_DIGITS, '0') +
    String(number).padStart(NUMBER_DIGITS, '0');
  return `~${digits}`.padStart(Math.max(bytes, STAMP_BYTES), 'm');
}

/** Reads the stamp of a message whose frame's text is `bytes[from..to)` into `stamp`; false if it bears none. */
export function readStamp(
  bytes: Buffer,
  { from, to, tail }: { readonly from: number; readonly to: number } & Pick<Dialect, 'tail'>,
  stamp: Stamp,
): boolean {
  const expected = to - tail.length - DIGITS;
  if (expected > from && bytes[expected - 1] === MARK) return readDigits(bytes, expected, stamp);
  // Another server may write the text elsewhere in its frame.
  const mark = bytes.indexOf(MARK, from);
  return mark >= from && mark + DIGITS < to && readDigits(bytes, mark + 1, stamp);
}

function readDigits(bytes: Buffer, at: number, stamp: Stamp): boolean {
  const dueAt = at + STEP_DIGITS;
  const senderAt = dueAt + DUE_DIGITS;
  const numberAt = senderAt + SENDER_DIGITS;
  stamp.step = numberIn(bytes, at, dueAt);
  stamp.dueMicros = numberIn(bytes, dueAt, senderAt);
  stamp.sender = numberIn(bytes, senderAt, numberAt);
  stamp.number = numberIn(bytes, numberAt, numberAt + NUMBER_DIGITS);
  return stamp.step >= 0 && stamp.dueMicros >= 0 && stamp.sender >= 0 && stamp.number >= 0;
}

/** -1 where something else than digits stands. */
function numberIn(bytes: Buffer, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
