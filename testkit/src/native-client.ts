// A plain WebSocket program for tests, on the `ws` package: it knows the protocol's JSON and nothing of our SDK or engine.
import { WebSocket } from 'ws';

export type Json = Readonly<Record<string, unknown>>;

export class NativeClient {
  readonly socket: WebSocket;
  /** Everything the server said, in order. */
  readonly received: Json[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #ref = 0;
  #waiters: { readonly matches: (event: Json) => boolean; readonly resolve: (event: Json) => void }[] = [];

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    socket.on('error', () => {});
    socket.on('message', (data) => this.#hear(JSON.parse(String(data))));
  }

  static async open(
    url: string,
    options: { readonly headers?: Record<string, string>; readonly insecure?: boolean } = {},
  ): Promise<NativeClient> {
    const socket = new WebSocket(url, 'wireroom.v1', {
      perMessageDeflate: false,
      rejectUnauthorized: options.insecure !== true,
      ...(options.headers === undefined ? {} : { headers: options.headers }),
    });
    const client = new NativeClient(socket);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  /** Hello and join: a member of the lobby. */
  static async enter(url: string, name: string, token?: string): Promise<NativeClient> {
    const client = await NativeClient.open(url);
    const welcome = await client.ask({ type: 'hello', name, ...(token === undefined ? {} : { token }) });
    if (welcome.type !== 'welcome') throw new Error(`refused: ${JSON.stringify(welcome)}`);
    await client.ask({ type: 'join', room: 'lobby' });
    return client;
  }

  /** Sends a command and resolves to its answer. */
  ask(command: Json): Promise<Json> {
    this.#ref += 1;
    const ref = this.#ref;
    const answer = this.next((event) => event.ref === ref);
    this.socket.send(JSON.stringify({ ...command, ref }));
    return answer;
  }

  post(text: string, draftId?: string): Promise<Json> {
    return this.ask({ type: 'post', room: 'lobby', text, ...(draftId === undefined ? {} : { draftId }) });
  }

  /** The next event from now on that matches. */
  next(matches: (event: Json) => boolean): Promise<Json> {
    return new Promise((resolve) => {
      this.#waiters.push({ matches, resolve });
    });
  }

  /** The first event that matches, whether it came already or not. */
  async until(matches: (event: Json) => boolean): Promise<Json> {
    return this.received.find(matches) ?? this.next(matches);
  }

  /** Entries that came live, in order. */
  get entries(): Json[] {
    return this.received.filter((event) => event.type === 'entry').map((event) => event.entry as Json);
  }

  /** Resolves as soon as `entries` has a message with this text. */
  async untilText(text: string): Promise<Json> {
    const known = this.entries.find((entry) => entry.text === text);
    if (known !== undefined) return known;
    const event = await this.next((candidate) => (candidate.entry as Json | undefined)?.text === text);
    return event.entry as Json;
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }

  #hear(event: Json): void {
    this.received.push(event);
    const due = this.#waiters.filter((waiter) => waiter.matches(event));
    this.#waiters = this.#waiters.filter((waiter) => !due.includes(waiter));
    for (const waiter of due) waiter.resolve(event);
  }
}
