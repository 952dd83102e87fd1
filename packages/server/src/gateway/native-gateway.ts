// The native gateway: plain WebSocket, subprotocol wireroom.v1, on the main port and on the socket port.
// It decides who may connect, and gives each connection a NativeSession. Bytes and frames are the engine's.
import type { Socket } from 'node:net';
import { CLOSE_CODES, SUBPROTOCOL } from '@wireroom/protocol';
import {
  type Connection,
  type Tap,
  type UpgradeDecision,
  type UpgradeRequest,
  WebSocketServer,
  type WireError,
} from '@wireroom/websocket';
import type { AddressLimit } from '../lib/address-limit.ts';
import { clientAddress } from '../lib/client-address.ts';
import { GATEWAY_LIMITS } from './limits.ts';
import { type NativeParts, NativeSession } from './native-session.ts';
import { judgeOrigin, type OriginRules, tooManySockets } from './origin.ts';

export interface NativeGatewayParts extends NativeParts {
  readonly originRules: OriginRules;
  readonly addressLimit: AddressLimit;
  readonly trustProxy: boolean;
  readonly isStopping: () => boolean;
  readonly messageBytesMax: number;
  readonly tap: Tap | undefined;
  readonly onRefused: (event: {
    readonly address: string;
    readonly status: number;
    readonly reason: string;
  }) => void;
  readonly onWireError: (error: WireError, address: string) => void;
}

export interface Door {
  /** Paths that speak the native protocol on this port. */
  readonly paths: readonly string[];
  /** Takes a connection whose first request is not for this door, its bytes unread. */
  readonly handOn: (socket: Socket) => void;
}

export class NativeGateway {
  readonly #parts: NativeGatewayParts;
  readonly #servers: WebSocketServer[] = [];

  constructor(parts: NativeGatewayParts) {
    this.#parts = parts;
  }

  /** One more port that speaks the native protocol. The caller makes the returned server listen. */
  open(door: Door): WebSocketServer {
    const server = new WebSocketServer({
      isForUs: (request) =>
        request.headers.lists('upgrade', 'websocket') && door.paths.includes(request.path),
      handOn: door.handOn,
      decide: (request) => this.#decide(request, door),
      onConnection: (connection, request) => this.#welcome(connection, request),
      onError: (error, info) => this.#parts.onWireError(error, info.remoteAddress),
      limits: { messageBytesMax: this.#parts.messageBytesMax },
      ...(this.#parts.tap === undefined ? {} : { tap: this.#parts.tap }),
    });
    this.#servers.push(server);
    return server;
  }

  get connectionCount(): number {
    return this.#servers.reduce((sum, server) => sum + server.connections.size, 0);
  }

  /** No new connections, and Close 1012 to everybody: they know to come back. */
  async close(): Promise<void> {
    const options = {
      code: CLOSE_CODES.restarting,
      reason: 'The server restarts. Reconnect in a moment.',
      timeoutMs: GATEWAY_LIMITS.closeTimeoutMs,
    };
    await Promise.all(this.#servers.map((server) => server.close(options)));
  }

  #decide(request: UpgradeRequest, door: Door): UpgradeDecision {
    const address = this.#addressOf(request);
    // An upgrade on a connection that carried HTTP before comes here whatever its path.
    if (!door.paths.includes(request.path)) {
      return this.#refuse(
        address,
        404,
        `The chat is not at ${request.path.slice(0, 100)} but at ${door.paths.join(' or ')}.`,
      );
    }
    if (this.#parts.isStopping())
      return this.#refuse(address, 503, 'The server restarts. Reconnect in a moment.');
    const verdict = judgeOrigin(
      { origin: request.headers.get('origin'), host: request.headers.get('host') },
      this.#parts.originRules,
    );
    if (!verdict.isAllowed) return this.#refuse(address, 403, verdict.reason);
    const release = this.#parts.addressLimit.take(address);
    if (release === undefined)
      return this.#refuse(address, 429, tooManySockets(this.#parts.addressLimit.max));
    this.#places.set(request, release);
    // Asked for nothing: version 1, and nothing is echoed (a browser fails on a subprotocol it did not ask for).
    return request.subprotocols.includes(SUBPROTOCOL)
      ? { accept: true, subprotocol: SUBPROTOCOL }
      : { accept: true };
  }

  #welcome(connection: Connection, request: UpgradeRequest): void {
    const release = this.#places.get(request);
    new NativeSession(this.#parts, connection, () => release?.());
  }

  /** Places under the address limit, from the decision to the connection. */
  readonly #places = new WeakMap<UpgradeRequest, () => void>();

  #addressOf(request: UpgradeRequest): string {
    const forwarded = this.#parts.trustProxy ? request.headers.get('x-forwarded-for') : undefined;
    return clientAddress(request.remoteAddress, forwarded);
  }

  #refuse(address: string, status: number, reason: string): UpgradeDecision {
    this.#parts.onRefused({ address, status, reason });
    return { accept: false, status, reason };
  }
}
