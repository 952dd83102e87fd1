import net from 'node:net';
import type { Capture, CaptureRecord } from '@wireroom/capture';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CONNECTIONS_MAX, OWN_BYTES_MAX, PAUSE_MS_MAX, RECORDINGS_MAX, SCENE_MS_MAX } from './limits.ts';
import { playScene } from './play.ts';
import type { PlayOptions } from './scene.ts';
import { SCENES, sceneNamed } from './scene-texts.ts';
import { SCRIPTS } from './scripts/scripts.ts';
import { Stage } from './stage/stage.ts';

/** Those that wait do it for a short time here. */
const SHORT: PlayOptions = { pauseMs: 60 };

/** What of ours may keep a process alive. */
const alive = (): string[] =>
  process.getActiveResourcesInfo().filter((name) => /^(TCP|TLS|Timeout|Immediate)/.test(name));

/** What is alive now and was not before. A closed handle is gone after a turn of the event loop. */
async function left(before: readonly string[]): Promise<readonly string[]> {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  const known = [...before];
  return alive().filter((name) => {
    const index = known.indexOf(name);
    if (index >= 0) known.splice(index, 1);
    return index < 0;
  });
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('playScene', () => {
  it('[T1] has a script for every scene and a scene for every script', () => {
    expect([...SCRIPTS.keys()].sort()).toEqual(SCENES.map(({ name }) => name).sort());
  });

  it('[T1] refuses a name that there is not', async () => {
    await expect(playScene('no-such-scene')).rejects.toThrow('There is no scene "no-such-scene".');
  });

  it('[T2] [T3] stays on the loopback, on ports of the system, and leaves nothing behind', async () => {
    const listen = vi.spyOn(net.Server.prototype, 'listen');
    const connect = vi.spyOn(net.Socket.prototype, 'connect');
    const before = alive();
    for (const { name } of SCENES) await playScene(name, SHORT);
    const flat = (args: readonly unknown[]): string => JSON.stringify(args);
    expect(listen.mock.calls.length).toBeGreaterThan(SCENES.length);
    for (const args of listen.mock.calls)
      expect(flat(args)).toMatch(/^\[(0,"127\.0\.0\.1"|\{"port":0,"host":"127\.0\.0\.1")/);
    for (const args of connect.mock.calls) expect(flat(args)).toContain('"host":"127.0.0.1"');
    expect(await left(before)).toEqual([]);
  });

  it.each([
    [{ bytes: new Uint8Array(OWN_BYTES_MAX + 1) }, 'At most 65536 bytes'],
    [{ pauseMs: PAUSE_MS_MAX + 1 }, 'pauseMs is a whole number from 0 to 10000'],
    [{ pauseMs: -1 }, 'pauseMs is a whole number'],
    [{ pauseMs: 0.5 }, 'pauseMs is a whole number'],
  ])('[T4] refuses what is out of bounds: %#', async (options, message) => {
    await expect(playScene('own-bytes', options)).rejects.toThrow(message);
  });

  it('[T4] ends what takes too long', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const played = playScene('drop-five-seconds', {
        pauseMs: PAUSE_MS_MAX,
        sink: {
          open: () => undefined,
          // The bound is nearer than the pause: it is what ends the scene.
          record: (_, record) => {
            if (isNote(record, 'traffic-dropped')) vi.advanceTimersByTime(SCENE_MS_MAX);
          },
        },
      });
      const { captures } = await played;
      expect(captures[0]?.records.at(-1)?.kind).toBe('close');
      expect(captures[0]?.records.some((record) => isNote(record, 'traffic-back'))).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  it('[T4] counts connections, and refuses one too many', () => {
    const scene = sceneNamed('masking');
    if (scene === undefined) throw new Error('there is no scene masking');
    const stage = new Stage(scene, {}, new AbortController().signal);
    for (let count = 0; count < CONNECTIONS_MAX; count++) stage.keep(new net.Socket());
    const surplus = new net.Socket();
    expect(() => stage.keep(surplus)).toThrow(`more than ${CONNECTIONS_MAX} connections`);
    expect(surplus.destroyed).toBe(true);
  });

  it('[T4] records so many connections and no more', async () => {
    const scene = sceneNamed('masking');
    if (scene === undefined) throw new Error('there is no scene masking');
    const stage = new Stage(scene, {}, new AbortController().signal);
    const place = { clientPort: 1, serverPort: 2, gateway: 'sandbox' } as const;
    for (let count = 0; count < RECORDINGS_MAX; count++) stage.recordByHand(place);
    expect(() => stage.recordByHand(place)).toThrow('too many connections');
    await stage.close();
    expect(stage.captures.length).toBe(RECORDINGS_MAX);
  });

  it('[T5] is ended early by a signal, with what was seen until then and nothing left', async () => {
    const before = alive();
    const ending = new AbortController();
    const { captures } = await playScene('drop-five-seconds', {
      signal: ending.signal,
      sink: {
        open: () => undefined,
        record: (_, record) => {
          if (isNote(record, 'traffic-dropped')) ending.abort();
        },
      },
    });
    expect(captures.length).toBe(1);
    expect(captures[0]?.records.at(-1)?.kind).toBe('close');
    expect(await left(before)).toEqual([]);
  });

  it('[T5] is not begun with a signal that has come already', async () => {
    expect(await playScene('masking', { signal: AbortSignal.abort() })).toMatchObject({ captures: [] });
  });

  it.each([
    'masking',
    'fragmented-message',
    'bad-utf8',
    'missing-key',
    'duplicate-on-retry',
    'message-too-big',
  ])('[T6] sends the same bytes each time: %s', async (name) => {
    const sent = async (): Promise<string[]> => (await playScene(name)).captures.map(bytesFromClient);
    expect(await sent()).toEqual(await sent());
  });

  it('[T6] uses another key for each frame and each connection', async () => {
    const { captures } = await playScene('token-expired');
    expect(new Set(captures.map(bytesFromClient)).size).toBe(captures.length);
  });

  it('[T8] tells the sink every record as it happens, under the names of the connections', async () => {
    const heard = new Map<string, CaptureRecord[]>();
    const { captures } = await playScene('message-too-big', {
      idPrefix: 'play-7-',
      sink: {
        open: (connectionId) => heard.set(connectionId, []),
        record: (connectionId, record) => heard.get(connectionId)?.push(record),
      },
    });
    expect([...heard.keys()]).toEqual([1, 2, 3].map((number) => `play-7-message-too-big-${number}`));
    expect([...heard.values()]).toEqual(captures.map(({ records }) => records));
  });
});

const isNote = (record: CaptureRecord, id: string): boolean => record.kind === 'note' && record.id === id;

const bytesFromClient = ({ records }: Capture): string =>
  records
    .flatMap((record) =>
      record.kind === 'bytes' && record.direction === 'in' ? [Buffer.from(record.bytes)] : [],
    )
    .map((bytes) => bytes.toString('hex'))
    .join(' ');
