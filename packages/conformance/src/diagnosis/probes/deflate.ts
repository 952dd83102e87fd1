// Probes of permessage-deflate (RFC 7692): whether what was agreed on is what is done.

import { DeflateReader, DeflateWriter, type Direction } from '../../wire/deflate.ts';
import { text } from '../../wire/frame.ts';
import { agreementOf, misfitOf, NAME, readElements } from '../../wire/negotiation.ts';
import { messagesIn, type SeenMessage } from '../message-trial.ts';
import { say } from '../mistake.ts';
import { NoSession, type Probe, type ProbeRun } from '../probe.ts';
import type { ProbeLink } from '../probe-link.ts';
import { hex, shown, valueIn } from '../seen-bytes.ts';
import { noText } from './fitness.ts';

export const DEFLATE_PROBES: readonly Probe[] = [
  { name: 'deflate', title: say('compressed messages', '压缩的消息'), unfit: noText, run: compressed },
  {
    name: 'deflate-context',
    title: say('compression without memory', '不保留上下文的压缩'),
    unfit: noText,
    run: withoutContext,
  },
];

interface Agreed {
  readonly link: ProbeLink;
  readonly server: Direction;
  readonly writer: DeflateWriter;
}

/** Undefined where the server does not agree to compression, or agrees to something that was not offered. */
async function agree(run: ProbeRun, offer: string): Promise<Agreed | undefined> {
  const link = await run.open({ request: { changes: { 'Sec-WebSocket-Extensions': offer } } });
  if (link.head === undefined) throw new NoSession('no answer');
  const field = valueIn(link.head, 'sec-websocket-extensions');
  const [answer, ...more] = readElements(field);
  if (answer === undefined) return undefined;
  const misfit =
    more.length > 0
      ? 'it has several elements'
      : answer.name === NAME
        ? misfitOf(answer, readElements(offer))
        : 'it is another extension';
  if (misfit !== undefined) {
    run.see(
      'deflate-answer-unfit',
      say(
        `The request offered "${offer}", the answer is "${shown(field ?? '')}": ${misfit}.`,
        `请求提出的是 “${offer}”，回答是 “${shown(field ?? '')}”，与所提的不符（${misfit}）。`,
      ),
    );
    return undefined;
  }
  const { server, client } = agreementOf(answer.parameters);
  return { link, server, writer: new DeflateWriter(client) };
}

/** Sends a compressed text; resolves with what came back, or whether it lives where nothing comes back. */
async function sendCompressed(run: ProbeRun, { link, writer }: Agreed, whole: string) {
  const count = messagesIn(link.frames()).length;
  const payload = writer.deflate(Buffer.from(whole));
  await link.send(text(payload, { rsv: 4 }));
  if (run.known.data !== 'echo')
    return { payload, isAlive: (await run.isAlive(link)) === true, back: undefined };
  const next = (): SeenMessage | undefined => messagesIn(link.frames())[count];
  await link.until((now) => now.isOver || next() !== undefined, run.waits.replyMs);
  const back = next();
  return { payload, isAlive: back !== undefined, back };
}

const endText = (link: ProbeLink): readonly [string, string] => {
  if (link.closeCode !== undefined)
    return [`it closed the connection with ${link.closeCode}`, `它以状态码 ${link.closeCode} 关闭了连接`];
  return link.isOver ? ['it ended the connection', '它断开了连接'] : ['no answer came', '没有回答'];
};

function seeFailed(
  run: ProbeRun,
  link: ProbeLink,
  { number, payload }: { readonly number: number; readonly payload: Buffer },
): void {
  const [en, zh] = endText(link);
  if (number === 1)
    run.see(
      'deflate-agreed-not-used',
      say(
        `It agreed to ${NAME}; then a compressed message was sent (RSV1, ${hex(payload.subarray(0, 8))} …), and ${en}.`,
        `它同意了 ${NAME}；随后发去一条压缩的消息（RSV1，${hex(payload.subarray(0, 8))} …），${zh}。`,
      ),
    );
  else
    run.see(
      'context-not-kept',
      say(
        `The first compressed message went well; at the second, which refers back to the first, ${en}.`,
        `第一条压缩消息没有问题；第二条引用了第一条的内容，${zh}。`,
      ),
    );
}

