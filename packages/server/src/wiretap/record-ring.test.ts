// What stays of a recording when there is too much of it.
import type { BytesRecord, CaptureRecord } from '@wireroom/capture';
import { describe, expect, it } from 'vitest';
import { WIRETAP_LIMITS } from './limits.ts';
import { RecordRing, sizeOf } from './record-ring.ts';

const overhead = WIRETAP_LIMITS.recordOverheadBytes + WIRETAP_LIMITS.bufferOverheadBytes;

function bytes(at: number, length = 10): BytesRecord {
  return { kind: 'bytes', at, direction: 'in', offset: 0, bytes: new Uint8Array(length) };
}

const timesOf = (records: readonly CaptureRecord[]): number[] => records.map(({ at }) => at);

describe('a ring of records', () => {
  it('[I4] keeps the handshake, drops the oldest whole and says how much', () => {
    const ring = new RecordRing({ bytesMax: 3 * (overhead + 10), recordsMax: 100 });
    ring.add(bytes(1));
    ring.add(bytes(2, 5000));
    ring.endHandshake();
    for (let at = 3; at <= 5; at++) ring.add(bytes(at));
    expect(timesOf(ring.records)).toEqual([1, 2, 3, 4, 5]);
    ring.add(bytes(6));
    ring.add(bytes(7));
    const [, , dropped, ...rest] = ring.records;
    expect(dropped).toEqual({ kind: 'dropped', at: 7, records: 2, bytes: 20 });
    expect(timesOf(rest)).toEqual([5, 6, 7]);
    expect(ring.bytes).toBe(3 * (overhead + 10));
  });

  it('[I4] is bounded in records as well, over a long time', () => {
    const ring = new RecordRing({ bytesMax: Number.MAX_SAFE_INTEGER, recordsMax: 50 });
    ring.endHandshake();
    for (let at = 1; at <= 10_000; at++) ring.add(bytes(at));
    const [dropped, ...rest] = ring.records;
    expect(dropped).toMatchObject({ records: 9950, bytes: 99_500 });
    expect(timesOf(rest)).toEqual(Array.from({ length: 50 }, (_, i) => 9951 + i));
    expect(ring.bytes).toBe(50 * (overhead + 10));
  });

  it('[I4] keeps the newest whatever its size, and no more than so many of a handshake', () => {
    const ring = new RecordRing({ bytesMax: 100, recordsMax: 10 });
    for (let at = 1; at <= WIRETAP_LIMITS.handshakeRecordsMax + 3; at++) ring.add(bytes(at, 1000));
    expect(timesOf(ring.records).slice(-2)).toEqual([
      WIRETAP_LIMITS.handshakeRecordsMax + 3,
      WIRETAP_LIMITS.handshakeRecordsMax + 3,
    ]);
    expect(ring.records).toHaveLength(WIRETAP_LIMITS.handshakeRecordsMax + 2);
  });

  it('[I4] counts what hidden ranges take, and two bytes for a character', () => {
    const hidden = Array.from({ length: 1000 }, (_, i) => [8 * i, 8 * i + 1] as const);
    const many: BytesRecord = { ...bytes(1, 8000), hidden };
    expect(sizeOf(many) - sizeOf(bytes(1, 8000))).toBe(1000 * WIRETAP_LIMITS.hiddenRangeBytes);
    const poll = {
      kind: 'poll',
      at: 1,
      direction: 'in',
      method: 'POST',
      head: 'ab',
      body: '文文文',
    } as const;
    expect(sizeOf(poll)).toBe(WIRETAP_LIMITS.recordOverheadBytes + 10);
  });

  it('puts what comes late in its place', () => {
    const ring = new RecordRing();
    ring.endHandshake();
    for (const at of [1, 4, 5, 3, 2, 6]) ring.add(bytes(at));
    expect(timesOf(ring.records)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('[I4] is cleared but for the handshake', () => {
    const ring = new RecordRing();
    ring.add(bytes(1));
    ring.endHandshake();
    ring.add(bytes(2));
    ring.add(bytes(3));
    ring.clear(9);
    expect(ring.records).toEqual([bytes(1), { kind: 'dropped', at: 9, records: 2, bytes: 20 }]);
    expect(ring.bytes).toBe(0);
  });
});
