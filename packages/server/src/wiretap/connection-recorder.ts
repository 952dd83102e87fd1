// The recording of one connection that asked for it: looks on at its bytes as a tap, takes what the gateway and the stations
// say of it, and keeps both within the bounds of its ring. Secrets are overwritten before anything is kept or told.
import {
  type CaptureRecord,
  type Direction,
  type OpenRecord,
  type PollRecord,
  type RedactionMemo,
  Redactor,
  type ResumeRecord,
  type StationRecord,
  type VerdictRecord,
} from '@wireroom/capture';
import type { AuthorId, RoomId } from '@wireroom/protocol';
import type { ConnectionTap, LineFacts, TappedLine } from '@wireroom/websocket';
import type { CloseEvent } from '@wireroom/websocket/core';
import type { ConnectionRecording } from '../lib/stations.ts';
import { RecordRing, type RingBounds, withDropped } from './record-ring.ts';

export interface RecorderParts {
  readonly connectionId: string;
  readonly gateway: 'native' | 'socketio';
  readonly line: LineFacts;
  readonly now: () => number;
  /** Shared by all recordings of the server. */
  readonly memo: RedactionMemo;
  readonly bounds?: RingBounds;
  /** By how many bytes what is kept has grown, or shrunk. */
  readonly onBytes: (change: number) => void;
  /** Its owner is known, it has ended, or it is not kept any more. */
  readonly onChange: (recorder: ConnectionRecorder) => void;
  readonly onRoom: (roomId: RoomId, change: 1 | -1) => void;
}

export type RecordListener = (record: CaptureRecord) => void;

