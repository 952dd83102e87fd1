// permessage-deflate on one connection (RFC 7692): which messages are compressed, whose history they build on, and how much
// memory that keeps. The agreement comes from the handshake (core/deflate-offer.ts), zlib is in raw-deflate.ts.
//
// Memory, per connection and only once it is used: a deflater takes about 220 KiB by default, an inflater about 55 KiB
// (docs/permessage-deflate.md). A direction without context takeover keeps none of it: its messages go through a deflater
// of the process, or borrow an inflater while they last.
import {
  type DeflateAgreement,
  type DeflateWishes,
  WINDOW_BITS_MAX,
  WINDOW_BITS_MIN,
} from '../core/deflate-offer.ts';
import type { InflationMeter } from '../core/inflation-meter.ts';
import type { MessageInflater } from '../core/message-assembler.ts';
import type { Role } from '../core/opcode.ts';
import { borrowInflater, giveInflaterBack, type SharedDeflater, sharedDeflater } from './deflate-pool.ts';
import {
  type DeflaterSettings,
  makeDeflater,
  makeInflater,
  type RawDeflater,
  type RawInflater,
} from './raw-deflate.ts';

/**
 * How permessage-deflate is offered and used. Never compress secrets together with what an attacker may choose: the
 * length of the result tells what they have in common (send such messages with `{ compress: false }`).
 */
export interface DeflateOptions extends DeflateWishes {
  /** Messages below this size are sent as they are. Default: 1024. */
  readonly thresholdBytes?: number;
  /** 0 to 9, fast to small. Default: 3, which takes less than half the time of 6 for a result a tenth larger. */
  readonly level?: number;
  /** 1 to 9: memory of our deflater, as zlib understands it. Default: 8. */
  readonly memLevel?: number;
}

export interface DeflateSettings {
  readonly wishes: DeflateWishes;
  readonly thresholdBytes: number;
  readonly level: number;
  readonly memLevel: number;
}

/** Fills the gaps; undefined when it is off. Throws a RangeError for a number that is out of range. */
export function deflateSettings(options: boolean | DeflateOptions | undefined): DeflateSettings | undefined {
  if (options === undefined || options === false) return undefined;
  const { thresholdBytes = 1024, level = 3, memLevel = 8, ...wishes } = options === true ? {} : options;
  assertRange('thresholdBytes', thresholdBytes, 0, Number.MAX_SAFE_INTEGER);
  assertRange('level', level, 0, 9);
  assertRange('memLevel', memLevel, 1, 9);
  assertRange(
    'serverMaxWindowBits',
    wishes.serverMaxWindowBits ?? WINDOW_BITS_MAX,
    WINDOW_BITS_MIN,
    WINDOW_BITS_MAX,
  );
  assertRange(
    'clientMaxWindowBits',
    wishes.clientMaxWindowBits ?? WINDOW_BITS_MAX,
    WINDOW_BITS_MIN,
    WINDOW_BITS_MAX,
  );
  return { wishes, thresholdBytes, level, memLevel };
}

function assertRange(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}

/** What a handshake agreed on, and how this end carries it out. */
export interface DeflateNegotiation {
  readonly agreement: DeflateAgreement;
  readonly settings: DeflateSettings;
}

// An empty message, deflated (RFC 7692 section 7.2.3.6).
const EMPTY_DEFLATED = Buffer.from([0x00]);
const NOTHING = Buffer.alloc(0);
// What a flush ends with; only a message's last frame leaves it out (RFC 7692 section 7.2.1).
const FLUSH_END = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** One connection's compression, both ways. */
export class ConnectionDeflate implements MessageInflater {
  readonly agreement: DeflateAgreement;
  readonly thresholdBytes: number;
  /** Deflates without any history, with the same result for every connection that shares it. */
  readonly shared: SharedDeflater;
  readonly #deflaterSettings: DeflaterSettings;
  /** What we send builds on what we sent before. */
  readonly keepsOurHistory: boolean;
  readonly #keepsTheirHistory: boolean;
  readonly #theirWindowBits: number;
  #deflater: RawDeflater | undefined;
  #inflater: RawInflater | undefined;
  #isOurHistoryStale = false;
  #hasCome = false;

