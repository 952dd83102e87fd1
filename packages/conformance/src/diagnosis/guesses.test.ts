import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { text } from '../wire/frame.ts';
import { acceptOf } from '../wire/http.ts';
import { guessAccept } from './accept-guess.ts';
import { guessMask } from './mask-guess.ts';
import { bytesOf, MASK_KEY, maskedPayload } from './probe-link.ts';
import { lengthFault } from './probes/length-fault.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const sha1 = (input: string | Buffer): string => createHash('sha1').update(input).digest('base64');

describe('what a wrong accept value is made of', () => {
  it.each([
    ['a letter left out', sha1(KEY + GUID.slice(0, -1)), 'wrong-guid', GUID.slice(0, -1)],
    ['two letters swapped', sha1(KEY + GUID.replace('58', '85')), 'wrong-guid', GUID.replace('58', '85')],
    ['lower case', sha1(KEY + GUID.toLowerCase()), 'wrong-guid', GUID.toLowerCase()],
    ['no GUID', sha1(KEY), 'accept-over-wrong-string', 'without the GUID'],
    ['a blank before the key', sha1(` ${KEY}${GUID}`), 'accept-over-wrong-string', 'blank before it'],
    [
      'the key decoded',
      sha1(Buffer.concat([Buffer.from(KEY, 'base64'), Buffer.from(GUID)])),
      'accept-over-wrong-string',
      '16 bytes',
    ],
    ['the header not found', sha1(`undefined${GUID}`), 'accept-over-wrong-string', 'undefined'],
    [
      'hex',
      createHash('sha1')
        .update(KEY + GUID)
        .digest('hex'),
      'accept-wrong-digest',
      'hex instead of Base64',
    ],
    [
      'SHA-256',
      createHash('sha256')
        .update(KEY + GUID)
        .digest('base64'),
      'accept-wrong-digest',
      'SHA256',
    ],
    ['the key itself', KEY, 'accept-wrong-digest', 'key itself'],
  ])('[K4] %s', (_, accept, id, words) => {
    const guess = guessAccept(KEY, accept);
    expect(guess?.id).toBe(id);
    expect(guess?.how.en).toContain(words);
  });

  it('[K4] nothing is guessed for a value that fits no slip', () => {
    expect(guessAccept(KEY, sha1('something else'))).toBeUndefined();
    expect(acceptOf(KEY)).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  });
});

describe('how a payload was garbled', () => {
  const plain = Buffer.from('wireroom takes the mask off');
  const frame = bytesOf(text(plain));
  const masked = maskedPayload(plain);
  const with_ = (keyByte: (i: number) => number): Buffer =>
    Buffer.from(masked.map((byte, i) => byte ^ keyByte(i)));

  it.each([
    ['not at all', masked, 'mask-not-removed', 'still masked'],
    ['shifted by two', with_((i) => MASK_KEY[(i + 2) % 4] ?? 0), 'wrong-mask-offset', 'key[(i + 2) % 4]'],
    ['once', with_((i) => MASK_KEY[i] ?? 0), 'wrong-mask-offset', 'once instead of over and over'],
    ['reversed', with_((i) => MASK_KEY[3 - (i % 4)] ?? 0), 'wrong-mask-offset', 'reverse order'],
    ['with one byte', with_(() => MASK_KEY[0] ?? 0), 'wrong-mask-offset', 'key[0] only'],
  ])('[K4] unmasked %s', (_, back, id, words) => {
    const guess = guessMask(frame, 6, back);
    expect(guess?.id).toBe(id);
    expect(guess?.how.en).toContain(words);
  });

  it('[K4] a key that starts again where the payload was cut', () => {
    const back = Buffer.concat([plain.subarray(0, 5), maskedPayload(masked.subarray(5))]);
    expect(guessMask(frame, 6, back, 5)?.how.en).toContain('after byte 5 the key started again');
  });

  it('[K4] a key from the wrong place in the frame', () => {
    const long = Buffer.from('x'.repeat(300));
    const sent = bytesOf(text(long));
    const key = sent.subarray(2, 6);
    const back = Buffer.from(sent.subarray(8).map((byte, i) => byte ^ (key[i % 4] ?? 0)));
    expect(guessMask(sent, 8, back)?.how.en).toContain('Bytes 2 to 5 of the frame were taken for the key');
  });

  it('[K4] nothing is guessed for what is right, and for what no slip makes', () => {
    expect(guessMask(frame, 6, plain)).toBeUndefined();
    expect(guessMask(frame, 6, Buffer.from('quite another text'))).toBeUndefined();
  });
});

describe('a length that a server wrote wrongly', () => {
  const payload = Buffer.alloc(300, 0x61);
  const after = (head: string, body = payload): Buffer => Buffer.concat([Buffer.from(head, 'hex'), body]);

  it.each([
    ['low byte first', after('817e2c01'), 'length16-byte-order'],
    ['one byte', after('812c'), 'length16-unread'],
    ['something else', after('81ff00'), 'length16-unread'],
  ])('[K4] %s', (_, bytes, id) => {
    expect(lengthFault(bytes, payload, 0x81)?.id).toBe(id);
  });

  it('[K4] characters, 32 bits, the wrong order of 64', () => {
    const chinese = Buffer.from('你好');
    expect(lengthFault(after('8102', chinese), chinese, 0x81)?.id).toBe('length-in-characters');
    const large = Buffer.alloc(70_000, 0x61);
    expect(lengthFault(after('817f00011170', large), large, 0x81)?.id).toBe('length64-as-32');
    expect(lengthFault(after('817f7011010000000000', large), large, 0x81)?.id).toBe('length64-byte-order');
  });

  it('[K4] a right length, and a payload that is not there, are no faults', () => {
    expect(lengthFault(after('817e012c'), payload, 0x81)).toBeUndefined();
    expect(lengthFault(Buffer.from('8100', 'hex'), payload, 0x81)).toBeUndefined();
  });
});
