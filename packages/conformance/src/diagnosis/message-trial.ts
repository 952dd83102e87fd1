// Sends what makes one message and says what became of it: come back right, come back wrong, refused, or nothing. With a
// server that does not echo, right means that the connection lives on.
import type { Frame } from '../wire/frame.ts';
import { CLOSE } from '../wire/frame.ts';
import type { ProbeRun } from './probe.ts';
import type { ProbeLink } from './probe-link.ts';
import type { SeenFrame } from './seen-bytes.ts';

export interface SeenMessage {
  readonly opcode: number;
  readonly rsv: number;
  readonly payload: Buffer;
}

/** The messages in these frames, as far as they are complete; control frames left out. */
export function messagesIn(frames: readonly SeenFrame[]): SeenMessage[] {
  const messages: SeenMessage[] = [];
  let parts: SeenFrame[] = [];
  for (const frame of frames) {
    if (frame.opcode >= CLOSE) continue;
    parts.push(frame);
    if (!frame.fin) continue;
    const [first = frame] = parts;
    const payload = Buffer.concat(parts.map((part) => part.payload));
    messages.push({ opcode: first.opcode, rsv: first.rsv, payload });
    parts = [];
  }
  return messages;
}

export interface MessageTrial {
  /**
   * - `right`: it came back, or the connection lives on.
   * - `wrong`: something else came back.
   * - `refused`: closed for a reason of the application's, such as its size.
   * - `failed`: closed as a broken protocol, or cut.
   * - `silent`: nothing came back.
   */
  readonly outcome: 'right' | 'wrong' | 'refused' | 'failed' | 'silent';
  readonly back: SeenMessage | undefined;
  readonly link: ProbeLink;
  /** Where what was said first ends. */
  readonly from: number;
}

/** The pieces are written apart. */
export async function tryMessage(
  run: ProbeRun,
  pieces: readonly (Frame | Buffer)[],
  whole: string | Buffer,
): Promise<MessageTrial> {
  const link = await run.open();
  const from = link.bytes.length;
  const expected = Buffer.from(whole);
  const isRight = ({ payload }: SeenMessage): boolean => payload.equals(expected);
  await link.sendApart(...pieces);
  if (run.known.data !== 'echo') {
    const isAlive = await run.isAlive(link);
    return { outcome: isAlive === true ? 'right' : endOf(link), back: undefined, link, from };
  }
  const messages = (): SeenMessage[] => messagesIn(link.frames());
  await link.until(
    (now) => now.isOver || messages().length > 0 || now.bytes.includes(expected),
    run.waits.replyMs,
  );
  // Something else may stand before it, or more of it may come.
  if (!messages().some(isRight))
    await link.until((now) => now.isOver || messages().some(isRight), run.waits.quietMs);
  const right = messages().find(isRight);
  if (right !== undefined) return { outcome: 'right', back: right, link, from };
  const [back] = messages();
  return { outcome: back === undefined ? endOf(link) : 'wrong', back, link, from };
}

function endOf(link: ProbeLink): 'refused' | 'failed' | 'silent' {
  if (!link.isOver) return 'silent';
  const { closeCode } = link;
  return closeCode !== undefined && ![1002, 1006, 1007].includes(closeCode) ? 'refused' : 'failed';
}
