// What a watcher is told and when, with time, the socket and the scenes in the test's hand.
import type { CaptureRecord } from '@wireroom/capture';
import { authorIdSchema } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import { FeedError } from './feed-error.ts';
import { WIRETAP_LIMITS } from './limits.ts';
import { Plays, type Stage } from './plays.ts';
import { TellingBudget } from './tell-queue.ts';
import { Watcher } from './watcher.ts';
import { Wiretap } from './wiretap.ts';

type Json = Readonly<Record<string, unknown>>;

const ann = { authorId: authorIdSchema.parse(`a_${'a'.repeat(22)}`), name: 'Ann' };
const line = { remote: { address: '127.0.0.1', port: 1 }, local: { address: '127.0.0.1', port: 2 } };

class Timers {
  #timers: { at: number; act: () => void }[] = [];
  nowMs = 1_000;

  readonly after = (ms: number, act: () => void): (() => void) => {
    const timer = { at: this.nowMs + ms, act };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  pass(ms: number): void {
    const end = this.nowMs + ms;
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.nowMs = Math.max(this.nowMs, due.at);
      due.act();
    }
    this.nowMs = end;
  }
}

/** A scene that goes on until it is stopped. */
class SceneInHand implements Stage {
  readonly scenes = ['endless', 'own-bytes'];
  bytes: Uint8Array | undefined;
  sink: Parameters<Stage['play']>[1]['sink'] | undefined;
  plays = 0;

  play(_scene: string, { sink, signal, bytes }: Parameters<Stage['play']>[1]): Promise<void> {
    this.plays += 1;
    this.sink = sink;
    this.bytes = bytes;
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  }
}

async function make(options: { readonly isWatching?: boolean; readonly places?: number } = {}) {
  const timers = new Timers();
  const now = (): number => timers.nowMs * 1000;
  const wiretap = new Wiretap({ now });
  const stage = new SceneInHand();
  const plays = new Plays({
    stage,
    now: () => timers.nowMs,
    onError: (error) => {
      throw error;
    },
  });
  const said: Json[] = [];
  const socket = {
    bufferedBytes: 0,
    closedWith: 0,
    send: (text: unknown) => said.push(JSON.parse(String(text))) > 0,
    close: (code: unknown) => {
      socket.closedWith = Number(code);
    },
  };
  let places = options.places ?? 1;
  const watcher = new Watcher(
    {
      wiretap,
      plays,
      now,
      after: timers.after,
      prove: (token) =>
        token === 'right' ? Promise.resolve(ann) : Promise.reject(new FeedError('bad-token')),
      isMember: () => Promise.resolve(true),
      budget: new TellingBudget(WIRETAP_LIMITS.allPendingBytesMax),
      takePlace: () =>
        places-- > 0
          ? () => {
              places += 1;
            }
          : undefined,
      onError: (error) => {
        throw error;
      },
    },
    socket,
  );
  let ref = 0;
  const say = async (command: Json): Promise<Json | undefined> => {
    ref += 1;
    watcher.hear(JSON.stringify({ ...command, ref }));
    await new Promise((resolve) => setImmediate(resolve));
    return said.findLast((event) => event.ref === ref);
  };
  if (options.isWatching !== false) await say({ type: 'watch', token: 'right' });
  const recorder = wiretap.begin({ gateway: 'native', line });
  recorder?.belongsTo(ann.authorId);
  recorder?.wrote(Buffer.from('HTTP'));
  const recordsSaid = (): CaptureRecord[] =>
    said.flatMap((event) => (event.type === 'records' ? (event.records as CaptureRecord[]) : []));
  return {
    timers,
    wiretap,
    stage,
    said,
    socket,
    watcher,
    say,
    recorder,
    recordsSaid,
    placesLeft: () => places,
  };
}

