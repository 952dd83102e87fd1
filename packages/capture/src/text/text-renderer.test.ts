// A capture as text.
import { expect, it } from 'vitest';
import { closePayload, frame, Wire } from '../testing/wire.ts';
import { TextRenderer, textOf } from './text-renderer.ts';

const KEY = [0x37, 0xfa, 0x21, 0x3d];

function talk(): Wire {
  const wire = new Wire().handshake();
  wire.add('in', frame({ payload: '{"type":"ping","ref":1}', key: KEY }));
  wire.add('out', frame({ fin: false, payload: 'ab' })).add('out', frame({ opcode: 0, payload: 'c' }));
  wire.add('out', frame({ opcode: 2, payload: new Uint8Array(40) }));
  wire.add('out', frame({ opcode: 8, payload: closePayload(1006) }));
  return wire;
}

it('[K15] shows handshake, frames, messages, meaning and faults, one calm line each', () => {
  expect(
    textOf(talk().capture, { times: false, hexBytesMax: 4 }),
  ).toBe(`connection c1, 127.0.0.1:50000 → 127.0.0.1:8090, native
→ GET /ws HTTP/1.1
  Host: 127.0.0.1:8090
  Upgrade: websocket
  Connection: Upgrade
  Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
  Sec-WebSocket-Version: 13
← HTTP/1.1 101 Switching Protocols
  Upgrade: websocket
  Connection: Upgrade
  Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
→ text frame, 23 bytes, masked with 37fa213d
  {"type":"ping","ref":1}
  = command ping, ref 1
← text frame, 2 bytes, FIN 0
  61 62
← continuation frame, 1 byte
  63
  = text message of 2 frames, 3 bytes
  abc
← binary frame, 40 bytes
  00 00 00 00 … (36 more bytes)
← close frame, 2 bytes
  1006 abnormal closure
  ✗ The close code 1006 must not be sent. (RFC 6455 section 7.4)
`);
});

it('[K15] has times since the first record, and says what did not come whole', () => {
  const wire = new Wire().handshake().add('in', frame({ payload: 'abc', key: KEY }).subarray(0, 8));
  const lines = textOf(wire.capture).trimEnd().split('\n');
  expect(lines[1]).toBe('   1.000 ms  → GET /ws HTTP/1.1');
  expect(lines.at(-1)).toBe(
    '   3.000 ms  → text frame, 3 bytes, masked with 37fa213d, of which only 8 bytes came',
  );
});

it('[K15] the same lines come record by record, and each piece is painted', () => {
  const renderer = new TextRenderer({ times: false });
  const lines = talk().records.flatMap((record) => renderer.push(record));
  expect(`${[...lines, ...renderer.end()].join('\n')}\n`).toBe(textOf(talk().capture, { times: false }));
  const painted = textOf(talk().capture, { paint: (kind, text) => `<${kind}>${text}</>` });
  expect(painted).toContain('<in>→</> <title>GET /ws HTTP/1.1</>');
  expect(painted).toContain('<meaning>= command ping, ref 1</>');
});

it('[K16] nothing from the wire steers a terminal', () => {
  const evil = '\x1b]0;owned\x07\u202e\u009b31m\n';
  const wire = new Wire().handshake({ request: ['User-Agent: \x1b[2J'] });
  wire
    .add('out', frame({ payload: evil }))
    .add('out', frame({ opcode: 8, payload: closePayload(1000, evil) }));
  const text = textOf(wire.capture);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  expect(text.replaceAll('\n', '')).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
  expect(text).toContain('\\x1b]0;owned\\x07\\u{202e}\\x9b31m\\n');
});
