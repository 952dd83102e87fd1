import { describe, expect, it } from 'vitest';
import {
  acceptSteps,
  assertHeaders,
  assertSubprotocols,
  headersFor,
  pathOf,
  readUpgradeRequest,
  readUpgradeResponse,
  writeAcceptance,
  writeRefusal,
  writeUpgradeRequest,
} from './handshake.ts';
import { parseRequestHead, parseResponseHead } from './http-head.ts';
import { WireError } from './wire-error.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';
const FIELDS = {
  Host: ['server.example.com'],
  Upgrade: ['websocket'],
  Connection: ['Upgrade'],
  'Sec-WebSocket-Key': [KEY],
  'Sec-WebSocket-Version': ['13'],
};

/** A good request with some fields replaced, judged; the result or the error as a short text. */
function judge(changes: Record<string, readonly string[]> = {}, line = 'GET /chat HTTP/1.1'): string {
  const fields: Record<string, readonly string[]> = { ...FIELDS, ...changes };
  const lines = Object.entries(fields).flatMap(([name, values]) =>
    values.map((value) => `${name}: ${value}`),
  );
  const head = parseRequestHead(Buffer.from(`${[line, ...lines].join('\r\n')}\r\n\r\n`), 100);
  try {
    const { key, path, subprotocols } = readUpgradeRequest(head);
    return [key, path, ...subprotocols].join(' ');
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return `${error.httpStatus} ${error.code}`;
  }
}

describe('accept value', () => {
  it('[W4] is that of section 1.3, step by step', () => {
    expect(acceptSteps(KEY)).toEqual({
      key: KEY,
      guid: '258EAFA5-E914-47DA-95CA-C5AB0DC85B11',
      sha1: 'b37a4f2cc0624f1690f64606cf385945b2bec4ea',
      accept: ACCEPT,
    });
  });
});

