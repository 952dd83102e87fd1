// The watcher: the client's side of the wire feed. It keeps the records of the connections that are followed, with the client's
// own moments beside them on one timeline, gives receipts and has scenes played. Snapshots and listeners as the chat client's.
import type { CaptureRecord, ClockRecord, FeedEvent, WatchedConnection } from '@wireroom/capture';
import { retryDelayMs } from './backoff.ts';
import type { Chat } from './chat.ts';
import { accessTo, type ClientAccess } from './client-access.ts';
import { clientMicros } from './client-tap.ts';
import * as CLIENT_LIMITS from './limits.ts';
import { Notifier } from './notifier.ts';
import type { TapRecorder } from './tap-recorder.ts';
import { timeOf, WatchedRecords } from './watched-records.ts';
import { WireClock } from './wire-clock.ts';
import { WireLink, WireRefusal } from './wire-link.ts';

export interface WireWatcherOptions {
  /** The feed's address. Default: `/wire` on the host and port of the client's `url`. */
  readonly url?: string;
  /** The client's clock in microseconds since 1970, for tests. */
  readonly now?: () => number;
}

export interface WireSnapshot {
  /** `off`: nobody has entered, or the client does not record. `lost`: the feed went away, and is looked for again. */
  readonly state: 'off' | 'connecting' | 'watching' | 'refused' | 'lost';
  readonly reason?: WireReason;
  /** Newest first. */
  readonly connections: readonly WatchedConnection[];
  /** The connection of the client's chat. */
  readonly ownId?: string;
  /** Of the connections that are followed, by their ids. An array grows by being replaced. */
  readonly records: Readonly<Record<string, readonly CaptureRecord[]>>;
  readonly clock?: ClockRecord;
  readonly scenes: readonly string[];
  readonly play?: PlaySnapshot;
}

/** A scene that runs or ran. */
export interface PlaySnapshot {
  readonly scene: string;
  readonly connectionIds: readonly string[];
  readonly isOver: boolean;
  /** Why it could not be played. */
  readonly refusal?: WireReason;
}

/** Why something was refused or ended: a code of the wire feed or of its client, and a sentence for people. */
export interface WireReason {
  readonly code: string;
  readonly message: string;
}

export interface WireReceipt {
  readonly roomId: string;
  readonly seq: number;
  /** The server's and the client's records of the message, in the order of time. Empty: it is older than what is kept. */
  readonly records: readonly CaptureRecord[];
}

export interface WireWatcher {
  /** Tells after changes, never in the middle of one. Returns what ends it. */
  readonly subscribe: (listener: () => void) => () => void;
  /** The same object until something changed. */
  readonly snapshot: () => WireSnapshot;
  /** Its records so far, then each as it happens. Harmless for one that is followed. */
  follow(connectionId: string): void;
  unfollow(connectionId: string): void;
  /** Rejects with an Error whose `code` says why: `not-a-member`, `connection-lost`, …. */
  receipt(roomId: string, seq: number): Promise<WireReceipt>;
  /** `hex`: of the scene `own-bytes`. Refusals show in the snapshot. */
  play(scene: string, hex?: string): void;
  stop(): void;
  /** Cuts a connection of one's own with a reset, or lets nothing through for five seconds. Refusals show in `reason`. */
  disturb(connectionId: string, how: 'cut' | 'silence'): void;
  /** Ends the watching. */
  close(): void;
}

/** Watches the connections of this client's guest. The token stays inside the SDK. */
export function watchWire(client: Chat, options: WireWatcherOptions = {}): WireWatcher {
  return new Watcher(client, accessTo(client), options);
}

class Watcher implements WireWatcher {
  readonly #client: Chat;
  readonly #access: ClientAccess;
  readonly #url: string;
  readonly #now: () => number;
  readonly #notifier: Notifier;
  readonly #clock = new WireClock();
  /** In the order in which they were asked for. Bounded by `followedMax` and, of scenes, by one play. */
  readonly #followed = new Map<string, WatchedRecords>();
  readonly #played = new Map<string, WatchedRecords>();
  readonly #stopListening: (() => void)[];
  /** Once it has loaded. */
  #recorder: TapRecorder | undefined;
  #link: WireLink | undefined;
  #state: WireSnapshot['state'] = 'off';
  #reason: WireReason | undefined;
  #connections: readonly WatchedConnection[] = [];
  #scenes: readonly string[] = [];
  #play: (PlaySnapshot & { readonly playId?: string }) | undefined;
  #snapshot: WireSnapshot | undefined;
  /** Whose connections these are. */
  #authorId: string | undefined;
  #attempt = 0;
  #cancel: () => void = () => {};
  #cancelProbe: () => void = () => {};
  #isClosed = false;

