// A stock Socket.IO client in the lesson's shapes, for tests of connection state recovery: it remembers everything that it heard,
// in order, over all its connections, and can have its connection cut from below.
import { io, type Socket } from 'socket.io-client';

export interface Heard {
  readonly type: string;
  readonly message?: string;
  readonly sender?: string;
  readonly token?: string;
  readonly code?: string;
}

export class RecoveryClient {
  readonly socket: Socket;
  readonly heard: Heard[] = [];
  readonly offsets: unknown[] = [];
  /** `socket.recovered` at each connect. */
  readonly connects: boolean[] = [];
  #waiters: (() => void)[] = [];

  /** Reconnects by itself, as pages do, unless told otherwise. */
  constructor(port: number, options: object = {}) {
    this.socket = io(`ws://localhost:${port}`, {
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 20,
      reconnectionDelayMax: 100,
      ...options,
    });
    this.socket.on('connect', () => {
      this.connects.push(this.socket.recovered);
      this.#wake();
    });
    this.socket.on('message', (message: Heard, offset: unknown) => {
      this.heard.push(message);
      if (offset !== undefined) this.offsets.push(offset);
      this.#wake();
    });
  }

  async until(isThere: () => boolean): Promise<void> {
    while (!isThere()) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  /** Connected for the nth time; was it recovered? */
  async connected(nth = 1): Promise<boolean> {
    await this.until(() => this.connects.length >= nth);
    return this.connects[nth - 1] === true;
  }

  untilText(text: string): Promise<void> {
    return this.until(() => this.heard.some(({ message }) => message === text));
  }

  /** Logs in, and has heard of it. */
  async login(name: string, token?: string): Promise<string> {
    this.socket.send({ type: 'LOGIN', name, ...(token === undefined ? {} : { token }) });
    await this.untilText(`${name}加入了聊天`);
    return this.heard.find(({ type }) => type === 'TOKEN')?.token ?? '';
  }

  say(message: string): void {
    this.socket.send({ type: 'CHAT', message });
  }

  /** What people wrote, in the order in which it came. */
  get texts(): (string | undefined)[] {
    return this.heard.filter(({ type }) => type === 'CHAT').map(({ message }) => message);
  }

  /** Ends the connection below Socket.IO: to both ends it is cut. Resolves when the client knows. */
  async cut(): Promise<void> {
    const gone = new Promise((resolve) => this.socket.once('disconnect', resolve));
    this.socket.io.engine.close();
    await gone;
  }

  /** The secret and the offset that it would send. */
  get state(): { readonly pid: string; readonly offset: string } {
    return { pid: Reflect.get(this.socket, '_pid'), offset: Reflect.get(this.socket, '_lastOffset') };
  }

  close(): void {
    this.socket.close();
  }

  #wake(): void {
    for (const waiter of this.#waiters.splice(0)) waiter();
  }
}
