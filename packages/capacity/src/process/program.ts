// How the programs of this package are started, built or as source, and the cores that they are kept to.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const isSource = import.meta.url.endsWith('.ts');

/** Of a program of this package, by its place under `src` without an ending. */
export function programFile(place: string): string {
  return fileURLToPath(new URL(`../${place}.${isSource ? 'ts' : 'js'}`, import.meta.url));
}

/** For Node, before the program. As source it is to be started in `programFolder`, where tsx is found. */
export const nodeFlags: readonly string[] = isSource
  ? ['--import', 'tsx', '--conditions', '@wireroom/source']
  : [];

export const programFolder = fileURLToPath(new URL('..', import.meta.url));

/** What starts a plain Socket.IO room: target/socketio-room.ts. */
export function socketioRoomCommand(event: string, port = 0): readonly string[] {
  return [process.execPath, ...nodeFlags, programFile('target/socketio-room'), event, String(port)];
}

const canPin = process.platform === 'linux' && spawnSync('taskset', ['--version']).status === 0;

/** The command, kept to these cores where the system has a program for it. It becomes the process: the id is the command's. */
export function pinned(command: readonly string[], cores: readonly number[] | undefined): readonly string[] {
  return cores === undefined || cores.length === 0 || !canPin
    ? command
    : ['taskset', '-c', cores.join(','), ...command];
}

export interface Cores {
  readonly server: readonly number[];
  readonly load: readonly number[];
}

/** Who has which cores; undefined where they cannot be kept apart. */
export function dividedCores(allowed = allowedCores()): Cores | undefined {
  if (!canPin || allowed.length < 2) return undefined;
  const forServer = allowed.length < 4 ? 1 : 2;
  return { server: allowed.slice(0, forServer), load: allowed.slice(forServer) };
}

/** Those that this process may run on, by their numbers. */
function allowedCores(): readonly number[] {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
    return coresIn(list);
  } catch {
    return Array.from({ length: availableParallelism() }, (_, core) => core);
  }
}

/** `0-2,5` as numbers. */
export function coresIn(list: string): number[] {
  const parts = list.split(',').filter((part) => part !== '');
  return parts.flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    return Number.isNaN(first) ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