  constructor(role: Role, { agreement, settings }: DeflateNegotiation) {
    const { serverNoContextTakeover, clientNoContextTakeover } = agreement;
    const { serverMaxWindowBits, clientMaxWindowBits } = agreement;
    const isServer = role === 'server';
    this.agreement = agreement;
    this.thresholdBytes = settings.thresholdBytes;
    this.keepsOurHistory = !(isServer ? serverNoContextTakeover : clientNoContextTakeover);
    this.#keepsTheirHistory = !(isServer ? clientNoContextTakeover : serverNoContextTakeover);
    this.#theirWindowBits = isServer ? clientMaxWindowBits : serverMaxWindowBits;
    this.#deflaterSettings = {
      windowBits: isServer ? serverMaxWindowBits : clientMaxWindowBits,
      level: settings.level,
      memLevel: settings.memLevel,
    };
    this.shared = sharedDeflater(this.#deflaterSettings);
  }

  /** The payload to send with RSV1; undefined when the message is to be sent as it is. The threshold is the caller's. */
  deflate(data: Uint8Array): Buffer | undefined {
    if (data.length === 0) return EMPTY_DEFLATED;
    if (!this.keepsOurHistory) return smallerOf(this.shared.deflate(data), data);
    // Even if it is not smaller: it is part of the history now, on which the next message builds.
    return this.#deflateOnHistory(data);
  }

  /**
   * The payload of one frame of a message that is sent in parts; the first of them bears RSV1. Each part ends at a flush, so
   * the other side can inflate it as soon as it comes. Without a history the parts do not build on each other either.
   */
  deflatePart(data: Uint8Array, isLast: boolean): Buffer {
    if (data.length === 0) return isLast ? EMPTY_DEFLATED : NOTHING;
    const deflated = this.keepsOurHistory ? this.#deflateOnHistory(data) : this.shared.deflate(data);
    return isLast ? deflated : Buffer.concat([deflated, FLUSH_END]);
  }

  /**
   * A shared payload has been sent. It is in the other side's history and not in ours, so ours begins anew: with the
   * next message of our own, because a broadcast must cost nothing here.
   */
  sentShared(): void {
    this.#isOurHistoryStale = true;
  }

  inflate(piece: Buffer, isEnd: boolean, meter: InflationMeter, take: (block: Buffer) => void): void {
    const isEmpty = piece.length === 0;
    // A message of no bytes at all: not what section 7.2.3.6 says, but sent by some, and it can mean only one thing.
    if (isEmpty && !(isEnd && this.#hasCome)) return;
    this.#inflater ??= this.#keepsTheirHistory
      ? makeInflater(this.#theirWindowBits)
      : borrowInflater(this.#theirWindowBits);
    this.#hasCome = !isEnd;
    this.#inflater.inflate(piece, isEnd, meter, take);
    if (isEnd && !this.#keepsTheirHistory) this.#giveBack();
  }

  #deflateOnHistory(data: Uint8Array): Buffer {
    this.#deflater ??= makeDeflater(this.#deflaterSettings);
    if (this.#isOurHistoryStale) this.#deflater.reset();
    this.#isOurHistoryStale = false;
    return this.#deflater.deflate(data);
  }

  /** The connection is over. */
  close(): void {
    this.#deflater?.close();
    this.#inflater?.close();
    this.#deflater = undefined;
    this.#inflater = undefined;
  }

  #giveBack(): void {
    if (this.#inflater !== undefined) giveInflaterBack(this.#theirWindowBits, this.#inflater);
    this.#inflater = undefined;
  }
}

/** Without a history there is no need to send what did not get smaller. */
function smallerOf(deflated: Buffer, data: Uint8Array): Buffer | undefined {
  return deflated.length < data.length ? deflated : undefined;
}
