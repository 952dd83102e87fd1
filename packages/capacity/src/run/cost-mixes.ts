// Which loads the model is made from, and on which it is tested. Pure. Rooms of different sizes, each from little to much to do, so
// that what a message, a round, a write and a delivery cost can be told apart; the tests lie between them.
import { CAPACITY_LIMITS } from '../limits.ts';
import type { Mix } from '../mix.ts';
import { sendersOf } from '../plan.ts';

/** What a delivery takes, roughly: only to choose loads by. Seconds of CPU. */
const DELIVERY_SECONDS = 6e-6;
/** Loads of one room, as cores that their deliveries would take. */
const CORES = [0.05, 0.15, 0.4] as const;
/** Rooms, as shares of the largest. */
const ROOMS = [1, 1 / 3, 1 / 10] as const;
const SMALL_ROOM = 4;
const SMALL_ROOM_MESSAGES = [15, 80, 400] as const;
const SENDERS_MIN = 8;
/** A second: with fewer, a step of some seconds has too few to say anything. */
const MESSAGES_MIN = 4;
const MESSAGES_MAX = 1_500;
/** The size of texts that tell what a byte costs. */
const LARGE_FACTOR = 8;
const LARGE_MIN = 2_048;

/** A few people who post much: what is stored, hardly anything is delivered. */
export function messageMixes(asked: Mix): Mix[] {
  const readers = Math.min(SMALL_ROOM, asked.readers);
  return SMALL_ROOM_MESSAGES.map((messages) => ({
    ...{ readers, senders: readers, size: asked.size },
    rate: Math.min(messages / readers, CAPACITY_LIMITS.rateMax),
  }));
}

/** By rooms, the largest first; in each from little to much. */
export function costMixes(asked: Mix, readersMax: number): Mix[][] {
  const rooms = [...new Set(ROOMS.map((share) => Math.max(SMALL_ROOM, Math.round(readersMax * share))))];
  return rooms.map((readers, index) => {
    const mixes = distinct(CORES.map((cores) => loadOf(asked, readers, cores)));
    const large = Math.min(CAPACITY_LIMITS.sizeMax, Math.max(LARGE_MIN, asked.size * LARGE_FACTOR));
    const last = rooms.length > 1 ? 1 : 0;
    return index === last ? [...mixes, { ...loadOf(asked, readers, CORES[1]), size: large }] : mixes;
  });
}

/** Loads that no step had: a middling room, a small lively one, and long texts in a large one. */
export function testMixes(asked: Mix, readersMax: number): Mix[] {
  const some = (share: number): number => Math.max(1, Math.round(readersMax * share));
  return [
    { ...loadOf(asked, some(0.8), 0.1), size: Math.min(CAPACITY_LIMITS.sizeMax, asked.size * 4) },
    loadOf(asked, some(0.6), 0.25),
    loadOf(asked, some(0.2), 0.3),
  ];
}

/** A room that has to deliver about so much. */
function loadOf(asked: Mix, readers: number, cores: number): Mix {
  const messages = Math.min(MESSAGES_MAX, Math.max(MESSAGES_MIN, cores / DELIVERY_SECONDS / readers));
  const senders = Math.min(readers, Math.max(SENDERS_MIN, sendersOf(asked, readers)));
  // A rate as one would type it.
  const rate = Number(Math.min(CAPACITY_LIMITS.rateMax, messages / senders).toPrecision(2));
  return { ...{ readers, senders, rate }, size: asked.size };
}

/** Small rooms come to the most that is posted soon. */
function distinct(mixes: readonly Mix[]): Mix[] {
  return mixes.filter(({ rate }, index) => mixes.findIndex((other) => other.rate === rate) === index);
}
