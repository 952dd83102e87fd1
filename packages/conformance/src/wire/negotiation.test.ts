import { describe, expect, it } from 'vitest';
import { agreementOf, answerTo, type Element, faultOf, misfitOf, readElements } from './negotiation.ts';

const one = (field: string): Element => readElements(field)[0] ?? { name: '', parameters: new Map() };

describe('faultOf', () => {
  it.each([
    '',
    '; server_no_context_takeover',
    '; client_max_window_bits=8',
    '; server_max_window_bits="15"',
  ])('finds none in "%s"', (parameters) =>
    expect(faultOf(one(`permessage-deflate${parameters}`))).toBeUndefined(),
  );

  it.each([
    'x-other',
    'permessage-deflate; x',
    'permessage-deflate; server_no_context_takeover=1',
    'permessage-deflate; client_max_window_bits',
    'permessage-deflate; client_max_window_bits=08',
    'permessage-deflate; client_max_window_bits=16',
    'permessage-deflate; server_no_context_takeover; server_no_context_takeover',
  ])('finds one in "%s"', (field) => expect(faultOf(one(field))).toBeTypeOf('string'));
});

describe('misfitOf', () => {
  const fits = (answer: string, offers: string): boolean =>
    misfitOf(one(`permessage-deflate${answer}`), readElements(offers)) === undefined;

  it('lets a server bind itself further, and not less', () => {
    expect(fits('; server_max_window_bits=9', 'permessage-deflate; server_max_window_bits=10')).toBe(true);
    expect(fits('; server_max_window_bits=11', 'permessage-deflate; server_max_window_bits=10')).toBe(false);
    expect(fits('', 'permessage-deflate; server_max_window_bits=10')).toBe(false);
    expect(fits('; server_no_context_takeover', 'permessage-deflate')).toBe(true);
    expect(fits('', 'permessage-deflate; server_no_context_takeover')).toBe(false);
  });

  it('lets a server bind the client where that was offered', () => {
    expect(fits('; client_max_window_bits=9', 'permessage-deflate')).toBe(false);
    expect(fits('; client_max_window_bits=9', 'permessage-deflate; client_max_window_bits')).toBe(true);
    expect(fits('; client_max_window_bits=12', 'permessage-deflate; client_max_window_bits=11')).toBe(false);
    expect(fits('; client_no_context_takeover', 'permessage-deflate')).toBe(true);
  });

  it('takes the offer that fits, whichever it is', () => {
    expect(fits('', 'permessage-deflate; server_max_window_bits=10, permessage-deflate')).toBe(true);
  });
});

describe('answerTo', () => {
  it('grants what is asked of the server and binds the client', () => {
    const offers = readElements('permessage-deflate; server_max_window_bits=10; client_max_window_bits');
    const answer = answerTo(offers, { noContextTakeover: true, windowBits: 9 });
    expect(answer).toBe(
      'permessage-deflate; server_max_window_bits=10; client_no_context_takeover; client_max_window_bits=9',
    );
    expect(misfitOf(one(answer ?? ''), offers)).toBeUndefined();
    expect(agreementOf(one(answer ?? '').parameters)).toEqual({
      server: { keepsHistory: true, windowBits: 10 },
      client: { keepsHistory: false, windowBits: 9 },
    });
  });

  it('has none for a client that cannot be bound so', () => {
    expect(answerTo(readElements('permessage-deflate'), { windowBits: 9 })).toBeUndefined();
    expect(answerTo([], {})).toBeUndefined();
  });
});
