// Memory that goes round: what fits is written into what was lent, what does not gets its own, and nothing is used twice at once.
import { describe, expect, it } from 'vitest';
import { PieceMemory } from './piece-memory.ts';

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('the memory of pieces', () => {
  it('is used again for what fits, also for a piece that is a little longer', () => {
    const memory = new PieceMemory();
    const first = memory.take('大厅'.repeat(100));
    expect(textOf(first)).toBe('大厅'.repeat(100));
    memory.lend(first.buffer);
    const second = memory.take('x'.repeat(10_000));
    expect(second.buffer).toBe(first.buffer);
    expect(textOf(second)).toBe('x'.repeat(10_000));
  });

  it('is another as long as it is not lent again, and for what does not fit', () => {
    const memory = new PieceMemory();
    const first = memory.take('one');
    const second = memory.take('two');
    expect(second.buffer).not.toBe(first.buffer);
    memory.lend(first.buffer);
    const large = memory.take('y'.repeat(first.buffer.byteLength + 1));
    expect(large.buffer).not.toBe(first.buffer);
    expect(large.byteLength).toBe(first.buffer.byteLength + 1);
  });

  it('keeps the largest of what it was lent', () => {
    const memory = new PieceMemory();
    const [small, large] = [new ArrayBuffer(10), new ArrayBuffer(1_000)];
    memory.lend(large);
    memory.lend(small);
    expect(memory.take('z'.repeat(500)).buffer).toBe(large);
  });
});
