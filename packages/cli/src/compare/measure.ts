// The measurements: for each way what it costs to come in, to speak, to be silent, and what an outage does. Every figure
// comes from the proxies or from what the chatters heard.
import { setTimeout as pause } from 'node:timers/promises';
import { type Chatter, enter, enterEagerly } from './chatter.ts';
import type {
  ConnectFigures,
  Delivery,
  LineFigures,
  OutageFigures,
  TimelineStep,
  Traffic,
  Way,
} from './figures.ts';
import { CUT_MS, LATENCY_MS, POST_EVERY_MS, SETTLE_MS, TEXT_SIZES } from './limits.ts';
import { RecordingProxy } from './recording-proxy.ts';
import { httpRequestsOf, timelineOf } from './timeline.ts';

let people = 0;
/** Nobody may bear a name that somebody present bears. */
const newName = (way: Way): string => `${way}-${++people}`;

interface Guest {
  readonly way: Way;
  readonly proxy: RecordingProxy;
  readonly chatter: Chatter;
  leave(): Promise<void>;
}

async function guestBy(
  way: Way,
  port: number,
  latencyMs = 0,
  comeIn = enter.bind(undefined, way),
): Promise<Guest> {
  const proxy = await RecordingProxy.open(port);
  proxy.latencyMs = latencyMs;
  const chatter = comeIn(proxy.port, newName(way));
  await chatter.until(`${way} enters`, () => chatter.isIn);
  return {
    ...{ way, proxy, chatter },
    async leave() {
      await chatter.leave();
      await pause(SETTLE_MS);
      await proxy.close();
    },
  };
}

const difference = (after: Traffic, before: Traffic): Traffic => ({
  up: after.up - before.up,
  down: after.down - before.down,
});

/** From nothing to being in the room: bytes and time on the loopback, and round trips on a long line. */
export async function measureConnect(way: Way, port: number): Promise<ConnectFigures> {
  // The first time, code is still being loaded.
  await (await guestBy(way, port)).leave();
  const begun = performance.now();
  const near = await guestBy(way, port);
  const ms = performance.now() - begun;
  const { up, down } = near.proxy.traffic();
  const { connections: tcpConnections, chunks } = near.proxy;
  const httpRequests = httpRequestsOf(chunks);
  await near.leave();
  const begunFar = performance.now();
  const far = await guestBy(way, port, LATENCY_MS / 2);
  const msWithLatency = performance.now() - begunFar;
  await far.leave();
  // What is not waiting for the line is some milliseconds each time, and never half a round trip.
  const roundTrips = Math.round((msWithLatency - ms) / LATENCY_MS);
  return {
    up,
    down,
    tcpConnections,
    httpRequests,
    ms: round(ms),
    msWithLatency: round(msWithLatency),
    roundTrips,
  };
}

/** What passes until the transport has settled: after an upgrade that is later than being in the room. */
export async function measureTimeline(way: Way, port: number): Promise<readonly TimelineStep[]> {
  const guest = await guestBy(way, port);
  guest.chatter.say('hello');
  await guest.chatter.until('the line comes back', () => guest.chatter.heard.includes('hello'));
  await pause(SETTLE_MS);
  const steps = timelineOf(guest.proxy.chunks);
  await guest.leave();
  return steps;
}

/** Two people by the same way; one says some lines, one after the other. */
export async function measureLines(way: Way, port: number, lines: number): Promise<readonly LineFigures[]> {
  const author = await guestBy(way, port);
  const reader = await guestBy(way, port);
  await pause(SETTLE_MS);
  const figures: LineFigures[] = [];
  for (const textBytes of TEXT_SIZES) {
    const before = { author: author.proxy.traffic(), reader: reader.proxy.traffic() };
    for (let index = 0; index < lines; index++) {
      const text = `${textBytes}.${index}.`.padEnd(textBytes, 'x');
      author.chatter.say(text);
      await Promise.all(
        [author, reader].map(({ chatter }) => chatter.until('a line', () => chatter.heard.includes(text))),
      );
    }
    await pause(SETTLE_MS);
    const perLine = ({ up, down }: Traffic): Traffic => ({
      up: round(up / lines),
      down: round(down / lines),
    });
    figures.push({
      textBytes,
      author: perLine(difference(author.proxy.traffic(), before.author)),
      reader: perLine(difference(reader.proxy.traffic(), before.reader)),
    });
  }
  await reader.leave();
  await author.leave();
  return figures;
}

