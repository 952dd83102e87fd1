import { describe, expect, it } from 'vitest';
import { isSendableCloseCode } from './close-code.ts';
import { WIRE_ERRORS, WireError } from './wire-error.ts';

describe('wire errors', () => {
  it('have sendable close codes, error statuses and a meaning', () => {
    for (const [code, { closeCode, httpStatus, meaning }] of Object.entries(WIRE_ERRORS)) {
      expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(meaning).toMatch(/^[A-Z].*\.$/);
      expect(Buffer.byteLength(meaning)).toBeLessThanOrEqual(123);
      if (closeCode !== undefined) expect(isSendableCloseCode(closeCode), code).toBe(true);
      if (httpStatus !== undefined) expect(httpStatus).toBeGreaterThanOrEqual(400);
      expect(closeCode === undefined || httpStatus === undefined, code).toBe(true);
    }
  });

  it('carry a row of the table, a sentence and a cause', () => {
    const cause = new Error('inner');
    const error = new WireError('message-too-large', 'Too much.', { cause });
    expect(error).toMatchObject({ name: 'WireError', code: 'message-too-large', closeCode: 1009, cause });
    expect(error.message).toBe('Too much.');
    expect(new WireError('response-refused', undefined, { httpStatus: 403 }).httpStatus).toBe(403);
    expect(new WireError('utf8-invalid').message).toBe(WIRE_ERRORS['utf8-invalid'].meaning);
  });
});
