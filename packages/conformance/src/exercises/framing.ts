// The checks of exercises 02 to 06: heads, masks, and frames that do not keep to the reads of TCP.
import { pathOf } from '../tester/opening.ts';
import type { Session } from '../tester/session.ts';
import { encode, masked, TEXT, text } from '../wire/frame.ts';
import type { WireEvent } from '../wire/frame-reader.ts';
import { newKey, readHead, writeRequest } from '../wire/http.ts';
import { type Words, words } from './grade.ts';
import {
  type Check,
  described,
  expectClose,
  expectText,
  maskedFrame,
  quoted,
  Shortfall,
  type Trial,
} from './trial.ts';

const WIRE = 'RFC 6455 §5.2';

/** The five fields of a head, as the server should tell them. */
interface Fields {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly isMasked: boolean;
  readonly length: number;
}

const FIELD_HINTS: Readonly<Record<keyof Fields, Words>> = {
  fin: words('最高位：first & 0x80。', 'The highest bit: first & 0x80.'),
  rsv: words('第 6、5、4 位：(first & 0x70) >> 4。', 'Bits 6, 5 and 4: (first & 0x70) >> 4.'),
  opcode: words('低四位：first & 0x0f。', 'The lower four bits: first & 0x0f.'),
  isMasked: words(
    '第二个字节的最高位：second & 0x80。',
    'The highest bit of the second byte: second & 0x80.',
  ),
  length: words(
    '第二个字节的低七位：second & 0x7f。',
    'The lower seven bits of the second byte: second & 0x7f.',
  ),
};

async function expectHead(session: Session, first: number, size: number, trial: Trial): Promise<void> {
  const wanted: Fields = {
    fin: first >= 0x80,
    rsv: (first >> 4) & 7,
    opcode: first & 15,
    isMasked: true,
    length: size,
  };
  const frame = maskedFrame(first, 'x'.repeat(size), '11223344');
  await session.sendBytes(frame);
  const event = await session.next(trial.patienceMs);
  const told = event?.type === 'message' ? objectIn(event.data) : undefined;
  const head = frame.toString('hex', 0, 2).replace(/(..)(..)/, '$1 $2');
  if (told === undefined) {
    const seen = described(event);
    throw new Shortfall(
      words(`发了头 ${head}；实际上${seen.zh}，没有 JSON`, `to the head ${head}: ${seen.en}, no JSON`),
    );
  }
  for (const [name, value] of Object.entries(wanted)) {
    if (told[name] === value) continue;
    throw new Shortfall(
      words(
        `头是 ${head}，${name} 应为 ${value}，却是 ${told[name]}`,
        `the head is ${head}: ${name} should be ${value}; it is ${told[name]}`,
      ),
      isField(name) ? FIELD_HINTS[name] : undefined,
    );
  }
}

const isField = (name: string): name is keyof Fields => name in FIELD_HINTS;

