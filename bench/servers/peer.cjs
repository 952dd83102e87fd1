// What the servers of the bench share: their command line, and packages from the folder of the peers instead of ours.
//   node SERVER.cjs PORT echo|bcast [shared|takeover]
// echo sends every message back, bcast to everybody. `shared` and `takeover` are permessage-deflate, without and with a
// history of the server's messages. Each server opens its port on 127.0.0.1 and runs until it is killed.
const { createRequire } = require('node:module');
const path = require('node:path');

const [port, mode, deflate] = process.argv.slice(2);

module.exports = {
  /** Where to listen; the longest queue of connections is the same for all. */
  listen: { port: Number(port), host: '127.0.0.1', backlog: 4096 },
  isBroadcast: mode === 'bcast',
  /** undefined, 'shared' or 'takeover'. */
  deflate,
  messageBytesMax: 2 ** 28,
  peerRequire: createRequire(path.join(process.env.BENCH_PEERS, 'package.json')),
};
