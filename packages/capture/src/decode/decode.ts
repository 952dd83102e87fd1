// A capture's records in, everything that its bytes hold out: handshake, frames, messages, pings, closing, gaps.
// `CaptureDecoder` takes them one by one and tells what each brought; `decode` takes them all. Results are immutable, and
// what did not change is the same object as before.
import type {
  Closing,
  Decoded,
  DecodedChunk,
  DecodedFrame,
  DecodedHandshake,
  DecodedHead,
  DecodedMessage,
  DeflateAgreement,
  Gap,
  PingPair,
  WireFault,
} from '../decoded.ts';
import { CAPTURE_LIMITS } from '../limits.ts';
import type { Anchor, BytesRecord, Capture, CaptureRecord, Direction, OpenRecord } from '../record.ts';
import type { Rsv1 } from './frame-rules.ts';
import { isUpgrade, judgeAnswer, judgeRequest } from './handshake.ts';
import type { FirstLine } from './head-decoder.ts';
import { KeptList } from './kept-list.ts';
import { languageOf, meaningOf } from './meaning.ts';
import { type Joined, MessageJoiner } from './message-joiner.ts';
import { PingBook } from './ping-book.ts';
import { StreamDecoder, type StreamListener } from './stream-decoder.ts';

/** What one record brought. */
export interface DecodedChange {
  readonly chunk?: DecodedChunk;
  readonly request?: DecodedHandshake['request'];
  readonly response?: DecodedHandshake['response'];
  readonly frames: readonly DecodedFrame[];
  readonly messages: readonly DecodedMessage[];
  /** A ping that came, or one whose pong came. */
  readonly pings: readonly PingPair[];
  readonly faultsOfHandshake: readonly WireFault[];
  readonly gaps: readonly Gap[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Gathered
  extends Mutable<Omit<DecodedChange, 'frames' | 'messages' | 'pings' | 'faultsOfHandshake' | 'gaps'>> {
  frames: DecodedFrame[];
  messages: DecodedMessage[];
  pings: PingPair[];
  faultsOfHandshake: WireFault[];
  gaps: Gap[];
}

export function decode(capture: Capture): Decoded {
  const decoder = new CaptureDecoder();
  for (const record of capture.records) decoder.push(record);
  return decoder.decoded;
}

export class CaptureDecoder {
  readonly #in = this.#direction('in');
  readonly #out = this.#direction('out');
  readonly #frames = new KeptList<DecodedFrame>(CAPTURE_LIMITS.framesMax, ({ raw, payload }) =>
    payload === raw ? raw.length : raw.length + payload.length,
  );
  readonly #messages = new KeptList<DecodedMessage>(CAPTURE_LIMITS.messagesMax, ({ carried, data }) =>
    carried === data ? data.length : carried.length + data.length,
  );
  readonly #pings = new PingBook();
  readonly #gaps = new KeptList<Gap>(CAPTURE_LIMITS.gapsMax, () => 0);
  #handshake: DecodedHandshake = { faults: [] };
  #closing: Closing | undefined;
  #open: OpenRecord | undefined;
  #change = newChange();
  #snapshot: Decoded | undefined;

  /** Records without bytes change nothing here, but the `open` says what is spoken. */
  push(record: CaptureRecord): DecodedChange {
    this.#change = newChange();
    if (record.kind === 'open') this.#open = record;
    if (record.kind === 'bytes') this.#pushBytes(record);
    return this.#change;
  }

  /** Where decoding could begin anew at the next byte of this direction; undefined inside a frame or head. */
  anchor(direction: Direction): Omit<Anchor, 'frameAt'> | undefined {
    return this.#of(direction).stream.anchor;
  }

  /** Cheap to ask for after every batch: the same object where nothing changed, and arrays are copied only once each. */
  get decoded(): Decoded {
    this.#snapshot ??= this.#build();
    return this.#snapshot;
  }

