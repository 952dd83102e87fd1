// Every stream of the corpus to a whole connection, in memory and over TCP, in one piece and in many.
import { expect, it } from 'vitest';
import { atEnd } from '../testing/loopback.ts';
import { bytewise, inPiecesOf } from '../testing/wire-bytes.ts';
import { CORPUS_LIMITS, readCorpus } from '../testing/wire-corpus.ts';
import { type EndOutcome, WireEnd } from '../testing/wire-end.ts';
import { modelOutcome } from '../testing/wire-model.ts';

function inWords({ heard, closed }: EndOutcome): string[] {
  return [...heard, closed.error?.code ?? `close:${closed.code}:${closed.reason}`];
}

it.each(readCorpus())('[W24] $name: $comment', async ({ role, extensions, bytes, outcome }) => {
  if (extensions === undefined) {
    const model = modelOutcome(role, bytes, CORPUS_LIMITS);
    expect(outcome.filter((one) => one !== 'ended-without-close')).toEqual(model);
  }
  const compression = extensions === undefined ? {} : { perMessageDeflate: true, extensions };
  for (const over of ['memory', 'TCP'] as const) {
    const end = await WireEnd.open({ role, over, limits: CORPUS_LIMITS, ...compression });
    atEnd(() => end.stop());
    const whole = await end.take([Buffer.from(bytes)]);
    const isLong = bytes.length >= 200;
    const cuts = [
      inPiecesOf(bytes, [1, 2, 7, 3]),
      inPiecesOf(bytes, [5]),
      ...(isLong ? [] : [bytewise(bytes)]),
    ];
    expect(inWords(whole)).toEqual(outcome);
    for (const chunks of cuts) {
      const cut = await end.take(chunks, true);
      expect(inWords(cut)).toEqual(outcome);
      // To the last word of the Close frame's sentence.
      expect(cut.sent).toEqual(whole.sent);
    }
  }
});
