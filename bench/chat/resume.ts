// Scenario `resume`: everybody was away while others wrote, and comes back in the same moment; meanwhile some go on posting. Each
// who comes back says hello with its token, resumes from its cursor and pages through the gap until it has every entry.
import { Wire } from '@wireroom/capacity/load';
import { wait } from '../processes.ts';
import { median, quantile } from '../statistics.ts';
import { figure } from '../table.ts';
import { type Entered, enter, lost, placeOf, wireroom } from './dialects.ts';
import type { Size } from './options.ts';
import { PostingProcess } from './posting-process.ts';
import { against, ms, type Outcome, times } from './report.ts';
import { type Server, startWireroom } from './servers.ts';

/** Of all of them together. */
const POSTS_PER_SECOND = 100;
const ENTERING_AT_ONCE = 50;
const PAGE_ENTRIES = 200;
const QUIET_MS = 4_000;
/** So that no program is new to its work when its times count. */
const WARM_POSTS = 400;
const AWAY_MS = 500;

interface Return {
  readonly allMs: number;
  readonly p50Ms: number;
  /** Before they had come, and while all were there and nothing else happened. */
  readonly emptyP99Ms: number;
  readonly quietP99Ms: number;
  readonly stormP99Ms: number;
  readonly stormPosts: number;
  readonly cpuMs: number;
}

export async function resume(size: Size): Promise<Outcome> {
  const rounds: Return[] = [];
  for (let round = 0; round < size.rounds; round += 1) {
    const server = await startWireroom();
    rounds.push(await returnOf(server, size));
    await server.end();
  }
  const of = (key: keyof Return): number => median(rounds.map((round) => round[key]));
  const ratio = of('stormP99Ms') / of('quietP99Ms');
  return {
    title: `${figure(size.readers)} come back, ${size.behind} entries behind`,
    rows: [
      ['', 'measured', 'target'],
      ['until everybody has everything', ms(of('allMs')), `≤ 2 s: ${against(of('allMs'), 2_000, 'at most')}`],
      ['until half of them have', ms(of('p50Ms')), ''],
      ['CPU time of the server', ms(of('cpuMs')), ''],
      ['ack p99 of posts while they are not there', ms(of('emptyP99Ms')), ''],
      ['ack p99 of posts while all are there, quiet', ms(of('quietP99Ms')), ''],
      ['ack p99 of posts while they come back', ms(of('stormP99Ms')), ''],
      ['ratio of the last two', times(ratio), `≤ 2 ×: ${against(ratio, 2, 'at most')}`],
    ],
    notes: [
      `Medians of ${size.rounds} rounds, each on a server of its own. Twenty others, out of a process of their own, post ${POSTS_PER_SECOND} messages a second; ${figure(of('stormPosts'))} of them meanwhile.`,
      'From the first connect: TCP, handshake, hello, resume, pages. Every entry of each gap was counted.',
    ],
  };
}

async function returnOf(server: Server, size: Size): Promise<Return> {
  const posting = new PostingProcess();
  await posting.enter(server.port);
  await posting.fill(WARM_POSTS);
  const quietMs = size.isQuick ? QUIET_MS / 4 : QUIET_MS;
  const empty = await posting.during(POSTS_PER_SECOND, () => wait(quietMs));
  let head = 0;
  const people = await all(size.readers, (index) =>
    enter(server, `Away ${index}`, (bytes, from, to) => {
      head = Math.max(head, seqOf(bytes.subarray(from, to)));
    }),
  );
  await posting.fill(WARM_POSTS);
  await wait(AWAY_MS);
  const quiet = await posting.during(POSTS_PER_SECOND, () => wait(quietMs));
  for (const { wire } of people) wire.end();
  await wait(AWAY_MS);
  await posting.fill(size.behind);
  const cpuMs = server.cpuMs();
  const begunAt = performance.now();
  const backMs: number[] = [];
  const storm = await posting.during(POSTS_PER_SECOND, async () => {
    await Promise.all(
      people.map(async (person) => {
        await new Returner(server, person, head).hasAll;
        backMs.push(performance.now() - begunAt);
      }),
    );
  });
  posting.end();
  return {
    allMs: Math.max(...backMs),
    p50Ms: quantile(backMs, 0.5),
    emptyP99Ms: quantile(empty, 0.99),
    quietP99Ms: quantile(quiet, 0.99),
    stormP99Ms: quantile(storm, 0.99),
    stormPosts: storm.length,
    cpuMs: server.cpuMs() - cpuMs,
  };
}

