import { describe, expect, it } from 'vitest';
import { DeflateReader } from './deflate.ts';
import { encode, type Frame, masked, text } from './frame.ts';
import { FrameReader, type WireEvent } from './frame-reader.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

const read = (hex: string, isMasking = false): WireEvent[] => new FrameReader({ isMasking }).push(bytes(hex));

describe('FrameReader', () => {
  it('reads the examples of RFC 6455 5.7', () => {
    const hello = { type: 'message', kind: 'text', data: Buffer.from('Hello'), isCompressed: false };
    expect(read('81 05 48 65 6c 6c 6f')).toEqual([hello]);
    expect(read('81 85 37 fa 21 3d 7f 9f 4d 51 58', true)).toEqual([hello]);
    expect(read('01 03 48 65 6c 80 02 6c 6f')).toEqual([hello]);
    expect(read('89 05 48 65 6c 6c 6f')).toEqual([{ type: 'ping', data: Buffer.from('Hello') }]);
  });

  it('reads the same, a byte at a time', () => {
    const reader = new FrameReader({ isMasking: true });
    const frames: Frame[] = [text('a'.repeat(70_000)), { opcode: 9 }, text('')];
    const all = Buffer.concat(frames.map((frame) => encode(frame, true)));
    const events = [...all].flatMap((byte) => reader.push(Buffer.of(byte)));
    expect(events.map(({ type }) => type)).toEqual(['message', 'ping', 'message']);
  });

  it('reads the examples of RFC 7692 7.2.3', () => {
    const inflate = new DeflateReader({ keepsHistory: true, windowBits: 15 });
    const reader = new FrameReader({ isMasking: false, inflate });
    const hello = { type: 'message', kind: 'text', data: Buffer.from('Hello'), isCompressed: true };
    const both = reader.push(bytes('c1 07 f2 48 cd c9 c9 07 00  c1 05 f2 00 11 00 00'));
    expect(both).toEqual([hello, hello]);
  });

  it.each([
    ['a mask where none belongs', '81 85 37fa213d 7f9f4d5158', 'a masked frame'],
    ['16 bits for 5', '81 7e 0005 48656c6c6f', 'a length that is not in its shortest form'],
    ['64 bits for 126', '82 7f 000000000000007e', 'a length that is not in its shortest form'],
    ['a reserved bit', 'c1 00', 'reserved bits 4 on opcode 1'],
    ['an undefined opcode', '83 00', 'a frame with opcode 3'],
    ['a ping in fragments', '09 00', 'a control frame in fragments'],
    ['a ping of 126 bytes', '89 7e 007e', 'a control frame of more than 125 bytes'],
    ['a continuation of nothing', '80 00', 'a continuation of nothing'],
    ['a message in a message', '01 00 81 00', 'a message inside another'],
    ['text that is none', '81 01 ff', 'a text message that is not UTF-8'],
    ['a Close of one byte', '88 01 03', 'a Close frame of one byte'],
    ['a code that must not be sent', '88 02 03ed', 'close code 1005'],
    ['a reason that is none', '88 03 03e8 ff', 'a reason for closing that is not UTF-8'],
    ['an impossible length', '82 7f ffffffffffffffff', 'a frame of 18446744073709552000 bytes'],
  ])('takes offence at %s', (_, hex, what) => {
    expect(read(hex)).toEqual([{ type: 'violation', what }]);
  });

  it('takes offence at a frame without a mask from a client', () => {
    expect(read('81 00', true)).toEqual([{ type: 'violation', what: 'a frame without a mask' }]);
  });

  it('takes offence at whatever comes after a Close frame', () => {
    expect(read('88 00 81').map(({ type }) => type)).toEqual(['close', 'violation']);
  });

  it('reads nothing more after a violation', () => {
    const reader = new FrameReader({ isMasking: false });
    expect(reader.push(bytes('83 00 81 00')).length).toBe(1);
    expect(reader.push(bytes('81 00'))).toEqual([]);
  });
});

describe('encode', () => {
  it('writes what the RFC shows', () => {
    expect(encode(text('Hello'), false).toString('hex')).toBe('810548656c6c6f');
    const masking = encode(text('Hello'), true);
    expect(masking.subarray(0, 2).toString('hex')).toBe('8185');
    expect(masked(masking.subarray(6), masking.subarray(2, 6)).toString()).toBe('Hello');
  });

  it('writes what the RFC forbids', () => {
    expect(encode(text('a', { rsv: 5, fin: false, lengthBytes: 8 }), false).toString('hex')).toBe(
      '517f000000000000000161',
    );
    expect(encode(text('', { claimedLength: 2n ** 63n, lengthBytes: 8 }), false).toString('hex')).toBe(
      '817f8000000000000000',
    );
    expect(encode(text('a', { mask: 'wrong' }), true).toString('hex')).toBe('810161');
  });
});
