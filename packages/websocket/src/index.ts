// The entry of @wireroom/websocket: server, client and what passes between them and the program.
export { CLOSE_CODE, type CloseFrame, describeCloseCode, isSendableCloseCode } from './core/close-code.ts';
export type { CloseEvent } from './core/connection-state.ts';
export type { DeflateAgreement } from './core/deflate-offer.ts';
export type { AcceptSteps, HeaderRecord } from './core/handshake.ts';
export type { HeaderMap, RawHeader } from './core/header-map.ts';
export type { RequestHead } from './core/http-head.ts';
export type { Message, MessageKind } from './core/message.ts';
export type { MessageSink } from './core/message-assembler.ts';
export { OPCODE, opcodeName, type Role } from './core/opcode.ts';
export { WIRE_ERRORS, WireError, type WireErrorCode, type WireErrorEntry } from './core/wire-error.ts';
export { DEFAULT_CLIENT_LIMITS, DEFAULT_LIMITS, type WebSocketLimits } from './limits.ts';
export { type ConnectOptions, connect } from './net/client.ts';
export type { Connection, ConnectionHandlers, SendOptions } from './net/connection.ts';
export {
  type CloseInfo,
  type ConnectionStreams,
  type MessageInPieces,
  messages,
  messagesInPieces,
  type OtherHandlers,
  sendInPieces,
  streams,
} from './net/connection-streams.ts';
export type { DeflateOptions } from './net/deflate.ts';
export type { Connector, ConnectTarget } from './net/dial.ts';
export type { Flushed, MessagePart, Sendable } from './net/frame-outlet.ts';
export type { ListeningAddress, ListenOptions } from './net/listeners.ts';
export type { RequestGlance } from './net/opening.ts';
export { type PreparedMessage, type PreparedRun, prepare, prepareRun } from './net/prepared-message.ts';
export type { ReadonlyRoster } from './net/roster.ts';
export { type CloseOptions, WebSocketServer, type WebSocketServerOptions } from './net/server.ts';
export { type LineFacts, lineFacts, type TlsFacts } from './net/socket-info.ts';
export {
  type ConnectionTap,
  type FrameInfo,
  type SocketInfo,
  TAPPED_PAYLOAD_BYTES_MAX,
  type Tap,
  type TappedLine,
} from './net/tap.ts';
export { afterWrites } from './net/turn.ts';
export type { UpgradeDecision, UpgradeRequest } from './net/upgrade-request.ts';
export type { Clock } from './net/watch.ts';
