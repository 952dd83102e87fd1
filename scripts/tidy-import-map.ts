// Who may import whom: the table itself, as data. tidy-imports.ts applies it; ARCHITECTURE.md explains it.
// A new folder needs a line here before anything may import it.

/** Stations of packages/server/src. `lib` and `limits.ts` are open to all of them; `app` stands for the files beside the folders. */
export const serverFolders: Readonly<Record<string, readonly string[]>> = {
  gateway: ['rooms', 'feed', 'accounts', 'history'],
  http: ['rooms', 'history'],
  // Downloads: who may have what, what they are made of, jobs; http/ and gateway/ carry them.
  history: ['rooms', 'accounts', 'log'],
  // What is counted of the server, and one message as a trace; every station is given its part of it.
  metrics: [],
  rooms: ['log', 'bus'],
  feed: ['log', 'bus'],
  log: ['db'],
  accounts: ['db', 'bus'],
  bus: ['db'],
  db: [],
  wiretap: ['accounts'],
  lib: [],
};

/** The file by which others enter a folder of the server, where it is not the one with the folder's name. `*`: any file. */
export const serverDoors: Readonly<Record<string, readonly string[] | '*'>> = {
  accounts: ['guests.ts', 'recoveries.ts'],
  // The main thread's side; then what operations use that run in the database thread; then what both sides share.
  db: [
    'sqlite-client.ts',
    'sqlite.ts',
    'sqlite-error.ts',
    'watched-database.ts',
    'kysely.ts',
    'schema.ts',
    'row.ts',
    'worker-port.ts',
    'operation-module.ts',
    // PostgreSQL: sessions, and batches.
    'postgres.ts',
    'postgres-lane.ts',
    'thread-port.ts',
  ],
  // What downloads are read by, in a thread of their own.
  log: ['log.ts', 'history-source.ts'],
  metrics: ['metrics.ts', 'traces.ts'],
  lib: '*',
};

/** Only these may know what carries the bytes of a chat. */
export const engineUsersOfServer: readonly string[] = ['app', 'gateway', 'wiretap'];

/** Folders of packages/websocket/src. Files beside them may import all. */
export const websocketFolders: Readonly<Record<string, readonly string[]>> = {
  core: [],
  net: ['core'],
  ws: ['core', 'net'],
  whatwg: ['core', 'net'],
};

/** What the engine's pure core may take from Node: functions of their arguments, and nothing with I/O, a clock or chance in it. */
export const coreNodeImports: Readonly<Record<string, readonly string[]>> = {
  'node:buffer': ['isAscii', 'isUtf8'],
  'node:crypto': ['hash'],
  'node:util': ['types'],
};

export interface PackageRule {
  /** Packages of ours that it may import. */
  readonly ours: readonly string[];
  /** Packages of others: all that package.json declares, or these only. */
  readonly others: 'declared' | readonly string[];
  readonly isNodeAllowed: boolean;
}

export const packages: Readonly<Record<string, PackageRule>> = {
  'packages/websocket': { ours: [], others: [], isNodeAllowed: true },
  'packages/conformance': { ours: [], others: [], isNodeAllowed: true },
  'packages/capture': { ours: [], others: 'declared', isNodeAllowed: false },
  'packages/sandbox': { ours: ['capture', 'websocket'], others: 'declared', isNodeAllowed: true },
  'packages/protocol': { ours: [], others: ['zod'], isNodeAllowed: false },
  'packages/history': { ours: ['protocol'], others: 'declared', isNodeAllowed: false },
  'packages/capacity': { ours: [], others: 'declared', isNodeAllowed: true },
  'packages/server': {
    ours: ['websocket', 'protocol', 'history', 'capture', 'sandbox'],
    others: 'declared',
    isNodeAllowed: true,
  },
  'packages/client': { ours: ['protocol', 'history', 'capture'], others: 'declared', isNodeAllowed: false },
  'packages/web': {
    ours: ['client', 'protocol', 'history', 'capture', 'sandbox'],
    others: 'declared',
    isNodeAllowed: false,
  },
  'packages/cli': {
    ours: [
      'server',
      'client',
      'websocket',
      'protocol',
      'history',
      'capacity',
      'capture',
      'sandbox',
      'conformance',
    ],
    others: 'declared',
    isNodeAllowed: true,
  },
  testkit: {
    ours: [
      'server',
      'client',
      'websocket',
      'protocol',
      'history',
      'capacity',
      'cli',
      'capture',
      'sandbox',
      'conformance',
    ],
    others: 'declared',
    isNodeAllowed: true,
  },
  // The server by its parts, in the measurement of what a commit costs; Socket.IO as what a full room is measured beside.
  bench: {
    ours: ['websocket', 'server', 'protocol', 'history', 'capacity', 'testkit'],
    others: ['socket.io', 'echarts', 'pg'],
    isNodeAllowed: true,
  },
  'examples/engine': {
    ours: ['websocket'],
    others: ['selfsigned', 'socket.io', 'socket.io-client'],
    isNodeAllowed: true,
  },
  // What the learner writes uses Node only; the runner beside it grades, the measurements use the engine and others.
  'examples/course': {
    ours: ['conformance', 'testkit', 'websocket'],
    others: ['socket.io', 'socket.io-client'],
    isNodeAllowed: true,
  },
  'examples/lesson': { ours: [], others: ['express', 'socket.io', 'socket.io-client'], isNodeAllowed: true },
};

/** Not an import of code: where the built page lies, for the one who serves it. */
export const placesOfFiles: readonly string[] = ['@wireroom/web/package.json'];

/** Files of the client that only Node reads: they may import `node:` and the engine. */
export const nodeOnlyClientFile = /^packages\/client\/src\/(?:[\w-]+\/)?(node|[\w-]+-node|node-[\w-]+)\.ts$/;
