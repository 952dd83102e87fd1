// No secret is left in what a redactor gives out, however it is cut, masked, split and packed; and the rest is as it was.
import { constants, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { toLatin1 } from '../bytes.ts';
import { decode } from '../decode/decode.ts';
import type { BytesRecord, Capture, CaptureRecord } from '../record.ts';
import {
  ascii,
  closePayload,
  type FrameSketch,
  frame,
  head,
  randomOf,
  recut,
  Wire,
} from '../testing/wire.ts';
import { Redactor, redact } from './redact.ts';
import { RedactionMemo } from './redaction-memo.ts';

const SECRET = 'Zq7WxT9-kLm3PvR8_sDf5';
const KEY = [0x37, 0xfa, 0x21, 0x3d];
const DEFLATE = {
  request: ['Sec-WebSocket-Extensions: permessage-deflate'],
  answer: ['Sec-WebSocket-Extensions: permessage-deflate'],
};
const bytesOf = ({ records }: Capture): BytesRecord[] => records.filter((record) => record.kind === 'bytes');
const textIn = (capture: Capture, direction: 'in' | 'out'): string =>
  bytesOf(capture)
    .filter((record) => record.direction === direction)
    .map(({ bytes }) => toLatin1(bytes))
    .join('');

/** A piece of the secret in the raw bytes, or in them under the key from any of its four places. */
function leakIn(capture: Capture, keys: readonly (readonly number[])[] = [KEY]): string | undefined {
  const pieces = Array.from({ length: SECRET.length - 7 }, (_, at) => SECRET.slice(at, at + 8));
  for (const direction of ['in', 'out'] as const) {
    const raw = textIn(capture, direction);
    const views = keys.flatMap((key) =>
      [0, 1, 2, 3].map((phase) =>
        Array.from(raw, (character, at) =>
          String.fromCharCode(character.charCodeAt(0) ^ (key[(at + phase) % 4] ?? 0)),
        ).join(''),
      ),
    );
    for (const view of [raw, ...views]) {
      const found = pieces.find((piece) => view.includes(piece));
      if (found) return `${direction}: ${found}`;
    }
  }
  return undefined;
}

const messagesOf = (capture: Capture): (string | undefined)[] =>
  decode(capture).messages.map(({ text }) => text);
const stars = '*'.repeat(SECRET.length);
const inMessage = (text: string): string | undefined =>
  messagesOf(redact(new Wire().handshake().add('in', frame({ payload: text, key: KEY })).capture))[0];

describe('in heads', () => {
  it.each([
    [`Cookie: sid=${SECRET}`, `Cookie: ${'*'.repeat(SECRET.length + 4)}`],
    [`AUTHORIZATION:  Bearer ${SECRET}`, `AUTHORIZATION:  ****** ${stars}`],
    [`Proxy-Authorization: ${SECRET}`, `Proxy-Authorization: ${stars}`],
    [`X-Api-Key: ${SECRET}`, `X-Api-Key: ${stars}`],
    [`Cookie: a\r\n ${SECRET}`, `Cookie: *\r\n ${stars}`],
    [`Referer: http://a/?token=${SECRET}&b=1`, `Referer: http://a/?token=${stars}&b=1`],
    ['User-Agent: cookie', 'User-Agent: cookie'],
  ])('[K17] %s', (field, expected) => {
    const capture = redact(new Wire().handshake({ request: [field] }).capture);
    expect(textIn(capture, 'in')).toContain(`\r\n${expected}\r\n`);
    expect(leakIn(capture)).toBeUndefined();
  });

  it('[K17] the query of the target, and the cookie of an answer', () => {
    const capture = redact(
      new Wire().handshake({
        target: `/ws?a=1&acc%65ss_token=${SECRET}&key=k#x`,
        answer: [`Set-Cookie: s=${SECRET}`],
      }).capture,
    );
    expect(decode(capture).handshake.request?.target).toBe(`/ws?a=1&acc%65ss_token=${stars}&key=*#x`);
    expect(textIn(capture, 'out')).toContain(`Set-Cookie: **${stars}`);
  });

  it('[K17] the session id of Engine.IO where that is asked for', () => {
    const { capture } = new Wire().handshake({ target: `/socket.io/?EIO=4&sid=${SECRET}` });
    expect(leakIn(redact(capture))).toBeDefined();
    expect(leakIn(redact(capture, { sids: true }))).toBeUndefined();
  });

  it('[K17] an answer that comes again after the switch', () => {
    const wire = new Wire().handshake().add('out', frame({ payload: 'a' }));
    wire
      .add('out', head(['HTTP/1.1 101 Again', `Set-Cookie: ${SECRET}`]))
      .add('out', frame({ payload: 'b' }));
    const capture = redact(wire.capture);
    expect(leakIn(capture)).toBeUndefined();
    expect(messagesOf(capture)).toEqual(['a', 'b']);
  });
});

describe('in messages', () => {
  it.each([
    [
      `{"type":"hello","ref":1,"token":"${SECRET}","name":"a"}`,
      `{"type":"hello","ref":1,"token":"${stars}","name":"a"}`,
    ],
    [
      `42["message",{"type":"TOKEN","token":"${SECRET}"}]`,
      `42["message",{"type":"TOKEN","token":"${stars}"}]`,
    ],
    [`40{"sid":"a","pid":"${SECRET}"}`, `40{"sid":"a","pid":"${stars}"}`],
    [`{"refresh_token" : "${SECRET}"}`, `{"refresh_token" : "${stars}"}`],
    [`{"\\u0074oken":"${SECRET}"}`, `{"\\u0074oken":"${stars}"}`],
    [`{"token":"a\\"${SECRET}\\\\","b":"c"}`, `{"token":"${'*'.repeat(SECRET.length + 5)}","b":"c"}`],
    [`{"text":"{\\"token\\":\\"${SECRET}\\"}","b":1}`, `{"text":"{\\"token\\":\\"${stars}\\"}","b":1}`],
    ['{"token":12345678,"b":"c"}', '{"token":********,"b":"c"}'],
    [
      `{"password":["${SECRET}",{"a":"${SECRET}"}],"b":"c"}`,
      `{"password":["${stars}",{"*":"${stars}"}],"b":"c"}`,
    ],
    ['{"type":"post","text":"my token is \\"blue\\""}', '{"type":"post","text":"my token is \\"blue\\""}'],
    ['{"tokens":"a","notoken":""}', '{"tokens":"a","notoken":""}'],
  ])('[K18] %s', (text, expected) => {
    expect(inMessage(text)).toBe(expected);
  });

  it('[K18] across fragments, with control frames between, in any cuts', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = randomOf(seed);
      const text = `{"type":"hello","token":"${SECRET}","name":"x"}`;
      const keys: number[][] = [];
      const key = (): number[] => {
        const made = Array.from({ length: 4 }, () => Math.floor(random() * 256));
        keys.push(made);
        return made;
      };
      const wire = new Wire().handshake({ request: [`Cookie: ${SECRET}`] });
      const sent: FrameSketch[] = fragments(text, random).flatMap((part, index, all) => [
        { opcode: index === 0 ? 1 : 0, payload: part, fin: index === all.length - 1, key: key() },
        ...(random() < 0.3 && index < all.length - 1
          ? [{ opcode: 9, payload: `"token":"${SECRET}"`, key: key() }]
          : []),
      ]);
      for (const sketch of sent) wire.add('in', frame(sketch));
      wire
        .add('out', frame({ payload: text }))
        .add('out', frame({ opcode: 8, payload: closePayload(1000, `"token":"${SECRET}"`) }));
      const cut = recut(wire.capture, () => Math.ceil(random() ** 2 * 30));
      const capture = redact(cut);
      expect(leakIn(capture, keys), `seed ${seed}`).toBeUndefined();
      expect(messagesOf(capture), `seed ${seed}`).toEqual([
        text.replace(SECRET, stars),
        text.replace(SECRET, stars),
      ]);
      expect(lengthsOf(capture)).toEqual(lengthsOf(cut));
    }
  });

  it('[K18] in a compressed message what it was packed in is hidden, and those that lean on it are said to be unreadable', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = randomOf(seed);
      const wire = new Wire().handshake(DEFLATE);
      const texts = ['{"type":"ping"}', `{"token":"${SECRET}"}`, 'after'];
      for (const text of texts) wire.add('in', frame({ rsv: 4, payload: deflated(text, random), key: KEY }));
      const capture = redact(recut(wire.capture, () => Math.ceil(random() ** 2 * 30)));
      expect(leakIn(capture), `seed ${seed}`).toBeUndefined();
      const { messages, frames } = decode(capture);
      expect(
        messages.map(({ text, remarks }) => text ?? remarks.map(({ code }) => code)),
        `seed ${seed}`,
      ).toEqual(['{"type":"ping"}', ['compressed-hidden', 'context-lost'].slice(0, 1), ['context-lost']]);
      expect(frames.flatMap(({ faults }) => faults)).toEqual([]);
    }
  });
});

