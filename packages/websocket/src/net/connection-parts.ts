// What a connection is made of, and what the program gives it: the types around connection.ts.
import type { CloseEvent } from '../core/connection-state.ts';
import type { Message, MessageKind } from '../core/message.ts';
import type { MessageSink } from '../core/message-assembler.ts';
import type { Role } from '../core/opcode.ts';
import type { WireError } from '../core/wire-error.ts';
import type { WebSocketLimits } from '../limits.ts';
import type { Connection } from './connection.ts';
import type { DeflateNegotiation } from './deflate.ts';
import type { SocketPump } from './socket-pump.ts';
import type { ConnectionTap, SocketInfo } from './tap.ts';
import type { Watch } from './watch.ts';

/** What the application does with what comes. An error thrown by one of these closes the connection with 1011. */
export interface ConnectionHandlers {
  /** A message has come, whole. */
  message?(message: Message): void;
  /** A message begins. Return a sink to get it piece by piece, of any size; without one it comes whole, to `message`. */
  begin?(kind: MessageKind): MessageSink | undefined;
  /** We give the connection up, and why: the peer has been told. `close` follows once TCP has ended. */
  failed?(error: WireError): void;
  /** The last call, once. */
  close?(event: CloseEvent): void;
  /** After `send` returned false: there is room again. */
  drain?(): void;
  /** A ping came; it has been answered already, unless `autoPong` is off. */
  ping?(payload: Buffer): void;
  /** A pong came, asked for or not. */
  pong?(payload: Buffer): void;
}

/** What all connections of a server, or a client's one, have in common. */
export interface ConnectionSettings {
  readonly role: Role;
  readonly limits: WebSocketLimits;
  readonly watch: Watch;
  /** Whether pings are answered by themselves. Default: they are. */
  readonly autoPong?: boolean;
  /** Whether messages still count between our Close frame and theirs. Default: they do not. */
  readonly deliversWhileClosing?: boolean;
  /** Whether the Close frame for an error bears its sentence as reason. Default: it does. */
  readonly tellsReasons?: boolean;
  /** A connection is over; called after the application's handler. */
  closed(connection: Connection): void;
  /** What went wrong, for whoever keeps the log. */
  report(error: WireError, info: SocketInfo): void;
}

/** What a connection is made of; made by server and client when a handshake is through. */
export interface ConnectionParts {
  readonly settings: ConnectionSettings;
  readonly pump: SocketPump;
  readonly subprotocol: string;
  /** What the handshake agreed on; undefined: nothing is compressed. */
  readonly deflate: DeflateNegotiation | undefined;
  readonly info: SocketInfo;
  /** Bytes that came behind the handshake. */
  readonly unread: Buffer;
  readonly tap: ConnectionTap | undefined;
}

/** How one message is sent. */
export interface SendOptions {
  /** `false`: not compressed, whatever was agreed on. For secrets that stand beside what others may choose. */
  readonly compress?: boolean;
}