  constructor(client: Chat, access: ClientAccess, options: WireWatcherOptions) {
    this.#client = client;
    this.#access = access;
    this.#url = options.url ?? feedUrl(access.url);
    this.#now = options.now ?? clientMicros;
    this.#notifier = new Notifier(access.clock);
    this.#stopListening = [client.subscribe(() => this.#meet())];
    access.recorder?.then((recorder) => this.#listenTo(recorder)).catch(() => {});
    this.#meet();
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#notifier.subscribe(listener);

  readonly snapshot = (): WireSnapshot => {
    this.#snapshot ??= this.#look();
    return this.#snapshot;
  };

  follow(connectionId: string): void {
    if (this.#followed.has(connectionId) || this.#played.has(connectionId)) return;
    const [first] = this.#followed.keys();
    if (this.#followed.size >= CLIENT_LIMITS.followedMax && first !== undefined) this.unfollow(first);
    this.#followed.set(connectionId, new WatchedRecords());
    if (this.#state === 'watching') this.#ask({ type: 'follow', connectionId });
    this.#changed();
  }

  unfollow(connectionId: string): void {
    if (!this.#followed.delete(connectionId)) return;
    if (this.#state === 'watching') this.#ask({ type: 'unfollow', connectionId });
    this.#changed();
  }

  async receipt(roomId: string, seq: number): Promise<WireReceipt> {
    const link = this.#link;
    if (link === undefined || this.#state !== 'watching') {
      throw notConnected();
    }
    const answer = await link.ask({ type: 'receipt', roomId, seq });
    const server = answer.type === 'receipt' ? answer.records : [];
    const clock = this.#clock.best;
    const own = this.#ownMoments(roomId, seq, server);
    const records = [...server, ...own, ...(own.length > 0 && clock ? [clock] : [])];
    return { roomId, seq, records: records.sort((one, other) => timeOf(one, clock) - timeOf(other, clock)) };
  }

  play(scene: string, hex?: string): void {
    this.#played.clear();
    this.#play = { scene, connectionIds: [], isOver: false };
    this.#changed();
    const refused = (reason: unknown): void => {
      this.#play = { scene, connectionIds: [], isOver: true, refusal: reasonOf(reason) };
      this.#changed();
    };
    if (this.#link === undefined) refused(notConnected());
    else this.#link.ask({ type: 'play', scene, ...(hex !== undefined && { hex }) }).catch(refused);
  }

  stop(): void {
    const playId = this.#play?.playId;
    if (playId !== undefined && this.#play?.isOver === false) this.#ask({ type: 'stop', playId });
  }

  disturb(connectionId: string, how: 'cut' | 'silence'): void {
    this.#ask({ type: 'disturb', connectionId, how });
  }

  close(): void {
    this.#isClosed = true;
    for (const stop of this.#stopListening) stop();
    this.#disconnect();
    this.#become('off');
  }

  #listenTo(recorder: TapRecorder): void {
    if (this.#isClosed) return;
    this.#recorder = recorder;
    const recorded = (): void => {
      for (const records of this.#followed.values()) records.invalidate();
      this.#changed();
    };
    this.#stopListening.push(recorder.listen(recorded));
    recorded();
  }

  /** As soon as there is a guest to be, and again for another one. */
  #meet(): void {
    const authorId = this.#client.snapshot().you?.authorId;
    if (this.#isClosed || this.#access.recorder === undefined || authorId === this.#authorId) return;
    this.#disconnect();
    this.#authorId = authorId;
    this.#followed.clear();
    this.#connections = [];
    this.#attempt = 0;
    if (authorId === undefined) this.#become('off');
    else this.#connect();
  }

  #disconnect(): void {
    this.#cancel();
    this.#cancelProbe();
    this.#link?.close();
    this.#link = undefined;
  }

  #connect(): void {
    this.#become('connecting');
    try {
      this.#link = new WireLink({
        url: this.#url,
        openTransport: this.#access.openTransport,
        clock: this.#access.clock,
        opened: () => this.#watch(),
        heard: (event) => this.#hear(event),
        ended: (reason) => this.#lost(reason),
      });
    } catch (error) {
      this.#become('refused', reasonOf(error));
    }
  }

  #watch(): void {
    const token = this.#access.token();
    if (token === undefined) return;
    this.#link?.ask({ type: 'watch', token }).catch((error: unknown) => {
      if (error instanceof WireRefusal && error.code === 'connection-lost') return;
      this.#link?.close();
      this.#link = undefined;
      this.#become('refused', reasonOf(error));
    });
  }

  #lost(reason: string): void {
    const { clock, random } = this.#access;
    this.#link = undefined;
    this.#cancelProbe();
    if (this.#play?.isOver === false) this.#play = { ...this.#play, isOver: true };
    this.#become('lost', reason === '' ? undefined : { code: 'connection-lost', message: reason });
    this.#cancel = clock.after(retryDelayMs(undefined, this.#attempt, random), () => this.#connect());
    this.#attempt += 1;
  }

  #hear(event: FeedEvent): void {
    switch (event.type) {
      case 'watching':
        this.#scenes = event.scenes;
        this.#connections = newestFirst(event.connections);
        this.#attempt = 0;
        this.#clock.reset();
        this.#become('watching');
        for (const connectionId of this.#followed.keys()) this.#ask({ type: 'follow', connectionId });
        this.#probe(CLIENT_LIMITS.clockProbes);
        break;
      case 'connections':
        this.#connections = newestFirst(event.connections);
        break;
      case 'following':
        this.#followed.get(event.connectionId)?.restart();
        break;
      case 'records':
        (this.#followed.get(event.connectionId) ?? this.#played.get(event.connectionId))?.add(event.records);
        break;
      case 'playing':
        this.#playing(event.playId, event.connectionIds);
        break;
      case 'played':
        if (this.#play?.playId === event.playId) this.#play = { ...this.#play, isOver: true };
        break;
      default:
        return;
    }
    this.#changed();
  }

  #playing(playId: string, connectionIds: readonly string[]): void {
    const { scene } = this.#play ?? { scene: '' };
    this.#play = { scene, connectionIds, isOver: false, playId };
    for (const id of connectionIds) if (!this.#played.has(id)) this.#played.set(id, new WatchedRecords());
  }

  #probe(left: number): void {
    const { clock } = this.#access;
    const at = this.#now();
    this.#link?.ask({ type: 'clock', at }).then(
      (answer) => {
        if (answer.type !== 'clock') return;
        this.#clock.compared(at, answer.at, this.#now());
        for (const records of this.#followed.values()) records.invalidate();
        this.#changed();
        const waitMs = left > 1 ? CLIENT_LIMITS.clockProbeMs : CLIENT_LIMITS.clockAgainMs;
        this.#cancelProbe = clock.after(waitMs, () => this.#probe(left - 1));
      },
      () => {
        // The link is gone or stuck; a new one begins with comparisons of its own.
      },
    );
  }

  #ask(question: Parameters<WireLink['ask']>[0]): void {
    this.#link?.ask(question).catch((error: unknown) => {
      if (error instanceof WireRefusal && error.code === 'connection-lost') return;
      this.#reason = reasonOf(error);
      this.#changed();
    });
  }

  /** What the client saw of a message, on whatever connection: by its number, and before it had one, by its draft. */
  #ownMoments(roomId: string, seq: number, server: readonly CaptureRecord[]): CaptureRecord[] {
    const links = this.#recorder?.links ?? [];
    const moments = links.flatMap(({ records }) => records);
    const isNumbered = (record: CaptureRecord): boolean =>
      'seq' in record && record.seq === seq && 'roomId' in record && record.roomId === roomId;
    const draftIds = new Set(
      [...server, ...moments.filter(isNumbered)].map((record) =>
        'draftId' in record ? record.draftId : undefined,
      ),
    );
    draftIds.delete(undefined);
    return moments.filter((record) => isNumbered(record) || draftIds.has(record.draftId));
  }

  #look(): WireSnapshot {
    const links = this.#recorder?.links ?? [];
    const ownId = links.findLast(({ connectionId }) => connectionId !== undefined)?.connectionId;
    const clock = this.#clock.best;
    const records: Record<string, readonly CaptureRecord[]> = Object.create(null);
    for (const [id, watched] of [...this.#followed, ...this.#played]) {
      const link = links.find(({ connectionId }) => connectionId === id);
      records[id] = watched.look(link?.records ?? [], clock);
    }
    return {
      state: this.#state,
      connections: this.#connections,
      records,
      scenes: this.#scenes,
      ...(this.#reason !== undefined && { reason: this.#reason }),
      ...(ownId !== undefined && { ownId }),
      ...(clock !== undefined && { clock }),
      ...(this.#play !== undefined && { play: shown(this.#play) }),
    };
  }

  #become(state: WireSnapshot['state'], reason?: WireReason): void {
    this.#state = state;
    this.#reason = reason;
    this.#changed();
  }

  #changed(): void {
    this.#snapshot = undefined;
    this.#notifier.changed();
  }
}

const newestFirst = (connections: readonly WatchedConnection[]): readonly WatchedConnection[] =>
  [...connections].sort((one, other) => other.openedAt - one.openedAt);

function shown({ scene, connectionIds, isOver, refusal }: PlaySnapshot): PlaySnapshot {
  return { scene, connectionIds, isOver, ...(refusal !== undefined && { refusal }) };
}

const notConnected = (): WireRefusal => new WireRefusal('connection-lost', 'The wire feed is not connected.');

function reasonOf(error: unknown): WireReason {
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof WireRefusal ? error.code : 'failed', message };
}

/** Beside the chat's address. */
function feedUrl(chatUrl: string): string {
  const url = new URL(chatUrl);
  url.pathname = '/wire';
  url.search = '';
  return url.href;
}
