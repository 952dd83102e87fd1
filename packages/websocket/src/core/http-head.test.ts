import { describe, expect, it } from 'vitest';
import { HeadCollector, parseRequestHead, parseResponseHead } from './http-head.ts';
import { WireError } from './wire-error.ts';

const REQUEST = 'GET /chat?x=1 HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\n\r\n';

function collect(text: string, bytesMax = 1000, size = text.length): string {
  const collector = new HeadCollector(bytesMax);
  try {
    for (let at = 0; at < text.length; at += size) {
      const length = collector.push(Buffer.from(text.slice(at, at + size), 'latin1'));
      if (length !== undefined) return `${length} of ${collector.received.length}`;
    }
    return 'more';
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

function parse(text: string): ReturnType<typeof parseRequestHead> {
  return parseRequestHead(Buffer.from(text, 'latin1'), 100);
}

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'no error';
  } catch (error) {
    return error instanceof WireError ? error.code : String(error);
  }
}

describe('head collector', () => {
  it('finds the end of the head, and keeps what follows', () => {
    expect(collect(REQUEST)).toBe(`${REQUEST.length} of ${REQUEST.length}`);
    expect(collect(`${REQUEST}abc`)).toBe(`${REQUEST.length} of ${REQUEST.length + 3}`);
    expect(collect(REQUEST.slice(0, -1))).toBe('more');
  });

  it('[W24] finds it wherever the bytes are cut', () => {
    for (let size = 1; size < REQUEST.length; size++) {
      expect(collect(REQUEST, 1000, size)).toMatch(new RegExp(`^${REQUEST.length} of `));
    }
  });

  it('[W1] refuses a head that is too long, not one that just fits, whatever follows it', () => {
    expect(collect(REQUEST, REQUEST.length)).toBe(`${REQUEST.length} of ${REQUEST.length}`);
    expect(collect(REQUEST + 'x'.repeat(5000), REQUEST.length)).toContain(`${REQUEST.length} of`);
    expect(collect(REQUEST, REQUEST.length - 1)).toContain('head-too-large');
    expect(collect('x'.repeat(1000), 1000, 1)).toContain('head-too-large');
    expect(collect('x'.repeat(999), 1000, 1)).toBe('more');
  });

  it('[W2] refuses the first byte that cannot be', () => {
    expect(collect('GET / HTTP/1.1\n')).toContain('ends with LF');
    expect(collect('\n')).toContain('ends with LF');
    expect(collect('GET / HTTP/1.1\rH')).toContain('ends with CR');
    expect(collect('GET / HTTP/1.1\r\r')).toContain('ends with CR');
    expect(collect('GET / HTTP/1.1\r\nA: \0')).toContain('0x00');
    expect(collect('\x16\x03\x01\x02\x00')).toContain('0x16');
    expect(collect('A: \x7f')).toContain('0x7f');
    expect(collect('\r\n')).toContain('first line is empty');
    expect(collect('GET / HTTP/1.1\r\nA:\tb\xff\r\n\r\n')).toBe('25 of 25');
  });
});

describe('request head', () => {
  it('gives the parts of the request line and the fields', () => {
    const head = parse('GET /chat?x=1 HTTP/1.1\r\nHost: a\r\nX-Y:\t one  \r\nx-y: two\r\nEmpty:\r\n\r\n');
    expect(head).toMatchObject({ method: 'GET', target: '/chat?x=1', httpVersion: '1.1' });
    expect(head.headers.get('X-y')).toBe('one, two');
    expect(head.headers.all('x-Y')).toEqual(['one', 'two']);
    expect(head.headers.get('empty')).toBe('');
    expect(head.headers.get('missing')).toBeUndefined();
    expect(head.headers.raw).toEqual([
      ['Host', 'a'],
      ['X-Y', 'one'],
      ['x-y', 'two'],
      ['Empty', ''],
    ]);
    expect([...head.headers].map(([name]) => name)).toEqual(['host', 'x-y', 'empty']);
  });

  it('joins cookies with a semicolon, and knows no name by accident', () => {
    const { headers } = parse('GET / HTTP/1.1\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n');
    expect(headers.get('cookie')).toBe('a=1; b=2');
    for (const name of ['constructor', '__proto__', 'toString']) expect(headers.get(name)).toBeUndefined();
  });

  it('[W2] refuses bad request lines', () => {
    const bad = [
      'GET /',
      'GET / HTTP/1',
      'GET / HTTP/1.10',
      'GET / http/1.1',
      'GET  / HTTP/1.1',
      ' GET / HTTP/1.1',
      'GET / HTTP/1.1 ',
      'G@T / HTTP/1.1',
      'GET /\xe4 HTTP/1.1',
      'GET /a b HTTP/1.1',
      'GET\t/ HTTP/1.1',
      'hello',
    ];
    for (const line of bad)
      expect(
        codeOf(() => parse(`${line}\r\n\r\n`)),
        line,
      ).toBe('head-malformed');
  });

  it('[W2] refuses folding, missing colons, bad names and blanks before the colon', () => {
    const bad = [' folded', '\tfolded', 'nocolon', ': novalue', 'A : b', 'A\t: b', 'A(: b', 'Ä: b', ''];
    for (const line of bad) {
      const text = `GET / HTTP/1.1\r\nHost: a\r\n${line}\r\nB: c\r\n\r\n`;
      expect(
        codeOf(() => parse(text)),
        line,
      ).toBe('head-malformed');
    }
  });

  it('[W1] bounds the number of fields', () => {
    const head = (count: number) => Buffer.from(`GET / HTTP/1.1\r\n${'A: b\r\n'.repeat(count)}\r\n`);
    expect(parseRequestHead(head(100), 100).headers.all('a')).toHaveLength(100);
    expect(codeOf(() => parseRequestHead(head(101), 100))).toBe('head-too-many-headers');
  });

  it('takes blanks off a value in linear time', () => {
    const text = `GET / HTTP/1.1\r\nA: x${' '.repeat(500_000)}y${' '.repeat(500_000)}\r\n\r\n`;
    expect(parse(text).headers.get('a')).toHaveLength(500_002);
  });
});

describe('response head', () => {
  it('gives status, reason and fields', () => {
    const parseText = (text: string) => parseResponseHead(Buffer.from(text), 10);
    expect(parseText('HTTP/1.1 101 Switching Protocols\r\nA: b\r\n\r\n')).toMatchObject({
      status: 101,
      reason: 'Switching Protocols',
      httpVersion: '1.1',
    });
    expect(parseText('HTTP/1.1 200\r\n\r\n')).toMatchObject({ status: 200, reason: '' });
    expect(codeOf(() => parseText('HTTP/1.1 9 No\r\n\r\n'))).toBe('head-malformed');
    expect(codeOf(() => parseText('ICY 200 OK\r\n\r\n'))).toBe('head-malformed');
  });
});