describe('a watcher', () => {
  it('[I2] must say who it is, soon', async () => {
    const { say, timers, socket } = await make({ isWatching: false });
    expect(await say({ type: 'clock', at: 1 })).toMatchObject({ code: 'watch-first' });
    expect(await say({ type: 'watch', token: 'wrong' })).toMatchObject({ code: 'bad-token' });
    timers.pass(WIRETAP_LIMITS.watchTimeoutMs);
    expect(socket.closedWith).toBe(1008);
  });

  it('[I2] holds one of few places until it goes', async () => {
    const { say, watcher, placesLeft } = await make({ isWatching: false, places: 1 });
    await say({ type: 'watch', token: 'right' });
    expect(placesLeft()).toBe(0);
    watcher.closed();
    expect(placesLeft()).toBe(1);
    const full = await make({ isWatching: false, places: 0 });
    expect(await full.say({ type: 'watch', token: 'right' })).toMatchObject({ code: 'too-many-watchers' });
  });

  it('[I1] is told together what happens within thirty milliseconds', async () => {
    const { say, recorder, timers, recordsSaid, said } = await make();
    await say({ type: 'follow', connectionId: recorder?.connectionId });
    recorder?.read(Buffer.from('a'));
    expect(recordsSaid()).toEqual([]);
    timers.pass(WIRETAP_LIMITS.tellIntervalMs);
    expect(recordsSaid().map(({ kind }) => kind)).toEqual(['open', 'bytes', 'bytes']);
    expect(said.filter(({ type }) => type === 'records')).toHaveLength(1);
    expect(await say({ type: 'follow', connectionId: recorder?.connectionId })).toMatchObject({
      code: 'already-following',
    });
    await say({ type: 'unfollow', connectionId: recorder?.connectionId });
    recorder?.read(Buffer.from('b'));
    timers.pass(1000);
    expect(recordsSaid()).toHaveLength(3);
    expect(await say({ type: 'unfollow', connectionId: recorder?.connectionId })).toMatchObject({
      code: 'no-connection',
    });
  });

  it('[I10] that does not read is told nothing until it does, and then what was dropped', async () => {
    const { say, recorder, timers, recordsSaid, socket } = await make();
    await say({ type: 'follow', connectionId: recorder?.connectionId });
    timers.pass(100);
    socket.bufferedBytes = WIRETAP_LIMITS.watcherBufferedBytesMax;
    const chunk = Buffer.alloc(64 * 1024);
    const chunks = WIRETAP_LIMITS.watcherPendingBytesMax / chunk.length + 10;
    for (let i = 0; i < chunks; i++) recorder?.read(chunk);
    const before = recordsSaid().length;
    timers.pass(1000);
    expect(recordsSaid()).toHaveLength(before);
    socket.bufferedBytes = 0;
    timers.pass(WIRETAP_LIMITS.tellIntervalMs);
    const [dropped, ...rest] = recordsSaid().slice(before);
    expect(dropped?.kind).toBe('dropped');
    expect(rest.length).toBeLessThan(chunks);
    expect(dropped?.kind === 'dropped' && dropped.records + rest.length).toBe(chunks);
  });

  it('[I10] that asks and asks and reads nothing is sent away', async () => {
    const { say, socket, placesLeft, recorder, timers, said } = await make();
    await say({ type: 'follow', connectionId: recorder?.connectionId });
    socket.bufferedBytes = WIRETAP_LIMITS.answersBufferedBytesMax;
    expect(await say({ type: 'clock', at: 1 })).toMatchObject({ type: 'clock' });
    socket.bufferedBytes += 1;
    expect(await say({ type: 'clock', at: 1 })).toBeUndefined();
    expect(socket.closedWith).toBe(1008);
    expect(placesLeft()).toBe(1);
    const before = said.length;
    socket.bufferedBytes = 0;
    recorder?.wrote(Buffer.from('more'));
    timers.pass(1_000);
    expect(await say({ type: 'clock', at: 1 })).toBeUndefined();
    expect(said).toHaveLength(before);
  });

  it('[I3] follows so many connections, and sends commands so fast', async () => {
    const { say, wiretap, timers } = await make();
    const follow = (): Promise<Json | undefined> => {
      const recorder = wiretap.begin({ gateway: 'native', line });
      recorder?.belongsTo(ann.authorId);
      return say({ type: 'follow', connectionId: recorder?.connectionId });
    };
    for (let i = 0; i < WIRETAP_LIMITS.followedMax; i++)
      expect(await follow()).toMatchObject({ type: 'following' });
    expect(await follow()).toMatchObject({ code: 'too-many-followed' });
    for (let i = 0; i < WIRETAP_LIMITS.commandRate.burst; i++) await say({ type: 'clock', at: 1 });
    const tooFast = await say({ type: 'clock', at: 1 });
    expect(tooFast).toMatchObject({ code: 'rate-limited' });
    timers.pass(Number(tooFast?.retryAfterMs));
    expect(await say({ type: 'clock', at: 1 })).toMatchObject({ type: 'clock', at: timers.nowMs * 1000 });
  });

  it('[I9] silences a connection for five seconds, also when it has gone itself', async () => {
    const { say, recorder, timers, watcher } = await make();
    const acts: string[] = [];
    recorder?.opened({
      reset: () => acts.push('reset'),
      hold: () => {
        acts.push('hold');
        return () => acts.push('let go');
      },
    });
    const { connectionId } = recorder ?? {};
    expect(await say({ type: 'disturb', connectionId, how: 'silence' })).toMatchObject({ type: 'disturbed' });
    expect(recorder?.records.at(-1)).toMatchObject({ kind: 'note', id: 'silence' });
    watcher.closed();
    timers.pass(WIRETAP_LIMITS.silenceMs - 1);
    expect(acts).toEqual(['hold']);
    timers.pass(1);
    expect(acts).toEqual(['hold', 'let go']);
  });

  it('[I12] has a scene played, is told its connections and records, and stops it', async () => {
    const { say, stage, timers, said, recordsSaid } = await make();
    expect(await say({ type: 'play', scene: 'unknown' })).toMatchObject({ code: 'no-scene' });
    const playing = await say({ type: 'play', scene: 'endless' });
    expect(playing).toMatchObject({ type: 'playing', connectionIds: [] });
    const playId = String(playing?.playId);
    stage.sink?.open('client');
    stage.sink?.record('client', {
      ...line,
      kind: 'open',
      at: 1,
      connectionId: 'client',
      recordedBy: 'between',
      gateway: 'sandbox',
      client: line.remote,
      server: line.local,
    });
    expect(said.at(-1)).toMatchObject({ type: 'playing', playId, connectionIds: [`${playId}.client`] });
    timers.pass(WIRETAP_LIMITS.tellIntervalMs);
    expect(recordsSaid()).toMatchObject([{ kind: 'open', connectionId: `${playId}.client` }]);
    expect(await say({ type: 'play', scene: 'endless' })).toMatchObject({ code: 'already-playing' });
    expect(await say({ type: 'stop', playId: 'p_other' })).toMatchObject({ code: 'no-play' });
    await say({ type: 'stop', playId });
    expect(said.at(-1)).toEqual({ type: 'played', playId });
    expect(await say({ type: 'stop', playId })).toMatchObject({ code: 'no-play' });
  });

  it('[I12] gives bytes to the one scene that takes them', async () => {
    const { say, stage } = await make();
    expect(await say({ type: 'play', scene: 'endless', hex: '00' })).toMatchObject({ code: 'bad-bytes' });
    expect(await say({ type: 'play', scene: 'own-bytes', hex: '81 80' })).toMatchObject({ type: 'playing' });
    expect(Buffer.from(stage.bytes ?? []).toString('hex')).toBe('8180');
  });

  it('[I12] the scenes of one author are counted, those of the server bounded, and a watcher that goes stops its own', async () => {
    const { watcher, say, stage, timers } = await make();
    for (let i = 0; i < WIRETAP_LIMITS.playRate.burst; i++) {
      const playing = await say({ type: 'play', scene: 'endless' });
      await say({ type: 'stop', playId: playing?.playId });
    }
    const tooFast = await say({ type: 'play', scene: 'endless' });
    expect(tooFast).toMatchObject({ code: 'rate-limited' });
    timers.pass(Number(tooFast?.retryAfterMs));
    expect(await say({ type: 'play', scene: 'endless' })).toMatchObject({ type: 'playing' });
    expect(stage.plays).toBe(WIRETAP_LIMITS.playRate.burst + 1);
    watcher.closed();

    const onError = (error: unknown): void => {
      throw error;
    };
    const plays = new Plays({ stage: new SceneInHand(), now: () => 0, onError });
    const ended: string[] = [];
    const listener = { playing: () => {}, record: () => {}, played: (id: string) => ended.push(id) };
    const asked = { authorId: ann.authorId, scene: 'endless', hex: undefined };
    const begun = Array.from({ length: WIRETAP_LIMITS.playsMax }, () => plays.begin(asked, listener));
    expect(() => plays.begin(asked, listener)).toThrowError(
      expect.objectContaining({ code: 'too-many-plays' }),
    );
    begun[0]?.stop();
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toEqual([begun[0]?.playId]);
    expect(plays.begin(asked, listener).playId).toMatch(/^p_/);
  });

  it('[I12] the rates of so many authors are kept in mind; whoever has not played for longest starts afresh', async () => {
    const onError = (error: unknown): void => {
      throw error;
    };
    const stage: Stage = { scenes: ['short'], play: () => Promise.resolve() };
    const plays = new Plays({ stage, now: () => 0, onError });
    const play = async (number: number): Promise<void> => {
      const authorId = authorIdSchema.parse(`a_${String(number).padStart(22, '0')}`);
      const listener = { playing: () => {}, record: () => {} };
      await new Promise<void>((played) =>
        plays.begin({ authorId, scene: 'short', hex: undefined }, { ...listener, played: () => played() }),
      );
    };
    for (let i = 0; i < WIRETAP_LIMITS.playRate.burst; i++) await play(0);
    for (let other = 1; other < WIRETAP_LIMITS.playRatesMax; other++) await play(other);
    // It is still known, and has now played later than all others but itself.
    await expect(play(0)).rejects.toMatchObject({ code: 'rate-limited' });
    for (let other = 1; other <= WIRETAP_LIMITS.playRatesMax; other++) await play(10_000 + other);
    await play(0);
  });
});