async function compressed(run: ProbeRun): Promise<void> {
  const agreed = await agree(run, `${NAME}; client_max_window_bits`);
  if (agreed === undefined) return;
  const { link, server } = agreed;
  const reader = new DeflateReader(server);
  const kept = new DeflateReader(WITH_HISTORY);
  let hasCompressed = false;
  for (const number of [1, 2]) {
    const { payload, isAlive, back } = await sendCompressed(run, agreed, run.text(4_000));
    if (!isAlive) {
      seeFailed(run, link, { number, payload });
      return;
    }
    if (back === undefined) continue;
    if (back.rsv !== 4) {
      if (back.payload.equals(payload)) {
        run.see(
          'deflate-agreed-not-used',
          say(
            `It agreed to ${NAME}, but gave a compressed message back as it came (${hex(back.payload.subarray(0, 8))} …), without RSV1: it was never inflated.`,
            `它同意了 ${NAME}，却把压缩的消息原样送了回来（${hex(back.payload.subarray(0, 8))} …），没有 RSV1：它根本没有解压。`,
          ),
        );
        return;
      }
      continue;
    }
    hasCompressed = true;
    const alone = inflated(reader, back.payload);
    const withHistory = inflated(kept, back.payload);
    if (alone !== undefined) continue;
    if (withHistory !== undefined) seeKept(run, number, back.payload);
    else
      run.see(
        'deflate-broken',
        say(
          `Its compressed frame (${hex(back.payload)}) cannot be inflated.`,
          `它发出的压缩帧（${hex(back.payload)}）无法解压。`,
        ),
      );
    return;
  }
  if (!hasCompressed && run.known.data === 'echo')
    run.see(
      'deflate-agreed-not-used',
      say(
        `It agreed to ${NAME} and understands compressed messages, but two compressible messages of 4 KB came back uncompressed.`,
        `它同意了 ${NAME}，也读得懂压缩的消息，但两条很好压缩的 4 KB 消息回来时都没有压缩。`,
      ),
      'remark',
    );
}

async function withoutContext(run: ProbeRun): Promise<void> {
  const agreed = await agree(run, `${NAME}; server_no_context_takeover; client_no_context_takeover`);
  if (agreed === undefined) return;
  const whole = run.text(2_000);
  const kept = new DeflateReader(WITH_HISTORY);
  for (const number of [1, 2, 3]) {
    const { back } = await sendCompressed(run, agreed, whole);
    if (back === undefined || back.rsv !== 4) return;
    const alone = inflated(new DeflateReader({ keepsHistory: false, windowBits: 15 }), back.payload);
    const withHistory = inflated(kept, back.payload);
    if (alone?.toString() === whole) continue;
    if (withHistory?.toString() !== whole) return;
    seeKept(run, number, back.payload);
    return;
  }
}

function seeKept(run: ProbeRun, number: number, payload: Buffer): void {
  run.see(
    'context-kept-though-declined',
    say(
      `"server_no_context_takeover" was agreed on; message ${number} (${hex(payload)}) can be inflated only by whoever remembers the messages before it.`,
      `双方约定了 “server_no_context_takeover”；可是第 ${number} 条消息（${hex(payload)}）只有记得前面消息的人才能解压。`,
    ),
  );
}

const WITH_HISTORY: Direction = { keepsHistory: true, windowBits: 15 };

function inflated(reader: DeflateReader, payload: Buffer): Buffer | undefined {
  try {
    return reader.inflate(payload);
  } catch {
    return undefined;
  }
}
