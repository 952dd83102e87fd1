// The readers of one process and their part of a step: who posts when it is due, what each reader gets, and whether anything is
// missing, twice there, or in another order than elsewhere. Knows no processes; generator.ts tells it what to do.
import { answerAt } from './dialect.ts';
import { type Door, type Entered, enter, greet } from './entering.ts';
import type { Counts, StepOrder, StepResult } from './generator-port.ts';
import { Histogram, type PackedHistogram } from './histogram.ts';
import { randomFrom, type Schedule, scheduleOf } from './schedule.ts';
import { readStamp, type Stamp, stampedText } from './stamp.ts';
import { StepTally } from './step-tally.ts';
import type { Wire } from './wire.ts';

const ENTERING_AT_ONCE = 32;
/** A sender whose server takes no more than this does not post: what is due is counted as not sent. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024;
/** Posts are looked for this often. */
const TICK_MS = 1;

export interface CrowdParts {
  readonly door: Door;
  /** Microseconds on the run's clock, of a moment by `performance.now()`. */
  readonly micros: (performanceNow: number) => number;
  /** The name of the n-th who is new here. */
  readonly nameOf: (index: number) => string;
}

export class Crowd {
  readonly #parts: CrowdParts;
  readonly #readers: Reader[] = [];
  /** Of those who are members and not here. */
  readonly #tokens: string[] = [];
  readonly #idle: Wire[] = [];
  readonly #stamp: Stamp = { step: 0, dueMicros: 0, sender: 0, number: 0 };
  readonly #recent = new Histogram();
  #named = 0;
  #lost = 0;
  #lastLoss: string | undefined;
  #tally: StepTally | undefined;
  #timer: NodeJS.Timeout | undefined;
  #posting: Posting | undefined;

  constructor(parts: CrowdParts) {
    this.#parts = parts;
  }

  get connections(): number {
    return this.#readers.length + this.#idle.length;
  }

