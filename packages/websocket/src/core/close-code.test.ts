import { describe, expect, it } from 'vitest';
import { describeCloseCode, isSendableCloseCode, readClosePayload, writeClosePayload } from './close-code.ts';

function payload(code: number, reason = ''): Buffer {
  const bytes = Buffer.alloc(2 + Buffer.byteLength(reason));
  bytes.writeUInt16BE(code);
  bytes.write(reason, 2);
  return bytes;
}

describe('close codes', () => {
  it('[W27] allows what is registered for sending and the two ranges', () => {
    const legal = [
      1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
    ];
    for (const code of legal) {
      expect(isSendableCloseCode(code), String(code)).toBe(true);
      expect(readClosePayload(payload(code, 'ok'))).toEqual({ code, reason: 'ok' });
    }
  });

  it('[W27] refuses the others with 1002', () => {
    const illegal = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535];
    for (const code of illegal) {
      expect(isSendableCloseCode(code), String(code)).toBe(false);
      expect(() => readClosePayload(payload(code))).toThrow(
        expect.objectContaining({ code: 'close-code-invalid', closeCode: 1002 }),
      );
    }
    expect(isSendableCloseCode(1000.5)).toBe(false);
    expect(isSendableCloseCode(3000.5)).toBe(false);
  });

  it('[W27] takes an empty payload as no code, refuses a single byte', () => {
    expect(readClosePayload(Buffer.alloc(0))).toEqual({ code: 1005, reason: '' });
    expect(() => readClosePayload(Buffer.from('03', 'hex'))).toThrow(
      expect.objectContaining({ code: 'close-payload-invalid', closeCode: 1002 }),
    );
  });

  it('[W27] refuses a reason that is not UTF-8 with 1007', () => {
    expect(() => readClosePayload(Buffer.from('03e8ceba80edc3', 'hex'))).toThrow(
      expect.objectContaining({ code: 'close-reason-invalid', closeCode: 1007 }),
    );
  });

  it('writes code and reason, cuts a long reason between characters, and nothing at all for 1005', () => {
    expect(writeClosePayload(1000, 'bye').toString('hex')).toBe('03e8627965');
    expect(writeClosePayload(1005, 'ignored')).toHaveLength(0);
    const long = writeClosePayload(1002, '€'.repeat(60));
    expect(long).toHaveLength(2 + 123);
    expect(readClosePayload(long).reason).toBe('€'.repeat(41));
    const odd = writeClosePayload(1002, `a${'€'.repeat(60)}`);
    expect(readClosePayload(odd).reason).toBe(`a${'€'.repeat(40)}`);
  });

  it('has words for people', () => {
    expect(describeCloseCode(1001)).toBe('going away');
    expect(describeCloseCode(3500)).toBe('registered by a library');
    expect(describeCloseCode(4321)).toBe('private to the application');
    expect(describeCloseCode(2000)).toBe('not allowed');
  });
});