/** With level 0 the secret stands in the compressed bytes as it is. */
const deflated = (text: string, random: () => number): Uint8Array =>
  deflateRawSync(text, { level: random() < 0.5 ? 0 : 9, finishFlush: constants.Z_SYNC_FLUSH }).subarray(
    0,
    -4,
  );

function fragments(text: string, random: () => number): string[] {
  const parts: string[] = [];
  for (let from = 0; from < text.length; ) {
    const to = from + Math.ceil(random() * 20);
    parts.push(text.slice(from, to));
    from = to;
  }
  return parts;
}

const lengthsOf = (capture: Capture): number[] => bytesOf(capture).map(({ bytes }) => bytes.length);

describe('where nobody can tell what bytes are', () => {
  it('[K19] what is no HTTP and what follows a gap is hidden, until frames are found again', () => {
    const noHttp = redact(new Wire().add('in', ascii(`\x16${SECRET}`)).capture);
    expect(leakIn(noHttp)).toBeUndefined();
    const wire = new Wire()
      .handshake()
      .lose('in', 3)
      .add('in', ascii(`"token":"${SECRET}"`));
    expect(leakIn(redact(wire.capture))).toBeUndefined();
    wire.add('in', frame({ payload: 'seen', key: KEY }), {
      anchor: { frameAt: 0, frames: 3, messages: 1, isInMessage: false },
    });
    expect(messagesOf(redact(wire.capture))).toEqual(['seen']);
  });

  it('[K19] a message of which a part is missing is hidden to its end', () => {
    const whole = frame({ fin: false, payload: `{"token":"${SECRET}`, key: KEY });
    const wire = new Wire()
      .handshake()
      .add('in', whole.subarray(0, 8))
      .lose('in', 6)
      .add('in', whole.subarray(14));
    wire
      .add('in', frame({ opcode: 0, payload: `${SECRET}"}`, key: KEY }))
      .add('in', frame({ payload: 'next', key: KEY }));
    const capture = redact(wire.capture);
    expect(leakIn(capture)).toBeUndefined();
    expect(messagesOf(capture).at(-1)).toBe('next');
  });

  it('[K19] fragments against the rules are hidden', () => {
    const parts = [
      { fin: false, payload: `{"token":"${SECRET.slice(0, 4)}` },
      { payload: 'x', fin: false },
      { opcode: 0, payload: SECRET },
      { opcode: 0, payload: SECRET },
    ];
    const wire = new Wire().handshake();
    for (const part of parts) wire.add('in', frame({ ...part, key: KEY }));
    expect(leakIn(redact(wire.capture))).toBeUndefined();
  });

  it('[K19] any bytes are redacted without throwing, and keep their length', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = randomOf(seed);
      const wire = seed % 3 === 0 ? new Wire() : new Wire().handshake(seed % 2 === 0 ? DEFLATE : {});
      for (let piece = 0; piece < 20; piece++) {
        const bytes = Uint8Array.from({ length: Math.floor(random() ** 4 * 300) }, () => random() * 256);
        if (random() < 0.1) wire.lose('out', Math.floor(random() * 50));
        wire.add(random() < 0.5 ? 'in' : 'out', bytes);
      }
      expect(lengthsOf(redact(wire.capture)), `seed ${seed}`).toEqual(lengthsOf(wire.capture));
    }
  });
});

