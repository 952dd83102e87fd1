import type { CaptureRecord } from '@wireroom/capture';
import { describe, expect, it } from 'vitest';
import { RECORDED_BYTES_MAX, RECORDS_MAX, SMALL_CHUNK_BYTES } from '../limits.ts';
import { Recording } from './recording.ts';
import { frameBytes, OP } from './wire-frame.ts';

const HEAD = Buffer.from('HTTP/1.1 101 Switching Protocols\r\n\r\n');

function record(): Recording {
  const address = '127.0.0.1';
  let now = 0;
  return new Recording(
    {
      connectionId: 'c',
      recordedBy: 'server',
      gateway: 'sandbox',
      client: { address, port: 1 },
      server: { address, port: 2 },
    },
    () => {
      now += 1;
      return now;
    },
    undefined,
  );
}

const kinds = (records: readonly CaptureRecord[]): string[] => records.map(({ kind }) => kind);

describe('Recording', () => {
  it('[T7] begins with the open, ends with the close, and counts bytes by direction', () => {
    const recording = record();
    recording.bytes('in', Buffer.from('abc'));
    recording.bytes('out', Buffer.from('d'));
    recording.bytes('in', Buffer.from('e'));
    recording.close({ code: 1000, reason: '', wasClean: true });
    recording.bytes('in', Buffer.from('too late'));
    recording.close({ code: 1006, reason: '', wasClean: false });
    const { records } = recording.capture;
    expect(kinds(records)).toEqual(['open', 'bytes', 'bytes', 'bytes', 'close']);
    expect(records.map((one) => (one.kind === 'bytes' ? one.offset : undefined))).toEqual([
      undefined,
      0,
      0,
      3,
      undefined,
    ]);
  });

  it('[T7] past its bytes it counts large chunks, keeps small ones, and says where a frame begins again', () => {
    const recording = record();
    const big = frameBytes({ opcode: OP.binary, payload: new Uint8Array(RECORDED_BYTES_MAX / 2) }, undefined);
    const close = frameBytes({ opcode: OP.close }, undefined);
    recording.bytes('out', HEAD);
    for (let count = 0; count < 4; count++) recording.bytes('out', big);
    recording.bytes('out', close);
    const { records } = recording.capture;
    expect(kinds(records)).toEqual(['open', 'bytes', 'bytes', 'dropped', 'bytes']);
    expect(records[3]).toMatchObject({ records: 3, bytes: 3 * big.length });
    expect(records[4]).toMatchObject({
      offset: HEAD.length + 4 * big.length,
      anchor: { frameAt: 0, frames: 4, messages: 4, isInMessage: false },
    });
    expect(close.length).toBeLessThan(SMALL_CHUNK_BYTES);
  });

  it('[T7] past its records it counts them, and still keeps the end', () => {
    const recording = record();
    for (let count = 0; count < RECORDS_MAX + 5; count++) recording.bytes('in', Buffer.from('x'));
    recording.close({ code: 1006, reason: '', wasClean: false });
    const { records } = recording.capture;
    expect(records.length).toBe(RECORDS_MAX + 2);
    expect(records.at(-2)).toMatchObject({ kind: 'dropped', records: 6 });
    expect(records.at(-1)?.kind).toBe('close');
  });

  it('[T7] wakes who waits for it to grow, and lets nobody wait for what is over', async () => {
    const recording = record();
    const grown = recording.until(({ capture }) => capture.records.length >= 2);
    recording.bytes('in', Buffer.from('x'));
    await grown;
    const never = recording.until(() => false);
    recording.close({ code: 1006, reason: '', wasClean: false });
    await never;
  });
});
