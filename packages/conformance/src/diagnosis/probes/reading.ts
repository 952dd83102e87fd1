// Probes of how a server cuts what it reads into frames: one read is not one frame, and a length has three forms. What it
// makes of whole messages is messages.ts.
import { ping, text } from '../../wire/frame.ts';
import { guessMask } from '../mask-guess.ts';
import { type MessageTrial, tryMessage } from '../message-trial.ts';
import { say, type Text } from '../mistake.ts';
import type { Known, Probe, ProbeRun } from '../probe.ts';
import { bytesOf } from '../probe-link.ts';
import { hex } from '../seen-bytes.ts';
import { noPong, noText } from './fitness.ts';
import { lengthFault } from './length-fault.ts';

const noAnswer = (known: Known): Text | undefined => (known.data === 'echo' ? undefined : noPong(known));
const isGarbled = ({ data }: Known): Text | undefined =>
  data === 'garbled' ? undefined : say('what it echoes is right', '它回显的内容是正确的');

export const READING_PROBES: readonly Probe[] = [
  { name: 'mask', title: say('taking off the mask', '去掩码'), unfit: isGarbled, run: mask },
  {
    name: 'two-in-one',
    title: say('two frames in one write', '一次写出两个帧'),
    unfit: noAnswer,
    run: twoInOne,
  },
  {
    name: 'one-in-two',
    title: say('one frame in two writes', '一个帧分两次写出'),
    unfit: noAnswer,
    run: oneInTwo,
  },
  {
    name: 'lengths',
    title: say('the three forms of a length', '长度的三种写法'),
    unfit: noText,
    run: lengths,
  },
];

async function mask(run: ProbeRun): Promise<void> {
  const link = await run.open();
  const from = link.frames().length;
  const sent = bytesOf(text('wireroom-check-mask-0123456789'));
  await link.send(sent);
  await link.until((now) => now.isOver || now.frames().length > from, run.waits.replyMs);
  const back = link.frames()[from]?.payload;
  if (back === undefined) return;
  const guess = guessMask(sent, 6, back);
  const en = `The frame ${hex(sent)} was sent; what came back for its payload is ${hex(back)}.`;
  const zh = `发出的帧是 ${hex(sent)}，负载回来时成了 ${hex(back)}。`;
  if (guess === undefined) run.see('message-altered', say(en, zh));
  else run.see(guess.id, say(`${en} ${guess.how.en}`, `${zh}${guess.how.zh}`));
}

/** Frames that are answered, with what shows that they were. */
function asked(run: ProbeRun): { readonly bytes: Buffer; readonly token: string } {
  const token = run.token();
  return { token, bytes: bytesOf(run.known.marker === 'pong' ? ping(token) : text(token)) };
}

async function twoInOne(run: ProbeRun): Promise<void> {
  const link = await run.open();
  const [first, second] = [asked(run), asked(run)];
  const isThere = (token: string, index: number): boolean =>
    run.known.marker === 'echo' || run.known.pongsCarry ? link.has(token) : link.frames(10).length > index;
  await link.send(first.bytes, second.bytes);
  await link.until((now) => now.isOver || isThere(second.token, 1), run.waits.replyMs);
  if (isThere(second.token, 1)) return;
  if (!isThere(first.token, 0)) return;
  run.see(
    'second-frame-lost',
    say(
      `Two frames of ${first.bytes.length} and ${second.bytes.length} bytes were sent in one write; the first was answered, the second ${link.isOver ? 'ended the connection' : 'was not'}.`,
      `一次写出两个帧，分别有 ${first.bytes.length} 和 ${second.bytes.length} 字节；第一个得到了回答，第二个${link.isOver ? '断送了连接' : '没有'}。`,
    ),
  );
}

/** In the header, in the key, in the payload. */
const CUTS: readonly number[] = [1, 4, 11];

async function oneInTwo(run: ProbeRun): Promise<void> {
  for (const cut of CUTS) {
    const link = await run.open();
    const { bytes, token } = asked(run);
    const isAnswered = (): boolean =>
      run.known.marker === 'echo' || run.known.pongsCarry ? link.has(token) : link.frames(10).length > 0;
    await link.sendApart(bytes.subarray(0, cut), bytes.subarray(cut));
    await link.until((now) => now.isOver || isAnswered(), run.waits.replyMs);
    if (isAnswered()) continue;
    const back = link.frames().find(({ payload }) => payload.length === token.length)?.payload;
    const guess = back && guessMask(bytes, 6, back, cut - 6);
    const end =
      back !== undefined
        ? say(`what came back was ${hex(back)}`, `回来的是 ${hex(back)}`)
        : link.isOver
          ? say('it ended the connection', '它断开了连接')
          : say('no answer came', '没有回答');
    const en = `The frame ${hex(bytes)} was sent in two writes, cut after byte ${cut}, and ${end.en}.`;
    const zh = `帧 ${hex(bytes)} 分两次写出，在第 ${cut} 个字节之后切开，${end.zh}。`;
    run.see(
      guess?.id ?? 'one-frame-per-read',
      say(`${en} ${guess?.how.en ?? ''}`.trim(), `${zh}${guess?.how.zh ?? ''}`),
    );
    return;
  }
}

