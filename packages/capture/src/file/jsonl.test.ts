// Captures as lines of JSON.
import { expect, it } from 'vitest';
import type { Capture, CaptureRecord } from '../record.ts';
import { frame, OPEN, Wire } from '../testing/wire.ts';
import { fromJsonl, toJsonl } from './jsonl.ts';

const OTHERS: readonly CaptureRecord[] = [
  {
    kind: 'verdict',
    at: 1,
    about: 'origin',
    isAllowed: false,
    rule: 'same-host',
    reason: 'No.',
    value: 'http://x',
  },
  {
    kind: 'station',
    at: 2,
    station: 'delivered',
    seq: 1,
    reader: { gateway: 'native', bufferedBytes: 0, isBehind: false },
  },
  { kind: 'resume', at: 3, roomId: 'r', position: { epoch: 'e', seq: 9 }, answer: 'gap', entriesReplayed: 3 },
  { kind: 'client', at: 4, moment: 'heard', bytes: 12, message: { direction: 'out', index: 4 } },
  { kind: 'clock', at: 5, offset: -3.5, uncertainty: 2 },
  { kind: 'poll', at: 6, direction: 'out', method: 'GET', status: 200, head: 'HTTP/1.1 200 OK', body: '40' },
  { kind: 'dropped', at: 7, records: 1, bytes: 2 },
  { kind: 'note', at: 8, id: 'n', text: '注意' },
  {
    kind: 'close',
    at: 9,
    code: 1006,
    reason: '',
    wasClean: false,
    begunBy: 'server',
    error: { code: 'c', message: 'm' },
  },
];

it('[K22] every record comes back as it was, of several captures as well', () => {
  const first: Capture = {
    records: [
      ...new Wire().handshake().add('out', frame({ payload: '你好' }), {
        hidden: [[0, 1]],
        anchor: { frameAt: 0, frames: 0, messages: 0, isInMessage: false },
      }).records,
      ...OTHERS,
    ],
  };
  const second: Capture = {
    records: [{ ...OPEN, connectionId: 'c2', tls: { protocol: 'TLSv1.3', cipher: 'x' } }],
  };
  expect(fromJsonl(toJsonl([first, second]))).toEqual([first, second]);
  expect(fromJsonl(toJsonl([first]).replaceAll('\n', '\r\n'))).toEqual([first]);
});

it.each([
  ['', 'Line 1: this is no capture of Wireroom'],
  ['{"a":1}', 'Line 1: this is no capture of Wireroom'],
  ['{"format":"wireroom-capture","version":2}', 'Line 1: the file has version 2'],
  ['{"format":"wireroom-capture","version":1}\n\nnothing', 'Line 3: this is no JSON object.'],
  [
    '{"format":"wireroom-capture","version":1}\n{"kind":"clock","at":1,"offset":1,"uncertainty":1}',
    'Line 2: a capture begins',
  ],
  [
    `${toJsonl([{ records: [OPEN] }])}{"kind":"bytes","at":1,"direction":"in","offset":0,"bytes":"?"}`,
    'Line 3: bytes: this is no Base64',
  ],
])('[K22] what is wrong is said with its line: %j', (text, message) => {
  expect(() => fromJsonl(text)).toThrow(message);
});
