// Joins the frames of one direction to messages, inflates them where that was agreed on, and reads their text.
// It also knows what is against the rules between frames: fragments out of order, frames after the Close.
import { concat } from '../bytes.ts';
import type { DecodedFrame, DecodedMessage, DeflateAgreement, Remark, WireFault } from '../decoded.ts';
import { fault } from '../explain/fault-text.ts';
import { remark } from '../explain/remark-text.ts';
import { CAPTURE_LIMITS } from '../limits.ts';
import type { Anchor, Direction } from '../record.ts';
import { isControl } from './frame-rules.ts';
import { Inflater } from './inflater.ts';
import { readUtf8 } from './utf8.ts';

/** `undefined`: the handshake is not in the capture, so nobody knows. */
export type DeflateOf = () => DeflateAgreement | 'none' | undefined;

export interface Joined {
  /** The frame, with the message it belongs to and the faults that only its neighbours show. */
  readonly frame: DecodedFrame;
  readonly message?: DecodedMessage;
}

interface Open {
  readonly index: number;
  readonly first: DecodedFrame;
  readonly frames: number[];
  readonly pieces: Uint8Array[];
  keptLength: number;
  carriedLength: number;
  isMissingBytes: boolean;
  isHidden: boolean;
}

export class MessageJoiner {
  readonly #direction: Direction;
  readonly #deflate: DeflateOf;
  #inflater: Inflater | undefined;
  #index = 0;
  #open: Open | undefined;
  /** A message was open before bytes went missing; its fragments are passed over. */
  #isOpenUnknown = false;
  #isClosed = false;

  constructor(direction: Direction, deflate: DeflateOf) {
    this.#direction = direction;
    this.#deflate = deflate;
  }

  get nextIndex(): number {
    return this.#index;
  }

  get isInMessage(): boolean {
    return this.#open !== undefined || this.#isOpenUnknown;
  }

