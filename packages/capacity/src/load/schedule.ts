// When who posts: each at an even rate and off by chance a little each time, as people are who do not know of each other. They begin
// one after the other, so that all together they post in any few seconds what was asked, and not what chance makes of it. Made
// before the step, so that nothing that happens in it can hold a post back. Pure.
import type { Mix } from '../mix.ts';

/** So much of the time between two posts of one sender is left to chance, around the even rate, */
const JITTER = 0.5;
/** and at most as much as this many posts of all take: near each other they come by chance, and over seconds evenly. */
const JITTER_POSTS = 4;

export interface Schedule {
  /** In order, microseconds after the step's begin. */
  readonly dueMicros: Float64Array;
  /** Which of the senders, by their places in the list. */
  readonly places: Uint32Array;
}

export interface ScheduleOptions {
  /** By their numbers among `sendersInAll`: others post elsewhere. */
  readonly senders: readonly number[];
  readonly sendersInAll: number;
  readonly rate: Mix['rate'];
  readonly seconds: number;
  readonly random: () => number;
}

export function scheduleOf(options: ScheduleOptions): Schedule {
  const { senders, sendersInAll, rate, seconds, random } = options;
  const everyMicros = 1e6 / rate;
  const jitterMicros = everyMicros * Math.min(JITTER, JITTER_POSTS / sendersInAll);
  const posts: { readonly due: number; readonly place: number }[] = [];
  for (const [place, sender] of senders.entries()) {
    const phase = ((sender + random()) / sendersInAll) * everyMicros;
    for (let count = 0; ; count += 1) {
      const even = phase + count * everyMicros;
      if (even >= seconds * 1e6) break;
      const due = even + (random() - 0.5) * jitterMicros;
      posts.push({ due: Math.min(Math.max(0, due), seconds * 1e6 - 1), place });
    }
  }
  posts.sort((a, b) => a.due - b.due);
  return {
    dueMicros: Float64Array.from(posts, ({ due }) => due),
    places: Uint32Array.from(posts, ({ place }) => place),
  };
}

/** Numbers of chance from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
