// One connection of the diagnosis: the handshake as told, then frames and bytes as told. Keeps everything that comes and
// refuses nothing; what it means is for the probes. Ends no connection by itself.

import { setImmediate, setTimeout } from 'node:timers/promises';
import { pathOf } from '../tester/opening.ts';
import { RawLink, type Reach } from '../tester/raw-link.ts';
import { encode, type Frame, masked } from '../wire/frame.ts';
import { type Changes, newKey, type RequestPlan, writeRequest } from '../wire/http.ts';
import { type SeenFrame, type SeenFrames, type SeenHead, seeFrames, seeHead, valueIn } from './seen-bytes.ts';

/** A small key: letters under it stay ASCII, so that text which is unmasked wrongly is not refused as bad UTF-8. */
export const MASK_KEY = Buffer.of(1, 2, 4, 3);

export interface LinkPlan {
  readonly url: URL;
  readonly reach: Reach;
  readonly replyMs: number;
  /** For the whole head. Default: the same. */
  readonly headMs?: number;
  readonly request?: Partial<RequestPlan>;
  /** Default: in one write. 'bytes': in many. 'halves': in two. */
  readonly cut?: 'whole' | 'bytes' | 'halves';
  /** Changes the text of the request as a whole. */
  readonly rewrite?: ((request: string) => string) | undefined;
}

/** So that the writes around it are read apart, also where a busy loop comes late to its timers: a server in this process has its turns to accept and to read. */
async function gap(): Promise<void> {
  await setTimeout(GAP_MS);
  for (let turn = 0; turn < TURNS; turn += 1) await setImmediate();
}

export class ProbeLink {
  readonly key: string;
  readonly request: string;
  readonly #raw: RawLink;
  #head: SeenHead | undefined;
  #from = 0;

  private constructor(raw: RawLink, key: string, request: string) {
    this.#raw = raw;
    this.key = key;
    this.request = request;
  }

  /** Dials and asks. Resolves when a head has come, TCP has ended, or the time is over. Rejects where TCP or TLS fails. */
  static async open(plan: LinkPlan): Promise<ProbeLink> {
    const raw = await RawLink.dial(plan.url, plan.replyMs, plan.reach);
    const key = plan.request?.key ?? newKey();
    const changes: Changes = { ...plan.reach.changes, ...plan.request?.changes };
    const request = writeRequest({
      ...{ host: plan.url.host, path: pathOf(plan.url) },
      ...plan.request,
      ...{ key, changes },
    });
    const link = new ProbeLink(raw, key, plan.rewrite?.(request) ?? request);
    await link.#ask(plan.cut ?? 'whole');
    await raw.until(({ received }) => seeHead(received) !== undefined, plan.headMs ?? plan.replyMs);
    link.#takeHead();
    return link;
  }

  async #ask(cut: 'whole' | 'bytes' | 'halves'): Promise<void> {
    if (cut !== 'halves') return this.#raw.write(this.request, cut);
    const middle = this.request.toLowerCase().indexOf('sec-websocket-key') + 24;
    await this.#raw.write(this.request.slice(0, middle));
    await gap();
    await this.#raw.write(this.request.slice(middle));
  }

  #takeHead(): void {
    const { received } = this.#raw;
    this.#head = seeHead(received) ?? (received.length > 0 ? seeHead(received, 'open') : undefined);
    this.#from = this.#head?.raw.length ?? 0;
  }

  get head(): SeenHead | undefined {
    return this.#head;
  }

  /** A yes to the handshake: 101, or at least an accept value, whatever the status line says. */
  get isTaken(): boolean {
    if (this.#head === undefined) return false;
    return this.#head.status === 101 || valueIn(this.#head, 'sec-websocket-accept') !== undefined;
  }

  get isOpen(): boolean {
    return this.isTaken && !this.hasEnded;
  }

  get hasEnded(): boolean {
    return this.#raw.hasEnded;
  }

  /** What came after the head. */
  get bytes(): Buffer {
    return this.#raw.received.subarray(this.#from);
  }

  get seen(): SeenFrames {
    return seeFrames(this.bytes);
  }

  frames(opcode?: number): readonly SeenFrame[] {
    const { frames } = this.seen;
    return opcode === undefined ? frames : frames.filter((frame) => frame.opcode === opcode);
  }

  /** Whether this has come, in a frame or as it is. */
  has(text: string): boolean {
    return this.bytes.includes(text) || this.frames().some(({ payload }) => payload.includes(text));
  }

  /** A Close frame has come, or the end of TCP. */
  get isOver(): boolean {
    return this.hasEnded || this.frames(8).length > 0;
  }

  get closeCode(): number | undefined {
    const [closing] = this.frames(8);
    return closing !== undefined && closing.payload.length >= 2 ? closing.payload.readUInt16BE() : undefined;
  }

  /** One write. */
  async send(...frames: readonly (Frame | Buffer)[]): Promise<void> {
    const bytes = frames.map((frame) =>
      Buffer.isBuffer(frame) ? frame : encode({ maskKey: MASK_KEY, ...frame }, true),
    );
    if (this.#raw.socket.writable) await this.#raw.write(Buffer.concat(bytes));
  }

  /** Several writes that a server reads apart. */
  async sendApart(...pieces: readonly (Frame | Buffer)[]): Promise<void> {
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) await gap();
      await this.send(piece);
    }
  }

  /** Waits until this holds, TCP ends, or the time is over. */
  until(condition: (link: ProbeLink) => boolean, timeoutMs: number): Promise<boolean> {
    return this.#raw.until(() => condition(this), timeoutMs);
  }

  /** Waits so long, or until TCP ends. */
  async rest(ms: number): Promise<void> {
    await this.#raw.until(() => false, ms);
  }

  destroy(): void {
    this.#raw.socket.destroy();
  }

  /** Cuts TCP with a reset, as a vanished peer does. */
  reset(): void {
    this.#raw.socket.resetAndDestroy();
  }
}

/** Between two writes that are to be read apart. */
export const GAP_MS = 40;
const TURNS = 4;

/** The bytes of a frame under the usual key. */
export const bytesOf = (frame: Frame): Buffer => encode({ maskKey: MASK_KEY, ...frame }, true);

export const maskedPayload = (payload: Uint8Array): Buffer => masked(payload, MASK_KEY);
