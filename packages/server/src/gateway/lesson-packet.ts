// What an entry of the log is on the wire of Socket.IO: a `message` event in the lesson's shape, encoded once whoever reads it,
// with its position as the last argument. Clients keep that as their offset and send it when they come back.
import { type Entry, epochSchema, lessonMessage, type Position } from '@wireroom/protocol';
import type { Socket } from 'socket.io';

type Encoded = ReturnType<Socket['nsp']['server']['encoder']['encode']>;

/** Where people of the lesson's clients are. */
export const LESSON_ROOM = 'lobby';

const EVENT_PACKET = 2;
const packets = new WeakMap<Entry, Encoded>();

export const offsetOf = ({ epoch, seq }: Position): string => `${epoch}.${seq}`;

/** The position that a client says it has come to; undefined if it is none. */
export function readOffset(offset: string): Position | undefined {
  const match = /^(.+)\.(\d{1,15})$/.exec(offset);
  const epoch = epochSchema.safeParse(match?.[1]);
  return epoch.success ? { epoch: epoch.data, seq: Number(match?.[2]) } : undefined;
}

/** Engine.IO 3, of the clients 2.x: they know no offsets. */
export const isOldClient = (socket: Socket): boolean => socket.conn.protocol === 3;

/** Sends it, if the lesson has words for it and the client is still in. Was it sent? */
export function sendEntry(socket: Socket, entry: Entry): boolean {
  if (!socket.connected) return false;
  const known = packets.get(entry);
  if (known !== undefined && !isOldClient(socket)) return sendEncoded(socket, known);
  const message = lessonMessage(entry);
  if (message === undefined) return false;
  if (isOldClient(socket)) {
    socket.send(message);
    return true;
  }
  const data = ['message', message, offsetOf(entry)];
  const encoded = socket.nsp.server.encoder.encode({ type: EVENT_PACKET, nsp: socket.nsp.name, data });
  packets.set(entry, encoded);
  return sendEncoded(socket, encoded);
}

function sendEncoded(socket: Socket, encoded: Encoded): true {
  // Typed for packets; `preEncoded` says that these are strings already.
  socket.client._packet(encoded as never, { preEncoded: true });
  return true;
}
