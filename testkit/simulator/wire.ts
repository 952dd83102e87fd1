// A simulated WebSocket connection after its handshake, both ends of it. Messages are the real texts; they take time, wait where
// a way is cut or nobody reads, and fill the server's buffer as TCP would let them. Either end can go without a word.
import { type ChatConnection, GATEWAY_LIMITS } from '@wireroom/server/parts';
import type { Network, Site } from './network.ts';
import { Pipe } from './pipe.ts';
import type { Life, SimulatedTime } from './time.ts';

/** What the engine does by itself, in its numbers: packages/websocket/src/limits.ts. */
const ENGINE = {
  highWaterMark: 64 * 1024,
  bufferedBytesMax: 16 * 1024 * 1024,
  closeTimeoutMs: 5_000,
  /** A ping, and no byte after it. */
  silenceMsMax: 25_000 + 8_000,
} as const;
/** What is on its way in the network and in the kernels, in bytes. */
const KERNEL_BYTES = 64 * 1024;

type ToClient =
  | { readonly text: string; readonly bytes: number }
  | { readonly code: number; readonly reason: string };
type ToServer = { readonly text: string } | 'close';

export interface ClientHandlers {
  message(text: string): void;
  close(code: number, reason: string): void;
}

/** Who looks at what passes. */
export interface WireWatcher {
  /** The server gives it to the connection. `isFull`: it should not have, if it was an entry (rule F3). */
  said(text: string, isFull: boolean): void;
  /** It has come to the client. */
  delivered(text: string): void;
  /** The server takes a command in. */
  heard(text: string): void;
  closed(by: string): void;
}

export interface WireParts {
  readonly time: SimulatedTime;
  readonly network: Network;
  readonly site: Site;
  readonly server: { readonly name: string; readonly life: Life };
  /** The life of the client's end: a tab. */
  readonly life: Life;
  /** A byte of the simulation stands for so many: a few dozen messages fill what takes megabytes. */
  readonly weight: number;
  readonly watcher: WireWatcher;
}

type ServerHandlers = Parameters<ChatConnection['handle']>[0];

export class Wire {
  readonly #parts: WireParts;
  readonly #toClient: Pipe<ToClient>;
  readonly #toServer: Pipe<ToServer>;
  readonly #unwatch: () => void;
  readonly #waiting: ToClient[] = [];
  #kernelBytes = 0;
  #bufferedBytes = 0;
  #wantsDrain = false;
  #isPaused = false;
  #server: 'open' | 'closing' | 'closed' = 'open';
  #isClientClosed = false;
  #serverHandlers: ServerHandlers | undefined;
  #clientHandlers: ClientHandlers | undefined;
  #cancelSilence: (() => void) | undefined;

