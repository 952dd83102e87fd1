// Probes of control frames: pings and pongs, and control frames as they must not be.
import { CONTINUATION, PING, ping, pong } from '../../wire/frame.ts';
import { guessMask } from '../mask-guess.ts';
import { say } from '../mistake.ts';
import type { Probe, ProbeRun } from '../probe.ts';
import { bytesOf } from '../probe-link.ts';
import { hex, type SeenFrame } from '../seen-bytes.ts';
import { noPong } from './fitness.ts';

export const CONTROL_PROBES: readonly Probe[] = [
  { name: 'ping', title: say('ping and pong', 'ping 与 pong'), run: pings },
  {
    name: 'pong',
    title: say('a pong that nobody asked for', '没人要的 pong'),
    unfit: noPong,
    run: strayPong,
  },
  {
    name: 'long-ping',
    title: say('a ping of 126 bytes', '126 字节的 ping'),
    isProvoking: true,
    run: longPing,
  },
  {
    name: 'fragmented-ping',
    title: say('a ping in fragments', '分片的 ping'),
    isProvoking: true,
    run: fragmentedPing,
  },
];

const PAYLOAD = 'check-ping-7';

async function pings(run: ProbeRun): Promise<void> {
  const link = await run.open();
  const sent = ping(PAYLOAD);
  await link.send(sent);
  await link.until((now) => now.isOver || now.frames(10).length > 0, run.waits.replyMs);
  const [answer] = link.frames(10);
  if (answer === undefined) {
    const end = link.isOver
      ? say('the connection ended', '连接断开了')
      : say(
          `${run.waits.replyMs / 1_000} s later no pong had come`,
          `过了 ${run.waits.replyMs / 1_000} 秒也没有 pong`,
        );
    run.see(
      'ping-unanswered',
      say(
        `The ping ${hex(bytesOf(sent))} was sent, and ${end.en}.`,
        `发出 ping ${hex(bytesOf(sent))} 之后，${end.zh}。`,
      ),
    );
    return;
  }
  if (wrongPong(run, answer, PAYLOAD)) return;
  const long = 'check-ping '.padEnd(125, '0123456789');
  const other = await run.open();
  await other.send(ping(long));
  await other.until((now) => now.isOver || now.frames(10).length > 0, run.waits.replyMs);
  const [second] = other.frames(10);
  if (second !== undefined) wrongPong(run, second, long);
  else
    run.see(
      'ping-unanswered',
      say(
        'A short ping got its pong; one with the full 125 bytes of payload got none.',
        '短 ping 得到了 pong；负载满 125 字节的 ping 却没有。',
      ),
    );
}

function wrongPong(run: ProbeRun, answer: SeenFrame, payload: string): boolean {
  if (answer.payload.toString() === payload) return false;
  const frame = bytesOf(ping(payload));
  const guess = guessMask(frame, 6, answer.payload);
  const en = `The ping carried "${payload.slice(0, 12)}" (${payload.length} bytes), the pong ${hex(answer.payload) || 'nothing'}.`;
  const zh = `ping 带的是 “${payload.slice(0, 12)}”（${payload.length} 字节），pong 带的是 ${hex(answer.payload) || '空的负载'}。`;
  if (guess === undefined) run.see('pong-without-payload', say(en, zh));
  else run.see(guess.id, say(`${en} ${guess.how.en}`, `${zh}${guess.how.zh}`));
  return true;
}

async function strayPong(run: ProbeRun): Promise<void> {
  const link = await run.open();
  await link.send(pong('stray'));
  const isAlive = await run.isAlive(link);
  if (link.frames(10).some(({ payload }) => payload.toString() === 'stray'))
    run.see(
      'pong-answered',
      say(
        'A pong was sent without a ping before it, and a pong came back.',
        '没有 ping 在先就发去一个 pong，回来的还是 pong。',
      ),
    );
  else if (isAlive === false)
    run.see(
      'pong-answered',
      say(
        'A pong was sent without a ping before it, and the connection did not survive it.',
        '没有 ping 在先就发去一个 pong，连接就不行了。',
      ),
    );
}

async function longPing(run: ProbeRun): Promise<void> {
  const { outcome } = await run.provoke(ping('x'.repeat(126)));
  if (outcome === 'went on')
    run.seeTaken(
      'control-frame-too-long',
      say(
        'A ping with 126 bytes of payload was taken, and the connection went on.',
        '它收下了负载为 126 字节的 ping，连接继续着。',
      ),
    );
}

async function fragmentedPing(run: ProbeRun): Promise<void> {
  const { outcome } = await run.provoke(
    { ...ping('che'), fin: false },
    { opcode: CONTINUATION, payload: Buffer.from('ck') },
  );
  if (outcome === 'went on')
    run.seeTaken(
      'control-frame-fragmented',
      say(
        `A ping in two fragments (${hex(Buffer.of(PING))} … without FIN, then a continuation) was taken, and the connection went on.`,
        `它收下了分成两片的 ping（第一片 ${hex(Buffer.of(PING))} … 没有 FIN，然后是 continuation），连接继续着。`,
      ),
    );
}
