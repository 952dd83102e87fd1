// The servers that are measured: ours by its APIs, the peers, and two floors (C, and node:net without a protocol).
// Where they are installed is installation.ts's affair; how they run, processes.ts's.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Place } from './installation.ts';
import type { Capability, Peer, ServerTask } from './peer.ts';

/** The row that the report is about, and those that it is held against. */
export const SUBJECT = 'wireroom';
export const BASE = 'ws';
export const RIVAL = 'uws';
export const FLOOR = 'netraw';

const serversFolder = fileURLToPath(new URL('servers', import.meta.url));
const serverFile = (name: string): string => join(serversFolder, name);

/** ws takes its native add-ons when they are there, unless it is told not to. */
const WITHOUT_ADD_ONS = { WS_NO_BUFFER_UTIL: '1', WS_NO_UTF_8_VALIDATE: '1' };
const PLAIN_ONLY: readonly Capability[] = ['deflate', 'fragments'];

const argumentsOf = ({ port, mode, deflate }: ServerTask): string[] => [
  String(port),
  mode,
  ...(deflate === undefined ? [] : [deflate]),
];

/** @param node the program that runs the Node servers */
export function peersOf(place: Place, node: string): Peer[] {
  return [...ourPeers(place, node), ...nodePeers(place, node), ...otherPeers(place)];
}

function nodePeer(node: string, file: string, rest: Partial<Peer> & Pick<Peer, 'name' | 'files'>): Peer {
  const command: Peer['command'] = (task) => [node, serverFile(file), ...argumentsOf(task)];
  return { protocol: 'ws', lacks: [], command, ...rest };
}

function ourPeers(place: Place, node: string): Peer[] {
  const socketIo = place.packageFile('socket.io');
  return [
    nodePeer(node, 'wireroom.mjs', { name: SUBJECT, files: [] }),
    nodePeer(node, 'wireroom-ws-api.mjs', { name: 'wireroom/ws', files: [] }),
    nodePeer(node, 'socketio.cjs', {
      name: 'sio+wireroom',
      protocol: 'sio',
      lacks: ['deflate'],
      files: [socketIo],
      environment: { BENCH_ENGINE: 'wireroom' },
    }),
  ];
}

function nodePeers(place: Place, node: string): Peer[] {
  const ws = place.packageFile('ws');
  return [
    nodePeer(node, 'uws.cjs', { name: RIVAL, files: [place.packageFile('@btc-vision/uwebsockets.js')] }),
    nodePeer(node, 'netraw.cjs', {
      name: FLOOR,
      protocol: 'raw',
      lacks: [...PLAIN_ONLY, 'handshake'],
      files: [],
    }),
    nodePeer(node, 'ws.cjs', { name: BASE, files: [ws], environment: WITHOUT_ADD_ONS }),
    nodePeer(node, 'ws.cjs', {
      name: 'ws+native',
      files: [ws, place.packageFile('bufferutil'), place.packageFile('utf-8-validate')],
    }),
    {
      ...nodePeer(node, 'ws.cjs', { name: 'ws+takeover', files: [ws], environment: WITHOUT_ADD_ONS }),
      only: ['bcast-deflate'],
      command: ({ port, mode }) => [node, serverFile('ws.cjs'), String(port), mode, 'takeover'],
    },
    nodePeer(node, 'faye.cjs', {
      name: 'faye',
      lacks: ['deflate'],
      files: [place.packageFile('faye-websocket')],
    }),
    nodePeer(node, 'socketio.cjs', {
      name: 'sio',
      protocol: 'sio',
      lacks: ['deflate'],
      files: [place.packageFile('socket.io')],
    }),
  ];
}

function otherPeers({ bun, deno, climit, climitUring }: Place): Peer[] {
  return [
    {
      name: 'climit',
      protocol: 'ws',
      lacks: PLAIN_ONLY,
      files: [climit],
      command: ({ port, mode }) => [climit, String(port), mode],
    },
    {
      name: 'climit-uring',
      protocol: 'ws',
      lacks: PLAIN_ONLY,
      only: ['bcast-c1000', 'bcast-c5000', 'bcast-c1000-p16'],
      files: [climitUring],
      command: ({ port, mode }) => [climitUring, String(port), mode, 'uring'],
    },
    {
      name: 'bun',
      protocol: 'ws',
      lacks: [],
      files: [bun],
      command: (task) => [bun, 'run', serverFile('bun.js'), ...argumentsOf(task)],
    },
    {
      name: 'deno',
      protocol: 'ws',
      lacks: ['deflate'],
      files: [deno],
      command: ({ port, mode }) => [deno, 'run', '-A', serverFile('deno.js'), String(port), mode],
    },
  ];
}

/**
 * A server from the command line: `NAME|PROTOCOL|COMMAND`, with {port}, {mode} and {deflate} in COMMAND. Good for
 * another checkout of ours beside this one. Undefined for what cannot be read.
 */
export function extraPeer(description: string): Peer | undefined {
  const [name = '', protocol = '', ...rest] = description.split('|');
  const words = rest.join('|').split(/\s+/).filter(Boolean);
  if (!name || !isProtocol(protocol) || words.length === 0) return undefined;
  return {
    name,
    protocol,
    lacks: protocol === 'ws' ? [] : PLAIN_ONLY,
    files: [],
    command: ({ port, mode, deflate = '' }) =>
      words
        .map((word) => word.replace('{port}', String(port)).replace('{mode}', mode))
        .map((word) => word.replace('{deflate}', deflate))
        .filter(Boolean),
  };
}

const isProtocol = (text: string): text is Peer['protocol'] => ['ws', 'sio', 'raw'].includes(text);
