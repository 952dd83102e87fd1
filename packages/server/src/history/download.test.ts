// A download whose thread dies in the middle: it goes on in the next one, byte for byte, or its connection ends. It never hangs.
import { gunzipSync } from 'node:zlib';
import type { HistoryItem } from '@wireroom/history';
import { draftIdSchema, epochSchema, type Room, roomIdSchema } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import type { HistorySource } from '../log/history-source.ts';
import { Download, type DownloadOutcome } from './download.ts';
import { ann, endOf, orderFor } from './history-samples.contract.ts';
import { HISTORY_LIMITS } from './limits.ts';
import type { Encoding } from './render-order.ts';
import { RenderService } from './render-service.ts';
import type { RenderListener } from './render-thread.ts';
import { Renderer } from './renderer.ts';

/** A room that is made up as it is read. */
function madeUp(room: Room, head: number): HistorySource {
  const epoch = epochSchema.parse('made-up');
  const itemAt = (seq: number): HistoryItem => {
    const draftId = draftIdSchema.parse(`number-${seq}`);
    const at = new Date(seq * 1_000).toISOString();
    const text = `${seq} ${'x'.repeat(200)}`;
    const envelope = { v: 1, roomId: room.roomId, epoch, seq } as const;
    return { kind: 'entry', entry: { ...envelope, type: 'message', author: ann, at, draftId, text } };
  };
  return {
    room: async (roomId) => ({ key: 1, roomId, epoch, head }),
    about: async () => room,
    seqAt: async () => 1,
    partBefore: async () => 0,
    count: async () => head,
    close: async () => {},
    page: async (_room, { after, until }, limit) => {
      const through = Math.min(until, after + limit);
      const items = Array.from({ length: through - after }, (_, index) => itemAt(after + index + 1));
      return { items, through, missing: [], chars: items.length * 450 };
    },
  };
}

/** Nobody is taken for stalled because the machine is slow. */
const STALL_MS_OF_OTHERS = 3_600_000;

async function given() {
  const room = {
    roomId: roomIdSchema.parse(`r_${'0'.repeat(22)}`),
    slug: 'lobby',
    title: 'Lobby',
    topic: '',
  };
  const source = madeUp(room, 2_000);
  const errors: unknown[] = [];
  let threads = 0;
  let kill: () => void = () => {};
  const renderer = new Renderer(
    (listener: RenderListener) => {
      let isAlive = true;
      threads += 1;
      const service = new RenderService({
        source,
        answer: (message) => isAlive && listener.message(message),
        turn: () => new Promise((resolve) => setImmediate(resolve)),
        pause: async () => {},
      });
      kill = () => {
        isAlive = false;
        listener.ended(new Error('out of memory'));
      };
      return { post: (message) => isAlive && service.handle(message), kill: async () => kill() };
    },
    (error) => errors.push(error),
  );
  const begin = (
    encoding: Encoding,
    refusal: Download['cut'] | (() => Download['cut']) = undefined,
    stallMs = STALL_MS_OF_OTHERS,
  ) => {
    const outcomes: DownloadOutcome[] = [];
    const download = new Download({
      renderer,
      order: orderFor(room, 'jsonl'),
      packing: { encoding },
      refusal: async () => (typeof refusal === 'function' ? refusal() : refusal),
      ended: (outcome) => outcomes.push(outcome),
      counts: { bytes: 0 },
      onError: (error) => errors.push(error),
      stallMs,
    });
    return { download, outcomes };
  };
  return { begin, kill: () => kill(), errors, threads: () => threads };
}

async function rest(download: Download): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let piece = await download.next(); piece !== undefined; piece = await download.next())
    pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('a download', () => {
  it.each(['identity', 'gzip'] as const)(
    '[H3.11] goes on after its thread has died, packed as %s',
    async (encoding) => {
      const { begin, kill, errors, threads } = await given();
      const unpack = (bytes: Buffer): Buffer => (encoding === 'gzip' ? gunzipSync(bytes) : bytes);
      const whole = unpack(await rest(begin(encoding).download));
      const { download, outcomes } = begin(encoding);
      const first = await download.next();
      kill();
      const second = await download.next();
      kill();
      const file = unpack(
        Buffer.concat([first ?? [], second ?? [], await rest(download)].map((part) => Buffer.from(part))),
      );
      expect(file.equals(whole)).toBe(true);
      expect(endOf(file)).toMatchObject({ broken: 0 });
      expect(outcomes).toMatchObject([{ outcome: 'finished', bytes: whole.byteLength }]);
      expect(errors).toHaveLength(2);
      expect(threads()).toBe(3);
    },
  );

  it('[H3.11] whose thread dies again and again fails, and does not hang', async () => {
    const { begin, kill } = await given();
    const { download, outcomes } = begin('identity');
    await download.next();
    for (let times = 0; times < 3; times++) {
      kill();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect(rest(download)).rejects.toMatchObject({ code: 'storage-failed' });
    expect(outcomes).toMatchObject([{ outcome: 'failed' }]);
  });

  it('is made in the same few stretches of memory, however long it is, where its reader gives them back', async () => {
    const { begin } = await given();
    const whole = await rest(begin('identity').download);
    const { download } = begin('identity');
    const pieces: Uint8Array[] = [];
    const stretches = new Set<ArrayBufferLike>();
    for (let piece = await download.next(); piece !== undefined; piece = await download.next()) {
      stretches.add(piece.buffer);
      pieces.push(Uint8Array.from(piece));
      download.giveBack();
    }
    expect(Buffer.concat(pieces).equals(whole)).toBe(true);
    expect(pieces.length).toBeGreaterThan(5);
    expect(stretches.size).toBeLessThanOrEqual(HISTORY_LIMITS.chunksAhead + 1);
  });

  it('[H3.5] ends with a cut as soon as its asker may not read any more', async () => {
    const { begin } = await given();
    let asked = 0;
    const { download, outcomes } = begin('identity', () => {
      asked += 1;
      return asked > 2 ? { code: 'not-joined', message: 'Gone.' } : undefined;
    });
    const end = endOf(await rest(download));
    expect(end).toMatchObject({ cut: { code: 'not-joined', message: 'Gone.' } });
    expect(outcomes).toMatchObject([{ outcome: 'cut', reason: 'not-joined' }]);
  });

  it('[H3.4] that the server stops ends without a last line', async () => {
    const { begin } = await given();
    const { download, outcomes } = begin('identity');
    await download.next();
    download.stop('stopped');
    await expect(rest(download)).rejects.toMatchObject({ code: 'shutting-down' });
    expect(outcomes).toMatchObject([{ outcome: 'stopped' }]);
  });

  it('[H3.12] whose reader takes nothing for too long gives its place to others', async () => {
    const { begin } = await given();
    const { download, outcomes } = begin('identity', undefined, 100);
    await download.next();
    await expect.poll(() => outcomes).toMatchObject([{ outcome: 'stalled' }]);
    expect(outcomes[0]).not.toHaveProperty('reason');
    await expect(rest(download)).rejects.toMatchObject({ code: 'shutting-down' });
  });
});
