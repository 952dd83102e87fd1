// The byte stream of one direction, from its first byte: the head, then frames; what is missing, and what nobody can decode.
// Offsets that jump ahead are gaps: frames are found again inside a payload whose length is known, or at an anchor of
// the recorder, and nowhere else. A frame is never guessed.
import { toLatin1 } from '../bytes.ts';
import type { DecodedFrame, DecodedHead, Gap, Unfinished, WireFault } from '../decoded.ts';
import { fault } from '../explain/fault-text.ts';
import { remark } from '../explain/remark-text.ts';
import { CAPTURE_LIMITS } from '../limits.ts';
import type { BytesRecord, Direction, Micros } from '../record.ts';
import { FrameDecoder } from './frame-decoder.ts';
import type { Rsv1 } from './frame-rules.ts';
import { type FirstLine, HeadDecoder } from './head-decoder.ts';
import { HiddenSpans } from './hidden-spans.ts';
import type { Joined, MessageJoiner } from './message-joiner.ts';

/** Who is told what a stream holds. */
export interface StreamListener {
  /** What follows this head? `head`: another head (an informational answer was passed over). */
  readonly onHead: (
    first: FirstLine,
    head: DecodedHead,
    faults: readonly WireFault[],
  ) => 'frames' | 'body' | 'head';
  readonly onFault: (fault: WireFault) => void;
  readonly onJoined: (joined: Joined) => void;
  readonly onBody: (text: string) => void;
  readonly onGap: (gap: Gap) => void;
}

type State =
  | { readonly kind: 'head'; readonly decoder: HeadDecoder; readonly isSecond: boolean }
  | { readonly kind: 'frames'; readonly decoder: FrameDecoder }
  | { readonly kind: 'body'; readonly from: number; text: string }
  /** `missing`: the gap that it began with; absent: the bytes were no HTTP. */
  | { readonly kind: 'undecodable'; readonly from: number; readonly missing?: Gap['missing'] };

interface Chunk {
  readonly bytes: Uint8Array;
  readonly at: Micros;
  readonly index: number;
}

export class StreamDecoder {
  readonly #direction: Direction;
  readonly #joiner: MessageJoiner;
  readonly #listener: StreamListener;
  readonly #rsv1: () => Rsv1;
  #state: State;
  readonly #hidden = new HiddenSpans();
  /** Those before a head that came after the switch. */
  #framesBefore = 0;
  /** Place in the stream of the byte that is expected. */
  #next = 0;

  constructor(
    direction: Direction,
    joiner: MessageJoiner,
    { listener, rsv1 }: { readonly listener: StreamListener; readonly rsv1: () => Rsv1 },
  ) {
    this.#direction = direction;
    this.#joiner = joiner;
    this.#listener = listener;
    this.#rsv1 = rsv1;
    this.#state = { kind: 'head', decoder: new HeadDecoder(direction, 0), isSecond: false };
  }

  /** Where decoding can begin anew at the next byte, if it is a frame's first. */
  get anchor():
    | { readonly frames: number; readonly messages: number; readonly isInMessage: boolean }
    | undefined {
    if (this.#state.kind !== 'frames' || !this.#state.decoder.isBetweenFrames) return undefined;
    const { nextIndex, isInMessage } = this.#joiner;
    return { frames: this.#state.decoder.nextIndex, messages: nextIndex, isInMessage };
  }

  push(record: BytesRecord, index: number): void {
    this.#hidden.add(record);
    if (record.offset > this.#next) this.#skip(record.offset - this.#next, record.at);
    // Bytes that were seen already (two recorders, a repeated record) are passed over.
    const known = Math.min(this.#next - record.offset, record.bytes.length);
    const bytes = record.bytes.subarray(known);
    const isAnchored = this.#state.kind === 'undecodable' || (record.offset === 0 && this.#next === 0);
    if (record.anchor && isAnchored && record.anchor.frameAt >= known) this.#resume(record, record.anchor);
    this.#next += bytes.length;
    const from = this.#next - bytes.length;
    const anchored = this.#state.kind === 'frames' ? Math.max(0, this.#state.decoder.offset - from) : 0;
    this.#feed({ bytes: bytes.subarray(anchored), at: record.at, index });
  }

  #feed(chunk: Chunk): void {
    for (let at = 0; at < chunk.bytes.length; ) at = this.#step(chunk, at);
  }

  /** Takes bytes of the chunk from `from` on; gives the place of the first that was not taken. */
  #step(chunk: Chunk, from: number): number {
    const state = this.#state;
    switch (state.kind) {
      case 'head':
        return this.#readHead(state, chunk, from);
      case 'frames':
        return this.#readFrame(state.decoder, chunk, from);
      case 'body': {
        const room = CAPTURE_LIMITS.bodyBytesMax - state.text.length;
        if (room > 0) {
          state.text += toLatin1(chunk.bytes.subarray(from, from + room));
          this.#listener.onBody(state.text);
        }
        return chunk.bytes.length;
      }
      case 'undecodable':
        return chunk.bytes.length;
    }
  }

  #readHead({ decoder, isSecond }: State & { kind: 'head' }, chunk: Chunk, from: number): number {
    const result = decoder.push(chunk.bytes.subarray(from), chunk.at);
    if (result.kind === 'open') return chunk.bytes.length;
    if (result.kind === 'failed') {
      for (const found of result.faults) this.#listener.onFault(found);
      this.#state = { kind: 'undecodable', from: decoder.from };
      return chunk.bytes.length;
    }
    const end = result.head.span.to;
    const next = isSecond ? 'frames' : this.#listener.onHead(result.first, result.head, result.faults);
    if (next === 'frames')
      this.#state = { kind: 'frames', decoder: this.#frameDecoder(end, this.#framesBefore) };
    else if (next === 'body') this.#state = { kind: 'body', from: end, text: '' };
    else this.#state = { kind: 'head', decoder: new HeadDecoder(this.#direction, end), isSecond: false };
    return from + result.taken;
  }

  #readFrame(decoder: FrameDecoder, chunk: Chunk, from: number): number {
    if (this.#direction === 'out' && decoder.isBetweenFrames && isHttp(chunk.bytes, from)) {
      this.#listener.onFault(fault('second-answer', { position: decoder.offset }));
      this.#framesBefore = decoder.nextIndex;
      const head = new HeadDecoder(this.#direction, decoder.offset);
      this.#state = { kind: 'head', decoder: head, isSecond: true };
      return from;
    }
    const { next, frame } = decoder.pushOne(chunk, from);
    if (frame) this.#join(frame);
    return next;
  }

  #join(frame: DecodedFrame): void {
    const hidden = this.#hidden.takeWithin(frame.fields.payload);
    this.#listener.onJoined(this.#joiner.push(hidden.length > 0 ? { ...frame, hidden } : frame));
  }

