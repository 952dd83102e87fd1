// Socket.IO's connection state recovery, on our log: Socket.IO asks its adapter whether a client that comes with `{pid, offset}`
// may go on. The offset is a position in the log, so nothing is kept in memory, and a restart changes nothing. What was missed
// is not put into the answer: the session reads on from the cursor, with back-pressure, as every reader does (lesson-session.ts).
import { randomUUID } from 'node:crypto';
import type { Position } from '@wireroom/protocol';
import type { Socket } from 'socket.io';
import { Adapter, type Session as RestoredSession } from 'socket.io-adapter';
import type { Recoveries } from '../accounts/recoveries.ts';
import { isOldClient, LESSON_ROOM, readOffset } from './lesson-packet.ts';
import { GATEWAY_LIMITS } from './limits.ts';
import type { SessionParts } from './session.ts';

export interface RecoveryParts extends Pick<SessionParts, 'rooms' | 'presence'> {
  readonly recoveries: Recoveries;
  readonly onError: (error: unknown) => void;
}

/** Where a session goes on that was recovered. */
export interface Restored {
  readonly tokenHash: string;
  readonly cursor: Position;
}

/** What the adapter leaves for the gateway, in `socket.data`. */
type Verdict = { readonly restored: Restored } | 'unknown now';

/** The class that Socket.IO makes its adapters of. */
export function recoveryAdapter(parts: RecoveryParts): typeof Adapter {
  return class extends Adapter {
    /** Null: the client starts afresh, as Socket.IO's protocol has it. */
    override async restoreSession(pid: string, offset: string): Promise<RestoredSession> {
      let verdict: Verdict | undefined;
      try {
        const restored = await restore(parts, pid, offset);
        verdict = restored && { restored };
      } catch (error) {
        parts.onError(error);
        verdict = 'unknown now';
      }
      // The declared type has no null, which Socket.IO's own adapters return.
      if (verdict === undefined) return null as never;
      return { sid: randomUUID(), pid, rooms: [], data: verdict, missedPackets: [] };
    }
  };
}

async function restore(parts: RecoveryParts, pid: string, offset: string): Promise<Restored | undefined> {
  const { rooms, presence, recoveries } = parts;
  const cursor = readOffset(offset);
  if (cursor === undefined || pid.length > GATEWAY_LIMITS.pidCharsMax) return undefined;
  const room = rooms.find(LESSON_ROOM);
  const { position } = await rooms.read(room, { after: cursor.seq, limit: 1, bytesMax: 1 });
  const missed = position.seq - cursor.seq;
  if (position.epoch !== cursor.epoch || missed < 0 || missed > GATEWAY_LIMITS.recoveredEntriesMax) {
    return undefined;
  }
  const recovered = await recoveries.restore(pid);
  if (recovered === undefined) return undefined;
  // The name is held from here on; if the connection is gone before it is greeted, it is given back as after any cut.
  const { authorId } = recovered.author;
  if (!presence.isHere(authorId)) presence.expect(authorId);
  return { tokenHash: recovered.tokenHash, cursor };
}

/**
 * Runs before a client is told that it is connected, recovered or not. A new session gets a secret of its own. Whoever cannot be
 * judged now is cut: it keeps its offset, and asks again when it reconnects.
 */
export function prepareSession(recoveries: Recoveries, socket: Socket, next: (error?: Error) => void): void {
  if (socket.data === 'unknown now') socket.conn.close();
  // `pid` is private in Socket.IO's types only: its own are of 96 random bits, and this one proves a person.
  else if (!socket.recovered && !isOldClient(socket)) Reflect.set(socket, 'pid', recoveries.newPid());
  next();
}

export function pidOf(socket: Socket): string | undefined {
  const pid: unknown = isOldClient(socket) ? undefined : Reflect.get(socket, 'pid');
  return typeof pid === 'string' ? pid : undefined;
}

export function restoredOf(socket: Socket): Restored | undefined {
  if (!socket.recovered) return undefined;
  const verdict: Verdict = socket.data;
  return verdict === 'unknown now' ? undefined : verdict.restored;
}