describe('what is told', () => {
  it('[K20] the hidden ranges are in the records and in the frames; the bytes given in stay as they were', () => {
    const bytes = frame({ payload: `"token":"${SECRET}"`, key: KEY });
    const before = bytes.slice();
    const capture = redact(new Wire().handshake().add('in', bytes).capture);
    const from = bytes.length - SECRET.length - 1;
    expect(bytesOf(capture).at(-1)?.hidden).toEqual([[from, from + SECRET.length]]);
    expect(decode(capture).frames[0]?.hidden).toHaveLength(1);
    expect(bytes).toEqual(before);
  });

  it('[K20] the recorder gets an anchor for every record in which a frame begins', () => {
    const wire = new Wire().handshake().add('out', frame({ payload: 'a' }));
    const long = frame({ fin: false, payload: 'bc' });
    wire
      .add('out', long.subarray(0, 3))
      .add('out', Uint8Array.from([...long.subarray(3), ...frame({ opcode: 0 })]));
    const anchors = bytesOf(redact(wire.capture)).map(({ anchor }) => anchor);
    expect(anchors.slice(2)).toEqual([
      { frameAt: 0, frames: 0, messages: 0, isInMessage: false },
      { frameAt: 0, frames: 1, messages: 1, isInMessage: false },
      { frameAt: 1, frames: 2, messages: 2, isInMessage: true },
    ]);
  });

  it('[K17] texts of other records are looked through as well', () => {
    const records: CaptureRecord[] = [
      {
        kind: 'poll',
        at: 1,
        direction: 'in',
        method: 'POST',
        head: `POST /?token=${SECRET}\r\nCookie: ${SECRET}`,
        body: `42[{"token":"${SECRET}"}]`,
      },
      {
        kind: 'verdict',
        at: 1,
        about: 'path',
        isAllowed: true,
        value: `/ws?token=${SECRET}`,
        rule: 'r',
        reason: `"token":"${SECRET}"`,
      },
      { kind: 'note', at: 1, text: `你好 "token":"${SECRET}"` },
      {
        kind: 'close',
        at: 1,
        code: 1000,
        reason: `"token":"${SECRET}"`,
        wasClean: true,
        error: { code: 'e', message: `?key=${SECRET}` },
      },
    ];
    const text = JSON.stringify(redact({ records }));
    expect(text).not.toContain(SECRET.slice(0, 8));
    expect(text).toContain('你好');
  });
});

