// The door of the pure core: bytes in, values out. For tools that read and write frames without a socket.
export {
  CLOSE_CODE,
  CLOSE_REASON_BYTES_MAX,
  type CloseFrame,
  describeCloseCode,
  isSendableCloseCode,
  readClosePayload,
  writeClosePayload,
} from './close-code.ts';
export type { CloseEvent } from './connection-state.ts';
export {
  acceptDeflate,
  DEFLATE_NAME,
  type DeflateAcceptance,
  type DeflateAgreement,
  type DeflateWishes,
  readDeflateAcceptance,
  writeDeflateOffer,
} from './deflate-offer.ts';
export {
  type Extension,
  type ExtensionParameter,
  readExtensions,
  writeExtension,
} from './extension-header.ts';
export { FrameParser, type FramePart } from './frame-parser.ts';
export { encodeFrame, type FrameParts } from './frame-writer.ts';
export {
  type AcceptSteps,
  acceptSteps,
  type ClientOffer,
  HANDSHAKE_GUID,
  type HeaderRecord,
  readUpgradeRequest,
  readUpgradeResponse,
  type UpgradeOffer,
  writeRefusal,
  writeUpgradeRequest,
} from './handshake.ts';
export { HeaderMap, type RawHeader } from './header-map.ts';
export {
  HeadCollector,
  parseRequestHead,
  parseResponseHead,
  type RequestHead,
  type ResponseHead,
} from './http-head.ts';
export { InflationMeter } from './inflation-meter.ts';
export { applyMask, rotateMaskKey } from './mask.ts';
export { Message, type MessageBytes, type MessageKind } from './message.ts';
export {
  MessageAssembler,
  type MessageBounds,
  type MessageInflater,
  type MessageSink,
} from './message-assembler.ts';
export { isControlOpcode, isDefinedOpcode, OPCODE, opcodeName, type Role, RSV1 } from './opcode.ts';
export { nextUtf8State, UTF8_INVALID, UTF8_START, type Utf8State } from './utf8.ts';
export {
  WIRE_ERRORS,
  WireError,
  type WireErrorCode,
  type WireErrorEntry,
  type WireErrorOptions,
} from './wire-error.ts';
