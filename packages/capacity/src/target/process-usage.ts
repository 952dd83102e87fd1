// What the kernel accounts to a process of this machine, out of /proc: time of each thread in nanoseconds, memory of its own, bytes written
// to disk, the files that it may have open, and what the cores that it is kept to gave to everybody. Linux only; elsewhere everything is
// undefined.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Usage, UsageReader } from './usage.ts';

const KIB = 1024;
/** Of /proc/stat, a second. */
const TICKS = 100;

export class ProcessUsage implements UsageReader {
  readonly #pid: number;
  readonly #cores: readonly number[];

  /** `cores`: those that it is kept to, and that are meant for nobody else. */
  constructor(pid: number, cores: readonly number[] = []) {
    this.#pid = pid;
    this.#cores = cores;
  }

  async read(): Promise<Usage | undefined> {
    return usageOf(this.#pid, this.#cores);
  }
}

function usageOf(pid: number, cores: readonly number[]): Usage | undefined {
  try {
    const threads = threadsOf(pid);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const written = writtenBy(pid);
    const given = cores.length === 0 ? undefined : busySecondsIn(readFileSync('/proc/stat', 'utf8'), cores);
    return {
      at: performance.now(),
      cpuSeconds: [...threads.values()].reduce((sum, each) => sum + each, 0),
      threads,
      memoryBytes: ownBytesIn(status),
      ...(given !== undefined && { coresSeconds: given }),
      ...(written !== undefined && { writtenBytes: written }),
    };
  } catch {
    // It has ended, or belongs to somebody else.
    return undefined;
  }
}

/** Of these cores in /proc/stat: all time in which they did not idle, and what the host of a virtual machine took. */
export function busySecondsIn(stat: string, cores: readonly number[]): number {
  return cores.reduce((sum, core) => {
    const times = new RegExp(`^cpu${core} (.+)$`, 'm').exec(stat)?.[1]?.split(' ').map(Number) ?? [];
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = times;
    return sum + (user + nice + system + irq + softirq + steal) / TICKS;
  }, 0);
}

/**
 * Of /proc/PID/status: resident memory without the files that are mapped, as the program's own text is. Those the system drops and
 * reads again as it likes, and by some 40 MiB that would be the loudest thing to be seen.
 */
export function ownBytesIn(status: string): number {
  const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  const own = kib('RssAnon') + kib('RssShmem');
  return (Number.isNaN(own) ? kib('VmRSS') : own) * KIB;
}

function threadsOf(pid: number): Map<string, number> {
  const folder = `/proc/${pid}/task`;
  const threads = new Map<string, number>();
  for (const id of readdirSync(folder)) {
    const [nanoseconds] = readFileSync(`${folder}/${id}/schedstat`, 'utf8').split(' ');
    threads.set(id, Number(nanoseconds) / 1e9);
  }
  return threads;
}

function writtenBy(pid: number): number | undefined {
  try {
    const written = /^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1];
    return written === undefined ? undefined : Number(written);
  } catch {
    return undefined;
  }
}

/** How many files and sockets a process may have open; undefined where the system does not say. */
export function openFilesMax(pid: number | 'self'): number | undefined {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

/** The process of this machine and this login that listens on a TCP port; undefined if none is found. */
export function listenerOn(port: number): number | undefined {
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return undefined;
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .find((pid) => hasSocket(pid, inodes));
  } catch {
    return undefined;
  }
}

function listeningInodes(port: number): ReadonlySet<string> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of linesOf(table)) {
      // sl local_address rem_address st … inode; 0A is LISTEN.
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === '0A' && local.endsWith(`:${wanted}`) && inode !== undefined) inodes.add(inode);
    }
  }
  return inodes;
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function hasSocket(pid: number, inodes: ReadonlySet<string>): boolean {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).some((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${fd}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    // Not ours to look at.
    return false;
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}
