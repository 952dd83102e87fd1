// The native gateway: plain WebSocket, subprotocol wireroom.v1, on the main port and on the socket port.
// admission.ts says who may connect; each connection gets a NativeSession. Bytes and frames are the engine's.
import type { Socket } from 'node:net';
import { CLOSE_CODES, encodeEvent, LIMITS, SUBPROTOCOL } from '@wireroom/protocol';
import {
  type Connection,
  type ConnectionTap,
  type LineFacts,
  type Tap,
  type UpgradeDecision,
  type UpgradeRequest,
  WebSocketServer,
  type WireError,
} from '@wireroom/websocket';
import type { ConnectionRecording } from '../lib/stations.ts';
import { type Admission, asksForRecording, RESTARTS } from './admission.ts';
import type { Leaver } from './drain.ts';
import { GATEWAY_LIMITS } from './limits.ts';
import { type NativeParts, NativeSession } from './native-session.ts';
import { Rounds } from './rounds.ts';

/** Begins the recording of a connection that asked for it. Undefined: there is no room for one more. */
export type BeginRecording = (of: {
  readonly gateway: 'native' | 'socketio';
  readonly line: LineFacts;
}) => (ConnectionRecording & ConnectionTap) | undefined;

export interface NativeGatewayParts extends NativeParts {
  readonly admission: Admission;
  readonly messageBytesMax: number;
  readonly tap: Tap | undefined;
  /** Undefined: nothing is recorded on this server. */
  readonly beginRecording: BeginRecording | undefined;
  readonly onWireError: (error: WireError, address: string) => void;
}

export interface Door {
  /** Paths that speak the native protocol on this port. */
  readonly paths: readonly string[];
  /** Takes a connection whose first request is not for this door, its bytes unread. */
  readonly handOn: (socket: Socket) => void;
}

/** What the decision leaves for the connection. */
interface Place {
  readonly release: () => void;
  readonly recording: ConnectionRecording | undefined;
}

export class NativeGateway {
  readonly #parts: NativeGatewayParts;
  readonly #servers: WebSocketServer[] = [];
  readonly #heartbeat: Rounds;
  /** From the decision to the connection. */
  readonly #places = new WeakMap<UpgradeRequest, Place>();

  constructor(parts: NativeGatewayParts) {
    this.#parts = parts;
    this.#heartbeat = new Rounds({ intervalMs: LIMITS.pingIntervalMs, timers: parts.timers });
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

  /** Bytes that wait for readers: all together, and for the one that has most. */
  get waiting(): { readonly bytes: number; readonly bytesMax: number } {
    let bytes = 0;
    let bytesMax = 0;
    for (const server of this.#servers) {
      for (const { bufferedBytes } of server.connections) {
        bytes += bufferedBytes;
        bytesMax = Math.max(bytesMax, bufferedBytes);
      }
    }
    return { bytes, bytesMax };
  }

  /** Everybody who is here now, to be sent away: each is told when to come back, and gets Close 1012. */
  leavers(): Leaver[] {
    return this.#servers.flatMap((server) =>
      [...server.connections].map((connection) => ({
        leave: (reconnectAfterMs) => {
          connection.send(encodeEvent({ type: 'restarting', reconnectAfterMs }));
          connection.close(CLOSE_CODES.restarting, RESTARTS);
        },
      })),
    );
  }

  /** Stops listening, closes who is still here, and resolves when all are gone. */
  async close(): Promise<void> {
    this.#heartbeat.stop();
    const { closeTimeoutMs: timeoutMs } = GATEWAY_LIMITS;
    const options = { code: CLOSE_CODES.restarting, reason: RESTARTS, timeoutMs };
    await Promise.all(this.#servers.map((server) => server.close(options)));
  }

  #decide(request: UpgradeRequest, { paths }: Door): UpgradeDecision {
    const { admission, beginRecording } = this.#parts;
    const admitted = admission.admit(request, { paths, what: 'The chat' });
    if (!admitted.isAdmitted) return admitted.refusal;
    const recording =
      beginRecording !== undefined && asksForRecording(request.target)
        ? beginRecording({ gateway: 'native', line: request.line() })
        : undefined;
    if (recording !== undefined) admission.explain(request, recording);
    this.#places.set(request, { release: admitted.release, recording });
    return {
      accept: true,
      // Asked for nothing: version 1, and nothing is echoed (a browser fails on a subprotocol it did not ask for).
      ...(request.subprotocols.includes(SUBPROTOCOL) && { subprotocol: SUBPROTOCOL }),
      ...(recording !== undefined && { tap: recording }),
    };
  }

  #welcome(connection: Connection, request: UpgradeRequest): void {
    const place = this.#places.get(request);
    const session = new NativeSession(this.#parts, connection, {
      onClose: () => {
        stopBeating();
        place?.release();
      },
      recording: place?.recording,
    });
    const stopBeating = this.#heartbeat.add(() => void session.beat().catch(this.#parts.onError));
  }
}
