// Hex that is typed: read as frames, with what is wrong in them; and what is no hex.
import { describe, expect, it } from 'vitest';
import { OWN_BYTES_MAX, readOwnBytes } from './own-bytes.ts';

describe('readOwnBytes', () => {
  it('finds the frames, however the hex is written', () => {
    for (const hex of [
      '8182010203044969',
      '81 82 01 02 03 04 49 69',
      '0x81, 0x82, 0x01,0x02,0x03,0x04\n0x49 0x69',
    ]) {
      const read = readOwnBytes(hex);
      expect(read?.bytes).toHaveLength(8);
      expect(read?.decoded.frames.map(({ opcode, masked }) => [opcode, masked])).toEqual([[1, true]]);
      expect(read?.decoded.messages[0]?.text).toBe('Hk');
    }
  });

  it('says what is against the rules in them', () => {
    expect(readOwnBytes('8102 4869')?.decoded.frames[0]?.faults.map(({ rule }) => rule)).toContain(
      'RFC 6455 section 5.1',
    );
  });

  it('keeps the beginning of a frame that is not whole', () => {
    const read = readOwnBytes('8185 01020304 49');
    expect(read?.decoded.frames).toEqual([]);
    expect(read?.decoded.unfinished.in?.frame?.payloadLength).toBe(5);
  });

  it('is nothing where there is no hex, or too much of it', () => {
    expect(readOwnBytes('hello')).toBeUndefined();
    expect(readOwnBytes('818')).toBeUndefined();
    expect(readOwnBytes('00'.repeat(OWN_BYTES_MAX + 1))).toBeUndefined();
    expect(readOwnBytes('')?.bytes).toHaveLength(0);
  });
});