  /** Bytes are missing; decoding begins anew at an anchor. */
  resume(anchor: Anchor): void {
    this.#index = anchor.messages;
    this.#open = undefined;
    this.#isOpenUnknown = anchor.isInMessage;
    if (anchor.frames > 0 && this.#isDeflated()) this.#inflate().loseContext();
  }

  /** The frame becomes the joiner's: it is completed and given back. */
  push(frame: DecodedFrame): Joined {
    const faults: WireFault[] = this.#isClosed ? [fault('after-close')] : [];
    if (isControl(frame.opcode)) {
      if (frame.opcode === 8) this.#isClosed = true;
      return { frame: withFaults(frame, faults) };
    }
    if (frame.opcode === 0) return this.#continue(frame, faults);
    if (frame.opcode > 2) return { frame: withFaults(frame, faults) };
    if (this.isInMessage) faults.push(fault('message-inside-message'));
    this.#isOpenUnknown = false;
    const open: Open = {
      index: this.#index++,
      first: frame,
      frames: [],
      pieces: [],
      keptLength: 0,
      carriedLength: 0,
      isMissingBytes: false,
      isHidden: false,
    };
    this.#open = open;
    return this.#add(open, frame, faults);
  }

  #continue(frame: DecodedFrame, faults: WireFault[]): Joined {
    if (this.#open) return this.#add(this.#open, frame, faults);
    if (!this.#isOpenUnknown) faults.push(fault('continuation-without-start'));
    const messageIndex = this.#isOpenUnknown && this.#index > 0 ? { messageIndex: this.#index - 1 } : {};
    if (frame.fin) this.#isOpenUnknown = false;
    return { frame: { ...withFaults(frame, faults), ...messageIndex } };
  }

  #add(open: Open, frame: DecodedFrame, faults: readonly WireFault[]): Joined {
    if (open.frames.length < CAPTURE_LIMITS.fragmentsMax) open.frames.push(frame.index);
    const room = CAPTURE_LIMITS.messageBytesMax - open.keptLength;
    const isKeeping = !open.isMissingBytes && open.keptLength === open.carriedLength && room > 0;
    if (isKeeping && frame.payload.length > 0) {
      const piece = frame.payload.length > room ? frame.payload.subarray(0, room) : frame.payload;
      open.pieces.push(piece);
      open.keptLength += piece.length;
    }
    if (frame.payload.length < Math.min(frame.payloadLength, CAPTURE_LIMITS.frameBytesMax))
      open.isMissingBytes = true;
    if (frame.hidden) open.isHidden = true;
    open.carriedLength += frame.payloadLength;
    const joined: OwnFrame = withFaults(frame, faults);
    joined.messageIndex = open.index;
    if (!frame.fin) return { frame: joined };
    this.#open = undefined;
    return { frame: joined, message: this.#finish(open, frame) };
  }

  #finish(open: Open, last: DecodedFrame): DecodedMessage {
    const carried = concat(open.pieces);
    const isCarriedWhole = carried.length === open.carriedLength;
    const remarks: Remark[] = [];
    if (!isCarriedWhole) remarks.push(remark(open.isMissingBytes ? 'payload-missing' : 'payload-cut'));
    const agreement = this.#deflate();
    const isCompressed = open.first.rsv1 && agreement !== 'none';
    if (isCompressed && agreement === undefined) remarks.push(remark('agreement-unknown'));
    const isHidden = isCompressed && open.isHidden;
    if (isHidden) remarks.push(remark('compressed-hidden'));
    const isInflatable = isCarriedWhole && !isHidden;
    const inflated = isCompressed && agreement ? this.#inflated(carried, isInflatable) : undefined;
    const data = inflated?.data ?? carried;
    const isWhole = isCarriedWhole && (inflated?.isWhole ?? true);
    const isReadable = !isCompressed || (inflated?.isReadable ?? false);
    const isText = open.first.opcode === 1;
    const text = isText && isReadable ? readUtf8(data, { isWhole }) : undefined;
    return {
      direction: this.#direction,
      index: open.index,
      type: isText ? 'text' : 'binary',
      frames: open.frames,
      firstAt: open.first.firstAt,
      at: last.at,
      carried,
      carriedLength: open.carriedLength,
      isWhole,
      isCompressed,
      data,
      ...(text?.text !== undefined && { text: text.text }),
      faults: [
        ...(inflated?.faults ?? []),
        ...(text?.badAt === undefined ? [] : [fault('text-utf8', { position: text.badAt })]),
      ],
      remarks: [...remarks, ...(inflated?.remarks ?? [])],
    };
  }

  #inflated(carried: Uint8Array, isInflatable: boolean) {
    const inflater = this.#inflate();
    if (!isInflatable) {
      inflater.loseContext();
      return { data: carried, isWhole: false, isReadable: false, faults: [], remarks: [] };
    }
    const result = inflater.inflate(carried);
    return { ...result, isReadable: result.data !== carried && result.faults.length === 0 };
  }

  #isDeflated(): boolean {
    const agreement = this.#deflate();
    return agreement !== undefined && agreement !== 'none';
  }

  #inflate(): Inflater {
    const agreement = this.#deflate();
    const isReset =
      agreement !== undefined &&
      agreement !== 'none' &&
      (this.#direction === 'in' ? agreement.clientNoContextTakeover : agreement.serverNoContextTakeover);
    this.#inflater ??= new Inflater({ isContextKept: !isReset });
    return this.#inflater;
  }
}

/** Nobody else has seen it yet, so it is completed in place: copying objects of this size, one a frame, is slow. */
type OwnFrame = { -readonly [Field in keyof DecodedFrame]: DecodedFrame[Field] };

function withFaults(frame: OwnFrame, faults: readonly WireFault[]): OwnFrame {
  if (faults.length > 0) frame.faults = [...frame.faults, ...faults];
  return frame;
}