  get losses(): { readonly count: number; readonly last: string | undefined } {
    return { count: this.#lost, last: this.#lastLoss };
  }

  get counts(): Counts {
    return this.#tally?.counts ?? NOTHING;
  }

  /** Times of what came since this was last asked. */
  takeRecent(): PackedHistogram {
    const packed = this.#recent.pack();
    this.#recent.clear();
    return packed;
  }

  async enter(count: number, stays: 'briefly' | 'on'): Promise<void> {
    await atOnce(count, async () => {
      if (stays === 'briefly') {
        const { wire, token } = await enter(this.#parts.door, this.#newcomer(), SILENT);
        wire.end();
        this.#tokens.push(token);
        return;
      }
      const token = this.#tokens.pop();
      await this.#add(token === undefined ? this.#newcomer() : { token });
    });
  }

  async greet(count: number): Promise<void> {
    await atOnce(count, async () => {
      const { name } = this.#newcomer();
      this.#idle.push(await greet(this.#parts.door, name, { text: () => undefined, lost: this.#onLost }));
    });
  }

  shrink(to: number): void {
    for (const { wire, token } of this.#readers.splice(to)) {
      wire.end();
      if (token !== '') this.#tokens.push(token);
    }
    for (const wire of this.#idle.splice(0)) wire.end();
  }

  begin(order: StepOrder): void {
    clearInterval(this.#timer);
    const tally = new StepTally(order, this.#readers.length);
    this.#tally = tally;
    this.#recent.clear();
    const seconds = (order.endsAt - order.beginsAt) / 1e6;
    const schedule = scheduleOf({ ...order, seconds, random: randomFrom(order.seed) });
    this.#posting = { order, schedule, tally, next: 0, nextDueAt: 0 };
    this.#timer = setInterval(() => this.#postDue(this.#parts.micros(performance.now())), TICK_MS);
  }

  /** Nothing more is posted. */
  finish(): StepResult | undefined {
    clearInterval(this.#timer);
    this.#posting = undefined;
    return this.#tally?.result();
  }

  #newcomer(): { readonly name: string } {
    this.#named += 1;
    return { name: this.#parts.nameOf(this.#named) };
  }

  async #add(visitor: { readonly name: string } | { readonly token: string }): Promise<void> {
    let reader = -1;
    const entered: Entered = await enter(this.#parts.door, visitor, {
      text: (bytes, from, to, readAt) => this.#hear(reader, { bytes, from, to, readAt }),
      lost: this.#onLost,
    });
    const { wire, token } = entered;
    reader =
      this.#readers.push({ wire, token: token === '' && 'token' in visitor ? visitor.token : token }) - 1;
  }

  readonly #onLost = (reason: string): void => {
    this.#lost += 1;
    this.#lastLoss = reason;
  };

  /** Asked for by a timer, and between reads: a loop that has thousands of sockets to read comes to its timers late. */
  #postDue(now: number): void {
    const posting = this.#posting;
    if (posting === undefined || now < posting.nextDueAt) return;
    const { order, schedule, tally } = posting;
    for (; posting.next < schedule.places.length; posting.next += 1) {
      const dueAt = order.beginsAt + (schedule.dueMicros[posting.next] ?? 0);
      posting.nextDueAt = dueAt;
      if (dueAt > now) return;
      const place = schedule.places[posting.next] ?? 0;
      const sender = order.senders[place] ?? 0;
      const wire = this.#wireOf(place, order.senders.length);
      if (wire === undefined || wire.waitingBytes > WAITING_BYTES_MAX) {
        tally.notSent(dueAt);
        continue;
      }
      const { number, ref } = tally.sent(sender, dueAt, now);
      const text = stampedText({ step: order.step, dueMicros: dueAt, sender, number }, order.size);
      wire.send(this.#parts.door.dialect.post(text, ref));
    }
    clearInterval(this.#timer);
    this.#posting = undefined;
  }

  /** Spread over the room, as people who talk are. */
  #wireOf(place: number, of: number): Wire | undefined {
    return this.#readers[Math.floor((place * this.#readers.length) / of)]?.wire;
  }

  #hear(reader: number, said: Said): void {
    const { bytes, from, to, readAt } = said;
    const { dialect } = this.#parts.door;
    const tally = this.#tally;
    if (tally === undefined) return;
    const now = this.#parts.micros(readAt);
    this.#postDue(now);
    if (dialect.isMessage(bytes, from)) {
      const place = { from, to, tail: dialect.tail };
      // Somebody's join, or a message of another step.
      if (!readStamp(bytes, place, this.#stamp) || this.#stamp.step !== tally.step) return;
      tally.frameBytes = to - from;
      tally.got(reader, this.#stamp, now);
      this.#recent.add(now - this.#stamp.dueMicros);
      return;
    }
    const answer = dialect.isAcknowledging ? answerAt(bytes, from, to) : undefined;
    if (answer === undefined) return;
    if (answer.isPosted) tally.acknowledged(answer.ref, now);
    else tally.refused(answer.ref, bytes.subarray(from, to).includes(RATE_LIMITED));
  }
}

interface Reader {
  readonly wire: Wire;
  /** For coming back; empty where there is nothing like it. */
  readonly token: string;
}

interface Posting {
  readonly order: StepOrder;
  readonly schedule: Schedule;
  readonly tally: StepTally;
  /** Its place in the schedule, and when it is due. */
  next: number;
  nextDueAt: number;
}

interface Said {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  readonly readAt: number;
}

const RATE_LIMITED = Buffer.from('"rate-limited"');
const SILENT = { text: () => undefined, lost: () => undefined };
const NOTHING: Counts = {
  ...{ due: 0, sent: 0, acknowledged: 0, refused: 0, rateLimited: 0, got: 0, repeated: 0 },
};

/** So many times, a few under way at once; rejects with the first error. */
async function atOnce(count: number, act: () => Promise<void>): Promise<void> {
  let begun = 0;
  const work = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      await act();
    }
  };
  await Promise.all(Array.from({ length: Math.min(ENTERING_AT_ONCE, count) }, work));
}
