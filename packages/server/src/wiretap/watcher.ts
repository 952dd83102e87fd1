// One watcher: a connection on the wire feed, its author once the token has proved one, and what it follows. It is told of its
// own connections alone. wire-feed.ts accepts it; the rules are in docs/spec/wire-feed.md.
import { decodeFeedCommand, encodeFeedEvent, type FeedCommand, type FeedEvent } from '@wireroom/capture';
import type { Author, AuthorId } from '@wireroom/protocol';
import type { Connection } from '@wireroom/websocket';
import { fullBucket, takeToken } from '../lib/token-bucket.ts';
import type { ConnectionRecorder } from './connection-recorder.ts';
import { FeedError } from './feed-error.ts';
import { WIRETAP_LIMITS } from './limits.ts';
import type { Play, Plays } from './plays.ts';
import { type TellingBudget, TellQueue } from './tell-queue.ts';
import type { Wiretap } from './wiretap.ts';

export interface WatcherParts {
  readonly wiretap: Wiretap;
  readonly plays: Plays;
  /** Microseconds since 1970: the clock of the records. */
  readonly now: () => number;
  /** Calls back later, unless the returned function is called first. */
  readonly after: (ms: number, act: () => void) => () => void;
  /** Whose token it is. Rejects with a FeedError or a ChatError. */
  readonly prove: (token: string) => Promise<Author>;
  readonly isMember: (authorId: AuthorId, roomId: string) => Promise<boolean>;
  /** A place among the watchers of this author; undefined: there is none. */
  readonly budget: TellingBudget;
  readonly takePlace: (authorId: AuthorId) => (() => void) | undefined;
  readonly onError: (error: unknown) => void;
}

type Command<T extends FeedCommand['type']> = Extract<FeedCommand, { type: T }>;

const POLICY_VIOLATION = 1008;

export class Watcher {
  readonly #parts: WatcherParts;
  readonly #connection: Pick<Connection, 'send' | 'close' | 'bufferedBytes'>;
  readonly #queue: TellQueue;
  /** What is followed, and what ends it. */
  readonly #followed = new Map<string, () => void>();
  readonly #bucket;
  readonly #cancelTimeout: () => void;
  #authorId: AuthorId | undefined;
  #ends: (() => void)[] = [];
  #cancelTelling: (() => void) | undefined;
  #play: Play | undefined;
  #isProving = false;
  #isClosed = false;

