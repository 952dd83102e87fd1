// What decoding finds in a capture's bytes: handshake, frames, messages, with the place of every field in the stream.
// Types only. A frame is shown as it was sent, also where it is against the rules: `faults` says what is wrong with it.
import type { Direction, Micros } from './record.ts';

/** A piece of one direction's byte stream, [from, to), counted from the connection's first byte. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface DecodedHeader {
  readonly name: string;
  readonly value: string;
  readonly span: Span;
}

export interface DecodedHandshake {
  readonly request?: DecodedHead & { readonly method: string; readonly target: string };
  readonly response?: DecodedHead & { readonly status: number; readonly reasonPhrase: string };
  /** Of the key that was sent; absent without one. */
  readonly accept?: AcceptSteps;
  /** What the answer's Sec-WebSocket-Accept says, and whether it is the right one. */
  readonly sentAccept?: string;
  readonly isAcceptRight?: boolean;
  /** What the answer chose of what was offered. */
  readonly subprotocol?: string;
  /** permessage-deflate, as the answer agreed on it; absent: not agreed on. */
  readonly deflate?: DeflateAgreement;
  /** What followed an answer that is no 101, as text, up to a limit. */
  readonly body?: string;
  readonly faults: readonly WireFault[];
}

/** The parameters of permessage-deflate in the answer (RFC 7692 section 7.1). */
export interface DeflateAgreement {
  readonly serverNoContextTakeover: boolean;
  readonly clientNoContextTakeover: boolean;
  readonly serverMaxWindowBits: number;
  readonly clientMaxWindowBits: number;
}

export interface DecodedHead {
  readonly at: Micros;
  readonly version: string;
  readonly headers: readonly DecodedHeader[];
  /** Of the whole head, with its empty line. */
  readonly span: Span;
}

/** How Sec-WebSocket-Accept comes about (RFC 6455 section 4.2.2). */
export interface AcceptSteps {
  readonly key: string;
  readonly guid: string;
  readonly concatenated: string;
  readonly sha1: Uint8Array;
  readonly accept: string;
}

/** Something against the RFCs. The texts for people are found by the code. */
export interface WireFault {
  readonly code: string;
  /** For instance `RFC 6455 section 5.1`. */
  readonly rule: string;
  /** One English sentence in our own words. */
  readonly message: string;
  /** What the sentence names, for instance `position`. */
  readonly values?: Readonly<Record<string, string | number>>;
}

/** Not a fault of anybody: why something could not be shown. */
export interface Remark {
  readonly code: string;
  /** One English sentence. */
  readonly message: string;
}

/** What stands before a frame's payload. */
export interface FrameHeader {
  readonly direction: Direction;
  /** Counted from 0 in this direction. */
  readonly index: number;
  /** When its first byte was read or written. */
  readonly firstAt: Micros;
  readonly fin: boolean;
  readonly rsv1: boolean;
  readonly rsv2: boolean;
  readonly rsv3: boolean;
  readonly opcode: number;
  readonly masked: boolean;
  /** How the length is written, and whether a shorter form would have done. */
  readonly lengthForm: 7 | 16 | 64;
  readonly isShortestForm: boolean;
  readonly payloadLength: number;
  /** Four bytes; absent where not masked. */
  readonly maskingKey?: Uint8Array;
  /** The header as on the wire, 2 to 14 bytes. */
  readonly headerBytes: Uint8Array;
  readonly fields: FrameFields;
  readonly faults: readonly WireFault[];
}

export interface DecodedFrame extends FrameHeader {
  /** When its last byte was read or written. */
  readonly at: Micros;
  /** As on the wire: the first bytes, up to a limit or to where bytes are missing. `payloadLength` counts them all. */
  readonly raw: Uint8Array;
  /** With the mask taken off; the same object as `raw` where there is none. */
  readonly payload: Uint8Array;
  /** Parts of the payload, in the stream, that were secret and are overwritten. */
  readonly hidden?: readonly Span[];
  /** The whole frame in the stream of its direction. */
  readonly span: Span;
  /** The TCP reads or writes that it lay in, as indexes of the direction's bytes records. */
  readonly chunks: readonly number[];
  /** The message that it is part of; control frames are none. */
  readonly messageIndex?: number;
  /** Of a Close frame. */
  readonly close?: { readonly code: number | undefined; readonly reason: string };
}

/** Where each field stands in the stream of its direction. */
export interface FrameFields {
  /** The first two bytes: FIN, RSV, opcode; MASK, length. */
  readonly head: Span;
  readonly extendedLength?: Span;
  readonly maskingKey?: Span;
  readonly payload: Span;
}

