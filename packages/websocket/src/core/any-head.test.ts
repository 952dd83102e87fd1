// Heads of handshakes with anything changed in them, cut anywhere: read, or refused with one documented WireError, the same
// for every cut.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs, runsTimeoutMs } from '../testing/random-runs.ts';
import { KEY, upgradeRequest } from '../testing/raw-peer.ts';
import { bytewise, cutAt } from '../testing/wire-bytes.ts';
import { acceptance } from '../testing/wire-end.ts';
import { codeOf } from '../testing/wire-reader.ts';
import { change, changed, cuts } from '../testing/wire-stream.ts';
import {
  acceptDeflate,
  HeadCollector,
  parseRequestHead,
  parseResponseHead,
  readDeflateAcceptance,
  readExtensions,
  readUpgradeRequest,
  readUpgradeResponse,
} from './core.ts';

const BYTES_MAX = 600;
const HEADERS_MAX = 12;

const field = fc.constantFrom(
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
  'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits="10"; x',
  'Sec-WebSocket-Extensions: a, b;c=d,, permessage-deflate;server_no_context_takeover',
  'Sec-WebSocket-Protocol: chat, superchat',
  'sec-websocket-protocol:\tv2',
  'Origin: http://localhost',
  'Cookie: a=b; c="d e"',
  'Connection: keep-alive, Upgrade',
  'UPGRADE: WebSocket, h2c',
  'Content-Length: 0',
  'Transfer-Encoding: chunked',
  'X-Long: '.padEnd(200, 'x'),
  'X-Empty:',
  'X-Latin: caf\xe9',
  ' folded: yes',
);
const fields = fc.array(field, { maxLength: 9 });
const changes = fc.oneof(fc.constant([]), fc.array(change, { minLength: 1, maxLength: 3 }));

/** What a judge makes of a head that comes in these chunks, and how many bytes are left behind it; or the error's code. */
function judged(chunks: readonly Buffer[], judge: (head: Buffer) => unknown): unknown {
  const collector = new HeadCollector(BYTES_MAX);
  try {
    let came = 0;
    for (const chunk of chunks) {
      came += chunk.length;
      const length = collector.push(chunk);
      if (length === undefined) continue;
      const all = Buffer.concat(chunks);
      expect(collector.received.equals(all.subarray(0, came))).toBe(true);
      return { length, read: judge(collector.received.subarray(0, length)) };
    }
    return 'incomplete';
  } catch (error) {
    return codeOf(error);
  }
}

function request(head: Buffer): unknown {
  const offer = readUpgradeRequest(parseRequestHead(head, HEADERS_MAX));
  return { ...offer, deflate: acceptDeflate(offer.extensions, {})?.header };
}

function response(head: Buffer): unknown {
  const parsed = parseResponseHead(head, HEADERS_MAX);
  const offer = { key: KEY, subprotocols: ['chat', 'v2'], extensions: 'permessage-deflate' };
  const subprotocol = readUpgradeResponse(parsed, offer);
  const extensions = readExtensions(parsed.headers.all('sec-websocket-extensions'));
  return { subprotocol, deflate: readDeflateAcceptance(extensions, {}) };
}

const KINDS = [
  { kind: 'request', judge: request, begin: upgradeRequest() },
  { kind: 'response', judge: response, begin: acceptance(`Sec-WebSocket-Key: ${KEY}\r\n`).toString() },
] as const;

describe.each(KINDS)('the head of a $kind', ({ judge, begin }) => {
  it(
    '[W1] [W2] [W24] changed and cut anywhere, is read or refused, the same for every cut',
    () => {
      fc.assert(
        fc.property(fields, changes, fc.uint8Array({ maxLength: 30 }), cuts, (more, how, behind, places) => {
          const lines = more.map((line) => `${line}\r\n`).join('');
          const whole = `${begin.slice(0, -2)}${lines}\r\n`;
          const bytes = Buffer.concat([changed(Buffer.from(whole, 'latin1'), how), behind]);
          const expected = judged([Buffer.from(bytes)], judge);
          expect(judged(cutAt(bytes, places), judge)).toEqual(expected);
          expect(judged(bytewise(bytes), judge)).toEqual(expected);
        }),
        runs(700),
      );
    },
    runsTimeoutMs(),
  );

  it(
    '[W1] [W24] bytes with no order in them, too',
    () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 80 }), cuts, (bytes, places) => {
          expect(judged(cutAt(bytes, places), judge)).toEqual(judged([Buffer.from(bytes)], judge));
        }),
        runs(500),
      );
    },
    runsTimeoutMs(),
  );
});
