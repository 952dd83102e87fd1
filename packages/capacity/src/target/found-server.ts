// A server that runs already, by its address: asked once whether it speaks what the load speaks, and what it is. On this machine its
// process is looked at from outside; elsewhere it is asked at /metrics, or stays unknown.
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { socketioDialect, wireroomDialect } from '../load/dialect.ts';
import { enter } from '../load/entering.ts';
import type { DoorPlan } from '../load/generator-port.ts';
import type { Place } from '../load/wire.ts';
import { CapacityError } from '../plan.ts';
import { MetricsUsage } from './metrics-usage.ts';
import { listenerOn, openFilesMax, ProcessUsage } from './process-usage.ts';
import type { RunningTarget } from './target.ts';

export interface Address {
  readonly kind: 'wireroom' | 'socketio';
  readonly url: string;
  readonly room: string;
  readonly event: string;
}

/** Rejects with CapacityError. */
export async function findServer({ kind, url, room, event }: Address): Promise<RunningTarget> {
  const dialect = kind === 'wireroom' ? wireroomDialect(room) : socketioDialect(event);
  const place = placeOf(url, dialect.path);
  const name = `Capacity ${randomBytes(4).toString('hex')}`;
  const entered = await enter({ place, dialect, room }, { name }, SILENT).catch((error: unknown) => {
    throw new CapacityError(
      `${url} could not be entered: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  entered.wire.end();
  const { server } = entered;
  const door: DoorPlan = { kind, place, room, event };
  return {
    about: {
      ...{ kind, url },
      name: kind === 'socketio' ? 'Socket.IO' : (server.name ?? 'a server that speaks wireroom.v1'),
      ...(server.version !== undefined && { version: server.version }),
      // A Wireroom answers when a message is on disk; what others do is not known.
      isDurable: server.name === 'wireroom' ? true : undefined,
    },
    door,
    ...(await reachOf(place)),
    dataDir: undefined,
    dataBytes: () => 0,
    stop: async () => undefined,
    end: async () => undefined,
  };
}

const SILENT = { text: () => undefined, lost: () => undefined };
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

async function reachOf(place: Place): Promise<Pick<RunningTarget, 'usage' | 'cores' | 'openFilesMax'>> {
  const pid = LOOPBACK.includes(place.host) ? listenerOn(place.port) : undefined;
  const local = pid === undefined ? undefined : new ProcessUsage(pid);
  if (pid !== undefined && local !== undefined && (await local.read()) !== undefined)
    return { usage: local, cores: availableParallelism(), openFilesMax: openFilesMax(pid) };
  const { host, port, isSecure } = place;
  const origin = `${isSecure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return { usage: new MetricsUsage(`${origin}/metrics`), cores: undefined, openFilesMax: undefined };
}

/** `http://host/` is the page's address: its sockets are at the path that the dialect knows. */
function placeOf(text: string, usualPath: string): Place {
  const url = new URL(text);
  const isSecure = url.protocol === 'wss:' || url.protocol === 'https:';
  const isBare = url.pathname === '/' || url.pathname === '' || url.pathname === '/socket.io/';
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    isSecure,
    path: isBare ? usualPath : `${url.pathname}${url.search}`,
  };
}
