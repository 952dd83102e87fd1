// What a run of the capacity command is asked to do, and whether that can be done: what is wrong with a plan is said in a sentence
// before anything starts. How it is done is the run's affair (run.ts).
import { CAPACITY_LIMITS, STAMP_BYTES } from './limits.ts';
import type { Mix } from './mix.ts';

export interface CapacityPlan {
  readonly target: TargetPlan;
  /** What the room is asked to carry; of a search, its share of senders, rate and size. */
  readonly mix: Mix;
  readonly aim: Aim;
  /** How long each load is held, after its warm-up. */
  readonly seconds: number;
  readonly warmSeconds: number;
  /** Measure what costs what, fit the model, and test it on loads that it has not seen. */
  readonly withCosts: boolean;
  /** Loads to foretell and then to measure; empty: one is chosen that lies between and beyond what was measured. */
  readonly predictions: readonly Mix[];
  /** Processes that make the load; undefined: one for each core that the server does not have, at most four. */
  readonly generators: number | undefined;
  /** As it was typed, for the report. */
  readonly command: string;
}

export type Aim =
  /** Up to the asked mix in steps, as shares of it; a step above 1 goes beyond. */
  | { readonly kind: 'ramp'; readonly shares: readonly number[] }
  /** The largest room whose p99 is at most this. */
  | { readonly kind: 'search'; readonly p99MsMax: number; readonly readersMax: number };

export type TargetPlan =
  /** A Wireroom of its own: `launcher` is the program and its arguments that run `wireroom serve`. */
  | { readonly kind: 'own'; readonly launcher: readonly string[]; readonly dataDir?: string }
  /** Any server that speaks wireroom.v1: `ws://`, `wss://`, or its page's address. */
  | { readonly kind: 'wireroom'; readonly url: string; readonly room: string }
  /** A plain Socket.IO room in which everybody hears what somebody emits; without an address, one of its own. */
  | { readonly kind: 'socketio'; readonly url?: string; readonly event: string };

/** Is the server one that the run starts, and can start as often as it likes? */
export function isOwn(target: TargetPlan): boolean {
  return target.kind === 'own' || (target.kind === 'socketio' && target.url === undefined);
}

/** Shares of the asked mix that a ramp takes where nothing else is said. */
export const RAMP_SHARES: readonly number[] = [0.125, 0.25, 0.5, 1];

/** Nothing can be measured, and the sentence says why and what to do. */
export class CapacityError extends Error {
  override readonly name = 'CapacityError';
}

/** Throws CapacityError. */
export function checkPlan(plan: CapacityPlan): void {
  for (const mix of [plan.mix, ...plan.predictions]) checkMix(mix);
  checkNumber('seconds', plan.seconds, 1, CAPACITY_LIMITS.stepSecondsMax);
  checkNumber('warm-up seconds', plan.warmSeconds, 0, CAPACITY_LIMITS.stepSecondsMax);
  if (plan.generators !== undefined)
    checkWhole('generators', plan.generators, 1, CAPACITY_LIMITS.generatorsMax);
  const { aim, target } = plan;
  if (aim.kind === 'search') {
    checkNumber('the p99 to keep, in milliseconds,', aim.p99MsMax, 1, 60_000);
    checkWhole('the most readers of a search', aim.readersMax, 2, CAPACITY_LIMITS.readersMax);
  } else {
    if (aim.shares.length === 0) throw new CapacityError('A ramp has at least one step.');
    for (const share of aim.shares) {
      checkNumber('the share of a step', share, 0.001, 100);
      checkMix(shareOf(plan.mix, share));
    }
  }
  if (target.kind === 'wireroom') checkUrl(target.url);
  if (target.kind === 'socketio' && target.url !== undefined) checkUrl(target.url);
  if (target.kind === 'own' && target.launcher.length === 0)
    throw new CapacityError('There is no program that would start a Wireroom.');
}

/** So large a part of a room, with the same share of senders, who post as often and as much. */
export function shareOf(mix: Mix, share: number): Mix {
  const readers = Math.max(1, Math.round(mix.readers * share));
  return { ...mix, readers, senders: sendersOf(mix, readers) };
}

/** The same share of senders in a room of so many; at least one. */
export function sendersOf({ readers, senders }: Mix, ofReaders: number): number {
  return Math.min(ofReaders, Math.max(1, Math.round((senders * ofReaders) / readers)));
}

function checkMix({ readers, senders, rate, size }: Mix): void {
  checkWhole('readers', readers, 1, CAPACITY_LIMITS.readersMax);
  checkWhole('senders', senders, 1, CAPACITY_LIMITS.sendersMax);
  checkNumber('the rate, in posts a second of each sender,', rate, 0.001, CAPACITY_LIMITS.rateMax);
  checkWhole('the size of a text, in bytes,', size, STAMP_BYTES, CAPACITY_LIMITS.sizeMax);
  if (senders > readers)
    throw new CapacityError(
      `There are ${senders} senders and ${readers} readers, but whoever posts also reads: ask for at least as many readers.`,
    );
}

function checkNumber(what: string, value: number, min: number, max: number): void {
  if (!(value >= min && value <= max))
    throw new CapacityError(`${capital(what)} must be from ${min} to ${max}, and not ${value}.`);
}

function checkWhole(what: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value))
    throw new CapacityError(`${capital(what)} must be a whole number, and not ${value}.`);
  checkNumber(what, value, min, max);
}

const capital = (what: string): string => `${what.charAt(0).toUpperCase()}${what.slice(1)}`;

function checkUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['ws:', 'wss:', 'http:', 'https:'].includes(url.protocol))
    throw new CapacityError(`"${text}" is no address of a server: write it as ws://host:port/ws.`);
  if (url.username !== '' || url.password !== '')
    throw new CapacityError('A password has no place in an address: it would be in the report.');
}