/** Around the borders of the three forms. */
const SIZES: readonly number[] = [100, 125, 300, 126, 127, 4_096, 65_535, 65_536, 70_000];
/** The same in both orders of its two bytes. */
const SYMMETRIC_SIZE = 257;

async function lengths(run: ProbeRun): Promise<void> {
  const right: number[] = [];
  for (const size of SIZES) {
    const whole = run.text(size).slice(0, size);
    const sent = bytesOf(text(whole));
    const trial = await tryMessage(run, [sent], whole);
    if (trial.outcome === 'right') {
      right.push(size);
      continue;
    }
    // A message that is too large for it is refused with 1009, or by cutting TCP; both are its right.
    const isCut = size > 1_000 && trial.outcome === 'failed' && trial.link.closeCode === undefined;
    if (trial.outcome === 'refused' || isCut) run.takenBytesMax = Math.max(...right, 0);
    else await wrongLength(run, { trial, size, sent, whole, right });
    return;
  }
}

interface WrongLength {
  readonly trial: MessageTrial;
  readonly size: number;
  readonly sent: Buffer;
  readonly whole: string;
  readonly right: readonly number[];
}

async function wrongLength(run: ProbeRun, { trial, size, sent, whole, right }: WrongLength): Promise<void> {
  const { link, from, back } = trial;
  const written = lengthFault(link.bytes.subarray(from), Buffer.from(whole), 0x81);
  if (written !== undefined) {
    run.see(written.id, written.seen);
    return;
  }
  const headBytes = size < 126 ? 6 : size < 65_536 ? 8 : 14;
  // Who takes 126 for a length has 126 bytes.
  const isCut = size > 127 && (back?.payload.length === 126 || back?.payload.length === 127);
  const guess = back === undefined || isCut ? undefined : guessMask(sent, headBytes, back.payload);
  if (guess !== undefined) {
    run.see(
      guess.id,
      say(
        `A message of ${size} bytes (${hex(sent)}) came back as ${hex(back?.payload ?? Buffer.alloc(0))}. ${guess.how.en}`,
        `${size} 字节的消息（${hex(sent)}）回来时成了 ${hex(back?.payload ?? Buffer.alloc(0))}。${guess.how.zh}`,
      ),
    );
    return;
  }
  const most = right.length === 0 ? undefined : Math.max(...right);
  const came = cameText(trial, run.waits.replyMs);
  const seen = say(
    `${most === undefined ? '' : `Messages of up to ${most} bytes came through. `}A message of ${size} bytes, whose frame begins ${hex(sent.subarray(0, headBytes))}, did not: ${came.en}.`,
    `${most === undefined ? '' : `不超过 ${most} 字节的消息都没有问题。`}${size} 字节的消息（帧的开头是 ${hex(sent.subarray(0, headBytes))}）就不行了：${came.zh}。`,
  );
  if (size >= 65_536) run.see('length64-as-32', seen);
  else if (size <= 125) run.see('message-altered', seen);
  else if (await isRight(run, SYMMETRIC_SIZE)) {
    run.see(
      'length16-byte-order',
      say(
        `${seen.en} One of ${SYMMETRIC_SIZE} bytes did (01 01, which is the same in both orders).`,
        `${seen.zh}而 ${SYMMETRIC_SIZE} 字节的可以（01 01，正反都一样）。`,
      ),
    );
  } else run.see('length16-unread', seen);
}

async function isRight(run: ProbeRun, size: number): Promise<boolean> {
  const whole = run.text(size).slice(0, size);
  const { outcome } = await tryMessage(run, [text(whole)], whole);
  return outcome === 'right';
}

export function cameText({ outcome, back, link }: MessageTrial, replyMs: number): Text {
  if (back !== undefined)
    return say(
      `what came back has ${back.payload.length} bytes (${hex(back.payload)})`,
      `回来的有 ${back.payload.length} 字节（${hex(back.payload)}）`,
    );
  if (outcome === 'silent')
    return say(`${replyMs / 1_000} s later there was no answer`, `${replyMs / 1_000} 秒之后还是没有回答`);
  const { closeCode } = link;
  if (closeCode === undefined) return say('the connection ended', '连接断开了');
  return say(`it closed the connection with ${closeCode}`, `它以状态码 ${closeCode} 关闭了连接`);
}
