// Where each resource of a server runs out, for a room that grows with the same share of senders, who post as often and as much. Pure:
// what the machine has is given. Each ceiling says what it rests on and what to do about it.
import type { Mix } from '../mix.ts';
import { sendersOf } from '../plan.ts';
import type { Ceiling } from '../report.ts';
import { type CostModel, predictCpu, predictMemory } from './cost-model.ts';

export interface Resources {
  /** Of CPU that one thread can have at most: 1 core, as a part of what the whole process takes. */
  readonly mainThreadShare: number | undefined;
  readonly cores: number | undefined;
  readonly memoryBytes: number | undefined;
  readonly openFilesMax: number | undefined;
  readonly diskFreeBytes: number | undefined;
  /** Of disk that a message takes for good. */
  readonly messageDiskBytes: number;
  /** On the wire, around a text. */
  readonly envelopeBytes: number;
}

const READERS_MAX = 10_000_000;
/** What a server has open beside its readers: files, listeners, a margin. */
const FILES_KEPT = 64;
const DAYS = 30;
const SECONDS_PER_DAY = 86_400;
const NETWORK_BYTES_PER_SECOND = 125_000_000;

export function ceilingsOf(model: CostModel, mix: Mix, resources: Resources): Ceiling[] {
  return [
    cpuCeiling(model, mix, resources),
    memoryCeiling(model, mix, resources),
    diskCeiling(mix, resources),
    socketsCeiling(resources),
    networkCeiling(mix, resources),
  ].flatMap((ceiling) => (ceiling === undefined ? [] : [ceiling]));
}

/** The most readers for which `isWithin` holds, which it does up to some number; null if it holds for ten million. */
export function mostReaders(isWithin: (readers: number) => boolean): number | null {
  if (isWithin(READERS_MAX)) return null;
  let low = 0;
  let high = 1;
  while (isWithin(high)) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isWithin(middle)) low = middle;
    else high = middle;
  }
  return low;
}

const roomOf = (mix: Mix, readers: number): Mix => ({
  ...mix,
  readers,
  // Not rounded: the share stays the same in a small room as well.
  senders: (mix.senders * readers) / mix.readers,
});

function cpuCeiling(model: CostModel, mix: Mix, { cores, mainThreadShare }: Resources): Ceiling | undefined {
  // One thread serves all sockets: once it has a whole core, more cores do not help it.
  const byThread = mainThreadShare === undefined ? Number.POSITIVE_INFINITY : 1 / mainThreadShare;
  const most = Math.min(cores ?? Number.POSITIVE_INFINITY, byThread);
  if (!Number.isFinite(most)) return undefined;
  const readers = mostReaders((count) => predictCpu(model, roomOf(mix, count)) <= most);
  const isThread = byThread <= (cores ?? Number.POSITIVE_INFINITY);
  const what = isThread
    ? `the thread that serves the sockets has a whole core (${percent(mainThreadShare ?? 1)} of the server's CPU time is its)`
    : `the server has all of ${cores === 1 ? 'its one core' : `its ${cores} cores`}`;
  return {
    resource: 'cpu',
    readers,
    basis:
      readers === null
        ? 'By the model CPU time does not run out below ten million readers.'
        : `By the model ${what} at ${readers} readers, ${sendersOf(mix, readers)} of whom post ${mix.rate} times a second: ${Math.round(predictCpu(model, roomOf(mix, readers)) * 100) / 100} cores. Every message goes to every reader, so the work grows with the square of the room.`,
    advice:
      'Plan for at most 70 % of that: the rest is for everybody coming back at once. Beyond it, divide people over several rooms and servers that share a PostgreSQL (DATABASE_URL).',
  };
}

function memoryCeiling(model: CostModel, mix: Mix, { memoryBytes }: Resources): Ceiling | undefined {
  if (memoryBytes === undefined || model.baseBytes === 0) return undefined;
  const readers =
    model.readerBytes === 0
      ? null
      : mostReaders((count) => predictMemory(model, roomOf(mix, count)) <= memoryBytes);
  return {
    resource: 'memory',
    readers,
    basis: `${mib(model.baseBytes)} MiB, and ${Math.round(model.readerBytes / 102.4) / 10} KiB for each reader, of ${mib(memoryBytes)} MiB that this machine has.`,
    advice:
      readers !== null && readers < 10_000
        ? 'Give the machine more memory, or look for what else uses it.'
        : 'Nothing to do: other resources run out long before.',
  };
}

function diskCeiling(mix: Mix, { diskFreeBytes, messageDiskBytes }: Resources): Ceiling | undefined {
  if (diskFreeBytes === undefined || messageDiskBytes <= 0) return undefined;
  const bytesPerDay = (room: Mix): number => room.senders * room.rate * messageDiskBytes * SECONDS_PER_DAY;
  const readers = mostReaders((count) => bytesPerDay(roomOf(mix, count)) * DAYS <= diskFreeBytes);
  const days = diskFreeBytes / bytesPerDay(mix);
  return {
    resource: 'disk',
    readers,
    basis: `A message takes ${Math.round(messageDiskBytes)} bytes of the database. At the asked rate, day and night, that is ${gib(bytesPerDay(mix))} GiB a day, and the ${gib(diskFreeBytes)} GiB that are free last ${Math.round(days)} days; with that many readers, ${DAYS} days.`,
    advice: 'People sleep: count with your own hours. Put DATA_DIR on a larger disk before it is full.',
  };
}

function socketsCeiling({ openFilesMax }: Resources): Ceiling | undefined {
  if (openFilesMax === undefined) return undefined;
  return {
    resource: 'sockets',
    readers: Math.max(0, openFilesMax - FILES_KEPT),
    basis: `The server's process may have ${openFilesMax} files and sockets open (ulimit -n), and each reader is one.`,
    advice:
      'Raise the limit of open files (LimitNOFILE= in a systemd unit, ulimit -n in a shell). MAX_SOCKETS_PER_ADDRESS bounds what one address may have, 200 unless set: behind a proxy set TRUST_PROXY=on. A proxy needs a local port for each reader, about 28,000 for one address.',
  };
}

function networkCeiling(mix: Mix, { envelopeBytes }: Resources): Ceiling {
  const bytesPerSecond = (room: Mix): number =>
    room.senders * room.rate * room.readers * (room.size + envelopeBytes);
  const readers = mostReaders((count) => bytesPerSecond(roomOf(mix, count)) <= NETWORK_BYTES_PER_SECOND);
  return {
    resource: 'network',
    readers,
    basis: `A message is ${Math.round(mix.size + envelopeBytes)} bytes for each reader. The asked room makes ${Math.round(bytesPerSecond(mix) / 1000)} kB a second; that many readers fill 1 Gbit/s.`,
    advice: 'Look at what your provider bills: traffic grows with the square of the room.',
  };
}

const mib = (bytes: number): string => Math.round(bytes / 2 ** 20).toLocaleString('en-US');
const gib = (bytes: number): string => (bytes / 2 ** 30).toPrecision(3);
const percent = (share: number): string => `${Math.round(share * 100)} %`;
