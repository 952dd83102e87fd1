// Scripts about frames: those that everybody should have seen once, and those that nobody may send.
import { once } from 'node:events';
import { createDeflateRaw, constants as zlib } from 'node:zlib';
import type { NoteId } from '../scene-texts.ts';
import type { RawClient } from '../stage/raw-client.ts';
import type { Stage } from '../stage/stage.ts';
import { closePayload, type FrameShape, frameBytes, OP, readFrames } from '../stage/wire-frame.ts';
import type { Script, Scripts } from './script.ts';

/** What a payload limit of the sandbox is: small, so that a scene reaches it with few bytes. */
const MESSAGE_BYTES_MAX = 64 * 1024;

/** How long `own-bytes` listens for an answer before it says goodbye. */
const QUIET_MS = 150;

const open = async (stage: Stage): Promise<RawClient> => {
  const { port } = await stage.serve({ limits: { messageBytesMax: MESSAGE_BYTES_MAX } });
  return stage.connect(port);
};

/** One frame against the rules, and how the server ends it. */
const breaking =
  (note: NoteId, shape: FrameShape): Script =>
  async (stage) => {
    const client = await open(stage);
    stage.note(note, client);
    await client.sendFrame(shape);
    await client.ended();
  };

async function fragmentedMessage(stage: Stage): Promise<void> {
  const client = await open(stage);
  stage.note('fragments-sent', client);
  await client.sendFrame({ opcode: OP.text, fin: false, payload: 'Three ' });
  await client.sendFrame({ opcode: OP.continuation, fin: false, payload: 'frames, ' });
  stage.note('ping-between', client);
  await client.sendFrame({ opcode: OP.ping, payload: 'in between' });
  await client.frameOf(OP.pong);
  await client.sendFrame({ opcode: OP.continuation, payload: 'one message' });
  await client.heard(1);
  await client.close();
}

async function ping(stage: Stage): Promise<void> {
  const { port, server } = await stage.serve();
  const client = await stage.connect(port);
  stage.note('client-pings', client);
  await client.sendFrame({ opcode: OP.ping, payload: 'are you there?' });
  await client.frameOf(OP.pong);
  stage.note('server-pings', client);
  for (const connection of server.connections) await connection.roundTripMs();
  await client.close();
}

async function twoFramesOneWrite(stage: Stage): Promise<void> {
  const client = await open(stage);
  stage.note('two-in-one', client);
  const frames = ['first', 'second'].map((payload) => client.frame({ opcode: OP.text, payload }));
  await client.send(Buffer.concat(frames));
  await client.heard(2);
  await client.close();
}

async function frameInThreeWrites(stage: Stage): Promise<void> {
  const client = await open(stage);
  const frame = client.frame({ opcode: OP.text, payload: 'in three pieces' });
  stage.note('cut-in-header', client);
  await client.send(frame.subarray(0, 1));
  stage.note('cut-in-payload', client);
  await client.send(frame.subarray(1, 10));
  stage.note('rest-of-frame', client);
  await client.send(frame.subarray(10));
  await client.heard(1);
  await client.close();
}

async function masking(stage: Stage): Promise<void> {
  const client = await open(stage);
  stage.note('masked-text', client);
  await client.text('Hello, 世界');
  await client.heard(1);
  await client.close();
}

async function compressed(stage: Stage): Promise<void> {
  const { port } = await stage.serve({ perMessageDeflate: { thresholdBytes: 0 } });
  const client = await stage.dial(port);
  await client.upgrade({ headers: ['Sec-WebSocket-Extensions: permessage-deflate'] });
  const deflate = rawDeflater();
  const line = 'The same line again and again compresses well.';
  stage.note('compressed-first', client);
  await client.sendFrame({ opcode: OP.text, rsv: 4, payload: await deflate(line) });
  await client.heard(1);
  stage.note('compressed-again', client);
  await client.sendFrame({ opcode: OP.text, rsv: 4, payload: await deflate(line) });
  await client.heard(2);
  await client.close();
}

/** Deflates messages one after the other with a common history, as RFC 7692 section 7.2.1 says. */
export function rawDeflater(): (text: string | Uint8Array) => Promise<Buffer> {
  const stream = createDeflateRaw();
  return async (text) => {
    const chunks: Buffer[] = [];
    const collect = (chunk: Buffer): number => chunks.push(chunk);
    stream.on('data', collect);
    stream.write(text);
    await new Promise<void>((resolve) => stream.flush(zlib.Z_SYNC_FLUSH, resolve));
    // What the flush has made is readable by now; a large message comes in several chunks.
    while (stream.readableLength > 0) await once(stream, 'data');
    stream.off('data', collect);
    return Buffer.concat(chunks).subarray(0, -4);
  };
}

async function unmaskedFrame(stage: Stage): Promise<void> {
  const client = await open(stage);
  stage.note('unmasked-sent', client);
  await client.send(frameBytes({ opcode: OP.text, payload: 'no mask' }, undefined));
  await client.ended();
}

async function giantLength(stage: Stage): Promise<void> {
  const client = await open(stage);
  stage.note('giant-claimed', client);
  // The header alone: nobody has to send a terabyte in order to be refused it.
  await client.sendFrame({ opcode: OP.binary, claimedLength: 2 ** 40 });
  await client.ended();
}

async function ownBytes(stage: Stage): Promise<void> {
  const client = await open(stage);
  const bytes = Buffer.from(stage.options.bytes ?? client.frame({ opcode: OP.text, payload: 'Hello' }));
  stage.note('own-bytes-sent', client, { bytes: bytes.length });
  await client.send(bytes);
  await Promise.race([client.until(() => false), stage.wait(QUIET_MS)]);
  if (client.hasEnded) return client.ended();
  // In the middle of a frame a Close frame would be payload.
  const { rest } = readFrames(bytes);
  if (rest.length === 0) return client.close();
  stage.note('own-bytes-unfinished', client);
  return client.hangUp();
}

export const FRAME_SCRIPTS: Scripts = {
  'fragmented-message': fragmentedMessage,
  ping,
  'two-frames-one-write': twoFramesOneWrite,
  'frame-in-three-writes': frameInThreeWrites,
  masking,
  compressed,
  'bad-utf8': breaking('bad-utf8-sent', { opcode: OP.text, payload: Buffer.from('4f4b20c328', 'hex') }),
  'unmasked-frame': unmaskedFrame,
  'reserved-bit': breaking('reserved-bit-sent', { opcode: OP.text, rsv: 2, payload: 'RSV2' }),
  'reserved-opcode': breaking('reserved-opcode-sent', { opcode: 3, payload: 'what am I?' }),
  'giant-length': giantLength,
  'length-not-shortest': breaking('long-form-sent', { opcode: OP.text, lengthForm: 16, payload: 'short' }),
  'control-too-long': breaking('long-ping-sent', { opcode: OP.ping, payload: 'p'.repeat(126) }),
  'close-1006': breaking('close-1006-sent', { opcode: OP.close, payload: closePayload(1006) }),
  'own-bytes': ownBytes,
};
