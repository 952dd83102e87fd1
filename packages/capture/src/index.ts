// The entry of @wireroom/capture: the records of a wire, what decoding finds in them, and the messages of the wire feed.
export { fromBase64, fromHex, toBase64, toHex } from './bytes.ts';
export { acceptSteps, GUID } from './decode/accept.ts';
export { type BitCell, type BitField, type BitRow, bitsOf } from './decode/bits.ts';
export { CaptureDecoder, type DecodedChange, decode } from './decode/decode.ts';
export { type FrameChunk, FrameDecoder, type FrameDecoderOptions } from './decode/frame-decoder.ts';
export { isCloseCodeAllowed } from './decode/frame-rules.ts';
export {
  type EngineIoVersion,
  engineIoPacket,
  pollingPackets,
  socketIoPacket,
} from './decode/socketio-packet.ts';
export type {
  AcceptSteps,
  Closing,
  Decoded,
  DecodedChunk,
  DecodedFrame,
  DecodedHandshake,
  DecodedHead,
  DecodedHeader,
  DecodedMessage,
  DeflateAgreement,
  EngineIoPacket,
  FrameFields,
  FrameHeader,
  Gap,
  Meaning,
  PingPair,
  Remark,
  SocketIoPacket,
  Span,
  Unfinished,
  WireFault,
} from './decoded.ts';
export { type CloseCodeText, closeCodeText, type OpcodeText, opcodeText } from './explain/code-text.ts';
export { type Coded, endText, refusalText } from './explain/end-text.ts';
export { FAULTS, type FaultCode, faultText } from './explain/fault-text.ts';
export { EXPLAINED_HEADERS, explainHeader, type HeaderExplanation } from './explain/header-text.ts';
export { remarkText } from './explain/remark-text.ts';
export type { Bilingual } from './explain/text.ts';
export type { FeedCommand, FeedEvent, WatchedConnection } from './feed-message.ts';
export {
  type DecodedFeedCommand,
  decodeFeedCommand,
  decodeFeedEvent,
  encodeFeedCommand,
  encodeFeedEvent,
} from './feed-schema.ts';
export { fromFile } from './file/any-file.ts';
export { CaptureFileError, type FileErrorCode } from './file/file-error.ts';
export { fromHar, toHar } from './file/har.ts';
export { fromJsonl, jsonlHeader, jsonlRecord, toJsonl } from './file/jsonl.ts';
export { fromPcapng, toPcapng } from './file/pcapng.ts';
export { fromShareText, SHARE_CHARACTERS_MAX, toShareText } from './file/share-text.ts';
export { CAPTURE_LIMITS } from './limits.ts';
export {
  type Address,
  type Anchor,
  type BytesRecord,
  type Capture,
  type CaptureRecord,
  CLIENT_MOMENTS,
  type ClientMoment,
  type ClientRecord,
  type ClockRecord,
  type CloseRecord,
  DIRECTIONS,
  type Direction,
  type DroppedRecord,
  type Micros,
  type NoteRecord,
  type OpenRecord,
  type PollRecord,
  type Reader,
  type ResumeRecord,
  STATIONS,
  type Station,
  type StationRecord,
  type TlsInfo,
  type VerdictRecord,
} from './record.ts';
export { type RedactOptions, Redactor, type RedactorOptions, redact } from './redact/redact.ts';
export { RedactionMemo } from './redact/redaction-memo.ts';
export { escaped } from './text/line-text.ts';
export { packetText } from './text/meaning-text.ts';
export { type Paint, type TextOptions, TextRenderer, textOf } from './text/text-renderer.ts';
