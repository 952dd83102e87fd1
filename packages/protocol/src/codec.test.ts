// Commands from the wire: accepted with just the fields that are known, or refused with a code, the ref and a sentence.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecodedCommand, decodeCommand, encodeCommand } from './codec.ts';
import type { Command } from './command.ts';

const refusal = (text: string): { code: string; ref: unknown; message: string } => {
  const decoded: DecodedCommand = decodeCommand(text);
  if (decoded.ok) throw new Error(`accepted: ${text}`);
  return { code: decoded.error.code, ref: decoded.ref, message: decoded.error.message };
};

describe('decodeCommand', () => {
  it('[P5] takes a command, drops what it does not know', () => {
    expect(decodeCommand('{"type":"post","ref":3,"room":"lobby","text":"hi","future":1}')).toEqual({
      ok: true,
      command: { type: 'post', ref: 3, room: 'lobby', text: 'hi' },
    });
  });

  it.each(['hello there', '', '5', 'null', '[1]', '{"type":"hello"', '"hello"'])(
    '%j is no command: bad-json, with how to speak',
    (text) => {
      expect(refusal(text)).toMatchObject({
        code: 'bad-json',
        ref: null,
        message: expect.stringContaining('"hello"'),
      });
    },
  );

  it.each([
    '{"ref":1,"type":"shout"}',
    '{"ref":1}',
    '{"ref":1,"type":7}',
    '{"ref":1,"type":"__proto__"}',
    '{"ref":1,"type":"toString"}',
  ])('%j: unknown-type, naming those there are', (text) => {
    expect(refusal(text)).toMatchObject({
      code: 'unknown-type',
      ref: 1,
      message: expect.stringContaining('hello, join'),
    });
  });

  it.each([
    ['{"type":"hello"}', null, 'ref'],
    ['{"type":"hello","ref":1.5}', null, 'ref'],
    ['{"type":"hello","ref":"a","name":5}', 'a', 'name'],
    ['{"type":"join","ref":1}', 1, 'room'],
    ['{"type":"post","ref":1,"room":"lobby","text":5}', 1, 'text'],
    ['{"type":"post","ref":1,"room":"lobby","text":"x","draftId":"short"}', 1, 'draftId'],
    ['{"type":"page","ref":1,"room":"lobby","limit":201}', 1, 'limit'],
    ['{"type":"page","ref":1,"room":"lobby","before":-1}', 1, 'before'],
    ['{"type":"join","ref":1,"room":"lobby","cursor":{"epoch":"e"}}', 1, 'cursor.seq'],
  ])('%j: bad-command, naming the field', (text, ref, field) => {
    expect(refusal(text)).toMatchObject({
      code: 'bad-command',
      ref,
      message: expect.stringContaining(field),
    });
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((value) => JSON.stringify({ type: 'post', ref: 1, room: value, text: value })),
        ),
        (text) => {
          expect(typeof decodeCommand(text).ok).toBe('boolean');
        },
      ),
    );
  });

  it('[P5] reads what encodeCommand writes', () => {
    const command: Command = { type: 'page', ref: 'r', room: 'lobby', before: 10, limit: 5 };
    expect(decodeCommand(encodeCommand(command))).toEqual({ ok: true, command });
  });
});
