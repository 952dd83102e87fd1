// The door of @wireroom/websocket/ws: the documented API of the package ws, on this engine. What differs, and why, stands
// in docs/ws-compat.md.
import { Sender } from './sender.ts';
import { createWebSocketStream } from './stream.ts';
import { WebSocket } from './websocket.ts';
import { WebSocketServer } from './websocket-server.ts';

WebSocket.WebSocket = WebSocket;
WebSocket.Server = WebSocketServer;
WebSocket.WebSocketServer = WebSocketServer;
WebSocket.Sender = Sender;
WebSocket.createWebSocketStream = createWebSocketStream;

export type { PerMessageDeflateOptions } from './deflate-options.ts';
export { ProtocolError } from './errors.ts';
export type {
  CloseEvent,
  ErrorEvent,
  Event,
  Listener,
  MessageEvent,
  WebSocketEventMap,
  WebSocketEvents,
} from './events.ts';
export type {
  ClientInfo,
  ClientOptions,
  FinishRequest,
  ServerOptions,
  SocketOptions,
  VerifyAnswer,
  VerifyClient,
} from './options.ts';
export type { SendCallback, SendOptions } from './outgoing.ts';
export type { BinaryType, Data, RawData } from './payload.ts';
export type { ReadyState } from './ready-state.ts';
export type { FrameOptions } from './sender.ts';
export type { UpgradeCallback, WebSocketServerEvents } from './websocket-server.ts';
// What `require` gives, as with ws: the class that carries everything else.
export {
  createWebSocketStream,
  Sender,
  WebSocket,
  WebSocket as 'module.exports',
  WebSocketServer,
  WebSocketServer as Server,
};
export default WebSocket;