  #pushBytes(record: BytesRecord): void {
    this.#snapshot = undefined;
    const { direction, at, offset, bytes } = record;
    const of = this.#of(direction);
    const chunk: DecodedChunk = {
      direction,
      index: of.chunks.total,
      at,
      span: { from: offset, to: offset + bytes.length },
      bytes,
      hidden: (record.hidden ?? []).map(([from, to]) => ({ from: offset + from, to: offset + to })),
    };
    of.chunks.add(chunk);
    this.#change.chunk = chunk;
    of.stream.push(record, chunk.index);
  }

  #build(): Decoded {
    const openGaps = [this.#in.stream.openGap, this.#out.stream.openGap].filter((gap) => gap !== undefined);
    const unfinished = { in: this.#in.stream.unfinished, out: this.#out.stream.unfinished };
    return {
      handshake: this.#handshake,
      chunks: { in: this.#in.chunks.items, out: this.#out.chunks.items },
      frames: this.#frames.items,
      messages: this.#messages.items,
      pings: this.#pings.items,
      ...(this.#closing && { closing: this.#closing }),
      unfinished: {
        ...(unfinished.in && { in: unfinished.in }),
        ...(unfinished.out && { out: unfinished.out }),
      },
      gaps: openGaps.length > 0 ? [...this.#gaps.items, ...openGaps] : this.#gaps.items,
      forgotten: {
        chunks: this.#in.chunks.forgotten + this.#out.chunks.forgotten,
        frames: this.#frames.forgotten,
        messages: this.#messages.forgotten,
      },
    };
  }

  #of(direction: Direction): { readonly stream: StreamDecoder; readonly chunks: KeptList<DecodedChunk> } {
    return direction === 'in' ? this.#in : this.#out;
  }

  #direction(direction: Direction): {
    readonly stream: StreamDecoder;
    readonly chunks: KeptList<DecodedChunk>;
  } {
    const listener: StreamListener = {
      onHead: (first, head, faults) => this.#onHead(first, head, faults),
      onFault: (found) => this.#addFaults([found]),
      onJoined: (joined) => this.#onJoined(joined),
      onBody: (body) => {
        if (direction === 'out') this.#handshake = { ...this.#handshake, body };
      },
      onGap: (gap) => {
        this.#gaps.add(gap);
        this.#change.gaps.push(gap);
      },
    };
    const joiner = new MessageJoiner(direction, () => this.#agreement());
    const stream = new StreamDecoder(direction, joiner, { listener, rsv1: () => this.#rsv1() });
    return { stream, chunks: new KeptList(CAPTURE_LIMITS.chunksMax, ({ bytes }) => bytes.length) };
  }

  #agreement(): DeflateAgreement | 'none' | undefined {
    if (this.#handshake.deflate) return this.#handshake.deflate;
    return this.#handshake.response ? 'none' : undefined;
  }

  #rsv1(): Rsv1 {
    const agreement = this.#agreement();
    return agreement === undefined ? 'unknown' : agreement === 'none' ? 'not-agreed' : 'agreed';
  }

  #onHead(first: FirstLine, head: DecodedHead, faults: readonly WireFault[]): 'frames' | 'body' | 'head' {
    if (first.kind === 'request') {
      const request = { ...head, method: first.method, target: first.target };
      const { accept, faults: found } = judgeRequest(request);
      this.#handshake = { ...this.#handshake, request, ...(accept && { accept }) };
      this.#addFaults([...faults, ...found]);
      this.#change.request = request;
      return isUpgrade(request) ? 'frames' : 'body';
    }
    const { status, reasonPhrase } = first;
    if (status < 200 && status !== 101) return 'head';
    const response = { ...head, status, reasonPhrase };
    const judged = status === 101 ? judgeAnswer(response, this.#handshake) : { faults: [] };
    const { faults: found, ...verdict } = judged;
    this.#handshake = { ...this.#handshake, response, ...verdict };
    this.#addFaults([...faults, ...found]);
    this.#change.response = response;
    return status === 101 ? 'frames' : 'body';
  }

  #addFaults(faults: readonly WireFault[]): void {
    if (faults.length === 0) return;
    const all = [...this.#handshake.faults, ...faults].slice(0, CAPTURE_LIMITS.faultsOfHandshakeMax);
    this.#handshake = { ...this.#handshake, faults: all };
    this.#change.faultsOfHandshake.push(...faults);
  }

  #onJoined({ frame, message }: Joined): void {
    this.#frames.add(frame);
    this.#change.frames.push(frame);
    if (frame.opcode === 8) this.#closing = closingWith(this.#closing, frame);
    const pair = this.#pings.add(frame);
    if (pair) this.#change.pings.push(pair);
    if (!message) return;
    const meaning = meaningOf(message, languageOf(this.#open, this.#handshake));
    const whole = meaning ? { ...message, meaning } : message;
    this.#messages.add(whole);
    this.#change.messages.push(whole);
  }
}

const newChange = (): Gathered => ({
  frames: [],
  messages: [],
  pings: [],
  faultsOfHandshake: [],
  gaps: [],
});

function closingWith(before: Closing | undefined, frame: DecodedFrame): Closing {
  if (!before) return { begunBy: frame.direction, firstFrame: frame.index, begunAt: frame.at };
  if (before.answerFrame !== undefined || frame.direction === before.begunBy) return before;
  return { ...before, answerFrame: frame.index, answeredAfterMicros: frame.at - before.begunAt };
}
