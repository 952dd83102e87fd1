// Any bytes, cut anywhere, to whole connections: both roles, over TCP and in memory, with and without compression. One suite for
// both ways in which Node is used, its handles or its documented functions; each has a file of its own, because the process
// keeps inflaters to lend. What core/any-bytes.test.ts asks of parser and assembler is asked here of everything around them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Role, WIRE_ERRORS } from '../core/core.ts';
import { atEnd } from '../testing/loopback.ts';
import { runs, runsTimeoutMs } from '../testing/random-runs.ts';
import { bytewise, cutAt, frameFor, nameOf } from '../testing/wire-bytes.ts';
import { type EndOutcome, type Way, WireEnd, withoutSentences } from '../testing/wire-end.ts';
import { modelOutcome } from '../testing/wire-model.ts';
import { cuts, deflatedMessage, framedMessage, wireStream } from '../testing/wire-stream.ts';

const LIMITS = { messageBytesMax: 1200, fragmentsPerMessageMax: 6 };
const CODES_OF_INFLATION = /^(?:deflate-data-invalid|utf8-invalid|message-too-large|inflation-too-steep)$/;

/** D12: of two things that are wrong with one compressed message, either may be told. */
function withoutInflationCode(outcome: EndOutcome): unknown {
  const code = outcome.closed.error?.code ?? '';
  if (!CODES_OF_INFLATION.test(code)) return { ...withoutSentences(outcome), code };
  return { heard: outcome.heard, sent: outcome.sent.slice(0, -1), code: 'inflation failed' };
}

const AGREEMENTS = [
  'permessage-deflate',
  'permessage-deflate; client_no_context_takeover; server_no_context_takeover',
  'permessage-deflate; server_max_window_bits=15; client_max_window_bits=15',
];
const ENDS: readonly { role: Role; over: Way; count: number }[] = [
  { role: 'server', over: 'memory', count: 50 },
  { role: 'client', over: 'memory', count: 50 },
  { role: 'server', over: 'TCP', count: 20 },
];

const PLAIN_ENDS = [
  { role: 'server', over: 'memory', count: 250 },
  { role: 'client', over: 'memory', count: 250 },
  { role: 'server', over: 'TCP', count: 120 },
  { role: 'server', over: 'a socket accepted elsewhere', count: 80 },
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

export function describePlainBytes(way: string): void {
  describe.each(PLAIN_ENDS)(`bytes to a $role over $over, by ${way}`, ({ role, over, count }) => {
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
              else
                expect(outcome.closed.error?.code).toBe(last in WIRE_ERRORS ? last : 'ended-without-close');
              if (bytes.length < 60) expect(await end.take(bytewise(bytes))).toEqual(outcome);
            },
          ),
          runs(count),
        );
      },
      runsTimeoutMs(),
    );
  });
}

export function describeCompressedBytes(way: string): void {
  describe.each(ENDS)(`compressed bytes to a $role over $over, by ${way}`, ({ role, over, count }) => {
    async function openEnd(extensions: string): Promise<WireEnd> {
      const end = await WireEnd.open({ role, over, limits: LIMITS, perMessageDeflate: true, extensions });
      atEnd(() => end.stop());
      return end;
    }

    it.each(AGREEMENTS)(
      '[D12] [W24] any stream, cut anywhere, has one outcome, and an end: %s',
      async (extensions) => {
        const end = await openEnd(extensions);
        await fc.assert(
          fc.asyncProperty(wireStream(role, true), cuts, fc.boolean(), async (bytes, places, isFirst) => {
            const whole = await end.take([Buffer.from(bytes)]);
            expect([...Object.keys(WIRE_ERRORS), undefined]).toContain(whole.closed.error?.code);
            const cut = await end.take(cutAt(bytes, places), isFirst);
            expect(withoutInflationCode(cut)).toEqual(withoutInflationCode(whole));
            if (bytes.length >= 60) return;
            expect(withoutInflationCode(await end.take(bytewise(bytes)))).toEqual(
              withoutInflationCode(whole),
            );
          }),
          runs(count),
        );
      },
      runsTimeoutMs(),
    );

    it.each(AGREEMENTS)(
      '[D11] [D16] what zlib deflates arrives as it was, in any frames and cuts: %s',
      async (extensions) => {
        const end = await openEnd(extensions);
        const message = fc
          .oneof(framedMessage, deflatedMessage)
          .filter(({ data }) => data.length <= LIMITS.messageBytesMax);
        await fc.assert(
          fc.asyncProperty(fc.array(message, { maxLength: 5 }), cuts, async (messages, places) => {
            const bytes = Buffer.concat(
              messages.flatMap(({ frames }) => frames.map((f) => frameFor(role, f))),
            );
            const { heard, closed } = await end.take(cutAt(bytes, places));
            expect(heard.filter((one) => !/^p[io]ng:/.test(one))).toEqual(
              messages.map(({ kind, data }) => `${kind}:${nameOf(data)}`),
            );
            expect(closed.error?.code).toBe('ended-without-close');
          }),
          runs(count),
        );
      },
      runsTimeoutMs(),
    );
  });
}
