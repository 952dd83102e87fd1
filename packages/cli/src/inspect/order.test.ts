// What typed lines ask for.
import { describe, expect, it } from 'vitest';
import { addressOf } from './address.ts';
import { readArguments } from './arguments.ts';
import { socketIoDialect } from './dialect.ts';
import { describeFailure } from './failure.ts';
import { INSPECT_LIMITS } from './limits.ts';
import { orderOf } from './order.ts';
import { RefusalBody } from './refusal-body.ts';

describe('a typed line', () => {
  it.each([
    ['hello', { do: 'send', text: 'hello' }],
    ['//etc', { do: 'send', text: '/etc' }],
    ['/ping abc', { do: 'ping', payload: 'abc' }],
    ['/close', { do: 'close', code: 'none', reason: '' }],
    ['/close 4000 see you', { do: 'close', code: 4000, reason: 'see you' }],
    ['/binary 00 ff', { do: 'send-bytes', bytes: Buffer.from([0, 255]) }],
    ['/hex 8100', { do: 'raw', bytes: Buffer.from([0x81, 0]) }],
    ['/fragments 3 abcdef', { do: 'fragments', count: 3, text: 'abcdef' }],
    ['/file a b.txt', { do: 'send-file', path: 'a b.txt' }],
    ['/quit', { do: 'quit' }],
  ])('[N3] %s', (line, order) => {
    expect(orderOf(line, true)).toEqual(order);
  });

  it.each([
    ['/nope', 'There is no /nope'],
    [`/ping ${'x'.repeat(126)}`, '125 bytes at most'],
    [`/close 1000 ${'x'.repeat(124)}`, '123 bytes at most'],
    ['/close now', '/close takes a code'],
    ['/hex 0', 'pairs of hexadecimal digits'],
    [`/fragments ${INSPECT_LIMITS.fragmentsMax + 1} x`, `from 1 to ${INSPECT_LIMITS.fragmentsMax}`],
  ])('[N3] %s is refused in a sentence', (line, part) => {
    const order = orderOf(line, true);
    expect(order.do === 'refuse' && order.why).toContain(part);
  });

  it('[N3] of a pipe is a message, slash or not, unless commands were asked for', () => {
    expect(orderOf('/ping', false)).toEqual({ do: 'send', text: '/ping' });
  });
});

describe('an address', () => {
  it.each([
    ['ws://h:1/p?q=1', 'ws://h:1/p?q=1', 'websocket', 0],
    ['http://h/', 'ws://h/', 'websocket', 1],
    ['https://h/x', 'wss://h/x', 'websocket', 1],
    ['h:8090', 'ws://h:8090/', 'websocket', 1],
    ['ws://h/#part', 'ws://h/', 'websocket', 1],
    [
      'ws://h/socket.io/?EIO=4&transport=websocket',
      'ws://h/socket.io/?EIO=4&transport=websocket',
      'socketio',
      0,
    ],
  ])('[N1] %s', (typed, url, dialect, remarks) => {
    const address = addressOf(typed, false);
    expect([address.url.href, address.dialect, address.remarks.length]).toEqual([url, dialect, remarks]);
  });

  it('[N1] for Socket.IO gets what Engine.IO needs to know', () => {
    expect(addressOf('http://h', true).url.href).toBe('ws://h/socket.io/?EIO=4&transport=websocket');
    expect(() => addressOf('ws://h/socket.io/?EIO=3', false)).toThrow('spoken here as EIO=4');
  });

  it('[N1] gives its credentials to a header', () => {
    const { url, credentials } = addressOf('ws://ada:s%40me@h/', false);
    expect([url.href, credentials]).toEqual(['ws://h/', 'ada:s@me']);
  });

  it('[N1] that is none is a mistake of the command', () => {
    expect(() => addressOf('ftp://h', false)).toThrow('no address of a WebSocket');
    expect(() => addressOf('ws://', false)).toThrow('no address of a WebSocket');
  });
});

it('[N2] reads what people type for wscat', () => {
  const given = readArguments([
    ...['-c', 'wss://h/p', '-H', 'X-A: 1', '-s', 'a,b', '-o', 'https://o', '-n', '--auth', 'u:p'],
    ...['-x', 'one', '-x', 'two', '-w', '-1', '-P', '--slash', '-L', '--no-color'],
  ]);
  if (given === 'help') throw new Error('help was not asked for');
  expect(given.to.kind === 'connect' && given.to.address.url.href).toBe('wss://h/p');
  expect(given.headers).toEqual({ 'X-A': '1', Origin: 'https://o', Authorization: 'Basic dTpw' });
  expect(given).toMatchObject({
    subprotocols: ['a', 'b'],
    tls: { rejectUnauthorized: false },
    execute: ['one', 'two'],
    waitMs: undefined,
    hasSlashCommands: true,
    redirectsMax: INSPECT_LIMITS.redirectsMax,
    showsSecrets: false,
  });
});

it.each([
  [[], 'Which server?'],
  [['ws://a', 'ws://b'], 'One URL at a time'],
  [['ws://a', '-l', '1'], 'not both'],
  [['ws://a', '--json', '-q'], 'not both'],
  [['ws://a', '-H', 'nothing'], 'a header such as'],
  [['ws://a', '-w', 'soon'], 'Unknown option|it must be seconds'],
  [['ws://a', '--max-redirects', '11'], 'from 0 to 10'],
  [['ws://a', '-p', '8'], 'version 13'],
  [['ws://a', '--ca', '/nowhere'], 'a file that can be read'],
  [['ws://a', '--frob'], "Unknown option '--frob'"],
])('[N2] %j is a mistake that is told in a sentence', (args, part) => {
  expect(() => readArguments(args)).toThrow(new RegExp(part));
});

it('[N4] in Socket.IO a line is an event, and hello and heartbeat are answered', async () => {
  const dialect = socketIoDialect('message');
  expect(dialect.answer('0{"sid":"x"}')).toBe('40');
  expect(dialect.answer('2')).toBe('3');
  expect(dialect.answer('42["message","x"]')).toBeUndefined();
  expect(dialect.encode('hi')).toBe('42["message","hi"]');
  expect(dialect.encode('{"type":"CHAT"}')).toBe('42["message",{"type":"CHAT"}]');
  expect(dialect.encode('{not json')).toBe('42["message","{not json"]');
  dialect.answer('40{"sid":"y"}');
  await dialect.ready;
});

it('[N6] the body of a refusal is bounded, and chunks are put together', () => {
  const body = new RefusalBody();
  body.add(Buffer.from('HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'));
  body.add(Buffer.from('2\r\nde\r\n0\r\n\r\n'));
  expect(body.text()).toBe('abcde');
  const long = new RefusalBody();
  long.add(Buffer.from(`HTTP/1.1 403 No\r\n\r\n${'x'.repeat(INSPECT_LIMITS.refusalBodyBytesMax * 3)}`));
  expect(long.text().length).toBe(INSPECT_LIMITS.refusalBodyBytesMax);
});

it('[N6] what is no error of the wire is told by its own words', () => {
  expect(describeFailure(new Error('it broke'), new URL('ws://h'))).toBe('it broke.');
});
