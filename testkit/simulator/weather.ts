// What life does to a world: people write, and things go wrong. Each world has a climate of its own, drawn once, so that some
// runs are all about the disk and others about trains that enter tunnels. Every fault ends by itself; `calm` ends them all.
import { Chance } from './chance.ts';
import type { Backup } from './database.ts';
import type { Person } from './person.ts';
import type { World } from './world.ts';

type Act = (weather: Weather) => void | Promise<void>;

interface Possibility {
  readonly weight: number;
  readonly act: Act;
}

const POSSIBILITIES: Readonly<Record<string, Possibility>> = {
  write: { weight: 30, act: (weather) => weather.write(1) },
  'write a burst': { weight: 3, act: (weather) => weather.write(weather.chance.between(3, 25)) },
  'change a message': { weight: 6, act: (weather) => weather.change() },
  react: { weight: 6, act: (weather) => weather.react() },
  'rename a room': { weight: 1, act: (weather) => weather.rename() },
  'deal with what failed': { weight: 3, act: (weather) => weather.dealWithFailed() },
  'scroll up': { weight: 2, act: (weather) => weather.scrollUp() },
  'cut a way': { weight: 3, act: (weather) => weather.cutWay() },
  'cut somebody off': { weight: 3, act: (weather) => weather.cutOff() },
  'reset a connection': { weight: 4, act: (weather) => weather.reset() },
  'stop reading': { weight: 3, act: (weather) => weather.stall() },
  'fall asleep': { weight: 1, act: (weather) => weather.sleep() },
  'set the clock': { weight: 1, act: (weather) => weather.jumpClock() },
  reload: { weight: 2, act: (weather) => weather.reload() },
  'press reconnect': { weight: 1, act: (weather) => weather.somebody()?.reconnectNow() },
  'crash a server': { weight: 2, act: (weather) => weather.crash() },
  'restart a server': { weight: 1, act: (weather) => weather.restart() },
  'cut a server from the bus': { weight: 2, act: (weather) => weather.cutBus() },
  'cut a server from the database': { weight: 1, act: (weather) => weather.cutDatabase() },
  'fail the database': { weight: 2, act: (weather) => weather.failDatabase() },
  'make the disk bad': { weight: 2, act: (weather) => weather.badDisk() },
  'make the bus bad': { weight: 3, act: (weather) => weather.badBus() },
  'make the network slow': { weight: 1, act: (weather) => weather.slowNetwork() },
  'restore a backup': { weight: 0.15, act: (weather) => weather.restore() },
  'lose the tokens': { weight: 0.15, act: (weather) => weather.loseTokens() },
};

/** Cut off and asleep for at most this, in milliseconds. */
const LONG_MS = 90_000;
const SHORT_MS = 30;
/** Within this the last word of a world is in the log. */
const LAST_WORD_MS = 3_000;

export class Weather {
  readonly chance: Chance;
  readonly #world: World;
  readonly #climate: readonly (readonly [name: string, upTo: number, act: Act])[];
  /** Ends of the faults that last. */
  readonly #ends = new Map<() => void, () => void>();
  #backup: Backup | undefined;
  #isRestoring = false;
  /** An older table of authors would bring back the names of those who are somebody else by now. */
  #hasLostTokens = false;
  #texts = 0;

