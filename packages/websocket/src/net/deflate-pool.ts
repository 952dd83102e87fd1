// Deflaters and inflaters that belong to the process instead of to a connection: for messages without a history. One
// deflater per kind, because a message is deflated in one go; inflaters are lent for as long as a message takes to come.
import {
  type DeflaterSettings,
  makeDeflater,
  makeInflater,
  type RawDeflater,
  type RawInflater,
} from './raw-deflate.ts';

/** Inflaters kept for the next message, per size of window; more may be lent at the same time. */
const IDLE_INFLATERS_MAX = 16;

/** Deflates every message from an empty history. The same object for the same settings. */
export class SharedDeflater {
  readonly #settings: DeflaterSettings;
  #deflater: RawDeflater | undefined;

  constructor(settings: DeflaterSettings) {
    this.#settings = settings;
  }

  deflate(data: Uint8Array): Buffer {
    this.#deflater ??= makeDeflater(this.#settings);
    this.#deflater.reset();
    return this.#deflater.deflate(data);
  }
}

// As many as there are settings in the process: a handful, and 8 windows x 10 levels x 9 memory levels at the very most.
const deflaters = new Map<string, SharedDeflater>();
const idleInflaters = new Map<number, RawInflater[]>();

export function sharedDeflater(settings: DeflaterSettings): SharedDeflater {
  const { windowBits, level, memLevel } = settings;
  const key = `${windowBits} ${level} ${memLevel}`;
  const known = deflaters.get(key);
  if (known !== undefined) return known;
  const made = new SharedDeflater(settings);
  deflaters.set(key, made);
  return made;
}

/** An inflater without a history. Give it back after the message, or close it. */
export function borrowInflater(windowBits: number): RawInflater {
  return idleInflaters.get(windowBits)?.pop() ?? makeInflater(windowBits);
}

export function giveInflaterBack(windowBits: number, inflater: RawInflater): void {
  const idle = idleInflaters.get(windowBits) ?? [];
  idleInflaters.set(windowBits, idle);
  if (idle.length >= IDLE_INFLATERS_MAX) {
    inflater.close();
    return;
  }
  inflater.reset();
  idle.push(inflater);
}