export class ConnectionRecorder implements ConnectionTap, ConnectionRecording {
  readonly connectionId: string;
  readonly gateway: 'native' | 'socketio';
  readonly openedAt: number;
  readonly #parts: RecorderParts;
  #ring: RecordRing;
  readonly #redactor: Redactor;
  readonly #listeners = new Set<RecordListener>();
  readonly #rooms = new Set<RoomId>();
  readonly #offsets: Record<Direction, number> = { in: 0, out: 0 };
  #authorId: AuthorId | undefined;
  #line: TappedLine | undefined;
  #begunBy: 'client' | 'server' | undefined;
  #endedAt: number | undefined;
  #unwatchedSince: number;
  #isGivenUp = false;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.connectionId = parts.connectionId;
    this.gateway = parts.gateway;
    this.#redactor = new Redactor({ sids: true, isLent: true, memo: parts.memo });
    this.#ring = new RecordRing(parts.bounds);
    this.openedAt = parts.now();
    this.#unwatchedSince = this.openedAt;
    this.#keep(openRecord(parts, this.openedAt));
  }

  get authorId(): AuthorId | undefined {
    return this.#authorId;
  }

  /** What may be done to the connection, while it is open. */
  get line(): TappedLine | undefined {
    return this.isOpen ? this.#line : undefined;
  }

  get isOpen(): boolean {
    return this.#endedAt === undefined;
  }

  /** Not kept any more, to make room for others. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  get endedAt(): number | undefined {
    return this.#endedAt;
  }

  /** Infinite while somebody watches. */
  get unwatchedSince(): number {
    return this.#listeners.size > 0 ? Number.POSITIVE_INFINITY : this.#unwatchedSince;
  }

  get records(): readonly CaptureRecord[] {
    return this.#ring.records;
  }

  /** Returns what ends it. */
  listen(listener: RecordListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      this.#unwatchedSince = this.#parts.now();
    };
  }

  // What the engine shows a tap.

  read(chunk: Buffer): void {
    this.#bytes('in', chunk);
  }

  wrote(chunk: Buffer): void {
    this.#bytes('out', chunk);
  }

  opened(line: TappedLine): void {
    this.#line = line;
  }

  closing(begunBy: 'us' | 'them'): void {
    this.#begunBy = begunBy === 'us' ? 'server' : 'client';
  }

  close(event: CloseEvent | undefined): void {
    if (!this.isOpen) return;
    const { code, reason, wasClean, error } = event ?? { code: 1006, reason: '', wasClean: false };
    const at = this.#parts.now();
    this.#keep({
      kind: 'close',
      at,
      code,
      reason,
      wasClean,
      ...(this.#begunBy !== undefined && { begunBy: this.#begunBy }),
      ...(error !== undefined && { error: { code: error.code, message: error.message } }),
    });
    this.#endedAt = at;
    this.#line = undefined;
    for (const roomId of [...this.#rooms]) this.unfollows(roomId);
    this.#parts.onChange(this);
  }

  // What the gateway says.

  verdict(verdict: Omit<VerdictRecord, 'kind' | 'at'>): void {
    this.#keep({ kind: 'verdict', at: this.#parts.now(), ...verdict });
  }

  /** An owner is for good: whoever logs in on the same connection under another token ends the recording. */
  belongsTo(authorId: AuthorId): void {
    if (this.#authorId !== undefined && this.#authorId !== authorId) this.giveUp();
    if (this.#isGivenUp) return;
    this.#authorId = authorId;
    this.#parts.onChange(this);
  }

  follows(roomId: RoomId): void {
    if (this.#isGivenUp || !this.isOpen || this.#rooms.has(roomId)) return;
    this.#rooms.add(roomId);
    this.#parts.onRoom(roomId, 1);
  }

  unfollows(roomId: RoomId): void {
    if (this.#rooms.delete(roomId)) this.#parts.onRoom(roomId, -1);
  }

  resumed(resume: Omit<ResumeRecord, 'kind' | 'at'>): void {
    this.#keep({ kind: 'resume', at: this.#parts.now(), ...resume });
  }

  polled(poll: Omit<PollRecord, 'kind' | 'at'>): void {
    this.#keep({ kind: 'poll', at: this.#parts.now(), ...poll });
    if (poll.direction === 'out') this.#ring.endHandshake();
  }

  /** What is done to the connection from outside. */
  note(id: string, text: string): void {
    this.#keep({ kind: 'note', at: this.#parts.now(), id, text });
  }

  station(record: StationRecord): void {
    this.#keep(record);
  }

  /** Drops all but the handshake, to make room; recording goes on, and whoever watches is told. */
  shrink(): void {
    const before = this.#ring.bytes;
    const at = this.#parts.now();
    const dropped = this.#ring.records
      .slice(1)
      .reduce<ReturnType<typeof withDropped> | undefined>(
        (sum, record) => withDropped(sum, record, at),
        undefined,
      );
    this.#ring.clear(at);
    this.#parts.onBytes(this.#ring.bytes - before);
    if (dropped !== undefined) for (const listener of this.#listeners) listener(dropped);
  }

  /** Keeps and records nothing any more. */
  giveUp(): void {
    if (this.#isGivenUp) return;
    this.shrink();
    this.#isGivenUp = true;
    // Nor the handshake: trails that its messages left may hold this object for minutes.
    this.#ring = new RecordRing(this.#parts.bounds);
    for (const roomId of [...this.#rooms]) this.unfollows(roomId);
    this.#parts.onChange(this);
    this.#listeners.clear();
  }

  #bytes(direction: Direction, chunk: Buffer): void {
    if (this.#isGivenUp || !this.isOpen) return;
    const offset = this.#offsets[direction];
    this.#offsets[direction] += chunk.length;
    this.#keep({ kind: 'bytes', at: this.#parts.now(), direction, offset, bytes: chunk });
    // Of the server's first bytes the answer to the handshake is part; what follows may go.
    if (direction === 'out') this.#ring.endHandshake();
  }

  #keep(record: CaptureRecord): void {
    if (this.#isGivenUp) return;
    const before = this.#ring.bytes;
    const safe = this.#redactor.push(record);
    this.#ring.add(safe);
    for (const listener of this.#listeners) listener(safe);
    this.#parts.onBytes(this.#ring.bytes - before);
  }
}

function openRecord({ connectionId, gateway, line }: RecorderParts, at: number): OpenRecord {
  return {
    kind: 'open',
    at,
    connectionId,
    recordedBy: 'server',
    gateway,
    client: line.remote,
    server: line.local,
    ...(line.tls && { tls: line.tls }),
  };
}
