// The door of @wireroom/websocket/whatwg: the WebSocket that browsers have (websockets.spec.whatwg.org), on this engine.
// What of it is the browser's business and absent here, and what is there beyond it, stands in docs/spec/websocket.md.
export type { ConnectOptions } from '../net/client.ts';
export { CloseEvent, type CloseEventInit } from './close-event.ts';
export type { HandlerAttribute } from './handler-attributes.ts';
export type { SendData } from './outgoing.ts';
export type { ReadyState } from './ready-state.ts';
export {
  type BinaryType,
  failureOf,
  WebSocket,
  type WebSocketEventMap,
  type WebSocketOptions,
} from './websocket.ts';
