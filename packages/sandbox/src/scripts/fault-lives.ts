// Scripts of faults in the life of a connection: ended by a proxy, ended without a reason, never ended at all. Each plays
// the fault first and then its cure.
import type { Connection, ConnectionHandlers } from '@wireroom/websocket';
import { echo, type Stage } from '../stage/stage.ts';
import { OP } from '../stage/wire-frame.ts';
import type { Scripts } from './script.ts';

/** So many pings show that the connection lives longer than the proxy's patience. */
const PINGS_SHOWN = 5;
/** Clients that vanish without a word. */
const VANISHING_CLIENTS = 5;

async function idleConnectionClosed(stage: Stage): Promise<void> {
  const idleTimeoutMs = stage.pauseMs;
  const silent = await stage.serve({ limits: { pingIntervalMs: 0 }, records: 'none' });
  const first = await stage.proxy({ targetPort: silent.port, idleTimeoutMs });
  const cut = await stage.connect(first.port);
  stage.note('idle-without-pings', cut, { ms: idleTimeoutMs });
  await cut.ended();

  // #region ping-below-the-idle-time
  // Every quarter of the proxy's idle time: one lost ping must not be enough to be forgotten.
  const pinging = await stage.serve({
    limits: { pingIntervalMs: Math.floor(idleTimeoutMs / 4) },
    records: 'none',
  });
  // #endregion
  const second = await stage.proxy({ targetPort: pinging.port, idleTimeoutMs });
  const kept = await stage.connect(second.port);
  stage.note('idle-with-pings', kept, { ms: Math.floor(idleTimeoutMs / 4) });
  await kept.until(() => kept.frames.filter(({ opcode }) => opcode === OP.ping).length >= PINGS_SHOWN);
  stage.note('idle-outlived', kept);
  await kept.close();
}

async function closed1006(stage: Stage): Promise<void> {
  const killed = await stage.serve({
    handlers: (connection) => ({ message: () => connection.terminate() }),
  });
  const first = await stage.connect(killed.port);
  stage.note('process-killed', first);
  await first.text('are you well?');
  await first.ended();

  // #region say-what-went-wrong
  const throwing = await stage.serve({
    handlers: () => ({
      message() {
        throw new Error('the database is gone');
      },
    }),
  });
  // #endregion
  const second = await stage.connect(throwing.port);
  stage.note('handler-throws', second);
  await second.text('are you well?');
  await second.ended();

  const restarting = await stage.serve();
  const third = await stage.connect(restarting.port);
  stage.note('restart-announced', third);
  // #region say-goodbye
  const isClosed = restarting.server.close({ code: 1012, reason: 'restarting, come back' });
  // #endregion
  await third.ended();
  await isClosed;
}

async function connectionLeak(stage: Stage): Promise<void> {
  const silent = await leaveHalfOpen(stage, 0);
  await stage.wait(stage.pauseMs);
  stage.note('leaked', silent.client, { count: silent.server.connections.size });
  await silent.server.close({ timeoutMs: 1 });
  const pinging = await leaveHalfOpen(stage, Math.max(20, Math.floor(stage.pauseMs / 4)));
  await pinging.allGone;
  stage.note('leak-found', pinging.client, { count: pinging.server.connections.size });
}

/** Connections whose clients are gone without the server's knowing: as after a phone has lost its network. */
async function leaveHalfOpen(stage: Stage, pingIntervalMs: number) {
  let gone = 0;
  let resolveAllGone: () => void = () => undefined;
  const allGone = new Promise<void>((resolve) => {
    resolveAllGone = resolve;
  });
  const counted = (connection: Connection): ConnectionHandlers => ({
    ...echo(connection),
    close() {
      gone += 1;
      if (gone === VANISHING_CLIENTS) resolveAllGone();
    },
  });
  // #region give-up-the-dead
  // Without these two, nothing ever tells a server that an idle client has gone.
  const limits = { pingIntervalMs, pongTimeoutMs: pingIntervalMs };
  // #endregion
  const { server, port: serverPort } = await stage.serve({ limits, handlers: counted, records: 'first' });
  const { proxy, port } = await stage.proxy({ targetPort: serverPort }, 'none');
  const client = await stage.connectBehind(port);
  for (let count = 1; count < VANISHING_CLIENTS; count++) await stage.connect(port, { isRecorded: false });
  stage.note('clients-vanish', client, { count: VANISHING_CLIENTS });
  proxy.swallow();
  return { server, client, allGone };
}

export const FAULT_LIFE_SCRIPTS: Scripts = {
  'idle-connection-closed': idleConnectionClosed,
  'closed-1006': closed1006,
  'connection-leak': connectionLeak,
};
