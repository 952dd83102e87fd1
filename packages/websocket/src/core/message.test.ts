// A message as a window on lent memory: what the program took survives, what it did not is copied in time.
import { describe, expect, it } from 'vitest';
import { copyPayload, isBorrowed, keepMessage, Message, type MessageKind } from './message.ts';

const GONE = Buffer.alloc(64, '#');

/** A message on memory that is written over as soon as the engine has it back. */
function lend(kind: MessageKind, text: string, isAscii = false): { message: Message; end: () => void } {
  const memory = Buffer.alloc(64, '.');
  const length = memory.write(text, 3);
  const message = new Message(kind, { memory, start: 3, end: 3 + length, isAscii }, true);
  return {
    message,
    end: () => {
      keepMessage(message);
      GONE.copy(memory);
    },
  };
}

describe('message', () => {
  it.each(['text', 'binary'] as const)(
    'of kind %s can be read after its handler, whatever was read inside',
    (kind) => {
      const reads: readonly ((message: Message) => unknown)[] = [
        () => undefined,
        (message) => message.data,
        (message) => message.text(),
        (message) => [message.text(), message.data],
        (message) => message.length,
      ];
      for (const read of reads) {
        const { message, end } = lend(kind, 'Grüße 字');
        read(message);
        end();
        expect(message.text()).toBe('Grüße 字');
        expect(message.data.toString()).toBe('Grüße 字');
        expect(message.data).toBe(message.data);
        expect(message).toHaveLength(Buffer.byteLength('Grüße 字'));
        expect(isBorrowed(message)).toBe(false);
      }
    },
  );

  it('gives bytes that are the receiver’s own', () => {
    const { message, end } = lend('binary', 'bytes');
    const taken = message.data;
    end();
    taken.write('BYTES');
    expect(message.data.toString()).toBe('BYTES');
  });

  it('is decoded alike whether it is known to be ASCII or not', () => {
    for (const isAscii of [true, false]) expect(lend('text', 'plain', isAscii).message.text()).toBe('plain');
  });

  it('that was sent on unread is not kept, and says so', () => {
    const { message, end } = lend('text', 'relayed');
    const target = Buffer.alloc(20);
    copyPayload(message, target, 2);
    copyPayload(message, target, 10);
    expect(target.toString('latin1')).toBe('\0\0relayed\0relayed\0\0\0');
    end();
    expect(() => message.data).toThrow(/before the handler returns/);
    expect(() => message.text()).toThrow(TypeError);
  });

  it('that was sent on and read is kept', () => {
    for (const read of [
      (message: Message) => message.text(),
      (message: Message) => message.data.toString(),
    ]) {
      const { message, end } = lend('text', 'relayed');
      copyPayload(message, Buffer.alloc(20), 0);
      expect(read(message)).toBe('relayed');
      end();
      expect(message.data.toString()).toBe('relayed');
      const target = Buffer.alloc(100);
      copyPayload(message, target, 0);
      expect(target.toString('latin1', 0, 7)).toBe('relayed');
    }
  });

  it('with much text is copied as with little', () => {
    const memory = Buffer.alloc(5000, 'x');
    const message = new Message('binary', { memory, start: 10, end: 4010, isAscii: false }, true);
    const target = Buffer.alloc(4002);
    copyPayload(message, target, 1);
    expect(target.equals(Buffer.concat([Buffer.alloc(1), memory.subarray(10, 4010), Buffer.alloc(1)]))).toBe(
      true,
    );
  });
});
