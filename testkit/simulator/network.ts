// The network between people and servers: which ways are cut, who does not read, how long a message takes.
import type { Chance } from './chance.ts';

/** Somebody's end of all their connections: a machine with its network. */
export interface Site {
  readonly name: string;
  /** It takes nothing from its sockets: asleep, or its line is full. */
  readonly isReading: boolean;
}

export class Network {
  readonly chance: Chance;
  /** The longest that a message is under way, in milliseconds. */
  latencyMsMax = 40;
  readonly #cut = new Set<string>();
  readonly #watchers = new Set<() => void>();

  constructor(chance: Chance) {
    this.chance = chance;
  }

  latencyMs(): number {
    return this.chance.between(1, this.latencyMsMax);
  }

  isCut(site: Site, server: string): boolean {
    return this.#cut.has(site.name) || this.#cut.has(`${site.name} ${server}`);
  }

  /** Between somebody and one server, or all of them. */
  cut(site: string, server?: string): void {
    this.#cut.add(wayOf(site, server));
    this.changed();
  }

  mend(site: string, server?: string): void {
    this.#cut.delete(wayOf(site, server));
    this.changed();
  }

  mendAll(): void {
    this.#cut.clear();
    this.changed();
  }

  /** Calls back when messages may move that did not, or the other way round. Returns what ends it. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

const wayOf = (site: string, server: string | undefined): string =>
  server === undefined ? site : `${site} ${server}`;
