// The trace's words: what a learner reads of bytes and frames, and what nobody may read.
import { describe, expect, it } from 'vitest';
import { frameLines, headLines, hexLines, type TracedFrame } from './trace-text.ts';

const frame = (fields: Partial<TracedFrame>): TracedFrame => {
  const payload = fields.payload ?? Buffer.from('Hello');
  return {
    fin: true,
    rsv: 0,
    opcode: 1,
    masked: false,
    maskKey: 0,
    length: payload.length,
    ...fields,
    payload,
  };
};

describe('frameLines', () => {
  it('shows the example of RFC 6455 section 5.7, masked', () => {
    expect(frameLines(frame({ masked: true, maskKey: 0x37fa213d }))).toEqual([
      'FIN=1 RSV=000 opcode=0x1 text  MASK=1 key=37fa213d  length=5 (7 bits)',
      'payload  "Hello"',
    ]);
  });

  it.each([
    [125, '7 bits'],
    [126, '126, then 16 bits'],
    [65_535, '126, then 16 bits'],
    [65_536, '127, then 64 bits'],
  ])('a length of %i is written in %s', (length, form) => {
    expect(frameLines(frame({ length }))[0]).toContain(`length=${length} (${form})`);
  });

  it('puts a close code into words, and says of a bad one why', () => {
    const close = (hex: string): string =>
      frameLines(frame({ opcode: 8, payload: Buffer.from(hex, 'hex') }))[1] ?? '';
    expect(close('03e9627965')).toBe('close    1001 going away: "bye"');
    expect(close('')).toContain('1005');
    expect(close('03e7')).toContain('not allowed');
  });

  it('shows binary payloads as bytes, long texts by their beginning', () => {
    expect(frameLines(frame({ opcode: 2, payload: Buffer.from([0, 255]) }))[1]).toMatch(
      /^0000 {2}00 ff +··$/,
    );
    expect(frameLines(frame({ payload: Buffer.from('x'.repeat(600)) }))[1]).toMatch(
      /x{512}… \(600 bytes\)"$/,
    );
  });
});

describe('secrets', () => {
  const SECRET = 'c2VjcmV0LXNlY3JldC1zZWNyZXQ';
  it.each([
    ['a cookie', `GET / HTTP/1.1\r\nCookie: a=${SECRET}\r\n\r\n`],
    ['credentials', `GET / HTTP/1.1\r\nauthorization: Bearer ${SECRET}\r\n\r\n`],
    ['the secret of a Socket.IO session', `40{"sid":"a","pid":"${SECRET}"}`],
    ['a token in JSON', `{"type":"welcome","token": "${SECRET}"}`],
  ])('%s is not readable in heads, payloads or bytes', (_what, text) => {
    const bytes = Buffer.from(text);
    const ascii = hexLines(bytes)
      .map((line) => line.slice(-16))
      .join('');
    const hex = hexLines(bytes)
      .map((line) => line.slice(6, 53))
      .join(' ')
      .replaceAll(' ', '');
    expect(headLines(bytes).join()).not.toContain(SECRET);
    expect(frameLines(frame({ payload: bytes })).join()).not.toContain(SECRET);
    expect(ascii).not.toContain(SECRET);
    expect(hex).not.toContain(Buffer.from(SECRET).toString('hex'));
  });
});
