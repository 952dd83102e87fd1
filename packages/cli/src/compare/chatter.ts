// Somebody in the room, by one of the ways that are compared, as a program would write it: the SDK, or Socket.IO's own
// client with the lesson's events. They reconnect as their library does by itself.
import { createChat, isEntryItem, type Random } from '@wireroom/client';
import { io, type Socket } from 'socket.io-client';
import type { Way } from './figures.ts';
import { COMPARE_LIMITS } from './limits.ts';

export interface Chatter {
  /** Texts in the order in which they came, one's own included, since it was made. */
  readonly heard: readonly string[];
  /** In the room, and connected as far as it knows. */
  readonly isIn: boolean;
  /** Says a line as soon as it can. */
  say(text: string): void;
  /** Resolves once it is so; looked at whenever something happens. */
  until(what: string, isSo: () => boolean): Promise<void>;
  leave(): Promise<void>;
}

export function enter(way: Way, port: number, name: string): Chatter {
  return way === 'native'
    ? new NativeChatter(port, name, systemRandom)
    : new SocketIoChatter(way, port, name);
}

/** Somebody who is always back first, so that there is somebody to speak when the others are not there yet. */
export const enterEagerly = (port: number, name: string): Chatter => new NativeChatter(port, name, EAGER);

const systemRandom: Random = {
  fraction: () => Math.random(),
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
};
const EAGER: Random = { ...systemRandom, fraction: () => 0.05 };

/** Calls those who wait when something has happened. */
class Waiting {
  readonly #waiters = new Set<() => void>();

  happened(): void {
    for (const waiter of [...this.#waiters]) waiter();
  }

  until(what: string, isSo: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(look);
        reject(new Error(`${what}: not within ${COMPARE_LIMITS.patienceMs / 1000} s`));
      }, COMPARE_LIMITS.patienceMs);
      const look = (): void => {
        if (!isSo()) return;
        clearTimeout(timer);
        this.#waiters.delete(look);
        resolve();
      };
      this.#waiters.add(look);
      look();
    });
  }
}

const ROOM = 'lobby';

class NativeChatter implements Chatter {
  readonly heard: string[] = [];
  readonly #waiting = new Waiting();
  readonly #client;
  #seen = 0;
  #firstSeq: number | undefined;

  constructor(port: number, name: string, random: Random) {
    this.#client = createChat({ url: `ws://127.0.0.1:${port}/ws`, rooms: [ROOM], random });
    this.#client.subscribe(() => this.#look());
    this.#client.enter(name);
  }

  get isIn(): boolean {
    const { connection, rooms } = this.#client.snapshot();
    return connection.state === 'open' && rooms[ROOM]?.status === 'live';
  }

  say(text: string): void {
    void this.#client.room(ROOM).post(text);
  }

  until(what: string, isSo: () => boolean): Promise<void> {
    return this.#waiting.until(what, isSo);
  }

  async leave(): Promise<void> {
    await this.#client.exit();
    this.#client.close();
  }

  #look(): void {
    const items = this.#client.snapshot().rooms[ROOM]?.items ?? [];
    const entries = items.filter(isEntryItem);
    // What entering brings is history.
    this.#firstSeq ??= entries.at(-1)?.seq;
    for (const item of entries) {
      if (item.seq <= Math.max(this.#seen, this.#firstSeq ?? 0)) continue;
      this.#seen = item.seq;
      if (item.kind === 'message') this.heard.push(item.text);
    }
    this.#waiting.happened();
  }
}

const TRANSPORTS: Readonly<Record<Exclude<Way, 'native'>, readonly string[] | undefined>> = {
  'socketio-websocket': ['websocket'],
  // As its documentation begins: polling first, then the upgrade.
  'socketio-upgrade': undefined,
  'socketio-polling': ['polling'],
};

class SocketIoChatter implements Chatter {
  readonly heard: string[] = [];
  isIn = false;
  readonly #waiting = new Waiting();
  readonly #socket: Socket;
  #token: string | undefined;

  constructor(way: Exclude<Way, 'native'>, port: number, name: string) {
    const transports = TRANSPORTS[way];
    const socket = io(`http://127.0.0.1:${port}`, {
      ...(transports !== undefined && { transports: [...transports] }),
      forceNew: true,
    });
    this.#socket = socket;
    socket.on('connect', () => {
      const token = this.#token;
      socket.send({ type: 'LOGIN', name, ...(token !== undefined && { token }) });
    });
    socket.on('message', (data: unknown) => this.#hear(data));
    socket.on('disconnect', () => {
      this.isIn = false;
      this.#waiting.happened();
    });
  }

  say(text: string): void {
    this.#socket.send({ type: 'CHAT', message: text });
  }

  until(what: string, isSo: () => boolean): Promise<void> {
    return this.#waiting.until(what, isSo);
  }

  async leave(): Promise<void> {
    this.#socket.disconnect();
  }

  #hear(data: unknown): void {
    if (typeof data !== 'object' || data === null) return;
    const type: unknown = Reflect.get(data, 'type');
    if (type === 'TOKEN') {
      this.#token = String(Reflect.get(data, 'token'));
      this.isIn = true;
    }
    if (type === 'CHAT') this.heard.push(String(Reflect.get(data, 'message')));
    this.#waiting.happened();
  }
}