/** One message, out of one frame or several. */
export interface DecodedMessage {
  readonly direction: Direction;
  /** Counted from 0 in this direction. */
  readonly index: number;
  readonly type: 'text' | 'binary';
  /** Its frames, by their index in this direction. */
  readonly frames: readonly number[];
  readonly firstAt: Micros;
  readonly at: Micros;
  /** As carried: joined and unmasked; the first bytes, up to a limit or to where bytes are missing. */
  readonly carried: Uint8Array;
  /** How many bytes its frames carry in all. */
  readonly carriedLength: number;
  /** Whether `data` is all of it. */
  readonly isWhole: boolean;
  /** Was it compressed (RSV1 on the first frame, permessage-deflate agreed on)? */
  readonly isCompressed: boolean;
  /** Inflated; the same object as `carried` where it was not compressed. */
  readonly data: Uint8Array;
  /** Of a text message whose bytes are valid UTF-8; the beginning, where it is not whole. */
  readonly text?: string;
  readonly meaning?: Meaning;
  readonly faults: readonly WireFault[];
  readonly remarks: readonly Remark[];
}

/** What a message says, where we know its language. */
export type Meaning =
  | {
      readonly language: 'wireroom';
      /** `command` from the client, `event` from the server. */
      readonly role: 'command' | 'event';
      readonly type: string;
      readonly ref?: string | number;
      /** As a command names it: by its slug or its id. */
      readonly room?: string;
      readonly roomId?: string;
      readonly seq?: number;
      readonly draftId?: string;
      /** Of an entry that is no message, and nobody's coming or going. */
      readonly entryType?: string;
      /** The seq of the message that it is about. */
      readonly target?: number;
      /** How many rooms a `resume`, a `resumed` or `heads` is about. */
      readonly rooms?: number;
      readonly reconnectAfterMs?: number;
    }
  | { readonly language: 'socketio'; readonly packets: readonly EngineIoPacket[] };

/** One Engine.IO packet, and the Socket.IO packet inside it. */
export interface EngineIoPacket {
  /** The digit on the wire. */
  readonly digit: string;
  readonly type: 'open' | 'close' | 'ping' | 'pong' | 'message' | 'upgrade' | 'noop' | 'unknown';
  readonly text: string;
  readonly inner?: SocketIoPacket;
  /** Of an attachment: bytes that an event's placeholder stands for. */
  readonly binary?: Uint8Array;
}

export interface SocketIoPacket {
  readonly digit: string;
  readonly type:
    | 'connect'
    | 'disconnect'
    | 'event'
    | 'ack'
    | 'connect-error'
    | 'binary-event'
    | 'binary-ack'
    | 'unknown';
  readonly namespace: string;
  readonly id?: number;
  /** How many binary attachments follow it. */
  readonly attachments?: number;
  /** The JSON after it, as text and as a value. */
  readonly data?: string;
  readonly value?: unknown;
  /** Of the lesson's shapes: `{type: 'CHAT', …}` in an event. */
  readonly lessonType?: string;
}

/** The bytes of one direction, chunk by chunk. */
export interface DecodedChunk {
  readonly direction: Direction;
  readonly index: number;
  readonly at: Micros;
  readonly span: Span;
  readonly bytes: Uint8Array;
  readonly hidden: readonly Span[];
}

/** A whole capture, decoded. */
export interface Decoded {
  readonly handshake: DecodedHandshake;
  readonly chunks: { readonly in: readonly DecodedChunk[]; readonly out: readonly DecodedChunk[] };
  /** In the order of time, both directions. */
  readonly frames: readonly DecodedFrame[];
  readonly messages: readonly DecodedMessage[];
  /** Each ping with its pong. */
  readonly pings: readonly PingPair[];
  readonly closing?: Closing;
  /** What is left at the ends of the streams: a head or a frame that has not come whole, or bytes that are neither. */
  readonly unfinished: { readonly in?: Unfinished; readonly out?: Unfinished };
  /** Where bytes are missing, and what could not be decoded for that reason. */
  readonly gaps: readonly Gap[];
  /** Older ones that were let go of, to stay within the limits. */
  readonly forgotten: { readonly chunks: number; readonly frames: number; readonly messages: number };
}

/** `body`: HTTP that is no WebSocket. `undecodable`: nobody knows where in these bytes a frame begins. */
export interface Unfinished extends Span {
  readonly kind: 'head' | 'frame' | 'body' | 'undecodable';
  /** Of a frame whose header is there. */
  readonly frame?: FrameHeader;
  readonly remarks: readonly Remark[];
}

export interface Gap {
  readonly direction: Direction;
  readonly missing: Span;
  /** Bytes after it that are there, but in which no frame's beginning is known. */
  readonly undecodable?: Span;
}

export interface PingPair {
  readonly ping: number;
  readonly direction: Direction;
  /** The pong's index in the other direction; absent: none came. */
  readonly pong?: number;
  readonly roundTripMicros?: number;
}

export interface Closing {
  readonly begunBy: Direction;
  readonly firstFrame: number;
  readonly begunAt: Micros;
  readonly answerFrame?: number;
  readonly answeredAfterMicros?: number;
}
