// The bus of the simulated servers: hints take time, and are lost, repeated and overtaken by others. A server can be cut
// off from it. A server hears its own hints at once, as with a bus inside the process, or over the bus like the others.
import type { Bus, Hint } from '@wireroom/server/parts';
import type { Chance } from './chance.ts';
import type { Life, SimulatedTime } from './time.ts';

interface Listener {
  readonly line: BusLine;
  readonly hear: (hint: Hint) => void;
}

export class SimulatedBus {
  readonly time: SimulatedTime;
  readonly chance: Chance;
  /** How likely a hint is lost, or comes twice, for each listener. */
  losses = 0;
  repeats = 0;
  /** How likely a hint says only that there is something, and not what. */
  silences = 0;
  /** The longest that a hint is under way, in milliseconds. */
  delayMsMax = 5;
  /** As with a bus inside the process: what a server has published, its own readers have when `publish` returns. */
  hearsItselfAtOnce = true;
  readonly #listeners = new Set<Listener>();

  constructor(parts: { readonly time: SimulatedTime; readonly chance: Chance }) {
    this.time = parts.time;
    this.chance = parts.chance;
  }

  connect(life: Life): BusLine {
    return new BusLine(this, life);
  }

  publish(hint: Hint, from: BusLine): void {
    for (const listener of this.#listeners) {
      if (listener.line.life.isOver) this.#listeners.delete(listener);
      else if (listener.line === from && this.hearsItselfAtOnce) listener.hear(hint);
      else if (!from.isCut) this.#send(hint, listener);
    }
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #send(hint: Hint, { line, hear }: Listener): void {
    const { chance } = this;
    if (chance.happens(this.losses)) return;
    for (let copies = chance.happens(this.repeats) ? 2 : 1; copies > 0; copies -= 1) {
      const heard = chance.happens(this.silences) ? { ...hint, entries: [] } : hint;
      const arrive = (): void => {
        if (!line.isCut) hear(heard);
      };
      this.time.after(chance.between(0, this.delayMsMax), arrive, line.life);
    }
  }
}

/** One server's end of the bus. */
export class BusLine implements Bus {
  readonly #bus: SimulatedBus;
  readonly life: Life;
  isCut = false;

  constructor(bus: SimulatedBus, life: Life) {
    this.#bus = bus;
    this.life = life;
  }

  publish(hint: Hint): void {
    this.#bus.publish(hint, this);
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    return this.#bus.listen({ line: this, hear: listener });
  }
}
