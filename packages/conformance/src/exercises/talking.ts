// The checks of exercises 07 to 09: pings, messages in fragments, and the end of a conversation.

import type { Session } from '../tester/session.ts';
import { close, continuation, type Frame, ping, pong, TEXT, text } from '../wire/frame.ts';
import { type Words, words } from './grade.ts';
import { type Check, described, expectClose, expectText, quoted, Shortfall, type Trial } from './trial.ts';

async function expectPong(session: Session, payload: string, { patienceMs }: Trial): Promise<void> {
  const event = await session.next(patienceMs);
  if (event?.type === 'pong' && event.data.equals(Buffer.from(payload))) return;
  const seen = described(event);
  throw new Shortfall(
    words(
      `应该收到 pong ${quoted(payload)}；实际上${seen.zh}`,
      `a pong with ${quoted(payload)} should have come; ${seen.en}`,
    ),
    event?.type === 'pong'
      ? words(
          'pong 带着 ping 的 payload，一个字节也不改。',
          'A pong carries the payload of its ping, unchanged.',
        )
      : words(
          '操作码 9 是 ping，用操作码 10（0xa）回答。',
          'Opcode 9 is a ping; answer it with opcode 10 (0xa).',
        ),
  );
}

const pingCheck = (title: Words, payloads: readonly string[]): Check => ({
  title,
  rule: 'RFC 6455 §5.5.2, §5.5.3',
  play: async (trial) => {
    const session = await trial.open();
    for (const payload of payloads) {
      await session.send([ping(payload)]);
      await expectPong(session, payload, trial);
    }
  },
});

export const PINGS: readonly Check[] = [
  pingCheck(words('ping 得到内容相同的 pong', 'a ping gets a pong with the same payload'), [
    'are you there?',
  ]),
  pingCheck(words('空的 ping，125 个字节的 ping', 'a ping without payload, and one with 125 bytes'), [
    '',
    'p'.repeat(125),
  ]),
  {
    title: words('ping 夹在两条文本之间，顺序不变', 'a ping between two texts keeps its place'),
    rule: 'RFC 6455 §5.5.2',
    play: async (trial) => {
      const session = await trial.open();
      await session.send([text('before'), ping('now'), text('after')]);
      await expectText(session, 'before', trial);
      await expectPong(session, 'now', trial);
      await expectText(session, 'after', trial);
    },
  },
  {
    title: words('没有 ping 也来的 pong：不回答', 'a pong that nobody asked for gets no answer'),
    rule: 'RFC 6455 §5.5.3',
    play: async (trial) => {
      const session = await trial.open();
      await session.send([pong('beat'), text('still here')]);
      const hint = words(
        '只回答 ping。pong 是单向的心跳。',
        'Answer pings only. A pong by itself is a heartbeat.',
      );
      await expectText(session, 'still here', trial, () => hint);
    },
  },
];

const JOIN = words(
  'FIN 为 0 就收着，FIN 为 1 才拼成一条；后续帧的操作码是 0。',
  'With FIN 0 keep it, with FIN 1 join all; frames behind the first have opcode 0.',
);

const fragmentCheck = (title: Words, pieces: readonly (string | Uint8Array)[]): Check => ({
  title,
  rule: 'RFC 6455 §5.4',
  play: async (trial) => {
    const session = await trial.open();
    const last = pieces.length - 1;
    const frames = pieces.map((piece, index): Frame => {
      const fin = index === last;
      return index === 0 ? text(piece, { fin }) : continuation(piece, { fin });
    });
    await session.send(frames);
    await expectText(
      session,
      Buffer.concat(pieces.map((piece) => Buffer.from(piece))).toString(),
      trial,
      () => JOIN,
    );
  },
});

const refusal = (title: Words, frames: readonly Frame[], codes: readonly number[], hint: Words): Check => ({
  title,
  rule: codes.includes(1007) ? 'RFC 6455 §8.1' : codes.includes(1009) ? 'RFC 6455 §10.4' : 'RFC 6455 §5.4',
  play: async (trial) => {
    const session = await trial.open();
    await session.send(frames);
    await expectClose(session, codes, trial, hint);
  },
});

const SMILE = Buffer.from('🙂');

