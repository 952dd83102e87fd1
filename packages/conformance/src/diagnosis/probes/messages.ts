// Probes of whole messages: their kind, fragments, control frames between fragments, UTF-8 over borders. How bytes become
// frames is reading.ts; what must not be taken is violations.ts.
import { binary, continuation, ping, text } from '../../wire/frame.ts';
import { tryMessage } from '../message-trial.ts';
import { say } from '../mistake.ts';
import type { Known, Probe, ProbeRun } from '../probe.ts';
import { bytesOf } from '../probe-link.ts';
import { hex, shown } from '../seen-bytes.ts';
import { noEcho, noPong, noText } from './fitness.ts';
import { lengthFault } from './length-fault.ts';
import { cameText } from './reading.ts';

const noTextOrPong = (known: Known) => noText(known) ?? noPong(known);

export const MESSAGE_PROBES: readonly Probe[] = [
  { name: 'kinds', title: say('text and binary', '文本与二进制'), unfit: noEcho, run: kinds },
  { name: 'fragments', title: say('a message in fragments', '分片的消息'), unfit: noText, run: fragments },
  {
    name: 'ping-between',
    title: say('a ping between two fragments', '两个分片之间的 ping'),
    unfit: noTextOrPong,
    run: pingBetween,
  },
  { name: 'utf8', title: say('text beyond ASCII', 'ASCII 以外的文本'), unfit: noText, run: utf8 },
];

/** No UTF-8, and what a string would make of it is longer. */
const BYTES = Buffer.from('00ff80c3284f00fee29d1a7f', 'hex');

async function kinds(run: ProbeRun): Promise<void> {
  const whole = run.text();
  const asText = await tryMessage(run, [text(whole)], whole);
  if (asText.back?.opcode === 2)
    run.see(
      'text-as-binary',
      say(
        'A text message came back as a binary one (opcode 2).',
        '发去的是文本消息，回来的却是二进制消息（opcode 2）。',
      ),
    );
  const asBinary = await tryMessage(run, [binary(BYTES)], BYTES);
  if (asBinary.back !== undefined && (asBinary.back.opcode === 1 || asBinary.outcome === 'wrong'))
    run.see(
      'binary-as-text',
      say(
        `The binary message ${hex(BYTES)} came back as ${asBinary.back.opcode === 1 ? 'text' : 'binary'}: ${hex(asBinary.back.payload)}.`,
        `二进制消息 ${hex(BYTES)} 回来时成了${asBinary.back.opcode === 1 ? '文本' : '二进制'}：${hex(asBinary.back.payload)}。`,
      ),
    );
  const empty = await tryMessage(run, [text('')], '');
  if (empty.outcome === 'silent' || empty.outcome === 'failed') {
    const came = cameText(empty, run.waits.replyMs);
    run.see(
      'empty-message-lost',
      say(
        `An empty text message was sent (81 80 and a key): ${came.en}.`,
        `发出一条空的文本消息（81 80 加掩码键）：${came.zh}。`,
      ),
    );
  }
}

async function fragments(run: ProbeRun): Promise<void> {
  const whole = run.text();
  const alone = await tryMessage(run, [text(whole)], whole);
  if (alone.outcome !== 'right') return;
  const trial = await tryMessage(
    run,
    [
      text(whole.slice(0, 5), { fin: false }),
      continuation(whole.slice(5, 11), { fin: false }),
      continuation(whole.slice(11)),
    ],
    whole,
  );
  if (trial.outcome === 'right') return;
  const came =
    trial.back === undefined
      ? cameText(trial, run.waits.replyMs)
      : say(
          `"${shown(trial.back.payload.toString())}" came back`,
          `回来的是 “${shown(trial.back.payload.toString())}”`,
        );
  run.see(
    'fragments-joined-wrongly',
    say(
      `"${whole}" was sent as three frames ("${whole.slice(0, 5)}" with opcode 1, "${whole.slice(5, 11)}" and "${whole.slice(11)}" with opcode 0, FIN on the last), and ${came.en}. In one frame it had been fine.`,
      `“${whole}” 分三个帧发出（“${whole.slice(0, 5)}” 的 opcode 是 1，“${whole.slice(5, 11)}” 和 “${whole.slice(11)}” 的 opcode 是 0，最后一个带 FIN），${came.zh}。放在一个帧里时没有问题。`,
    ),
  );
}

