import { describe, expect, it } from 'vitest';
import { FrameCursor } from './frame-cursor.ts';
import { frameBytes, OP } from './wire-frame.ts';

const head = Buffer.from('HTTP/1.1 101 Switching Protocols\r\n\r\n');

describe('FrameCursor', () => {
  it('[T7] tells where the next frame begins, however the bytes are cut', () => {
    const key = Buffer.from('01020304', 'hex');
    const frames = [
      frameBytes({ opcode: OP.text, fin: false, payload: 'a'.repeat(200) }, key),
      frameBytes({ opcode: OP.ping }, undefined),
      frameBytes({ opcode: OP.continuation, payload: 'b'.repeat(70_000) }, undefined),
      frameBytes({ opcode: OP.binary, payload: 'c' }, key),
    ];
    const stream = Buffer.concat([head, ...frames]);
    for (const size of [1, 3, 100, stream.length]) {
      const cursor = new FrameCursor();
      const begun = new Map<number, unknown>();
      for (let from = 0; from < stream.length; from += size) {
        const anchor = cursor.pass(stream.subarray(from, from + size));
        if (anchor !== undefined) begun.set(from + anchor.frameAt, { ...anchor, frameAt: 0 });
      }
      const first = head.length;
      expect(begun.get(first)).toEqual({ frameAt: 0, frames: 0, messages: 0, isInMessage: false });
      if (size !== 1) continue;
      const second = first + (frames[0]?.length ?? 0);
      expect(begun.get(second)).toEqual({ frameAt: 0, frames: 1, messages: 1, isInMessage: true });
      expect([...begun.keys()].at(-1)).toBe(stream.length - (frames[3]?.length ?? 0));
      expect([...begun.values()].at(-1)).toEqual({ frameAt: 0, frames: 3, messages: 1, isInMessage: false });
    }
  });
});