export const FRAGMENTS: readonly Check[] = [
  fragmentCheck(words('一帧就是一条消息', 'one frame is one message'), ['whole']),
  fragmentCheck(words('两个分片', 'two fragments'), ['Hel', 'lo']),
  fragmentCheck(words('许多分片，有空的', 'many fragments, empty ones among them'), [
    '',
    'a',
    '',
    'b',
    'c',
    '',
  ]),
  fragmentCheck(words('一个字符被切成两半', 'a character cut in two'), [
    SMILE.subarray(0, 2),
    SMILE.subarray(2),
  ]),
  {
    title: words('分片中间的 ping 马上得到回答', 'a ping between fragments is answered at once'),
    rule: 'RFC 6455 §5.4',
    play: async (trial) => {
      const session = await trial.open();
      await session.send([text('one ', { fin: false }), ping('quick')]);
      await expectPong(session, 'quick', trial);
      await session.send([continuation('message')]);
      await expectText(session, 'one message', trial, () => JOIN);
    },
  },
  {
    title: words('下一条消息重新开始', 'the next message begins anew'),
    rule: 'RFC 6455 §5.4',
    play: async (trial) => {
      const session = await trial.open();
      await session.send([
        text('a', { fin: false }),
        continuation('b'),
        text('c', { fin: false }),
        continuation('d'),
      ]);
      await expectText(session, 'ab', trial, () => JOIN);
      const hint = words('拼完一条要清空。', 'Once a message is joined, forget its pieces.');
      await expectText(session, 'cd', trial, () => hint);
    },
  },
  refusal(
    words('没有开头的后续帧：1002', 'a continuation of nothing: 1002'),
    [continuation('lost')],
    [1002],
    words(
      '没有开始的消息就来了操作码 0：throw new Ending(1002, …)。',
      'Opcode 0 with no message begun: throw new Ending(1002, …).',
    ),
  ),
  refusal(
    words('上一条没有完就开始新的：1002', 'a new message inside another: 1002'),
    [text('one', { fin: false }), text('two')],
    [1002],
    words(
      '还在一条消息里就来了操作码 1：throw new Ending(1002, …)。',
      'Opcode 1 inside a message: throw new Ending(1002, …).',
    ),
  ),
  refusal(
    words('拼起来不是 UTF-8：1007', 'what is joined is not UTF-8: 1007'),
    [text(SMILE.subarray(0, 2), { fin: false }), continuation('x')],
    [1007],
    words(
      '拼好以后用 isUtf8 检查，每片单独检查是不对的。',
      'Check with isUtf8 when it is joined; a piece by itself may be cut anywhere.',
    ),
  ),
  refusal(
    words('许多小分片绕不过上限：1009', 'many small fragments do not get around the limit: 1009'),
    Array.from({ length: 40 }, (_, index) =>
      index === 0
        ? text('x'.repeat(65_536), { fin: false })
        : continuation('x'.repeat(65_536), { fin: false }),
    ),
    [1009],
    words(
      '累计的字节超过 PAYLOAD_BYTES_MAX 就 throw new Ending(1009, …)。',
      'When the sum passes PAYLOAD_BYTES_MAX, throw new Ending(1009, …).',
    ),
  ),
];

const closeCheck = (
  title: Words,
  sent: Frame,
  codes: readonly (number | undefined)[],
  hint: Words,
): Check => ({
  title,
  rule: 'RFC 6455 §5.5.1, §7.4',
  play: async (trial) => {
    const session = await trial.open();
    await session.send([sent]);
    await expectClose(session, codes, trial, hint);
  },
});

const ANSWER = words(
  '用 Close 帧回答 Close 帧：带上它的代码（payload 的前两个字节），然后 socket.end()。',
  'Answer a Close frame with a Close frame that has its code (the first two bytes of its payload), then socket.end().',
);
const NEVER = words(
  '1005、1006、1015 只在本机表示“没有代码”“断了”“TLS 失败”，从不上线路。',
  '1005, 1006 and 1015 mean "no code", "cut off" and "TLS failed" to a program at home; they never travel.',
);

export const CLOSING: readonly Check[] = [
  closeCheck(
    words('1000 得到 1000，然后 TCP 结束', '1000 gets 1000, then TCP ends'),
    close(1000),
    [1000],
    ANSWER,
  ),
  closeCheck(
    words('应用自己的代码 4001 也回来', 'a code of an application, 4001, comes back'),
    close(4001, 'bye'),
    [4001],
    ANSWER,
  ),
  closeCheck(
    words('空的 Close 得到空的 Close', 'an empty Close frame gets an empty one'),
    close(),
    [undefined, 1000],
    words(
      '没有代码就没有两个字节：回空的。',
      'Without a code there are no two bytes: answer with an empty one.',
    ),
  ),
  ...[1005, 1006, 1015, 999, 2000, 5000].map((code) =>
    closeCheck(
      words(`${code} 不许上线路：1002`, `${code} must not travel: 1002`),
      close(code),
      [1002],
      NEVER,
    ),
  ),
  closeCheck(
    words('只有一个字节的 Close：1002', 'a Close frame of one byte: 1002'),
    { opcode: 8, payload: Buffer.from([3]) },
    [1002],
    words('代码要么没有，要么两个字节。', 'A code has two bytes, or is not there.'),
  ),
  {
    title: words(
      'Close 之前的话还算数，之后的不算',
      'what comes before a Close frame counts, what comes behind it does not',
    ),
    rule: 'RFC 6455 §5.5.1',
    play: async (trial) => {
      const session = await trial.open();
      await session.send([
        text('last words'),
        close(1000),
        { opcode: TEXT, payload: Buffer.from('too late') },
      ]);
      await expectText(session, 'last words', trial);
      const hint = words(
        '记住已经关闭，后面的帧一概不理。',
        'Remember that it is closed, and ignore all frames from then on.',
      );
      await expectClose(session, [1000], trial, hint);
    },
  },
  {
    title: words('一条关闭了，别的还在', 'one is closed, the others live on'),
    play: async (trial) => {
      const [a, b] = [await trial.open(), await trial.open()];
      await a.send([close(1001)]);
      await expectClose(a, [1001], trial, ANSWER);
      await b.send([text('still here')]);
      await expectText(b, 'still here', trial);
    },
  },
];
