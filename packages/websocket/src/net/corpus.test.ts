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
    for (const chunks of [[Buffer.from(bytes)], inPiecesOf(bytes, [1, 2, 7, 3]), inPiecesOf(bytes, [5])])
      expect(inWords(await end.take(chunks, true))).toEqual(outcome);
    if (bytes.length < 200) expect(inWords(await end.take(bytewise(bytes)))).toEqual(outcome);
  }
});
