// Who is compared: the server's program, the clients, and the words for the report. No peer is hobbled: defaults everywhere, but for
// the bound on connections from one address, since here all come from one.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { OpenClient } from './jitter-client.ts';
import { openSdkClient } from './sdk-client.ts';
import { openLessonClient, openPlainClient, type SocketIoOptions } from './socketio-client.ts';

export const PEER_NAMES = ['wireroom', 'wireroom-socketio', 'socketio', 'socketio-recovery'] as const;
export type PeerName = (typeof PEER_NAMES)[number];

export interface Peer {
  readonly name: PeerName;
  readonly title: string;
  readonly options: string;
  /** Ours: there is a log to be read over HTTP. */
  readonly hasLog: boolean;
  /** Are its posts acknowledged? */
  readonly isAcknowledging: boolean;
}

const wireroom =
  'server: defaults, SQLite with fsync before each acknowledgement, MAX_SOCKETS_PER_ADDRESS raised';
const stockClient =
  'client: socket.io-client, defaults (what is emitted while disconnected is kept by the library)';

export const PEERS: Readonly<Record<PeerName, Peer>> = {
  wireroom: {
    name: 'wireroom',
    title: 'Wireroom, its SDK',
    options: `${wireroom}; client: createChat, defaults (outbox in memory)`,
    hasLog: true,
    isAcknowledging: true,
  },
  'wireroom-socketio': {
    name: 'wireroom-socketio',
    title: 'Wireroom, stock Socket.IO client',
    options: `${wireroom}; ${stockClient}`,
    hasLog: true,
    isAcknowledging: false,
  },
  socketio: {
    name: 'socketio',
    title: 'Socket.IO',
    options: `server: defaults, io.emit; ${stockClient}`,
    hasLog: false,
    isAcknowledging: false,
  },
  'socketio-recovery': {
    name: 'socketio-recovery',
    title: 'Socket.IO with state recovery',
    options: `server: connectionStateRecovery {maxDisconnectionDuration: 2 min, skipMiddlewares: true}, else defaults, io.emit; ${stockClient}`,
    hasLog: false,
    isAcknowledging: false,
  },
};

export const isPeerName = (name: string): name is PeerName => PEER_NAMES.some((known) => known === name);

export function openClientOf(peer: PeerName, options: SocketIoOptions): OpenClient {
  switch (peer) {
    case 'wireroom':
      return openSdkClient;
    case 'wireroom-socketio':
      return openLessonClient(options);
    case 'socketio':
    case 'socketio-recovery':
      return openPlainClient(options);
  }
}

export interface ServerProgram {
  /** For Node, the program's path among them. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const FROM_SOURCE = ['--import', 'tsx', '--conditions', '@wireroom/source'];

export interface ProgramOptions {
  readonly dataDir: string;
  /** The built program, or its source. */
  readonly isBuilt: boolean;
}

export function serverProgramOf(peer: PeerName, { dataDir, isBuilt }: ProgramOptions): ServerProgram {
  if (!PEERS[peer].hasLog) {
    const flags = peer === 'socketio-recovery' ? ['--recovery'] : [];
    return { args: [...FROM_SOURCE, path('./socketio-server.ts'), ...flags], env: {} };
  }
  const built = [path('../../packages/cli/bin/wireroom.mjs'), 'serve'];
  const source = [...FROM_SOURCE, path('../../packages/cli/src/main.ts'), 'serve'];
  return {
    args: isBuilt ? built : source,
    env: {
      ...{ HOST: 'localhost', PORT: '0', SOCKET_PORT: 'off', LOG_LEVEL: 'error' },
      ...{ DATA_DIR: dataDir, MAX_SOCKETS_PER_ADDRESS: '100000' },
    },
  };
}

/** Of the libraries, as installed. */
export function versions(): Readonly<Record<string, string>> {
  const require = createRequire(import.meta.url);
  const versionOf = (name: string): string => {
    const manifest: unknown = require(`${name}/package.json`);
    return manifest !== null && typeof manifest === 'object' && 'version' in manifest
      ? String(manifest.version)
      : 'unknown';
  };
  return {
    node: process.version,
    'socket.io': versionOf('socket.io'),
    'socket.io-client': versionOf('socket.io-client'),
  };
}
