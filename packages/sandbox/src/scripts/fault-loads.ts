// Scripts of faults of too much: a reader that does not read, a message that is too big, a small one that becomes big,
// and everybody at once. Each plays the fault first and then its cure.
import type { Connection, ConnectionHandlers } from '@wireroom/websocket';
import type { Stage } from '../stage/stage.ts';
import { OP } from '../stage/wire-frame.ts';
import { rawDeflater } from './frames.ts';
import type { Scripts } from './script.ts';
import { commandOf } from './tiny-chat.ts';

const CHUNK_BYTES = 64 * 1024;
/** 16 MiB: several times what the kernel takes for a reader that does not read. */
const CHUNKS = 256;
const SMALL_LIMIT_BYTES = 1024;
const BOMB_BYTES = 8 * 1024 * 1024;
const CLIENTS = 40;
/** What one hello costs a server: rooms to find, a page to read. They wait for each other, as for a database. */
const HELLO_MS = 5;
const SLOTS = 10;

async function slowReaderFillsMemory(stage: Stage): Promise<void> {
  const careless = await stage.serve({
    limits: { bufferedBytesMax: 2 * CHUNKS * CHUNK_BYTES },
    handlers: (connection) => ({
      message() {
        for (let sent = 0; sent < CHUNKS; sent++) connection.send(new Uint8Array(CHUNK_BYTES));
      },
    }),
  });
  const first = await stage.connect(careless.port);
  first.socket.pause();
  stage.note('pushed-unread', first);
  await first.text('go on');
  const [connection] = careless.server.connections;
  stage.note('memory-filled', first, { mebibytes: inMebibytes(connection?.bufferedBytes ?? 0) });
  first.reset();
  await first.recording?.until(() => false);

  let waitingMax = 0;
  // #region push-when-drained
  /** Reads on in the log when there is room, from where this reader is. */
  function follow(connection: Connection): ConnectionHandlers {
    let cursor = 0;
    const push = (): void => {
      let hasRoom = true;
      while (hasRoom && cursor < CHUNKS) {
        hasRoom = connection.send(new Uint8Array(CHUNK_BYTES));
        cursor += 1;
        waitingMax = Math.max(waitingMax, connection.bufferedBytes);
      }
    };
    return { message: push, drain: push };
  }
  // #endregion
  const careful = await stage.serve({ handlers: follow });
  const second = await stage.connect(careful.port);
  second.socket.pause();
  stage.note('pushed-with-room', second);
  await second.text('go on');
  second.socket.resume();
  await second.until(() => second.frames.length >= CHUNKS);
  stage.note('memory-bounded', second, { kibibytes: Math.round(waitingMax / 1024) });
  await second.close();
}

const inMebibytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);

async function messageTooBig(stage: Stage): Promise<void> {
  const { port } = await stage.serve({
    limits: { messageBytesMax: SMALL_LIMIT_BYTES },
    handlers: (connection) => ({
      message(message) {
        const { type } = commandOf(message.text());
        const limits = { messageBytes: SMALL_LIMIT_BYTES };
        connection.send(JSON.stringify(type === 'hello' ? { type: 'welcome', limits } : { type: 'posted' }));
      },
    }),
  });
  const photo = 'iVBORw0KGgo'.repeat(150);
  for (const round of [1, 2]) {
    const client = await stage.connect(port);
    stage.note(round === 1 ? 'too-big-sent' : 'too-big-again', client, { bytes: photo.length });
    await client.say({ type: 'post', text: photo });
    await client.ended();
  }
  const client = await stage.connect(port);
  stage.note('limit-asked', client);
  await client.say({ type: 'hello' });
  const [welcome = ''] = await client.heard(1);
  stage.note('parts-sent', client);
  const parts = partsOf(photo, limitIn(welcome));
  for (const [index, part] of parts.entries()) {
    await client.text(part);
    await client.heard(index + 2);
  }
  await client.close();
}

function limitIn(welcome: string): number {
  const { limits } = commandOf(welcome);
  return typeof limits === 'object' && limits !== null && 'messageBytes' in limits
    ? Number(limits.messageBytes)
    : 0;
}