  constructor(world: World, seed: number) {
    this.#world = world;
    this.chance = new Chance(seed).fork('weather');
    let sum = 0;
    this.#climate = Object.entries(POSSIBILITIES).map(([name, { weight, act }]) => {
      sum += weight * (name === 'write' ? 1 : this.chance.pick([0, 0, 0.3, 1, 4]));
      return [name, sum, act];
    });
  }

  /** One thing happens. Returns how long it is until the next, in milliseconds. */
  async step(): Promise<number> {
    const { chance } = this;
    const drawn = chance.fraction() * (this.#climate.at(-1)?.[1] ?? 0);
    const chosen = this.#climate.find(([, upTo]) => drawn < upTo);
    if (chosen !== undefined) await chosen[2](this);
    if (this.#backup === undefined || chance.happens(0.02))
      this.#backup = await this.#world.database.backup();
    return chance.happens(0.05) ? chance.span(1_000, 30_000) : chance.span(1, 800);
  }

  /** Every fault ends. */
  calm(): void {
    for (const end of [...this.#ends.values()]) end();
    this.#world.network.mendAll();
    for (const server of this.#world.servers) server.start();
  }

  write(count: number): void {
    const person = this.somebody();
    const slug = this.chance.pick(this.#world.slugs);
    for (let i = 0; person !== undefined && i < count; i += 1) {
      const text = this.#newText(person);
      if (!person.act(slug, (room) => this.#world.drafts.track(room.post(text)))) return;
      this.#note(person.name, `writes "${text}" in ${slug}`);
    }
  }

  /** Edits or deletes a message that is shown: mostly one's own, since others' may not be. */
  change(): void {
    const { person, slug, message } = this.#someMessage();
    if (person === undefined || message === undefined || (!message.isMine && this.chance.happens(0.9)))
      return;
    const { seq } = message;
    const text = this.chance.happens(0.6) ? this.#newText(person) : undefined;
    this.#note(person.name, text === undefined ? `deletes ${seq}` : `edits ${seq}: "${text}"`);
    const { drafts } = this.#world;
    person.act(slug, (room) => drafts.track(text === undefined ? room.remove(seq) : room.edit(seq, text)));
  }

  react(): void {
    const { person, slug, message } = this.#someMessage();
    if (person === undefined || message === undefined) return;
    const { seq } = message;
    const emoji = this.chance.pick(['👍', '🎉', '😀']);
    const isTaken = this.chance.happens(0.3);
    this.#note(person.name, `${isTaken ? 'takes' : 'gives'} ${emoji} on ${seq}`);
    const { drafts } = this.#world;
    person.act(slug, (room) => drafts.track(isTaken ? room.unreact(seq, emoji) : room.react(seq, emoji)));
  }

  rename(): void {
    const person = this.somebody();
    const slug = this.chance.pick(this.#world.slugs);
    if (person === undefined) return;
    const text = this.#newText(person);
    const { drafts } = this.#world;
    const isTitle = this.chance.happens(0.5);
    this.#note(person.name, `gives ${slug} the ${isTitle ? 'title' : 'topic'} "${text}"`);
    person.act(slug, (room) => drafts.track(isTitle ? room.rename(text) : room.setTopic(text)));
  }

  dealWithFailed(): void {
    const person = this.somebody();
    const room = person?.shown.find(({ pending }) => pending.length > 0);
    const failed = room?.pending.find(({ state }) => state === 'failed') ?? room?.pending.at(-1);
    if (person === undefined || room === undefined || failed === undefined) return;
    const isWanted = this.chance.happens(0.5);
    this.#note(
      person.name,
      `${isWanted ? 'tries again with' : 'cancels'} "${failed.text}" (${failed.state})`,
    );
    if (!isWanted) this.#world.drafts.cancelled(failed.text);
    person.act(room.slug, async (held) =>
      isWanted ? held.retry(failed.draftId) : held.cancel(failed.draftId),
    );
  }

  scrollUp(): void {
    const person = this.somebody();
    person?.act(this.chance.pick(this.#world.slugs), async (room) => {
      const gap = room.snapshot().items.find(({ kind }) => kind === 'gap');
      if (gap === undefined) room.loadOlder();
      else room.fillGap(gap.key);
    });
  }

  cutWay(): void {
    const { network, servers } = this.#world;
    const person = this.anybody();
    const { name } = this.chance.pick(servers);
    this.#note(person.name, `cannot reach ${name}`);
    network.cut(person.name, name);
    this.#lasting(() => network.mend(person.name, name));
  }

  cutOff(): void {
    const { network } = this.#world;
    const person = this.anybody();
    this.#note(person.name, 'is cut off');
    network.cut(person.name);
    this.#lasting(() => {
      this.#note(person.name, 'is back');
      network.mend(person.name);
    });
  }

  reset(): void {
    const wires = this.#world.servers.flatMap((server) => server.wires);
    if (wires.length === 0) return;
    this.#note('network', 'resets a connection');
    this.chance.pick(wires).reset();
  }

  stall(): void {
    const { network } = this.#world;
    const person = this.anybody();
    this.#note(person.name, 'stops reading');
    person.stall(true);
    network.changed();
    this.#lasting(() => {
      this.#note(person.name, 'reads again');
      person.stall(false);
      network.changed();
    });
  }

  sleep(): void {
    const person = this.somebody();
    if (person === undefined) return;
    const { network } = this.#world;
    this.#note(person.name, 'falls asleep');
    person.sleep();
    network.changed();
    this.#lasting(() => {
      this.#note(person.name, 'wakes up');
      person.wake();
      network.changed();
    });
  }

  jumpClock(): void {
    const person = this.anybody();
    const ms = this.chance.span(1_000, 1e8) * this.chance.pick([-1, 1]);
    this.#note(person.name, `has the clock set by ${ms} ms`);
    person.jumpClock(ms);
  }

  reload(): void {
    const person = this.somebody();
    for (const wire of this.#world.servers.flatMap((server) => server.wires))
      if (wire.belongsTo(person)) wire.clientDied();
    if (person !== undefined) this.#world.truth.reloaded(person.name);
    person?.reload();
  }

  crash(): void {
    const server = this.chance.pick(this.#world.servers);
    server.crash();
    this.#lasting(() => server.start(), 5_000);
  }

  async restart(): Promise<void> {
    const server = this.chance.pick(this.#world.servers);
    if (!server.isServing) return;
    const start = this.#lasting(() => server.start(), 60_000);
    server.stop().then(start, start);
  }

  cutBus(): void {
    const server = this.chance.pick(this.#world.servers);
    this.#note(server.name, 'is cut off from the bus');
    server.cutFromBus(true);
    this.#lasting(() => server.cutFromBus(false));
  }

  cutDatabase(): void {
    const server = this.chance.pick(this.#world.servers);
    this.#note(server.name, 'is cut off from the database');
    server.cutFromDatabase(true);
    this.#lasting(() => server.cutFromDatabase(false), 20_000);
  }

  failDatabase(): void {
    const { database } = this.#world;
    this.#note('database', 'is down');
    database.isDown = true;
    this.#lasting(() => {
      this.#note('database', 'is up');
      database.isDown = false;
    }, 20_000);
  }

  badDisk(): void {
    const { database } = this.#world;
    database.commitMsMax = this.chance.pick([5, 50, 1_000]);
    database.refusals = this.chance.pick([0, 0.1, 0.5]);
    database.lostAnswers = this.chance.pick([0, 0.1, 0.5]);
    this.#note(
      'database',
      `refuses ${database.refusals}, loses answers ${database.lostAnswers}, takes ${database.commitMsMax} ms`,
    );
    this.#lasting(() => {
      database.commitMsMax = 5;
      database.refusals = 0;
      database.lostAnswers = 0;
    });
  }

  badBus(): void {
    const { bus } = this.#world;
    bus.losses = this.chance.pick([0.1, 0.5, 1]);
    bus.repeats = this.chance.pick([0, 0.3]);
    bus.silences = this.chance.pick([0, 0.5, 1]);
    bus.delayMsMax = this.chance.pick([5, 100, 3_000]);
    bus.hearsItselfAtOnce = this.chance.happens(0.3);
    this.#note('bus', `loses ${bus.losses}, repeats ${bus.repeats}, takes ${bus.delayMsMax} ms`);
    this.#lasting(() => {
      bus.losses = 0;
      bus.repeats = 0;
      bus.silences = 0;
      bus.delayMsMax = 5;
    });
  }

  slowNetwork(): void {
    const { network } = this.#world;
    network.latencyMsMax = this.chance.pick([200, 2_000]);
    this.#lasting(() => {
      network.latencyMsMax = 40;
    });
  }

  async restore(): Promise<void> {
    const { database, drafts, servers } = this.#world;
    const backup = this.#backup;
    if (backup === undefined || this.#isRestoring || this.#hasLostTokens) return;
    this.#note('database', 'IS RESTORED FROM A BACKUP');
    for (const server of servers) server.crash();
    await database.restore(backup);
    drafts.restored();
    for (const server of servers) this.#lasting(() => server.start(), 5_000);
  }

  loseTokens(): void {
    this.#hasLostTokens = true;
    const { database, servers } = this.#world;
    this.#note('database', 'IS GIVEN ANOTHER TABLE OF AUTHORS');
    for (const server of servers) server.crash();
    database.forgetGuests();
    for (const server of servers) this.#lasting(() => server.start(), 5_000);
  }

  /** All is well, somebody says something, and no hint of it arrives anywhere; after it nothing happens any more. */
  async lastWord(): Promise<void> {
    const { bus } = this.#world;
    this.#note('bus', 'loses the last hint');
    bus.losses = 1;
    bus.hearsItselfAtOnce = this.chance.happens(0.5);
    this.write(1);
    await this.#world.pass(LAST_WORD_MS);
    bus.losses = 0;
  }

  /** Somebody who can do something now. */
  somebody(): Person | undefined {
    const person = this.anybody();
    return person.life.isOver || person.life.isAsleep ? undefined : person;
  }

  anybody(): Person {
    return this.chance.pick(this.#world.people);
  }

  #someMessage() {
    const person = this.somebody();
    const slug = this.chance.pick(this.#world.slugs);
    const messages = person?.shown
      .find((room) => room.slug === slug)
      ?.entries.filter(({ type }) => type === 'message');
    return { person, slug, message: messages?.[this.chance.between(0, messages.length - 1)] };
  }

  /** No two texts of a run are the same. */
  #newText(person: Person): string {
    return `${person.name} ${++this.#texts}`;
  }

  /** The fault ends after a while, or when all faults end. Returns what ends it at once. */
  #lasting(end: () => void, msMax = LONG_MS): () => void {
    const { time } = this.#world;
    const finish = (): void => {
      cancel();
      this.#ends.delete(finish);
      end();
    };
    const cancel = time.after(this.chance.span(SHORT_MS, msMax), finish);
    this.#ends.set(finish, finish);
    return finish;
  }

  #note(who: string, what: string): void {
    this.#world.diary.note(who, () => what);
  }
}
