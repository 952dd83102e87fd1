// Any bytes, cut anywhere, to whole connections: both roles, over TCP and in memory, with and without compression
// (by zlib as it is used here; any-bytes-documented.test.ts has the other way).
// What core/any-bytes.test.ts asks of parser and assembler is asked here of everything around them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WIRE_ERRORS } from '../core/core.ts';
import { atEnd } from '../testing/loopback.ts';
import { runs, runsTimeoutMs } from '../testing/random-runs.ts';
import { bytewise, cutAt } from '../testing/wire-bytes.ts';
import { type EndOutcome, WireEnd, withoutSentences } from '../testing/wire-end.ts';
import { modelOutcome } from '../testing/wire-model.ts';
import { cuts, wireStream } from '../testing/wire-stream.ts';
import { describeCompressedBytes } from './any-bytes.contract.ts';

const LIMITS = { messageBytesMax: 1200, fragmentsPerMessageMax: 4 };
const ENDS = [
  { role: 'server', over: 'memory', count: 250 },
  { role: 'client', over: 'memory', count: 250 },
  { role: 'server', over: 'TCP', count: 120 },
  { role: 'client', over: 'TCP', count: 120 },
] as const;

/** What an end must have done, if this is what the bytes mean. */
function expectedOf(found: readonly string[]): EndOutcome {
  const last = found.at(-1) ?? '';
  const heard = found.filter((one) => /^(?:text|binary|ping|pong):/.test(one));
  const answers = heard
    .filter((one) => !one.startsWith('pong:'))
    .map((one) => one.replace(/^ping:/, 'pong:'));
  const close = /^close:(\d+):(.*)$/s.exec(last);
  if (close !== null) {
    const [, code = '', reason = ''] = close;
    return {
      heard,
      sent: [...answers, `close:${code}:`],
      closed: { code: Number(code), reason, wasClean: true },
    };
  }
  const isWrong = last in WIRE_ERRORS;
  const code = isWrong ? WIRE_ERRORS[last as keyof typeof WIRE_ERRORS].closeCode : undefined;
  const sent = isWrong ? [...answers, `close:${code}:*`] : answers;
  const closed = { code: code ?? 1006, reason: isWrong ? '*' : '', wasClean: false };
  return { heard, sent, closed };
}

describe.each(ENDS)('bytes to a $role over $over', ({ role, over, count }) => {
  it(
    '[W24] [W23] [W32] any stream, cut anywhere, has the outcome of the model, and an end',
    async () => {
      const end = await WireEnd.open({ role, over, limits: LIMITS });
      atEnd(() => end.stop());
      await fc.assert(
        fc.asyncProperty(
          wireStream(role, false),
          cuts,
          fc.boolean(),
          async (bytes, places, isFirstInHandshake) => {
            const found = modelOutcome(role, bytes, LIMITS);
            const outcome = await end.take(cutAt(bytes, places), isFirstInHandshake);
            expect(withoutSentences(outcome)).toEqual(expectedOf(found));
            const last = found.at(-1) ?? '';
            if (last.startsWith('close:')) expect(outcome.closed.error?.code).toBeUndefined();
            else expect(outcome.closed.error?.code).toBe(last in WIRE_ERRORS ? last : 'ended-without-close');
            if (bytes.length < 60) expect(await end.take(bytewise(bytes))).toEqual(outcome);
          },
        ),
        runs(count),
      );
    },
    runsTimeoutMs(),
  );
});

describeCompressedBytes('the way that is used here');