  constructor(parts: WatcherParts, connection: Pick<Connection, 'send' | 'close' | 'bufferedBytes'>) {
    this.#parts = parts;
    this.#connection = connection;
    this.#queue = new TellQueue(WIRETAP_LIMITS.watcherPendingBytesMax, parts.budget);
    this.#bucket = fullBucket(WIRETAP_LIMITS.commandRate, parts.now() / 1000);
    this.#cancelTimeout = parts.after(WIRETAP_LIMITS.watchTimeoutMs, () =>
      connection.close(POLICY_VIOLATION, 'Say watch, with a token, within ten seconds.'),
    );
  }

  hear(text: string): void {
    if (this.#isClosed) return;
    const read = decodeFeedCommand(text);
    const ref = read.ok ? read.command.ref : read.ref;
    try {
      const retryAfterMs = takeToken(this.#bucket, WIRETAP_LIMITS.commandRate, this.#parts.now() / 1000);
      if (retryAfterMs > 0) throw new FeedError('rate-limited', { retryAfterMs });
      if (!read.ok) throw new FeedError('bad-command', { message: read.message });
      const underWay = this.#do(read.command);
      underWay?.catch((error: unknown) => this.#refuse(ref, error));
    } catch (error) {
      this.#refuse(ref, error);
    }
  }

  closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelTimeout();
    this.#cancelTelling?.();
    this.#play?.stop();
    for (const end of [...this.#followed.values(), ...this.#ends]) end();
    this.#followed.clear();
    this.#ends = [];
    this.#queue.end();
  }

  #do(command: FeedCommand): Promise<void> | undefined {
    if (command.type === 'watch') return this.#watch(command);
    const authorId = this.#authorId;
    if (authorId === undefined) throw new FeedError('watch-first');
    switch (command.type) {
      case 'follow':
        this.#follow(authorId, command);
        return undefined;
      case 'unfollow':
        this.#unfollow(command);
        return undefined;
      case 'receipt':
        return this.#receipt(authorId, command);
      case 'clock':
        this.#send({ type: 'clock', ref: command.ref, watcherAt: command.at, at: this.#parts.now() });
        return undefined;
      case 'disturb':
        this.#disturb(authorId, command);
        return undefined;
      case 'play':
        this.#begin(authorId, command);
        return undefined;
      case 'stop':
        if (this.#play?.playId !== command.playId) throw new FeedError('no-play');
        this.#play.stop();
        return undefined;
    }
  }

  async #watch({ ref, token }: Command<'watch'>): Promise<void> {
    if (this.#authorId !== undefined || this.#isProving) throw new FeedError('already-watching');
    this.#isProving = true;
    try {
      const { authorId } = await this.#parts.prove(token);
      if (this.#isClosed) return;
      const release = this.#parts.takePlace(authorId);
      if (release === undefined) throw new FeedError('too-many-watchers');
      this.#cancelTimeout();
      this.#authorId = authorId;
      const { wiretap, plays } = this.#parts;
      const connections = (): FeedEvent & { type: 'connections' } => ({
        type: 'connections',
        connections: wiretap.connectionsOf(authorId),
      });
      this.#ends.push(
        release,
        wiretap.listen((changed) => {
          if (changed === authorId) this.#send(connections());
        }),
      );
      this.#send({ ...connections(), type: 'watching', ref, scenes: plays.scenes });
    } finally {
      this.#isProving = false;
    }
  }

  #follow(authorId: AuthorId, { ref, connectionId }: Command<'follow'>): void {
    const recorder = this.#own(authorId, connectionId);
    if (this.#followed.has(connectionId)) throw new FeedError('already-following');
    if (this.#followed.size >= WIRETAP_LIMITS.followedMax) throw new FeedError('too-many-followed');
    this.#send({ type: 'following', ref, connectionId });
    for (const record of recorder.records) this.#queue.add(connectionId, record);
    const end = recorder.listen((record) => {
      this.#queue.add(connectionId, record);
      this.#tellLater();
    });
    this.#followed.set(connectionId, end);
    this.#tellLater();
  }

  #unfollow({ ref, connectionId }: Command<'unfollow'>): void {
    const end = this.#followed.get(connectionId);
    if (end === undefined) throw new FeedError('no-connection');
    this.#followed.delete(connectionId);
    end();
    this.#queue.forget(connectionId);
    this.#send({ type: 'unfollowed', ref, connectionId });
  }

  async #receipt(authorId: AuthorId, { ref, roomId, seq }: Command<'receipt'>): Promise<void> {
    if (!(await this.#parts.isMember(authorId, roomId))) throw new FeedError('not-a-member');
    this.#send({
      type: 'receipt',
      ref,
      roomId,
      seq,
      records: this.#parts.wiretap.receipt(authorId, roomId, seq),
    });
  }

  #disturb(authorId: AuthorId, { ref, connectionId, how }: Command<'disturb'>): void {
    const recorder = this.#own(authorId, connectionId);
    const { line } = recorder;
    if (line === undefined) throw new FeedError('not-open');
    this.#send({ type: 'disturbed', ref, connectionId });
    if (how === 'cut') {
      recorder.note('cut', 'Its owner has TCP cut with a reset.');
      line.reset();
      return;
    }
    recorder.note('silence', 'Its owner lets nothing through in either direction for five seconds.');
    // It ends by itself, also when the watcher has gone.
    const letGo = line.hold();
    this.#parts.after(WIRETAP_LIMITS.silenceMs, letGo);
  }

  #begin(authorId: AuthorId, { ref, scene, hex }: Command<'play'>): void {
    if (this.#play !== undefined) throw new FeedError('already-playing');
    this.#play = this.#parts.plays.begin(
      { authorId, scene, hex },
      {
        playing: (playId, connectionIds) => this.#send({ type: 'playing', ref, playId, connectionIds }),
        record: (connectionId, record) => {
          if (this.#isClosed) return;
          this.#queue.add(connectionId, record);
          this.#tellLater();
        },
        played: (playId) => {
          this.#play = undefined;
          this.#tellAll();
          this.#send({ type: 'played', playId });
        },
      },
    );
  }

  #own(authorId: AuthorId, connectionId: string): ConnectionRecorder {
    const recorder = this.#parts.wiretap.find(authorId, connectionId);
    if (recorder === undefined) throw new FeedError('no-connection');
    return recorder;
  }

  #tellLater(): void {
    if (this.#cancelTelling !== undefined || this.#isClosed) return;
    this.#cancelTelling = this.#parts.after(WIRETAP_LIMITS.tellIntervalMs, () => {
      this.#cancelTelling = undefined;
      this.#tellAll();
      if (!this.#queue.isEmpty) this.#tellLater();
    });
  }

  /** As much as the watcher takes now. */
  #tellAll(): void {
    while (this.#connection.bufferedBytes < WIRETAP_LIMITS.watcherBufferedBytesMax) {
      const telling = this.#queue.take(WIRETAP_LIMITS.tellBytesMax);
      if (telling === undefined) return;
      this.#send({ type: 'records', ...telling });
    }
  }

  #refuse(ref: number | null, reason: unknown): void {
    const error = feedErrorOf(reason);
    if (error.code === 'internal') this.#parts.onError(reason);
    const { code, message, retryAfterMs } = error;
    this.#send({ type: 'refused', ref, code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) });
  }

  /** Records wait in a queue of ours; answers do not, so somebody who asks and asks and reads nothing is sent away. */
  #send(event: FeedEvent): void {
    if (this.#isClosed) return;
    if (this.#connection.bufferedBytes <= WIRETAP_LIMITS.answersBufferedBytesMax) {
      this.#connection.send(encodeFeedEvent(event));
      return;
    }
    this.closed();
    this.#connection.close(POLICY_VIOLATION, 'Read what you are told before you ask for more.');
  }
}

/** A refusal of the accounts is one of ours where it has our name. */
function feedErrorOf(reason: unknown): FeedError {
  if (reason instanceof FeedError) return reason;
  const isBadToken = reason instanceof Error && 'code' in reason && reason.code === 'bad-token';
  return new FeedError(isBadToken ? 'bad-token' : 'internal', { cause: reason });
}
