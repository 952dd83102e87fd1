// HAR out and in.
import { expect, it } from 'vitest';
import { decode } from '../decode/decode.ts';
import { frame, Wire } from '../testing/wire.ts';
import { fromHar, toHar } from './har.ts';

const KEY = [1, 2, 3, 4];

it('[K25] has one entry a connection with its handshake and messages, as Chrome writes them', () => {
  const wire = new Wire().handshake({ target: '/ws?a=1' }).add('in', frame({ payload: '你好', key: KEY }));
  wire.add('out', frame({ opcode: 2, payload: Uint8Array.from([1, 2, 255]) }));
  const har: unknown = JSON.parse(toHar([wire.capture]));
  expect(har).toMatchObject({
    log: {
      version: '1.2',
      entries: [
        {
          startedDateTime: '1970-01-01T00:00:01.000Z',
          request: {
            method: 'GET',
            url: 'ws://127.0.0.1:8090/ws?a=1',
            queryString: [{ name: 'a', value: '1' }],
          },
          response: { status: 101, statusText: 'Switching Protocols' },
          _resourceType: 'websocket',
          _webSocketMessages: [
            { type: 'send', time: 1.003, opcode: 1, data: '你好' },
            { type: 'receive', time: 1.004, opcode: 2, data: 'AQL/' },
          ],
        },
      ],
    },
  });
});

it('[K25] what is in a HAR file comes back: handshake and messages; that frames are made up is said', () => {
  const texts = ['a', 'b'.repeat(200), 'c'.repeat(70_000)];
  const wire = new Wire().handshake();
  for (const text of texts)
    wire.add('in', frame({ payload: text, key: KEY })).add('out', frame({ payload: text }));
  const [capture] = fromHar(toHar([wire.capture]));
  const decoded = decode(capture ?? { records: [] });
  expect(decoded.messages.map(({ text }) => text)).toEqual(texts.flatMap((text) => [text, text]));
  expect(decoded.handshake).toMatchObject({ isAcceptRight: true, faults: [] });
  expect(decoded.frames.flatMap(({ faults }) => faults)).toEqual([]);
  expect(capture?.records[1]).toMatchObject({ kind: 'note', id: 'from-har' });
});

it.each([
  ['nothing', 'This is no HAR file: it is no JSON.'],
  ['{}', 'This is no HAR file: log:'],
  ['{"log":{"entries":[{}]}}', 'No WebSocket is in the HAR file'],
  ['{"log":{"entries":[{},{"_webSocketMessages":[]}]}}', 'Entry 2 of the HAR file: startedDateTime:'],
])('[K25] what is wrong is said: %s', (text, message) => {
  expect(() => fromHar(text)).toThrow(message);
});
