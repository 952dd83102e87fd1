// One try of a learner's server: connections that are all closed afterwards, waits that end, and mistakes told in sentences.
// The checks are made of these; who plays them is exercises.ts.
import { QUICK_PACE } from '../pace.ts';
import { OpeningFailed, openToServer } from '../tester/opening.ts';
import { RawLink } from '../tester/raw-link.ts';
import type { Session } from '../tester/session.ts';
import { masked } from '../wire/frame.ts';
import type { WireEvent } from '../wire/frame-reader.ts';
import { type Words, words } from './grade.ts';
import { violationText } from './violation-text.ts';

/** Why a check is not passed. */
export class Shortfall extends Error {
  readonly found: Words;
  readonly hint: Words | undefined;

  constructor(found: Words, hint?: Words) {
    super(found.en);
    this.found = found;
    this.hint = hint;
  }
}

export interface Check {
  readonly title: Words;
  readonly rule?: string;
  /** Throws a Shortfall if the server falls short. */
  play(trial: Trial): Promise<void>;
}

export class Trial {
  readonly url: URL;
  /** The longest wait for one answer. */
  readonly patienceMs: number;
  readonly #ends: (() => void)[] = [];

  constructor(url: URL, patienceMs: number) {
    this.url = url;
    this.patienceMs = patienceMs;
  }

  async dial(): Promise<RawLink> {
    const link = await RawLink.dial(this.url, this.patienceMs);
    this.#ends.push(() => link.socket.destroy());
    return link;
  }

  /** A connection with its handshake done. */
  async open(): Promise<Session> {
    try {
      const session = await openToServer(this.url, undefined, {
        ...QUICK_PACE,
        replyTimeoutMs: this.patienceMs,
      });
      this.#ends.push(() => session.destroy());
      return session;
    } catch (error) {
      if (!(error instanceof OpeningFailed)) throw error;
      throw new Shortfall(
        words(`握手没有成功（${error.message}）`, `the handshake did not go through (${error.message})`),
        words('先让练习 01 通过。', 'Exercise 01 comes first.'),
      );
    }
  }

  /** Something else that has to be ended with the trial. */
  atEnd(end: () => void): void {
    this.#ends.push(end);
  }

  end(): void {
    for (const end of this.#ends) end();
  }
}

/** The event as a few words for a report. */
export function described(event: WireEvent | undefined): Words {
  if (event === undefined) return words('等不到任何东西', 'nothing came');
  switch (event.type) {
    case 'message':
      return words(
        `来了一条消息 ${quoted(event.data)}`,
        `a ${event.kind} message came: ${quoted(event.data)}`,
      );
    case 'ping':
    case 'pong':
      return words(
        `来了一个 ${event.type}：${quoted(event.data)}`,
        `a ${event.type} came: ${quoted(event.data)}`,
      );
    case 'close':
      return words(
        `来了一个 Close 帧：${event.code ?? '没有代码'} ${event.reason}`.trimEnd(),
        `a Close frame came: ${event.code ?? 'without a code'} ${event.reason}`.trimEnd(),
      );
    case 'violation': {
      const what = violationText(event.what);
      return words(
        `你的服务器发来了不允许的东西：${what.zh}`,
        `your server sent what is not allowed: ${what.en}`,
      );
    }
    case 'end':
      return words('TCP 连接断了', 'the TCP connection ended');
  }
}

/** Bytes as text where they are text, in quotes and not too long; else in hex. */
export function quoted(data: Uint8Array | string): string {
  const bytes = Buffer.from(data);
  const text = bytes.toString();
  if (!Buffer.from(text).equals(bytes) || /\p{Cc}/u.test(text))
    return `${bytes.toString('hex', 0, 20)}${bytes.length > 20 ? '…' : ''} (${bytes.length} B)`;
  return text.length > 60 ? `"${text.slice(0, 40)}…" (${bytes.length} B)` : JSON.stringify(text);
}

/** The next thing must be this text. `why` may know the mistake by what came instead. */
export async function expectText(
  session: Session,
  text: string,
  { patienceMs }: Trial,
  why?: (event: WireEvent | undefined) => Words | undefined,
): Promise<void> {
  const event = await session.next(patienceMs);
  if (event?.type === 'message' && event.kind === 'text' && event.data.equals(Buffer.from(text))) return;
  const seen = described(event);
  throw new Shortfall(
    words(`应该收到 ${quoted(text)}；实际上${seen.zh}`, `${quoted(text)} should have come back; ${seen.en}`),
    why?.(event),
  );
}

/** The connection must be closed with one of these codes, and then TCP. */
export async function expectClose(
  session: Session,
  codes: readonly (number | undefined)[],
  { patienceMs }: Trial,
  hint?: Words,
): Promise<void> {
  const event = await session.next(patienceMs);
  const wanted = (empty: string): string => codes.map((code) => code ?? empty).join(', ');
  if (event?.type !== 'close' || !codes.includes(event.code)) {
    const seen = described(event);
    throw new Shortfall(
      words(
        `应该收到 Close 帧（${wanted('空')}）；实际上${seen.zh}`,
        `a Close frame (${wanted('empty')}) should have come; ${seen.en}`,
      ),
      hint,
    );
  }
  const after = await session.next(patienceMs);
  if (after?.type === 'end') return;
  const seen = described(after);
  throw new Shortfall(
    words(`Close 帧之后 TCP 应该结束；实际上${seen.zh}`, `TCP should end behind the Close frame; ${seen.en}`),
    words('发完 Close 帧再 socket.end()。', 'socket.end() behind your Close frame.'),
  );
}

/** A client's frame made by hand, with a key that the check knows. */
export function maskedFrame(first: number, payload: string | Uint8Array, key: string): Buffer {
  const bytes = Buffer.from(payload);
  const keyBytes = Buffer.from(key, 'hex');
  return Buffer.concat([Buffer.from([first, 0x80 | bytes.length]), keyBytes, masked(bytes, keyBytes)]);
}