describe('what is sent to many', () => {
  it('[K18] comes out as if each connection had been looked through by itself, and is a copy', () => {
    const seed = Date.now() % 1_000_000;
    const random = randomOf(seed);
    const below = (count: number): number => Math.floor(random() * count);
    const memo = new RedactionMemo();
    const { records: opening } = new Wire().handshake().capture;
    const ends = Array.from({ length: 4 }, () => {
      const shared = new Redactor({ sids: true, isLent: true, memo });
      const alone = new Redactor({ sids: true });
      let offset = 0;
      const push = (bytes: Uint8Array, at: number): readonly [BytesRecord, BytesRecord] => {
        const record = { kind: 'bytes', at, direction: 'out', offset, bytes } as const;
        offset += bytes.length;
        return [
          shared.push(record) as BytesRecord,
          alone.push({ ...record, bytes: new Uint8Array(bytes) }) as BytesRecord,
        ];
      };
      for (const record of opening) {
        shared.push(record);
        alone.push(record);
        if (record.kind === 'bytes' && record.direction === 'out') offset += record.bytes.length;
      }
      return push;
    });
    const payload = (): string =>
      ['hello', `{"token":"${SECRET}"}`, `"token":"${SECRET.slice(0, 9)}`, SECRET][below(4)] ?? '';
    const sketch = (): Uint8Array =>
      frame({
        payload: payload(),
        opcode: below(5) === 0 ? below(16) : 1,
        fin: below(6) > 0,
        rsv: below(9) === 0 ? 4 : 0,
      });
    let sharedOnes = 0;
    for (let turn = 0; turn < 2_000; turn++) {
      const whole = Buffer.concat(Array.from({ length: 1 + below(3) }, sketch));
      const outs = ends
        .filter(() => below(3) > 0)
        .flatMap((push) => {
          // Now and then the same bytes come as the payload of a frame, or in two pieces.
          const how = below(8);
          const cut = below(whole.length);
          if (how === 0) return [push(Buffer.from([0x82, 126, 0, whole.length]), turn), push(whole, turn)];
          if (how === 1) return [push(whole.subarray(0, cut), turn), push(whole.subarray(cut), turn)];
          return [push(whole, turn)];
        });
      for (const [out, expected] of outs) expect([seed, turn, out]).toEqual([seed, turn, expected]);
      const before = outs.map(([{ bytes }]) => Buffer.from(bytes).toString('hex'));
      sharedOnes += new Set(outs.map(([{ bytes }]) => bytes)).size < outs.length ? 1 : 0;
      whole.fill(0);
      expect(outs.map(([{ bytes }]) => Buffer.from(bytes).toString('hex'))).toEqual(before);
    }
    expect(sharedOnes).toBeGreaterThan(0);
  });
});
