// A whole comparison: starts what is needed, measures way by way, and puts the figures together. Prints nothing.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import type { CompareOptions } from './arguments.ts';
import {
  type Comparison,
  type Delivery,
  type OutageFigures,
  WAYS,
  type Way,
  type WayFigures,
} from './figures.ts';
import { lessonLines } from './lesson-lines.ts';
import { AMOUNTS, CUT_MS, LATENCY_MS } from './limits.ts';
import {
  CUT,
  measureConnect,
  measureIdle,
  measureLines,
  measureOutage,
  measureTimeline,
  type Outage,
  SILENCE,
} from './measure.ts';
import { PrivateServer } from './private-server.ts';

/** Told what is measured now. */
export type Progress = (what: Step, way?: Way) => void;
export type Step = 'connect' | 'lines' | 'silence' | 'cut' | 'restart' | 'idle';

export async function runComparison(options: CompareOptions, progress: Progress): Promise<Comparison> {
  if (options.port !== undefined) return measureAll(options, { busyPort: options.port }, progress);
  const busy = await PrivateServer.start();
  const quiet = await PrivateServer.start();
  try {
    return await measureAll(options, { busyPort: busy.port, quietPort: quiet.port, busy }, progress);
  } finally {
    await Promise.all([busy.dispose(), quiet.dispose()]);
  }
}

interface Servers {
  readonly busyPort: number;
  /** Another server where nobody speaks, so that a minute of silence can pass meanwhile. Absent: afterwards. */
  readonly quietPort?: number;
  /** Absent: it is not ours to restart. */
  readonly busy?: PrivateServer;
}

type Parts = Pick<WayFigures, 'connect' | 'lines' | 'timeline'>;

async function measureAll(
  options: CompareOptions,
  servers: Servers,
  progress: Progress,
): Promise<Comparison> {
  const { busyPort, quietPort, busy } = servers;
  const { lines, rounds } = options.isQuick ? AMOUNTS.quick : AMOUNTS.full;
  const idle = quietPort === undefined ? undefined : measureIdle(WAYS, quietPort, options.idleSeconds);
  // Its failure is met where it is awaited.
  idle?.catch(() => undefined);
  const parts = new Map<Way, Parts>();
  for (const way of WAYS) {
    progress('connect', way);
    const connect = await measureConnect(way, busyPort);
    const timeline = await measureTimeline(way, busyPort);
    progress('lines', way);
    parts.set(way, { connect, timeline, lines: await measureLines(way, busyPort, lines) });
  }
  const inRounds = (outage: Outage): Promise<ReadonlyMap<Way, OutageFigures>> =>
    repeated(rounds, () => measureOutage(WAYS, busyPort, outage));
  progress('silence');
  const silence = await inRounds(SILENCE);
  progress('cut');
  const cut = await inRounds(CUT);
  if (busy !== undefined) progress('restart');
  const restart = busy && (await inRounds(restartOf(busy)));
  progress('idle');
  const idlePerMinute = await (idle ?? measureIdle(WAYS, busyPort, options.idleSeconds));
  const figuresOf = (way: Way): WayFigures => ({
    ...of(parts, way),
    idlePerMinute: of(idlePerMinute, way),
    silence: of(silence, way),
    cut: of(cut, way),
    restart: restart === undefined ? null : of(restart, way),
  });
  return {
    ...circumstances(options),
    settings: { idleSeconds: options.idleSeconds, lines, rounds, latencyMs: LATENCY_MS, cutMs: CUT_MS },
    ways: {
      native: figuresOf('native'),
      'socketio-websocket': figuresOf('socketio-websocket'),
      'socketio-upgrade': figuresOf('socketio-upgrade'),
      'socketio-polling': figuresOf('socketio-polling'),
    },
    linesOfCode: await lessonLines(),
  };
}

const restartOf = (server: PrivateServer): Outage => ({
  begin: () => server.stop(),
  end: () => server.start(),
  isForAll: true,
});

function of<T>(found: ReadonlyMap<Way, T>, way: Way): T {
  const value = found.get(way);
  if (value === undefined) throw new RangeError(`nothing was measured for ${way}`);
  return value;
}

async function repeated(
  rounds: number,
  once: () => Promise<ReadonlyMap<Way, OutageFigures>>,
): Promise<ReadonlyMap<Way, OutageFigures>> {
  const sums = new Map<Way, OutageFigures>();
  for (let round = 0; round < rounds; round++) {
    for (const [way, figures] of await once()) {
      const before = sums.get(way);
      sums.set(way, before === undefined ? figures : sumOf(before, figures));
    }
  }
  return sums;
}

const sumOf = (one: OutageFigures, other: OutageFigures): OutageFigures => ({
  others: deliverySum(one.others, other.others),
  own: deliverySum(one.own, other.own),
  backAfterMs: [...one.backAfterMs, ...other.backAfterMs].toSorted((a, b) => a - b),
});

const deliverySum = (one: Delivery, other: Delivery): Delivery => ({
  said: one.said + other.said,
  lost: one.lost + other.lost,
  twice: one.twice + other.twice,
});

function circumstances(
  options: CompareOptions,
): Pick<Comparison, 'date' | 'command' | 'machine' | 'versions'> {
  const [processor] = os.cpus();
  const { isQuick, idleSeconds } = options;
  return {
    date: new Date().toISOString().slice(0, 10),
    command: ['wireroom compare', isQuick ? '--quick' : '', idleSeconds === 60 ? '' : `--idle ${idleSeconds}`]
      .filter((part) => part !== '')
      .join(' '),
    machine: {
      system: `${os.type()} ${os.release()} ${os.arch()}`,
      processor: processor?.model ?? 'unknown',
      cores: os.cpus().length,
    },
    versions: {
      node: process.versions.node,
      wireroom: versionIn(new URL('../../package.json', import.meta.url)),
      'socket.io': versionOf('socket.io'),
      'socket.io-client': versionOf('socket.io-client'),
    },
  };
}

const versionOf = (name: string): string =>
  versionIn(new URL(`file://${createRequire(import.meta.url).resolve(`${name}/package.json`)}`));

function versionIn(file: URL): string {
  const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const isObject = typeof manifest === 'object' && manifest !== null;
  return isObject ? String(Reflect.get(manifest, 'version')) : 'unknown';
}