function objectIn(data: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(data.toString());
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

const headCheck = (title: Words, heads: readonly (readonly [first: number, size: number])[]): Check => ({
  title,
  rule: WIRE,
  play: async (trial) => {
    const session = await trial.open();
    for (const [first, size] of heads) await expectHead(session, first, size, trial);
  },
});

export const FRAME_HEAD: readonly Check[] = [
  headCheck(words('一帧文本，5 个字节', 'a text frame of 5 bytes'), [[0x81, 5]]),
  headCheck(words('长度从 0 到 125', 'lengths from 0 to 125'), [
    [0x81, 0],
    [0x81, 1],
    [0x81, 64],
    [0x81, 125],
  ]),
  headCheck(words('每种操作码', 'every opcode'), [
    [0x82, 3],
    [0x88, 2],
    [0x89, 4],
    [0x8a, 4],
    [0x80, 4],
  ]),
  headCheck(words('FIN 为 0', 'FIN of 0'), [
    [0x01, 3],
    [0x00, 3],
  ]),
  headCheck(words('三个保留位', 'the three reserved bits'), [
    [0xc1, 3],
    [0xa1, 3],
    [0x91, 3],
    [0xf2, 3],
  ]),
];

const KEY = '01020304';

/** What can be wrong in an echo of a text that was masked with KEY. */
function maskMistake(sent: string, event: WireEvent | undefined): Words | undefined {
  if (event?.type !== 'message') return undefined;
  const payload = Buffer.from(sent);
  const key = Buffer.from(KEY, 'hex');
  const onWire = masked(payload, key);
  const is = (bytes: Uint8Array): boolean => event.data.equals(bytes);
  if (is(onWire))
    return words(
      '这还是带掩码的字节：每个字节要与 key[i % 4] 异或。',
      'These bytes are still masked: each one is to be XORed with key[i % 4].',
    );
  if (is(masked(onWire, Buffer.alloc(4, key[0]))))
    return words(
      '只用了 key 的第一个字节：应该是 key[i % 4]。',
      'Only the first byte of the key was used: it should be key[i % 4].',
    );
  if (event.data.subarray(0, 4).equals(payload.subarray(0, 4)))
    return words(
      '前四个字节对了：第五个字节又从 key[0] 开始。',
      'The first four bytes are right: the fifth begins with key[0] again.',
    );
  if (event.data.length !== payload.length)
    return words(
      `长度应为 ${payload.length}，却是 ${event.data.length}。payload 从第 6 个字节开始。`,
      `Its length should be ${payload.length}; it is ${event.data.length}. The payload begins at byte 6.`,
    );
  return words(
    'key 是第 2 到第 5 个字节，payload 从第 6 个开始。',
    'The key is bytes 2 to 5, and the payload begins at byte 6.',
  );
}

const echoCheck = (title: Words, texts: readonly string[]): Check => ({
  title,
  rule: 'RFC 6455 §5.3',
  play: async (trial) => {
    const session = await trial.open();
    for (const sent of texts) {
      await session.sendBytes(maskedFrame(0x81, sent, KEY));
      await expectText(session, sent, trial, (event) => maskMistake(sent, event));
    }
  },
});

export const UNMASK: readonly Check[] = [
  echoCheck(words('“Hello” 回来还是 “Hello”', '"Hello" comes back as "Hello"'), ['Hello', 'Hello, world']),
  echoCheck(words('空的、一个字节的、正好四个字节的', 'empty, one byte, four bytes exactly'), [
    '',
    'a',
    'abcd',
  ]),
  echoCheck(words('中文和 emoji', 'Chinese and emoji'), ['你好，世界', '🙂🙃']),
  echoCheck(words('125 个字节', '125 bytes'), ['0123456789'.repeat(13).slice(5)]),
  {
    title: words('key 全是零时也对', 'a key of zeros is as good'),
    rule: 'RFC 6455 §5.3',
    play: async (trial) => {
      const session = await trial.open();
      await session.sendBytes(maskedFrame(0x81, 'zero', '00000000'));
      await expectText(session, 'zero', trial);
    },
  },
];

const frameOf = (payload: string): Buffer => encode(text(payload), true);

/** These bytes in one write; these texts must come back. */
async function expectTexts(
  trial: Trial,
  session: Session,
  texts: readonly string[],
  hint: Words,
): Promise<void> {
  for (const [index, sent] of texts.entries()) {
    await expectText(session, sent, trial, () => (index === 0 ? undefined : hint));
  }
}

const NEXT_FRAME = words(
  '第一帧之后的字节丢了：下一帧从 6 + length 开始。',
  'What is behind the first frame was lost: the next one begins at 6 + length.',
);

const togetherCheck = (title: Words, texts: readonly string[]): Check => ({
  title,
  rule: 'RFC 6455 §5.2',
  play: async (trial) => {
    const session = await trial.open();
    await session.sendBytes(Buffer.concat(texts.map(frameOf)));
    await expectTexts(trial, session, texts, NEXT_FRAME);
  },
});

export const TWO_FRAMES: readonly Check[] = [
  togetherCheck(words('一次读取，一帧', 'one frame in one read'), ['one']),
  togetherCheck(words('一次读取，两帧', 'two frames in one read'), ['one', 'two']),
  togetherCheck(words('一次读取，空帧夹在中间', 'three frames in one read, an empty one among them'), [
    'a',
    '',
    'c',
  ]),
  togetherCheck(
    words('一次读取，五十帧', 'fifty frames in one read'),
    Array.from({ length: 50 }, (_, index) => `frame ${index}`),
  ),
  {
    title: words('第一帧和请求一起到达', 'a frame in the same read as the request'),
    rule: 'RFC 6455 §4.1',
    play: async (trial) => {
      const link = await trial.dial();
      const request = writeRequest({ host: trial.url.host, path: pathOf(trial.url), key: newKey() });
      await link.write(Buffer.concat([Buffer.from(request), frameOf('early')]));
      const wanted = Buffer.from('early');
      if (
        await link.until(({ received }) => afterHead(received).subarray(2).equals(wanted), trial.patienceMs)
      )
        return;
      throw new Shortfall(
        words(
          `应该收到 "early"，101 之后来的是 ${quoted(afterHead(link.received))}`,
          `"early" should have come back; behind the 101 came ${quoted(afterHead(link.received))}`,
        ),
        words(
          '空行后面可能已经有帧了：shakeHands 把它们作为 rest 交给你。',
          'Behind the empty line there may be frames already: shakeHands hands them to you as rest.',
        ),
      );
    },
  },
];

const afterHead = (received: Buffer): Buffer =>
  received.subarray(readHead(received)?.bytes ?? received.length);

const WAIT = words(
  '不完整的字节要留着，接在下一次读取的前面。',
  'What is not whole has to be kept, and goes in front of the next read.',
);

/**
 * A frame in two pieces. In front of the first goes a whole frame, in the same write: when its echo is there, the piece
 * behind it has been read, too. So the cut is sure to be seen.
 */
const cutCheck = (title: Words, sent: string, cutAt: number): Check => ({
  title,
  rule: 'RFC 6455 §5.2',
  play: async (trial) => {
    const session = await trial.open();
    const bytes = frameOf(sent);
    await session.sendBytes(Buffer.concat([frameOf('before'), bytes.subarray(0, cutAt)]));
    await expectText(session, 'before', trial);
    await session.sendBytes(bytes.subarray(cutAt));
    await expectText(session, sent, trial, () => WAIT);
  },
});

const byteByByte: Check = {
  title: words('三帧，每次一个字节', 'three frames, byte by byte'),
  rule: 'RFC 6455 §5.2',
  play: async (trial) => {
    const session = await trial.open();
    const texts = ['one', '', '三'];
    await session.send(
      texts.map((sent) => text(sent)),
      'bytes',
    );
    for (const sent of texts) await expectText(session, sent, trial, () => WAIT);
  },
};

export const HALF_A_FRAME: readonly Check[] = [
  echoCheck(words('一次读取，一帧', 'one frame in one read'), ['whole']),
  cutCheck(words('在 payload 中间切开', 'cut inside the payload'), 'in two', 8),
  cutCheck(words('在掩码 key 中间切开', 'cut inside the masking key'), 'in two', 4),
  cutCheck(words('在头的两个字节之间切开', 'cut between the two bytes of the head'), 'in two', 1),
  byteByByte,
  {
    title: words('两条连接的字节互不相干', 'two connections do not mix their bytes'),
    play: async (trial) => {
      const [a, b] = [await trial.open(), await trial.open()];
      const [left, right] = [frameOf('from a'), frameOf('from b')];
      await a.sendBytes(left.subarray(0, 7));
      await b.sendBytes(right.subarray(0, 9));
      await a.sendBytes(left.subarray(7));
      await b.sendBytes(right.subarray(9));
      const hint = words('每条连接要有自己的缓冲。', 'Every connection needs a buffer of its own.');
      await expectText(a, 'from a', trial, () => hint);
      await expectText(b, 'from b', trial, () => hint);
    },
  },
];

const lengthHint = (length: number): Words =>
  length < 126
    ? words('到 125 为止，第二个字节就是长度。', 'Up to 125 the second byte is the length.')
    : length < 65_536
      ? words(
          '第二个字节是 126（加掩码位），长度在后面两个字节里，高位在前：readUInt16BE / writeUInt16BE。',
          'The second byte says 126 (and the mask bit); the length is in the next two bytes, the high one first: readUInt16BE, writeUInt16BE.',
        )
      : words(
          '第二个字节是 127（加掩码位），长度在后面八个字节里，高位在前：readBigUInt64BE / writeBigUInt64BE。',
          'The second byte says 127 (and the mask bit); the length is in the next eight bytes, the high one first: readBigUInt64BE, writeBigUInt64BE.',
        );

const lengthCheck = (title: Words, lengths: readonly number[]): Check => ({
  title,
  rule: WIRE,
  play: async (trial) => {
    for (const length of lengths) {
      const session = await trial.open();
      const sent = `${length} `.padEnd(length, 'abcdefghij');
      await session.send([text(sent)]);
      await expectText(session, sent, trial, () => lengthHint(length));
    }
  },
});

export const LENGTHS: readonly Check[] = [
  lengthCheck(words('125 个字节：还是短的', '125 bytes: still the short form'), [125]),
  lengthCheck(words('126 个字节：两个字节的长度', '126 bytes: a length of two bytes'), [126, 127, 300]),
  lengthCheck(words('65535 个字节：两个字节还够', '65,535 bytes: two bytes are still enough'), [65_535]),
  lengthCheck(
    words('65536 个字节：八个字节的长度', '65,536 bytes: a length of eight bytes'),
    [65_536, 200_000],
  ),
  {
    title: words(
      '声称有 1 TiB 的帧被 1009 拒绝，不等它到齐',
      'a frame that claims 1 TiB is refused with 1009 without waiting for it',
    ),
    rule: 'RFC 6455 §10.4',
    play: async (trial) => {
      const session = await trial.open();
      await session.sendBytes(encode({ opcode: TEXT, claimedLength: 2n ** 40n }, true));
      const hint = words(
        '知道长度就够了：超过 PAYLOAD_BYTES_MAX 就 throw new Ending(1009, …)。',
        'The length is enough to know: past PAYLOAD_BYTES_MAX throw new Ending(1009, …).',
      );
      await expectClose(session, [1009], trial, hint);
    },
  },
];
