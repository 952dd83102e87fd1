// Probes of the closing handshake: that a Close frame is answered and TCP ended, which codes are taken, and what becomes of
// frames behind it.
import { close, ping, text } from '../../wire/frame.ts';
import { say } from '../mistake.ts';
import type { Probe, ProbeRun } from '../probe.ts';
import { bytesOf } from '../probe-link.ts';
import { hex } from '../seen-bytes.ts';

export const CLOSING_PROBES: readonly Probe[] = [
  { name: 'close', title: say('the closing handshake', '关闭握手'), run: closing },
  {
    name: 'close-codes',
    title: say('close codes that nobody may send', '不允许发送的状态码'),
    isProvoking: true,
    run: badCodes,
  },
  { name: 'after-close', title: say('frames behind a Close frame', 'Close 帧之后的帧'), run: afterClose },
];

async function closing(run: ProbeRun): Promise<void> {
  for (const frame of [close(1000, 'bye'), close()]) {
    const link = await run.open();
    await link.send(frame);
    await link.until((now) => now.isOver, run.waits.replyMs);
    const sent = say(
      `The Close frame ${hex(bytesOf(frame))} was sent`,
      `发出 Close 帧 ${hex(bytesOf(frame))} 之后`,
    );
    if (link.frames(8).length === 0) {
      const how = link.hasEnded
        ? say('TCP was ended without a Close frame in return', '它没有回 Close 帧就断开了 TCP')
        : say(
            `${run.waits.replyMs / 1_000} s later no Close frame had come back`,
            `${run.waits.replyMs / 1_000} 秒过去，没有 Close 帧回来`,
          );
      run.see('close-unanswered', say(`${sent.en}; ${how.en}.`, `${sent.zh}，${how.zh}。`));
      return;
    }
    await link.until(({ hasEnded }) => hasEnded, run.waits.replyMs);
    if (link.hasEnded) continue;
    run.see(
      'tcp-left-open',
      say(
        `${sent.en} and answered, but ${run.waits.replyMs / 1_000} s later TCP was still open.`,
        `${sent.zh}得到了回答，但 ${run.waits.replyMs / 1_000} 秒之后 TCP 仍然开着。`,
      ),
    );
    return;
  }
}

async function badCodes(run: ProbeRun): Promise<void> {
  const mirrored: number[] = [];
  const accepted: string[] = [];
  for (const code of [999, 1005, 5000]) {
    const link = await run.open();
    await link.send(close(code));
    await link.until((now) => now.isOver, run.waits.replyMs);
    if (link.frames(8).length === 0) continue;
    if (link.closeCode === code) mirrored.push(code);
    else if (link.closeCode === 1000) accepted.push(`${code}`);
  }
  if (mirrored.length > 1) {
    run.see(
      'close-code-invalid-accepted',
      say(
        `Close frames with the codes ${mirrored.join(', ')} were sent, which nobody may send; it sent the same codes back.`,
        `发出了带状态码 ${mirrored.join('、')} 的 Close 帧，这些状态码谁都不许发；它原样发了回来。`,
      ),
    );
    return;
  }
  if (accepted.length > 1)
    run.see(
      'close-code-invalid-accepted',
      say(
        `Close frames with the codes ${accepted.join(', ')} were sent, which nobody may send; it answered 1000, as to a normal closing.`,
        `发出了带状态码 ${accepted.join('、')} 的 Close 帧，这些状态码谁都不许发；它像正常关闭一样回答 1000。`,
      ),
      'remark',
    );
}

async function afterClose(run: ProbeRun): Promise<void> {
  const link = await run.open();
  const token = run.token();
  await link.send(close(1000), run.known.marker === 'echo' ? text(token) : ping(token));
  await link.until(({ hasEnded }) => hasEnded, run.waits.quietMs * 2);
  const answers = link.frames().filter(({ payload, opcode }) => opcode !== 8 && payload.includes(token));
  const [answer] = answers;
  if (answer === undefined) return;
  run.see(
    'data-after-close-processed',
    say(
      `A Close frame and, behind it in the same write, another frame were sent; that one was still answered (${hex(answer.raw)}).`,
      `一次写出一个 Close 帧和紧跟其后的另一个帧；后面那个仍然得到了回答（${hex(answer.raw)}）。`,
    ),
  );
}