describe('upgrade request', () => {
  it('[W3] takes the example of section 1.2', () => {
    expect(judge({ 'Sec-WebSocket-Protocol': ['chat, superchat'] })).toBe(`${KEY} /chat chat superchat`);
  });

  it('[W3] takes lists over several fields, in any case', () => {
    expect(judge({ Upgrade: ['h2c, WebSocket'], Connection: ['keep-alive', 'foo, uPGRADE'] })).toBe(
      `${KEY} /chat`,
    );
    expect(judge({ 'Sec-WebSocket-Protocol': ['a', 'b,c'] })).toBe(`${KEY} /chat a b c`);
  });

  it('[W3] refuses what breaks a rule, with the right status', () => {
    const cases: readonly (readonly [string, Record<string, readonly string[]>])[] = [
      ['400 host-invalid', { Host: [] }],
      ['400 host-invalid', { Host: ['a', 'a'] }],
      ['400 host-invalid', { Host: [''] }],
      ['400 host-invalid', { Host: ['a b'] }],
      ['426 upgrade-missing', { Upgrade: [] }],
      ['426 upgrade-missing', { Upgrade: ['websockets'] }],
      ['400 connection-missing', { Connection: [] }],
      ['400 connection-missing', { Connection: ['keep-alive'] }],
      ['426 version-unsupported', { 'Sec-WebSocket-Version': [] }],
      ['426 version-unsupported', { 'Sec-WebSocket-Version': ['8'] }],
      ['426 version-unsupported', { 'Sec-WebSocket-Version': ['013'] }],
      ['426 version-unsupported', { 'Sec-WebSocket-Version': ['13, 8'] }],
      ['400 version-repeated', { 'Sec-WebSocket-Version': ['13', '13'] }],
      ['400 key-invalid', { 'Sec-WebSocket-Key': [] }],
      ['400 key-invalid', { 'Sec-WebSocket-Key': [KEY, KEY] }],
      ['400 key-invalid', { 'Sec-WebSocket-Key': ['c2hvcnQ='] }],
      ['400 key-invalid', { 'Sec-WebSocket-Key': [`${KEY}AAAA`] }],
      ['400 key-invalid', { 'Sec-WebSocket-Key': ['dGhlIHNhbXBsZSBub25j*Q=='] }],
      ['400 request-has-body', { 'Content-Length': ['5'] }],
      ['400 request-has-body', { 'Transfer-Encoding': ['chunked'] }],
      ['400 subprotocols-malformed', { 'Sec-WebSocket-Protocol': ['a b'] }],
      ['400 subprotocols-malformed', { 'Sec-WebSocket-Protocol': ['a,,b'] }],
      ['400 subprotocols-malformed', { 'Sec-WebSocket-Protocol': ['a, a'] }],
      ['400 subprotocols-malformed', { 'Sec-WebSocket-Protocol': [''] }],
    ];
    for (const [expected, changes] of cases) expect(judge(changes), JSON.stringify(changes)).toBe(expected);
    expect(judge({ 'Content-Length': ['0'] })).toBe(`${KEY} /chat`);
  });

  it('[W3] refuses other methods, versions and targets', () => {
    expect(judge({}, 'POST / HTTP/1.1')).toBe('405 method-not-get');
    expect(judge({}, 'get / HTTP/1.1')).toBe('405 method-not-get');
    expect(judge({}, 'GET / HTTP/1.0')).toBe('505 http-version');
    expect(judge({}, 'GET / HTTP/2.0')).toBe('505 http-version');
    expect(judge({}, 'GET * HTTP/1.1')).toBe('400 target-invalid');
    expect(judge({}, 'GET chat HTTP/1.1')).toBe('400 target-invalid');
    expect(judge({}, 'GET /#a HTTP/1.1')).toBe('400 target-invalid');
    expect(judge({}, 'GET http://a.example/x?y HTTP/1.1')).toBe(`${KEY} /x`);
  });

  it('[W3] reads lists in linear time', () => {
    const blanks = ' '.repeat(200_000);
    expect(judge({ 'Sec-WebSocket-Protocol': [`a${blanks}b`] })).toBe('400 subprotocols-malformed');
    expect(judge({ 'Sec-WebSocket-Protocol': [`a,${blanks}b${blanks}`] })).toBe(`${KEY} /chat a b`);
    expect(judge({ Connection: [`${`x${blanks},`.repeat(5)}upgrade`] })).toBe(`${KEY} /chat`);
  });

  it('finds the path of a target', () => {
    expect(['/', '/a/b?c=/d', '/?x', 'http://a', 'ws://a:8/b?c', 'http://a?x'].map(pathOf)).toEqual([
      '/',
      '/a/b',
      '/',
      '/',
      '/b',
      '/',
    ]);
    expect(['*', '', 'a:80', '/a#b'].map(pathOf)).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('answers', () => {
  it('[W4] accepts with 101', () => {
    expect(writeAcceptance(ACCEPT, 'chat', { 'X-Y': 'z' }).toString()).toBe(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${ACCEPT}\r\nSec-WebSocket-Protocol: chat\r\nX-Y: z\r\n\r\n`,
    );
    expect(writeAcceptance(ACCEPT, '').toString()).not.toContain('Protocol:');
  });

  it('[W7] refuses with a sentence, its length in bytes, and an end', () => {
    const text = writeRefusal(403, 'Nö.', { 'X-Y': 'z' }).toString();
    expect(text).toContain('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n');
    expect(text).toContain('Content-Length: 5\r\nX-Y: z\r\n\r\nNö.\n');
    expect(writeRefusal(599, 'x').toString()).toContain('HTTP/1.1 599 Refused\r\n');
  });

  it('[W3] names what would have been right', () => {
    expect(headersFor(new WireError('version-unsupported'))).toMatchObject({ 'Sec-WebSocket-Version': '13' });
    expect(headersFor(new WireError('method-not-get'))).toEqual({ Allow: 'GET' });
    expect(headersFor(new WireError('key-invalid'))).toEqual({});
  });
});

describe('client', () => {
  const offer = { host: 'a:8', target: '/x', key: KEY, subprotocols: ['chat', 'superchat'] };

  function answer(text: string, subprotocols: readonly string[] = offer.subprotocols): string {
    const head = parseResponseHead(Buffer.from(`${text}\r\n\r\n`), 100);
    try {
      return `took "${readUpgradeResponse(head, { key: KEY, subprotocols })}"`;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return `${error.code} ${error.httpStatus ?? ''}`.trimEnd();
    }
  }
  const good = `HTTP/1.1 101 x\r\nupgrade: WebSocket\r\nconnection: upgrade\r\nSec-WebSocket-Accept: ${ACCEPT}`;

  it('writes a request that a server takes', () => {
    const head = parseRequestHead(writeUpgradeRequest({ ...offer, headers: { Cookie: 'a=1' } }), 100);
    expect(readUpgradeRequest(head)).toEqual({
      key: KEY,
      path: '/x',
      subprotocols: ['chat', 'superchat'],
      extensions: [],
    });
    expect(head.headers.get('cookie')).toBe('a=1');
    const plain = parseRequestHead(writeUpgradeRequest({ ...offer, subprotocols: [] }), 100);
    expect(plain.headers.has('sec-websocket-protocol')).toBe(false);
  });

  it('[W12] takes a good answer', () => {
    expect(answer(good)).toBe('took ""');
    expect(answer(`${good}\r\nSec-WebSocket-Protocol: superchat`)).toBe('took "superchat"');
  });

  it('[W12] refuses everything else', () => {
    expect(answer('HTTP/1.1 403 Forbidden')).toBe('response-refused 403');
    expect(answer(good.replace('101', '200'))).toBe('response-refused 200');
    expect(answer(good.replace('HTTP/1.1', 'HTTP/1.0'))).toBe('response-invalid');
    expect(answer(good.replace('WebSocket', 'h2c'))).toBe('response-invalid');
    expect(answer(good.replace('connection: upgrade', 'connection: close'))).toBe('response-invalid');
    expect(answer(good.replace(ACCEPT, ACCEPT.toLowerCase()))).toBe('accept-mismatch');
    expect(answer(`${good}\r\nSec-WebSocket-Accept: ${ACCEPT}`)).toBe('accept-mismatch');
    expect(answer(`${good}\r\nSec-WebSocket-Extensions: permessage-deflate`)).toBe('extension-unoffered');
    expect(answer(`${good}\r\nSec-WebSocket-Protocol: other`)).toBe('subprotocol-unoffered');
    expect(answer(`${good}\r\nSec-WebSocket-Protocol: chat`, [])).toBe('subprotocol-unoffered');
    expect(answer(`${good}\r\nSec-WebSocket-Protocol: chat, superchat`)).toBe('subprotocol-unoffered');
    const twice = `${good}\r\nSec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: chat`;
    expect(answer(twice)).toBe('subprotocol-unoffered');
  });
});

describe('what a program may put into a handshake', () => {
  it('no header that would break the message or speak for the engine', () => {
    assertHeaders({ 'Set-Cookie': 'a=1', 'X-Umlaut': 'é' });
    for (const bad of [
      { 'A B': 'x' },
      { A: 'x\r\nB: y' },
      { A: '\0' },
      { A: '€' },
      { upgrade: 'x' },
      { Host: 'x' },
    ]) {
      expect(() => assertHeaders(bad), JSON.stringify(bad)).toThrow(TypeError);
    }
  });

  it('no subprotocol that is no token, or there twice', () => {
    assertSubprotocols(['a', 'wireroom.v1']);
    for (const bad of [['a b'], [''], ['a', 'a'], ['a,b']])
      expect(() => assertSubprotocols(bad)).toThrow(TypeError);
  });
});
