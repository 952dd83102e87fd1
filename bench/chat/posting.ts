// A process that posts at an even rate and notes how long each answer took, beside a generator that is busy with other things: that
// one's own delays are not in these times. Told by messages what to do, by posting-process.ts.
import { textOf } from './dialects.ts';
import { Poster } from './poster.ts';
import type { FromPosting, ToPosting } from './posting-process.ts';
import { pinGenerator } from './servers.ts';

const POSTERS = 20;
const TEXT_BYTES = 64;

let posters: readonly Poster[] = [];
let stop: (() => void) | undefined;

pinGenerator();
process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToPosting) => {
  perform(message).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});

async function perform(message: ToPosting): Promise<void> {
  switch (message.act) {
    case 'enter':
      posters = await Promise.all(
        Array.from({ length: POSTERS }, (_, index) => Poster.enter(message.port, `Poster ${index}`)),
      );
      return tell({ seq: posters.reduce((seq, poster) => Math.max(seq, poster.joinedSeq), 0) });
    case 'fill':
      for (let count = 0; count < message.entries; count += POSTERS)
        await Promise.all(posters.map((poster, index) => poster.post(textOf(count + index, TEXT_BYTES))));
      return tell({});
    case 'begin':
      stop = steady(message.perSecond);
      return;
    case 'end':
      stop?.();
  }
}

function tell(message: FromPosting): void {
  process.send?.(message);
}

/** Posts whether or not answers come; each answer's time counts from when the post was due. Returns what ends it. */
function steady(perSecond: number): () => void {
  const tookMs: number[] = [];
  const posts: Promise<void>[] = [];
  const begunAt = performance.now();
  const timer = setInterval(() => {
    while (posts.length < ((performance.now() - begunAt) / 1000) * perSecond) {
      const dueAt = begunAt + (posts.length / perSecond) * 1000;
      const poster = posters[posts.length % posters.length];
      if (poster === undefined) return;
      const post = poster.post(textOf(posts.length, TEXT_BYTES));
      posts.push(post.then(() => void tookMs.push(performance.now() - dueAt)));
    }
  }, 1);
  return () => {
    clearInterval(timer);
    void Promise.all(posts).then(() => tell({ tookMs }));
  };
}