/** All ways at once in a room where nobody says anything. */
export async function measureIdle(
  ways: readonly Way[],
  port: number,
  seconds: number,
): Promise<ReadonlyMap<Way, Traffic>> {
  const guests = await inTurn(ways, (way) => guestBy(way, port));
  await pause(SETTLE_MS);
  const before = guests.map(({ proxy }) => proxy.traffic());
  await pause(seconds * 1000);
  const perMinute = ({ up, down }: Traffic): Traffic => ({
    up: round((up * 60) / seconds),
    down: round((down * 60) / seconds),
  });
  const found = new Map(
    guests.map(({ way, proxy }, index) => [
      way,
      perMinute(difference(proxy.traffic(), before[index] ?? { up: 0, down: 0 })),
    ]),
  );
  await inTurn(guests, (guest) => guest.leave());
  return found;
}

/** Does something to the ways' connections, and undoes it; what happens meanwhile is counted. */
export interface Outage {
  readonly begin: (proxies: readonly RecordingProxy[]) => Promise<void> | void;
  readonly end: (proxies: readonly RecordingProxy[]) => Promise<void> | void;
  /** Whether the one who speaks is cut off as well: then they speak as soon as they are back. */
  readonly isForAll: boolean;
}

export const SILENCE: Outage = {
  begin: (proxies) => {
    for (const proxy of proxies) proxy.hold();
  },
  end: (proxies) => {
    for (const proxy of proxies) proxy.release();
  },
  isForAll: false,
};

export const CUT: Outage = {
  begin: (proxies) => {
    for (const proxy of proxies) proxy.cut();
  },
  end: (proxies) => {
    for (const proxy of proxies) proxy.mend();
  },
  isForAll: false,
};

/** One outage for all ways at once: somebody else speaks meanwhile, and so do they. */
export async function measureOutage(
  ways: readonly Way[],
  port: number,
  outage: Outage,
): Promise<ReadonlyMap<Way, OutageFigures>> {
  const guests = await inTurn(ways, (way) => guestBy(way, port));
  const third = await guestBy('native', port, 0, enterEagerly);
  await pause(SETTLE_MS);
  const proxies = guests.map(({ proxy }) => proxy);
  const fromOthers: string[] = [];
  const own = new Map(guests.map(({ way }) => [way, [] as string[]]));
  await outage.begin(proxies);
  const until = performance.now() + CUT_MS;
  for (let index = 0; performance.now() < until; index++) {
    if (!outage.isForAll) say(third, fromOthers, `other ${index}`);
    for (const guest of guests) say(guest, own.get(guest.way) ?? [], `own of ${guest.way} ${index}`);
    await pause(POST_EVERY_MS);
  }
  await outage.end(proxies);
  const endedAt = performance.now();
  if (outage.isForAll) {
    await third.chatter.until('somebody is back', () => third.chatter.isIn);
    for (let index = 0; index < CUT_MS / POST_EVERY_MS; index++) say(third, fromOthers, `after ${index}`);
  }
  const backAfterMs = await Promise.all(guests.map((guest) => back(guest, third, endedAt)));
  await pause(SETTLE_MS);
  const found = guests.map(({ way, chatter }, index): [Way, OutageFigures] => [
    way,
    {
      others: deliveryOf(fromOthers, chatter.heard),
      own: deliveryOf(own.get(way) ?? [], third.chatter.heard),
      backAfterMs: [backAfterMs[index] ?? 0],
    },
  ]);
  await inTurn([...guests, third], (guest) => guest.leave());
  return new Map(found);
}

function say({ chatter }: Guest, said: string[], text: string): void {
  chatter.say(text);
  said.push(text);
}

/** When it hears again what is said now. */
async function back({ way, chatter }: Guest, third: Guest, endedAt: number): Promise<number> {
  await chatter.until(`${way} is back`, () => chatter.isIn);
  const sign = `sign for ${way}`;
  third.chatter.say(sign);
  await chatter.until(`${way} hears again`, () => chatter.heard.includes(sign));
  return round(performance.now() - endedAt);
}

export function deliveryOf(said: readonly string[], heard: readonly string[]): Delivery {
  const times = said.map((text) => heard.filter((candidate) => candidate === text).length);
  return {
    said: said.length,
    lost: times.filter((count) => count === 0).length,
    twice: times.filter((count) => count > 1).length,
  };
}

/** One after the other: who comes first shall not depend on chance. */
async function inTurn<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await act(item));
  return results;
}

const round = (value: number): number => Math.round(value * 10) / 10;
