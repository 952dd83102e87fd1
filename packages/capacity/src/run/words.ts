// What a reader should know before the figures, in sentences: each says what was seen, and what to do where something can be done.

import { statfsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { CapacityError, type CapacityPlan } from '../plan.ts';
import type { Costs } from '../report.ts';
import { openFilesMax } from '../target/process-usage.ts';
import type { RunningTarget } from '../target/target.ts';
import { isDisturbed } from './limit.ts';
import type { MeasuredStep } from './step-measurement.ts';

/** Of `statfs`: file systems that are memory. */
const TMPFS = 0x01021994;
const RAMFS = 0x858458f6;
/** What a process has open beside sockets. */
const FILES_KEPT = 100;
const LOAD_SHARE_MAX = 0.5;
const WORST_ERROR_PERCENT = 40;
const R2_MIN = 0.9;

export interface Surroundings {
  readonly target: RunningTarget;
  readonly generators: number;
  /** Has the server a core that the load does not use? */
  readonly isPinned: boolean;
  readonly isOwn: boolean;
  readonly cores: number;
}

/** Throws CapacityError where the machine cannot hold the asked load at all. */
export function wordsBefore(plan: CapacityPlan, around: Surroundings): string[] {
  const { target, isPinned, isOwn, cores } = around;
  checkFiles(plan, around);
  const words: string[] = [];
  if (isOwn && !isPinned)
    words.push(
      cores < 2
        ? 'This machine has one core, which server and load share: latencies are those of both. A second core would keep them apart.'
        : 'Server and load are not kept on different cores (the program taskset is missing): each may hold up the other.',
    );
  const [load = 0] = loadavg();
  if (load > cores * LOAD_SHARE_MAX)
    words.push(
      `Other programs kept the machine busy when this began (load ${load.toFixed(1)} on ${cores} ${cores === 1 ? 'core' : 'cores'}): times are theirs as well. Measure on a quiet machine.`,
    );
  if (target.dataDir !== undefined && isInMemory(target.dataDir))
    words.push(
      `${folderOf(plan)} lies in memory, not on a disk: what is "on disk" here is not, and commits are faster than they will be. Name a folder of a disk.`,
    );
  if (target.about.isDurable === undefined)
    words.push(
      'Whether this server stores what it shows is not known: compare it only with servers that do the same.',
    );
  return words;
}

/** How many readers the open files of server and load allow. */
export function readersAllowed({ target, generators }: Surroundings): number {
  const own = openFilesMax('self') ?? Number.POSITIVE_INFINITY;
  const server = target.openFilesMax ?? Number.POSITIVE_INFINITY;
  return Math.min((own - FILES_KEPT) * generators, server - FILES_KEPT);
}

/** A search looks no further than it can; a ramp is asked for a room, and there it is or is not. */
function checkFiles({ aim, mix, predictions }: CapacityPlan, around: Surroundings): void {
  const shares = aim.kind === 'ramp' ? aim.shares : [];
  const readers = Math.ceil(
    Math.max(0, ...shares.map((share) => share * mix.readers), ...predictions.map((each) => each.readers)),
  );
  const allowed = readersAllowed(around);
  if (readers > allowed)
    throw new CapacityError(
      `${readers} readers need more open files than the server (${around.target.openFilesMax ?? 'unknown'}) and ${around.generators} processes of the load (${openFilesMax('self') ?? 'unknown'} each) may have: ${Math.max(0, allowed)} readers are possible. Raise ulimit -n for both, or ask for fewer readers.`,
    );
}

/** As the user named it; where the system keeps what is temporary is nobody's affair. */
const folderOf = ({ target }: CapacityPlan): string =>
  target.kind === 'own' && target.dataDir !== undefined
    ? target.dataDir
    : "The system's folder for what is temporary";

function isInMemory(folder: string): boolean {
  try {
    const { type } = statfsSync(folder);
    return type === TMPFS || type === RAMFS;
  } catch {
    return false;
  }
}

export function wordsOnStep({ step, rateLimited }: MeasuredStep): string[] {
  const { mix, lost, repeated, disordered, refused, limitedBy } = step;
  const at = `At ${mix.readers} readers and ${round(mix.senders * mix.rate)} posts a second`;
  const words: string[] = [];
  if (rateLimited > 0)
    words.push(
      'The server limits how fast somebody may post, and refused some posts (rate-limited). To measure what it could do, start it with RATE_LIMIT=off.',
    );
  else if (refused > 0) words.push(`${at}, ${refused} posts were refused or found no way out.`);
  if (lost > 0) words.push(`${at}, ${lost} deliveries were missing when nothing more came.`);
  if (repeated > 0)
    words.push(`${at}, ${repeated} deliveries came twice, or after a later one of the same sender.`);
  if (disordered > 0 && lost === 0)
    words.push(`${at}, ${disordered} readers had the messages in another order than the rest.`);
  if (isDisturbed(step))
    words.push(
      'In some steps other programs ran on the cores that were for the server: its times are longer for it, and its CPU dearer. Measure on a quiet machine.',
    );
  if (limitedBy === 'generator')
    words.push(
      "In some steps the processes that made the load were the limit, not the server: it can do more than these show. Give them more cores, or run them on another machine, with the server's address.",
    );
  return words;
}

export function wordsOnCosts({ r2, worstErrorPercent }: Costs): string[] {
  if (r2 >= R2_MIN && worstErrorPercent <= WORST_ERROR_PERCENT) return [];
  return [
    `The model fits what was measured badly (r² ${r2.toFixed(3)}, at worst ${Math.round(worstErrorPercent)} % off): something else had a part in it. Look at its predictions before you rely on it.`,
  ];
}

/** What went wrong, and what to do where it is known. */
export function wordsOnError(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  const end = said.endsWith('.') ? said : `${said}.`;
  if (/\b429\b/.test(said))
    return `${end} The server bounds the sockets of one address: start it with MAX_SOCKETS_PER_ADDRESS=100000 (and RATE_LIMIT=off).`;
  if (/rate-limited/.test(said)) return `${end} Start the server with RATE_LIMIT=off.`;
  if (/EMFILE|ENFILE/.test(said)) return `${end} Raise the limit of open files (ulimit -n).`;
  if (/EADDRNOTAVAIL/.test(said))
    return `${end} There are no more local ports for this server's address: ask for fewer readers.`;
  return end;
}

const round = (value: number): number => Number(value.toPrecision(3));