async function pingBetween(run: ProbeRun): Promise<void> {
  const whole = run.text();
  const [head, tail] = [text(whole.slice(0, 7), { fin: false }), continuation(whole.slice(7))];
  const plain = await tryMessage(run, [head, tail], whole);
  if (plain.outcome !== 'right') return;
  const trial = await tryMessage(run, [head, ping('between'), tail], whole);
  const hasPong = trial.link
    .frames(10)
    .some(({ payload }) => !run.known.pongsCarry || payload.toString() === 'between');
  if (trial.outcome === 'right' && hasPong) return;
  const came =
    trial.outcome === 'right'
      ? say('the ping got no pong', 'ping 没有得到 pong')
      : cameText(trial, run.waits.replyMs);
  run.see(
    'control-inside-message',
    say(
      `A message was sent in two fragments, once plainly and once with a ping between them. The first went well; with the ping between, ${came.en}.`,
      `同一条消息分两片发了两次，第二次在中间插了一个 ping。第一次没有问题；插了 ping 之后，${came.zh}。`,
    ),
  );
}

const BEYOND_ASCII = '你好，wireroom — naïve €😀';

async function utf8(run: ProbeRun): Promise<void> {
  const whole = (run.known.protocol === 'engine.io' ? '3' : '') + BEYOND_ASCII;
  const payload = Buffer.from(whole);
  const alone = await tryMessage(run, [text(whole)], whole);
  if (alone.outcome === 'refused') return;
  if (alone.outcome !== 'right') {
    const written = lengthFault(alone.link.bytes.subarray(alone.from), payload, 0x81);
    const came = cameText(alone, run.waits.replyMs);
    const seen = say(
      `The text "${whole}" was sent as ${payload.length} bytes of UTF-8, and ${came.en}.`,
      `文本 “${whole}” 以 ${payload.length} 字节的 UTF-8 发出，${came.zh}。`,
    );
    run.see(written?.id ?? 'text-not-utf8', written?.seen ?? seen);
    return;
  }
  // In the middle of a character of three bytes.
  const cut = payload.indexOf(Buffer.from('好')) + 1;
  const frame = bytesOf(text(whole));
  const headBytes = frame.length - payload.length;
  const ways = [
    {
      what: say('The frame came in two TCP writes', '这个帧分两次 TCP 写出'),
      pieces: [frame.subarray(0, headBytes + cut), frame.subarray(headBytes + cut)],
    },
    {
      what: say('The message came in two fragments', '这条消息分成两片'),
      pieces: [text(payload.subarray(0, cut), { fin: false }), continuation(payload.subarray(cut))],
    },
  ];
  for (const { what, pieces } of ways) {
    const trial = await tryMessage(run, pieces, whole);
    const isCut = trial.back?.payload.includes('\uFFFD') === true || trial.link.closeCode === 1007;
    if (trial.outcome === 'right' || !isCut) continue;
    const came =
      trial.back === undefined
        ? cameText(trial, run.waits.replyMs)
        : say(
            `what came back is "${shown(trial.back.payload.toString())}"`,
            `回来的是 “${shown(trial.back.payload.toString())}”`,
          );
    run.see(
      'utf8-cut-at-chunk',
      say(
        `${what.en}, cut inside the character 好 (e5 | a5 bd): ${came.en}. In one piece "${whole}" had been fine.`,
        `${what.zh}，切口在 “好” 字中间（e5 | a5 bd）：${came.zh}。不切开时 “${whole}” 没有问题。`,
      ),
    );
    return;
  }
}
