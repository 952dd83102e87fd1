// Probes of what protects a server: a bound for messages, a bound for the time of a handshake, and that it outlives a peer
// that vanishes.

import { RawLink } from '../../tester/raw-link.ts';
import { binary, text } from '../../wire/frame.ts';
import { CLAIMED_BYTES, SENT_BYTES_MAX } from '../limits.ts';
import { say } from '../mistake.ts';
import type { Probe, ProbeRun } from '../probe.ts';
import { bytesOf } from '../probe-link.ts';
import { hex } from '../seen-bytes.ts';

export const SAFETY_PROBES: readonly Probe[] = [
  { name: 'message-limit', title: say('a message without end', '没有尽头的消息'), run: messageLimit },
];

/** Takes long, so it is run beside the others. */
export const SLOW_PROBE: Probe = {
  name: 'slow-handshake',
  title: say('half a handshake', '只发一半的握手'),
  run: slowHandshake,
};

const PIECE = Buffer.alloc(64 * 1024, 0x61);

async function messageLimit(run: ProbeRun): Promise<void> {
  const link = await run.open();
  const head = bytesOf(
    (run.known.protocol === 'engine.io' ? text : binary)(Buffer.alloc(0), { claimedLength: CLAIMED_BYTES }),
  );
  await link.send(head);
  await link.until(({ isOver }) => isOver, run.waits.quietMs);
  for (let sent = 0; sent < SENT_BYTES_MAX && !link.isOver; sent += PIECE.length) {
    await link.send(PIECE);
    await new Promise(setImmediate);
  }
  await link.until(({ isOver }) => isOver, run.waits.quietMs);
  if (link.isOver) return;
  run.see(
    'message-limit-missing',
    say(
      `A frame was begun that claims 1 TiB (${hex(head)}), and 2 MiB of it were sent; the server did not refuse it but went on collecting.`,
      `开始发一个声称有 1 TiB 的帧（${hex(head)}），实际发了 2 MiB；服务器没有拒绝，而是一直收下去。`,
    ),
  );
}

async function slowHandshake(run: ProbeRun): Promise<void> {
  const { url, reach, waits } = run.target;
  const link = await RawLink.dial(url, waits.replyMs, reach);
  try {
    await link.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nUpgrade: webso`);
    await link.until(({ received }) => received.length > 0, waits.slowHandshakeMs);
    if (link.hasEnded || link.received.length > 0) return;
  } finally {
    link.socket.destroy();
  }
  const seconds = waits.slowHandshakeMs / 1_000;
  run.see(
    'slow-handshake-never-cut',
    say(
      `Half a request was sent, and nothing more. After ${seconds} s the connection was still open; whether it is cut later was not waited for.`,
      `只发了半个请求，就不再发了。${seconds} 秒之后连接仍然开着；再往后会不会被断开，没有等下去。`,
    ),
  );
}

/** The last one: a peer that vanishes in the middle of a frame. Whether the server lives on is seen by dialling again. */
export async function vanish(run: ProbeRun): Promise<void> {
  const link = await run.open();
  await link.send(bytesOf(text('wireroom')).subarray(0, 5));
  link.reset();
  await new Promise((resolve) => setTimeout(resolve, run.waits.quietMs));
}