const SEQ = Buffer.from('"seq":');

/** Of an entry that was brought; 0 for everything else. */
function seqOf(message: Buffer): number {
  const at = message.toString('latin1', 9, 14) === 'entry' ? message.indexOf(SEQ) : -1;
  return at < 0 ? 0 : Number.parseInt(message.toString('latin1', at + SEQ.length, at + SEQ.length + 12), 10);
}

async function all<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  while (made.length < count) {
    const some = Math.min(ENTERING_AT_ONCE, count - made.length);
    made.push(...(await Promise.all(Array.from({ length: some }, (_, index) => make(made.length + index)))));
  }
  return made;
}

/** One who comes back. */
class Returner {
  readonly hasAll: Promise<void>;
  readonly #wire: Wire;
  readonly #person: Entered;
  #done: () => void = () => {};
  #missing = 0;
  /** What is left of the gap. */
  #gap = { from: 0, to: 0 };

  constructor(server: Server, person: Entered, head: number) {
    this.#person = person;
    this.hasAll = new Promise((resolve) => {
      this.#done = resolve;
    });
    this.#wire = new Wire(placeOf(server.port, wireroom), {
      text: (bytes, from, to) => this.#hear(bytes.subarray(from, to), head),
      lost,
    });
    void this.#wire.opened.then(() => this.#say({ type: 'hello', ref: 1, token: person.token }));
  }

  #say(command: object): void {
    this.#wire.send(JSON.stringify(command));
  }

  #hear(message: Buffer, head: number): void {
    const type = message.toString('latin1', 9, 13);
    const { roomId, epoch } = this.#person;
    if (type === 'welc') this.#say({ type: 'resume', ref: 2, cursors: [[roomId, epoch, head]] });
    else if (type === 'resu') this.#resumed(message, head);
    else if (type === 'page') this.#paged(message);
    else if (type === 'refu') throw new Error(message.toString());
  }

  #resumed(message: Buffer, head: number): void {
    const event: unknown = JSON.parse(message.toString());
    const [room] = (event as { readonly rooms: readonly ResumedRoom[] }).rooms;
    if (room?.entries === undefined) throw new Error(message.toString());
    this.#missing = room.position.seq - head - room.entries.length;
    if (room.gap === undefined) {
      this.#end();
      return;
    }
    this.#gap = { ...room.gap };
    this.#askOn();
  }

  #paged(message: Buffer): void {
    let count = 0;
    for (let at = message.indexOf(ENTRY); at >= 0; at = message.indexOf(ENTRY, at + 1)) count += 1;
    this.#missing -= count;
    this.#gap.from += count;
    if (count > 0 && this.#gap.from <= this.#gap.to) this.#askOn();
    else this.#end();
  }

  #askOn(): void {
    const { from, to } = this.#gap;
    const range = { after: from - 1, before: to + 1, limit: PAGE_ENTRIES };
    this.#say({ type: 'page', ref: 3, room: 'lobby', ...range });
  }

  #end(): void {
    if (this.#missing !== 0) throw new Error(`${this.#missing} entries are missing.`);
    this.#done();
  }
}

const ENTRY = Buffer.from('{"v":1,');

interface ResumedRoom {
  readonly position: { readonly seq: number };
  readonly gap?: { readonly from: number; readonly to: number };
  readonly entries: readonly unknown[];
}
