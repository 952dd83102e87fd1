// The second WebSocket: /history, over which a room's history is downloaded by those who have no HTTP to the server, so that
// nothing long ever goes over the chat's own (rule H1). One download per connection; what is in it is history/'s business.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ChatError } from '@wireroom/protocol';
import {
  type Connection,
  type UpgradeDecision,
  type UpgradeRequest,
  WebSocketServer,
  type WireError,
} from '@wireroom/websocket';
import { type Download, type History, readHistoryRequest } from '../history/history.ts';
import type { Admission } from './admission.ts';
import { GATEWAY_LIMITS } from './limits.ts';

export const HISTORY_PATH = '/history';

export const isHistoryPath = (url: string | undefined): boolean => url?.split('?', 1)[0] === HISTORY_PATH;

export interface HistoryGatewayParts {
  readonly history: Pick<History, 'identify' | 'admit' | 'begin'>;
  readonly admission: Pick<Admission, 'admit' | 'addressOf'>;
  readonly onWireError: (error: WireError, address: string) => void;
  readonly onError: (error: unknown) => void;
}

interface Guest {
  readonly address: string;
  readonly release: () => void;
}

const { historyMessageBytesMax, historyCommandBytesMax, historyAskMs } = GATEWAY_LIMITS;
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

export class HistoryGateway {
  readonly #parts: HistoryGatewayParts;
  readonly #server: WebSocketServer;
  readonly #guests = new WeakMap<UpgradeRequest, Guest>();

  constructor(parts: HistoryGatewayParts) {
    this.#parts = parts;
    this.#server = new WebSocketServer({
      decide: (request) => this.#decide(request),
      onConnection: (connection, request) => {
        const guest = this.#guests.get(request);
        if (guest !== undefined) new HistorySession(parts, connection, guest);
      },
      onError: (error, info) => parts.onWireError(error, info.remoteAddress),
      limits: { messageBytesMax: historyCommandBytesMax },
    });
  }

  get connectionCount(): number {
    return this.#server.connections.size;
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head);
  }

  /** What runs ends without `finished`: it is gone on with when the server is back. */
  async close(): Promise<void> {
    await this.#server.close({ code: 1012, reason: 'The server restarts.', timeoutMs: 1_000 });
  }

  #decide(request: UpgradeRequest): UpgradeDecision {
    const admitted = this.#parts.admission.admit(request, {
      paths: [HISTORY_PATH],
      what: 'The download of histories',
    });
    if (!admitted.isAdmitted) return admitted.refusal;
    const address = this.#parts.admission.addressOf(request);
    this.#guests.set(request, { address, release: admitted.release });
    return { accept: true };
  }
}

class HistorySession {
  readonly #parts: HistoryGatewayParts;
  readonly #connection: Connection;
  readonly #address: string;
  readonly #timeout: NodeJS.Timeout;
  #download: Download | undefined;
  #hasAsked = false;
  #isClosed = false;

  constructor(parts: HistoryGatewayParts, connection: Connection, { address, release }: Guest) {
    this.#parts = parts;
    this.#connection = connection;
    this.#address = address;
    this.#timeout = setTimeout(
      () => connection.close(POLICY_VIOLATION, 'Say what to download within ten seconds.'),
      historyAskMs,
    ).unref();
    connection.handle({
      message: (message) => this.#hear(message.kind === 'text' ? message.text() : ''),
      close: () => {
        this.#isClosed = true;
        clearTimeout(this.#timeout);
        this.#download?.stop();
        release();
      },
    });
  }

  #hear(text: string): void {
    if (this.#hasAsked) {
      this.#connection.close(POLICY_VIOLATION, 'One download per connection.');
      return;
    }
    this.#hasAsked = true;
    clearTimeout(this.#timeout);
    this.#serve(text).catch((error: unknown) => this.#refuse(error));
  }

  async #serve(text: string): Promise<void> {
    const { token, room: ref, request } = readCommand(text);
    const { history } = this.#parts;
    const asker = await history.identify(token, this.#address);
    const room = await history.admit(asker, ref);
    if (this.#isClosed) return;
    const begun = history.begin(asker, { room, request, encoding: 'identity', via: 'websocket' });
    const download = await begun;
    this.#download = download;
    if (this.#isClosed) {
      download.stop();
      return;
    }
    this.#tell({ type: 'begin', ...(await download.begun) });
    await this.#send(download);
  }

  async #send(download: Download): Promise<void> {
    for (let piece = await download.next(); piece !== undefined; piece = await download.next()) {
      for (let first = 0; first < piece.byteLength; first += historyMessageBytesMax)
        this.#connection.send(piece.subarray(first, first + historyMessageBytesMax));
      if (this.#isClosed) return;
      await this.#connection.flushed();
      download.giveBack();
    }
    this.#tell({ type: 'finished' });
    this.#connection.close();
  }

  #refuse(reason: unknown): void {
    if (this.#isClosed) return;
    const isOurs = reason instanceof ChatError;
    if (!isOurs) this.#parts.onError(reason);
    const { code, message, retryAfterMs } = isOurs ? reason : new ChatError('internal', { cause: reason });
    if (this.#download === undefined) {
      const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
      this.#tell({ type: 'refused', error: { code, message, ...wait } });
    }
    // In the middle there is nothing to refuse: what came is good, and is gone on with.
    this.#connection.close(this.#download === undefined ? POLICY_VIOLATION : TRY_AGAIN_LATER, code);
  }

  #tell(event: object): void {
    this.#connection.send(JSON.stringify(event));
  }
}

/** Throws `bad-command`, `bad-query`. */
function readCommand(text: string) {
  const command = jsonOf(text);
  const { type, token, room, ...asked } = command;
  if (type !== 'download')
    throw new ChatError('bad-command', {
      message: 'Send {"type":"download","room","format"} as the first message.',
    });
  if (typeof room !== 'string')
    throw new ChatError('bad-command', { message: 'room must be a slug or an id.' });
  if (token !== undefined && (typeof token !== 'string' || token.length > 512))
    throw new ChatError('bad-command', { message: 'token must be one that hello gave.' });
  return { token, room, request: readHistoryRequest(asked) };
}

function jsonOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw new ChatError('bad-json');
}
