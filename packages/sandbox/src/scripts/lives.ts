// Scripts about the life of a connection: how it ends well, how it is cut, and what happens to one that does not read.
import type { Connection } from '@wireroom/websocket';
import { echo, type Stage } from '../stage/stage.ts';
import { OP } from '../stage/wire-frame.ts';
import type { Scripts } from './script.ts';

/** Bytes that may wait for one reader here. In a real server it is some MiB. */
const WAITING_BYTES_MAX = 256 * 1024;
const PUSHED_BYTES = 64 * 1024;
/** Whatever the kernel holds back for a reader that does not read: more than this it never is. */
const PUSHES_MAX = 1_024;

async function cleanClose(stage: Stage): Promise<void> {
  const { port } = await stage.serve();
  const client = await stage.connect(port);
  await client.text('that was all');
  await client.heard(1);
  stage.note('close-begun', client);
  await client.close(1000, 'done');
}

async function slowReader(stage: Stage): Promise<void> {
  const { server, port } = await stage.serve({
    limits: { bufferedBytesMax: WAITING_BYTES_MAX, closeTimeoutMs: 2_000 },
    handlers: (connection) => ({ message: () => void pushTo(connection) }),
  });
  const client = await stage.connect(port);
  stage.note('reader-stops', client);
  client.socket.pause();
  const [connection] = [...server.connections];
  await client.text('send me everything');
  await client.recording?.until(() => connection?.state !== 'open');
  stage.note('reader-given-up', client, {
    kibibytes: Math.ceil((connection?.bufferedBytes ?? 0) / 1024),
  });
  client.socket.resume();
  await client.frameOf(OP.close);
  await client.ended();
}

/** Pushes without looking whether anybody reads: what the bound is for. */
export async function pushTo(connection: Connection): Promise<void> {
  const bytes = new Uint8Array(PUSHED_BYTES);
  for (let pushed = 0; pushed < PUSHES_MAX && connection.state === 'open'; pushed++) {
    connection.send(bytes);
    await new Promise(setImmediate);
  }
}

async function cutTcp(stage: Stage): Promise<void> {
  const { port } = await stage.serve();
  const client = await stage.connect(port);
  const frame = client.frame({ opcode: OP.text, payload: 'this sentence will never' });
  stage.note('cut-in-frame', client);
  await client.send(frame.subarray(0, 16));
  client.reset();
  await client.recording?.until(() => false);
}

async function dropFiveSeconds(stage: Stage): Promise<void> {
  const { pauseMs } = stage;
  let noteEnd = (): void => undefined;
  const { port: serverPort } = await stage.serve({
    handlers: (connection) => ({ ...echo(connection), close: () => noteEnd() }),
    limits: { pingIntervalMs: part(pauseMs, 5), pongTimeoutMs: part(pauseMs, 2.5) },
    records: 'none',
  });
  const { proxy, port } = await stage.proxy({ targetPort: serverPort });
  const client = await stage.connect(port);
  await client.text('before');
  await client.heard(1);
  stage.note('traffic-dropped', client, { ms: pauseMs });
  noteEnd = () => stage.note('server-gave-up', client);
  proxy.swallow();
  await client.text('into the void');
  await stage.wait(pauseMs);
  stage.note('traffic-back', client);
  proxy.release();
  await client.ended();
}

const part = (ms: number, parts: number): number => Math.max(20, Math.round(ms / parts));

export const LIFE_SCRIPTS: Scripts = {
  'clean-close': cleanClose,
  'slow-reader': slowReader,
  'cut-tcp': cutTcp,
  'drop-five-seconds': dropFiveSeconds,
};
