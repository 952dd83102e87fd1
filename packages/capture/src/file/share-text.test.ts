// A capture in a link.
import { deflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { decode } from '../decode/decode.ts';
import { ascii, frame, OPEN, randomOf, Wire } from '../testing/wire.ts';
import { fromShareText, SHARE_CHARACTERS_MAX, toShareText } from './share-text.ts';

const KEY = [1, 2, 3, 4];

it('[K26] comes back from a fragment and from a whole link', () => {
  const { capture } = new Wire().handshake().add('in', frame({ payload: 'hello', key: KEY }));
  const text = toShareText(capture);
  expect(text).toMatch(/^wire=[\w-]+$/);
  for (const given of [text, `#${text}`, `https://host/page#${text}`])
    expect(decode(fromShareText(given)).messages.map((message) => message.text)).toEqual(['hello']);
});

it('[K26] is always without secrets and without the address of who connected', () => {
  const wire = new Wire().handshake({
    target: '/socket.io/?EIO=4&sid=SECRETSID',
    request: ['Cookie: SECRETCOOKIE'],
  });
  wire.add('in', frame({ payload: '{"token":"SECRETTOKEN"}', key: KEY }));
  const records = wire.records.map((record) =>
    record.kind === 'open' ? { ...OPEN, client: { address: '203.0.113.9', port: 5 } } : record,
  );
  const shared = fromShareText(toShareText({ records }));
  const { handshake, messages } = decode(shared);
  expect(JSON.stringify([handshake, messages, shared.records[0]])).not.toMatch(/SECRET|203\.0\.113\.9/);
  expect(messages[0]?.text).toBe('{"token":"***********"}');
});

it('[K26] a capture that is too large for a link is refused with its size', () => {
  const random = randomOf(1);
  const payload = Uint8Array.from({ length: SHARE_CHARACTERS_MAX }, () => random() * 256);
  expect(() => toShareText(new Wire().handshake().add('out', frame({ opcode: 2, payload })).capture)).toThrow(
    /too large for a link: it would have \d+ characters, and 32000/,
  );
});

it('[K26] a link that is damaged, cut or a bomb is refused', () => {
  const text = toShareText(new Wire().handshake().capture);
  expect(() => fromShareText('https://host/')).toThrow('This is no link to a capture');
  expect(() => fromShareText('wire=äö')).toThrow('This is no link to a capture');
  expect(() => fromShareText(text.slice(0, -40))).toThrow('damaged');
  const bomb = deflateRawSync(ascii(' '.repeat(5 * 1024 * 1024))).toString('base64url');
  expect(() => fromShareText(`wire=${bomb}`)).toThrow('unpacks to more than');
});