// #region parts
/** The messages that carry a text past a limit: each within it, envelope and all. ASCII only, so that letters are bytes. */
function partsOf(text: string, messageBytesMax: number): readonly string[] {
  const envelope = JSON.stringify({ type: 'part', of: 'photo', from: text.length, text: '' }).length;
  const room = messageBytesMax - envelope;
  const parts: string[] = [];
  for (let from = 0; from < text.length; from += room) {
    parts.push(JSON.stringify({ type: 'part', of: 'photo', from, text: text.slice(from, from + room) }));
  }
  return parts;
}
// #endregion

async function compressionBomb(stage: Stage): Promise<void> {
  const bomb = await rawDeflater()(new Uint8Array(BOMB_BYTES));
  const sizeOnly = (connection: Connection): ConnectionHandlers => ({
    message: ({ data }) => connection.send(`${data.length} bytes`),
  });
  const trusting = await stage.serve({
    perMessageDeflate: true,
    limits: { messageBytesMax: 2 * BOMB_BYTES, inflationRatioMax: 0 },
    handlers: sizeOnly,
  });
  const headers = ['Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover'];
  const first = await stage.dial(trusting.port);
  await first.upgrade({ headers });
  stage.note('bomb-taken', first, { bytes: bomb.length });
  await first.sendFrame({ opcode: OP.binary, rsv: 4, payload: bomb });
  await first.heard(1);
  await first.close();

  // #region bound-what-is-inflated
  // The limit is for the message as it will be in memory, and is looked at while inflating, not after it.
  const bounded = await stage.serve({
    perMessageDeflate: true,
    limits: { messageBytesMax: 64 * 1024 },
    handlers: sizeOnly,
  });
  // #endregion
  const second = await stage.dial(bounded.port);
  await second.upgrade({ headers });
  stage.note('bomb-refused', second, { bytes: bomb.length });
  await second.sendFrame({ opcode: OP.binary, rsv: 4, payload: bomb });
  await second.ended();
}

async function thunderingHerd(stage: Stage): Promise<void> {
  await comeBack(stage, () => 0);
  // #region jitter
  /** A wait of anything up to the window, different for each client: not "one second", but "within a second". */
  const jittered = (windowMs: number, chance: number): number => chance * windowMs;
  // #endregion
  await comeBack(stage, (chance) => jittered(stage.pauseMs, chance));
}

/** So many clients come back after a restart, each after its own wait, and say hello to a server that takes one after the other. */
async function comeBack(stage: Stage, waitMs: (chance: number) => number): Promise<void> {
  const beganAt = performance.now();
  const arrivals: number[] = [];
  let queue = Promise.resolve();
  const { port } = await stage.serve({
    records: 'first',
    handlers: (connection) => ({
      message() {
        arrivals.push(performance.now() - beganAt);
        queue = queue
          .then(() => stage.wait(HELLO_MS))
          .then(() => {
            connection.send(JSON.stringify({ type: 'welcome' }));
          })
          .catch(() => undefined);
      },
    }),
  });
  const isAtOnce = waitMs(1) === 0;
  const first = await stage.connect(port);
  stage.note(isAtOnce ? 'herd-begins' : 'herd-spread', first, { count: CLIENTS, ms: stage.pauseMs });
  const waits = Array.from({ length: CLIENTS }, (_, index) => waitMs(evenly(index)));
  const welcomes = await Promise.all(
    waits.map(async (ms, index) => {
      if (ms > 0) await stage.wait(ms);
      const client = index === 0 ? first : await stage.connect(port, { isRecorded: false });
      const askedAt = performance.now();
      await client.say({ type: 'hello', ref: index });
      await client.heard(1);
      return performance.now() - askedAt;
    }),
  );
  const slotMs = stage.pauseMs / SLOTS;
  const slots = Array.from(
    { length: SLOTS },
    (_, slot) => arrivals.filter((at) => Math.floor(at / slotMs) === slot).length,
  );
  stage.note('herd-arrivals', first, { ms: Math.round(slotMs), slots: slots.join(' ') });
  stage.note('herd-longest-wait', first, { ms: Math.round(Math.max(...welcomes)) });
  await first.close();
}

/** Chances that are spread as those of many clients are, and the same in each play (the golden ratio's multiples). */
const evenly = (index: number): number => (index * 0.618_033_988_75) % 1;

export const FAULT_LOAD_SCRIPTS: Scripts = {
  'slow-reader-fills-memory': slowReaderFillsMemory,
  'message-too-big': messageTooBig,
  'compression-bomb': compressionBomb,
  'thundering-herd': thunderingHerd,
};