  #frameDecoder(offset: number, firstIndex: number): FrameDecoder {
    return new FrameDecoder({ direction: this.#direction, offset, firstIndex, rsv1: this.#rsv1 });
  }

  #skip(count: number, at: Micros): void {
    const missing = { from: this.#next, to: this.#next + count };
    this.#next += count;
    const state = this.#state;
    if (state.kind === 'frames') {
      const { isLost, frame } = state.decoder.skip(count, at);
      if (frame) this.#join(frame);
      if (!isLost) {
        this.#listener.onGap({ direction: this.#direction, missing });
        return;
      }
    }
    if (state.kind === 'undecodable') this.#tellGap(state, missing.from);
    if (state.kind !== 'body') this.#state = { kind: 'undecodable', from: missing.to, missing };
    else this.#listener.onGap({ direction: this.#direction, missing });
  }

  #resume(record: BytesRecord, anchor: NonNullable<BytesRecord['anchor']>): void {
    const offset = record.offset + anchor.frameAt;
    if (this.#state.kind === 'undecodable') this.#tellGap(this.#state, offset);
    this.#joiner.resume(anchor);
    this.#state = { kind: 'frames', decoder: this.#frameDecoder(offset, anchor.frames) };
  }

  #tellGap(state: State & { kind: 'undecodable' }, to: number): void {
    if (!state.missing) return;
    const { from } = state;
    const undecodable = to > from ? { undecodable: { from, to } } : {};
    this.#listener.onGap({ direction: this.#direction, missing: state.missing, ...undecodable });
  }

  /** The gap after which nothing could be decoded so far. */
  get openGap(): Gap | undefined {
    if (this.#state.kind !== 'undecodable' || !this.#state.missing) return undefined;
    const { missing, from } = this.#state;
    return { direction: this.#direction, missing, undecodable: { from, to: this.#next } };
  }

  get unfinished(): Unfinished | undefined {
    return unfinishedIn(this.#state, this.#next);
  }
}

function unfinishedIn(state: State, to: number): Unfinished | undefined {
  switch (state.kind) {
    case 'head':
      return to > state.decoder.from
        ? { kind: 'head', from: state.decoder.from, to, remarks: [] }
        : undefined;
    case 'frames': {
      if (state.decoder.isBetweenFrames) return undefined;
      const frame = state.decoder.unfinished;
      const isImpossible = frame?.faults.some(({ code }) => code === 'length-top-bit') === true;
      return {
        kind: 'frame',
        from: state.decoder.unfinishedFrom,
        to,
        ...(frame && { frame }),
        remarks: isImpossible ? [remark('length-impossible')] : [],
      };
    }
    case 'body':
      return to > state.from ? { kind: 'body', from: state.from, to, remarks: [] } : undefined;
    case 'undecodable': {
      const remarks = [remark(state.missing ? 'bytes-missing' : 'no-http')];
      return { kind: 'undecodable', from: state.from, to, remarks };
    }
  }
}

const HTTP = [0x48, 0x54, 0x54, 0x50, 0x2f, 0x31, 0x2e] as const;
/** `HTTP/1.` where a frame should begin. As a frame it would be a fragmented Close with reserved bits. */
const isHttp = (bytes: Uint8Array, from: number): boolean =>
  HTTP.every((byte, index) => bytes[from + index] === byte);