  constructor(parts: WireParts) {
    this.#parts = parts;
    const { time, network, site, server } = parts;
    const latencyMs = (): number => network.latencyMs();
    const isCut = (): boolean => network.isCut(site, server.name);
    this.#toClient = new Pipe<ToClient>({
      ...{ time, latencyMs },
      isOpen: () => !isCut() && site.isReading,
      take: (item) => this.#arrivesAtClient(item),
    });
    this.#toServer = new Pipe<ToServer>({
      ...{ time, latencyMs },
      isOpen: () => !isCut() && !this.#isPaused,
      take: (item) => this.#arrivesAtServer(item),
    });
    this.#unwatch = network.watch(() => this.#changed());
    this.#changed();
  }

  get isOver(): boolean {
    return this.#server === 'closed' && this.#isClientClosed;
  }

  belongsTo(site: Site | undefined): boolean {
    return this.#parts.site === site && !this.#isClientClosed;
  }

  /** The server's end, as a session holds it. */
  readonly connection: ChatConnection = this.#connection();

  /** The client's end. */
  attach(handlers: ClientHandlers): void {
    this.#clientHandlers = handlers;
  }

  send(text: string): void {
    if (!this.#isClientClosed) this.#toServer.put({ text });
  }

  close(): void {
    if (this.#isClientClosed) return;
    this.#isClientClosed = true;
    this.#toServer.put('close');
    this.#changed();
  }

  /** The connection is reset: of what is under way some arrives, and then both ends find out, each in its time. */
  reset(): void {
    const { chance } = this.#parts.network;
    this.#toClient.cutAfter(chance.between(0, this.#toClient.count));
    this.#toServer.cutAfter(chance.between(0, this.#toServer.count));
    this.#waiting.length = 0;
    this.#toClient.put({ code: 1006, reason: '' });
    this.#toServer.put('close');
  }

  /** The server's process is gone, without a word; its kernel resets what comes after. */
  serverDied(): void {
    const { chance } = this.#parts.network;
    this.#server = 'closed';
    this.#waiting.length = 0;
    this.#toClient.cutAfter(chance.between(0, this.#toClient.count));
    this.#toClient.put({ code: 1006, reason: '' });
    this.#changed();
  }

  /** The tab is gone; what it had given to its socket may still go. */
  clientDied(): void {
    this.#clientHandlers = undefined;
    this.close();
  }

  #connection(): ChatConnection {
    const wire = this;
    return {
      get bufferedBytes() {
        return wire.#bufferedBytes;
      },
      handle: (handlers) => {
        this.#serverHandlers = handlers;
      },
      send: (message) =>
        this.#say(typeof message === 'string' ? message : String(message.data), this.#isFull),
      sendRun: ({ messages }) => {
        // There was room for the first: the run is taken as one.
        const isFull = this.#isFull;
        return messages.map(({ data }) => this.#say(String(data), isFull)).every((isTaken) => isTaken);
      },
      sendPieces: (pieces) => this.#say(Buffer.concat(pieces).toString(), this.#isFull),
      close: (code, reason) => this.#serverCloses(code, reason),
      pause: () => {
        this.#isPaused = true;
      },
      resume: () => {
        this.#isPaused = false;
        this.#toServer.pump();
      },
    };
  }

  get #isFull(): boolean {
    return this.#bufferedBytes >= GATEWAY_LIMITS.bufferedBytesMax;
  }

  #say(text: string, isFull: boolean): boolean {
    if (this.#server !== 'open') return false;
    this.#parts.watcher.said(text, isFull);
    const item = { text, bytes: text.length * this.#parts.weight };
    if (
      this.#waiting.length === 0 &&
      (this.#kernelBytes === 0 || this.#kernelBytes + item.bytes <= KERNEL_BYTES)
    )
      this.#leaves(item);
    else this.#queue(item);
    if (this.#bufferedBytes <= ENGINE.highWaterMark) return true;
    this.#wantsDrain = true;
    if (this.#bufferedBytes > ENGINE.bufferedBytesMax && this.#waiting.length > 1)
      this.#serverCloses(1013, 'Too much waits for this connection.');
    return false;
  }

  #queue(item: ToClient): void {
    this.#waiting.push(item);
    if ('text' in item) this.#bufferedBytes += item.bytes;
  }

  #leaves(item: ToClient): void {
    if ('text' in item) this.#kernelBytes += item.bytes;
    this.#toClient.put(item);
  }

  #arrivesAtClient(item: ToClient): void {
    const { life, watcher } = this.#parts;
    if ('code' in item) {
      if (this.#isClientClosed) return;
      this.#isClientClosed = true;
      this.#toServer.put('close');
      life.live(() => this.#clientHandlers?.close(item.code, item.reason));
      this.#changed();
      return;
    }
    this.#kernelBytes -= item.bytes;
    this.#refill();
    if (this.#isClientClosed || life.isOver) return;
    watcher.delivered(item.text);
    life.live(() => this.#clientHandlers?.message(item.text));
  }

  #refill(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const bytes = 'text' in next ? next.bytes : 0;
      if (this.#kernelBytes > 0 && this.#kernelBytes + bytes > KERNEL_BYTES) break;
      this.#waiting.shift();
      this.#bufferedBytes -= bytes;
      this.#leaves(next);
    }
    if (!this.#wantsDrain || this.#bufferedBytes > ENGINE.highWaterMark / 2) return;
    this.#wantsDrain = false;
    const { time, server } = this.#parts;
    time.after(0, () => this.#server === 'open' && this.#serverHandlers?.drain(), server.life);
  }

  #arrivesAtServer(item: ToServer): void {
    if (this.#server === 'closed') return;
    if (item === 'close') {
      this.#serverEnds('the client');
    } else if (this.#server === 'open') {
      this.#parts.watcher.heard(item.text);
      this.#serverHandlers?.message({ kind: 'text', text: () => item.text });
    }
  }

  #serverCloses(code: number, reason: string): void {
    if (this.#server !== 'open') return;
    this.#server = 'closing';
    const { time, server } = this.#parts;
    if (this.#waiting.length > 0) this.#queue({ code, reason });
    else this.#leaves({ code, reason });
    time.after(ENGINE.closeTimeoutMs, () => this.#serverGivesUp('the server, unanswered'), server.life);
  }

  /** The server's end is over; the client finds out when something gets through. */
  #serverGivesUp(by: string): void {
    if (this.#server === 'closed') return;
    this.#waiting.length = 0;
    this.#bufferedBytes = 0;
    this.#serverEnds(by);
    this.#toClient.put({ code: 1006, reason: '' });
  }

  #serverEnds(by: string): void {
    if (this.#server === 'closed') return;
    this.#server = 'closed';
    this.#bufferedBytes = 0;
    this.#parts.watcher.closed(by);
    this.#serverHandlers?.close();
    this.#changed();
  }

  /** Ways were cut or mended, somebody fell asleep or woke: what may move does, and the engine's heartbeat takes note. */
  #changed(): void {
    const { network, site, server, time, life } = this.#parts;
    if (this.isOver) this.#unwatch();
    this.#toClient.pump();
    this.#toServer.pump();
    const isSilent = network.isCut(site, server.name) || !site.isReading || life.isOver;
    if (!isSilent || this.#server === 'closed') {
      this.#cancelSilence?.();
      this.#cancelSilence = undefined;
    } else {
      this.#cancelSilence ??= time.after(
        ENGINE.silenceMsMax,
        () => this.#serverGivesUp('silence'),
        server.life,
      );
    }
  }
}
