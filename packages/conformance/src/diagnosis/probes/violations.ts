// Probes with frames that a server must not take: unmasked, with reserved bits, with opcodes without a meaning, fragments
// out of order, bad UTF-8. It must fail the connection; that it goes on is the finding.
import { continuation, type Frame, ping, text } from '../../wire/frame.ts';
import { say, type Text } from '../mistake.ts';
import type { MistakeId } from '../mistakes.ts';
import type { Probe, ProbeRun, Reaction } from '../probe.ts';
import { bytesOf } from '../probe-link.ts';
import { hex } from '../seen-bytes.ts';
import { noText } from './fitness.ts';

const PROBES: readonly Probe[] = [
  { name: 'unmasked', title: say('a frame without a mask', '没有掩码的帧'), run: unmasked },
  { name: 'reserved-bits', title: say('reserved bits', '保留位'), run: reservedBits },
  {
    name: 'reserved-opcodes',
    title: say('opcodes without a meaning', '没有定义的 opcode'),
    run: reservedOpcodes,
  },
  {
    name: 'fragment-order',
    title: say('fragments out of order', '次序错误的分片'),
    unfit: noText,
    run: fragmentOrder,
  },
  { name: 'bad-utf8', title: say('text that is not UTF-8', '不是 UTF-8 的文本'), run: badUtf8 },
];

export const VIOLATION_PROBES = PROBES.map((probe): Probe => ({ ...probe, isProvoking: true }));

const WENT_ON: Readonly<Record<'went on' | 'fell silent', Text>> = {
  'went on': say('it went on as if nothing had happened', '它照常继续，好像什么都没发生'),
  'fell silent': say(
    'it neither closed the connection nor answered anything after it',
    '它既没有关闭连接，之后也不再回答',
  ),
};

function seeTaken(run: ProbeRun, id: MistakeId, { outcome }: Reaction, what: Text): boolean {
  if (outcome === 'failed') return false;
  const how = WENT_ON[outcome];
  run.see(id, say(`${what.en}, and ${how.en}.`, `${what.zh}，${how.zh}。`));
  return true;
}

/** A frame that any server takes which takes it at all. */
function harmless(run: ProbeRun, changes: Partial<Frame>): Frame {
  return run.known.data === 'refused' ? ping('check', changes) : text(run.text(), changes);
}

async function unmasked(run: ProbeRun): Promise<void> {
  const frame = bytesOf(ping('check', { mask: 'wrong' }));
  const reaction = await run.provoke(frame);
  const what = say(`The frame ${hex(frame)} was sent, without a mask`, `发出了没有掩码的帧 ${hex(frame)}`);
  if (reaction.outcome === 'went on') {
    seeTaken(run, 'no-masking-check', reaction, what);
    return;
  }
  // It may have taken the payload for a key, and whatever followed for the payload. With four bytes more the frame is
  // whole for a server that takes a mask for granted, and no frame at all for one that looks at the bit.
  const longer = Buffer.concat([frame.subarray(0, 2), Buffer.alloc(4), frame.subarray(2)]);
  const again = await run.provoke(longer);
  if (again.outcome !== 'went on') seeTaken(run, 'no-masking-check', reaction, what);
  else
    run.see(
      'no-masking-check',
      say(
        `The frame ${hex(longer)} was sent, whose MASK bit is 0, and the server took the four bytes after its length for a key all the same.`,
        `发出的帧 ${hex(longer)} 的 MASK 位是 0，服务器却照样把长度后面的四个字节当成掩码键。`,
      ),
      // What is not masked is garbage for it, which it refuses sooner or later.
      reaction.outcome === 'failed' ? 'risk' : 'mistake',
    );
}

async function reservedBits(run: ProbeRun): Promise<void> {
  for (const [rsv, name] of [
    [4, 'RSV1'],
    [2, 'RSV2'],
    [1, 'RSV3'],
  ] as const) {
    const frame = harmless(run, { rsv });
    const reaction = await run.provoke(frame);
    const what = say(
      `A frame with ${name} was sent (${hex(bytesOf(frame).subarray(0, 6))} …) without an extension that would give it a meaning`,
      `没有协商任何扩展，却发出了带 ${name} 的帧（${hex(bytesOf(frame).subarray(0, 6))} …）`,
    );
    if (seeTaken(run, 'rsv-accepted', reaction, what)) return;
  }
}

async function reservedOpcodes(run: ProbeRun): Promise<void> {
  for (const opcode of [3, 11]) {
    const frame: Frame = { opcode, payload: Buffer.from('check') };
    const reaction = await run.provoke(frame);
    const what = say(
      `A frame with the opcode ${opcode} was sent (${hex(bytesOf(frame))})`,
      `发出了 opcode 为 ${opcode} 的帧（${hex(bytesOf(frame))}）`,
    );
    if (seeTaken(run, 'reserved-opcode-accepted', reaction, what)) return;
  }
}

async function fragmentOrder(run: ProbeRun): Promise<void> {
  const alone = await run.provoke(continuation(run.text()));
  if (
    seeTaken(
      run,
      'fragment-order-unchecked',
      alone,
      say(
        'A continuation (opcode 0) was sent that continues nothing',
        '发出了一个无所延续的 continuation（opcode 0）',
      ),
    )
  )
    return;
  const nested = await run.provoke(text(run.text(), { fin: false }), text(run.text()));
  seeTaken(
    run,
    'fragment-order-unchecked',
    nested,
    say(
      'A new text message was begun (opcode 1) before the last fragment of the one before',
      '上一条消息的最后一片还没有来，就开始了一条新的文本消息（opcode 1）',
    ),
  );
}

async function badUtf8(run: ProbeRun): Promise<void> {
  const prefix = run.known.protocol === 'engine.io' ? '3' : '';
  const bytes = Buffer.concat([Buffer.from(`${prefix}check `), Buffer.from('c0afff', 'hex')]);
  // Whoever closes at any text shows nothing by closing at this one.
  if (run.known.data === 'refused') return;
  const reaction = await run.provoke(text(bytes));
  const what = say(
    `A text message was sent whose bytes ${hex(bytes)} are not UTF-8`,
    `发出了一条文本消息，其字节 ${hex(bytes)} 不是 UTF-8`,
  );
  seeTaken(run, 'utf8-unchecked', reaction, what);
}
