// Downloads of rooms' histories: who may have which, how many at once, and a line in the server's log for each. What carries
// them is http/ and gateway/; what makes them is a thread of its own (render-service.ts).
import type { HistorySpec } from '@wireroom/history';
import { type Author, ChatError, type Room, type RoomId } from '@wireroom/protocol';
import type { DownloadCounts } from '../lib/counts.ts';
import type { Rooms } from '../rooms/rooms.ts';
import { type Begun, Download, type DownloadOutcome } from './download.ts';
import { type Asker, DownloadDesk } from './download-desk.ts';
import type { HistoryRequest } from './history-request.ts';
import { HISTORY_LIMITS } from './limits.ts';
import type { Cut, Encoding, Estimate, RenderOrder } from './render-order.ts';
import type { StartRenderer } from './render-thread.ts';
import { Renderer } from './renderer.ts';

export type { Download } from './download.ts';
export type { Asker } from './download-desk.ts';
export { fileOf, type HistoryRequest, readHistoryRequest } from './history-request.ts';
export { type Job, Jobs } from './jobs.ts';
export type { Encoding, Estimate } from './render-order.ts';
export { rendererOn } from './render-thread.ts';

/** Who may read a room's history: anybody, or its members. */
export type RoomReaders = 'anyone' | 'members';

export interface HistoryParts {
  readonly rooms: Pick<Rooms, 'find' | 'head' | 'isMember'>;
  readonly prove: (token: string) => Promise<Author>;
  readonly roomReaders: RoomReaders;
  readonly isRateLimited: boolean;
  readonly startRenderer: StartRenderer;
  readonly counts: DownloadCounts;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
  /** One line for the beginning of each download and one for its end. No token, and nothing of what is in it. */
  readonly audit: (line: Readonly<Record<string, unknown>>, message: string) => void;
  readonly onError: (error: unknown) => void;
}

export interface Opening {
  readonly room: Room;
  readonly request: HistoryRequest;
  readonly encoding: Encoding;
  readonly via: 'http' | 'websocket' | 'job';
}

export class History {
  readonly #parts: HistoryParts;
  readonly #desk: DownloadDesk;
  readonly #estimates: DownloadDesk;
  readonly #renderer: Renderer;
  readonly #running = new Set<Download>();

  constructor(parts: HistoryParts) {
    this.#parts = parts;
    const { now, isRateLimited } = parts;
    this.#desk = new DownloadDesk({ now, rate: isRateLimited ? HISTORY_LIMITS.rate : undefined });
    this.#estimates = new DownloadDesk({
      now,
      rate: isRateLimited ? HISTORY_LIMITS.estimateRate : undefined,
    });
    this.#renderer = new Renderer(parts.startRenderer, parts.onError);
  }

  /** Throws `bad-token` for a token that is nobody's. */
  async identify(token: string | undefined, address: string): Promise<Asker> {
    if (token === undefined) return { address };
    const { authorId } = await this.#parts.prove(token);
    return { address, authorId };
  }

  /** The room, where the asker may read it. Throws `no-room`, `not-joined`. */
  async admit(asker: Asker, ref: string): Promise<Room> {
    const room = this.#parts.rooms.find(ref);
    const refusal = await this.#refusal(asker, room.roomId);
    if (refusal !== undefined) throw new ChatError('not-joined', { message: refusal.message });
    return room;
  }

  /** Resolves when the first piece can be had. Rejects with a ChatError. */
  async begin(asker: Asker, { room, request, encoding, via }: Opening): Promise<Download> {
    const release = this.#desk.take(asker);
    const begunAt = this.#parts.now();
    const { counts } = this.#parts;
    const about = { via, ...asker, room: room.slug, ...lineOf(request) };
    this.#parts.audit(about, 'a download begins');
    counts.running += 1;
    const download = new Download({
      renderer: this.#renderer,
      order: orderOf(room.roomId, request),
      packing: { encoding },
      refusal: () => this.#refusal(asker, room.roomId),
      ended: (outcome: DownloadOutcome) => {
        release();
        counts.running -= 1;
        counts.ended[outcome.outcome] += 1;
        this.#running.delete(download);
        const ms = Math.round(this.#parts.now() - begunAt);
        this.#parts.audit({ ...about, ...outcome, ms }, 'a download ended');
      },
      onError: this.#parts.onError,
      counts,
    });
    this.#running.add(download);
    await download.begun;
    return download;
  }

  /** Where a download that is asked for now would end. */
  async position(asker: Asker, room: Room, { resumption }: HistoryRequest): Promise<Begun> {
    this.#estimates.ask(asker);
    const { epoch, seq } = await this.#parts.rooms.head(room);
    if (resumption === undefined) return { epoch, until: seq };
    if (resumption.epoch !== epoch || resumption.until > seq) throw new ChatError('history-changed');
    return { epoch, until: resumption.until };
  }

  async estimate(asker: Asker, room: Room, request: HistoryRequest): Promise<Estimate> {
    this.#estimates.ask(asker);
    return new Promise((resolve, reject) => {
      const id = this.#renderer.enter({
        heard: (message) => {
          if (message.type === 'estimated') resolve(message.estimate);
          else if (message.type === 'failed')
            reject(new ChatError(message.code, { message: message.message, cause: message.cause }));
          this.#renderer.leave(id);
        },
        threadEnded: (error) => {
          this.#renderer.leave(id);
          reject(new ChatError('storage-failed', { cause: error }));
        },
      });
      this.#renderer.post({ type: 'estimate', id, order: orderOf(room.roomId, request) });
    });
  }

  /** What runs ends where it is, without a last line: its asker goes on with it when the server is back. */
  async close(): Promise<void> {
    for (const download of [...this.#running]) download.stop('stopped');
    await this.#renderer.close();
  }

  /** For tests: the thread dies where it stands. */
  killThread(): Promise<void> {
    return this.#renderer.kill();
  }

  async #refusal({ authorId }: Asker, roomId: RoomId): Promise<Cut | undefined> {
    if (this.#parts.roomReaders === 'anyone') return undefined;
    const isMember = authorId !== undefined && (await this.#parts.rooms.isMember(authorId, roomId));
    return isMember ? undefined : { code: 'not-joined', message: MEMBERS_ONLY };
  }
}

const MEMBERS_ONLY =
  'Only members of the room may read its history here: join it, and send the token of the one who joined.';

const orderOf = (roomId: RoomId, request: HistoryRequest): RenderOrder => ({ roomId, ...request });

function lineOf({ spec, after, resumption }: HistoryRequest): Partial<HistorySpec> & Record<string, unknown> {
  const { author, ...rest } = spec;
  return {
    ...rest,
    ...(author !== undefined && { ofAuthor: author }),
    ...(after !== undefined && { after }),
    ...(resumption !== undefined && { resumedAt: resumption.has }),
  };
}
