// The wire feed's door: a WebSocket of its own at /wire, over which people watch their recorded connections, so that watching
// does not disturb what is watched. It is itself never recorded. What is said on it is watcher.ts's.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AuthorId } from '@wireroom/protocol';
import {
  type UpgradeDecision,
  type UpgradeRequest,
  WebSocketServer,
  type WireError,
} from '@wireroom/websocket';
import { WIRETAP_LIMITS } from './limits.ts';
import { TellingBudget } from './tell-queue.ts';
import { Watcher, type WatcherParts } from './watcher.ts';

export const WIRE_PATH = '/wire';

export const isWirePath = (url: string | undefined): boolean => url?.split('?', 1)[0] === WIRE_PATH;

export interface WireFeedParts extends Omit<WatcherParts, 'takePlace' | 'after' | 'budget'> {
  /** Path, origin and address limit; `release` is called when the connection has ended. */
  readonly admit: (
    request: UpgradeRequest,
  ) =>
    | { readonly isAdmitted: true; readonly release: () => void }
    | { readonly isAdmitted: false; readonly refusal: UpgradeDecision };
  /** Watchers at once; as in the limits unless given. */
  readonly watchersMax?: number;
  readonly onWireError: (error: WireError, address: string) => void;
}

export class WireFeed {
  readonly #parts: WireFeedParts;
  readonly #server: WebSocketServer;
  readonly #places = new WeakMap<UpgradeRequest, () => void>();
  readonly #watchers = new Map<AuthorId, number>();

  constructor(parts: WireFeedParts) {
    this.#parts = parts;
    const budget = new TellingBudget(WIRETAP_LIMITS.allPendingBytesMax);
    this.#server = new WebSocketServer({
      decide: (request) => this.#decide(request),
      onConnection: (connection, request) => {
        const release = this.#places.get(request);
        const takePlace = (authorId: AuthorId) => this.#takePlace(authorId);
        const watcher = new Watcher({ ...parts, after, takePlace, budget }, connection);
        connection.handle({
          message: (message) => watcher.hear(message.kind === 'text' ? message.text() : ''),
          close: () => {
            watcher.closed();
            release?.();
          },
        });
      },
      onError: (error, info) => parts.onWireError(error, info.remoteAddress),
      limits: { messageBytesMax: WIRETAP_LIMITS.commandBytesMax },
    });
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head);
  }

  async close(): Promise<void> {
    await this.#server.close({ code: 1012, reason: 'The server restarts.', timeoutMs: 1_000 });
  }

  #decide(request: UpgradeRequest): UpgradeDecision {
    if (this.#server.connections.size >= (this.#parts.watchersMax ?? WIRETAP_LIMITS.watchersMax)) {
      return { accept: false, status: 503, reason: 'Too many inspectors are open. Try again later.' };
    }
    const admitted = this.#parts.admit(request);
    if (!admitted.isAdmitted) return admitted.refusal;
    this.#places.set(request, admitted.release);
    return { accept: true };
  }

  #takePlace(authorId: AuthorId): (() => void) | undefined {
    const taken = this.#watchers.get(authorId) ?? 0;
    if (taken >= WIRETAP_LIMITS.watchersPerAuthorMax) return undefined;
    this.#watchers.set(authorId, taken + 1);
    return () => {
      const left = (this.#watchers.get(authorId) ?? 1) - 1;
      if (left > 0) this.#watchers.set(authorId, left);
      else this.#watchers.delete(authorId);
    };
  }
}

function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms).unref();
  return () => clearTimeout(timer);
}
