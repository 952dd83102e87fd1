// A program on the wire feed for tests, on the `ws` package: it knows the feed's JSON and nothing of our SDK.
import type { CaptureRecord } from '@wireroom/capture';
import { WebSocket } from 'ws';
import type { Json } from './native-client.ts';

export class WireWatcher {
  readonly socket: WebSocket;
  readonly received: Json[] = [];
  readonly closed: Promise<number>;
  #ref = 0;
  #wakers: (() => void)[] = [];

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.on('close', (code) => resolve(code)));
    socket.on('error', () => {});
    socket.on('message', (data) => {
      this.received.push(JSON.parse(String(data)));
      const wakers = this.#wakers;
      this.#wakers = [];
      for (const wake of wakers) wake();
    });
  }

  /** `ws://localhost:port/wire` */
  static async open(url: string, headers: Record<string, string> = {}): Promise<WireWatcher> {
    // Certificates of tests are made at start, and nobody has signed them.
    const socket = new WebSocket(url, { perMessageDeflate: false, rejectUnauthorized: false, headers });
    const watcher = new WireWatcher(socket);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return watcher;
  }

  static async watch(url: string, token: string): Promise<WireWatcher> {
    const watcher = await WireWatcher.open(url);
    await watcher.ask({ type: 'watch', token });
    return watcher;
  }

  /** Resolves to what answers the command: the first event with its ref. */
  ask(command: Json): Promise<Json> {
    this.#ref += 1;
    const ref = this.#ref;
    this.socket.send(JSON.stringify({ ...command, ref }));
    return this.until((event) => event.ref === ref);
  }

  /** The first event that matches, whether it came already or not. */
  async until(matches: (event: Json) => boolean): Promise<Json> {
    for (;;) {
      const found = this.received.find(matches);
      if (found !== undefined) return found;
      await this.#more();
    }
  }

  /** All records of a connection so far; bytes as Buffers. */
  recordsOf(connectionId: string): readonly CaptureRecord[] {
    return this.received
      .filter((event) => event.type === 'records' && event.connectionId === connectionId)
      .flatMap((event) => event.records as CaptureRecord[])
      .map((record) =>
        record.kind === 'bytes' ? { ...record, bytes: Buffer.from(String(record.bytes), 'base64') } : record,
      );
  }

  async untilRecord(
    connectionId: string,
    matches: (record: CaptureRecord) => boolean,
  ): Promise<CaptureRecord> {
    for (;;) {
      const found = this.recordsOf(connectionId).find(matches);
      if (found !== undefined) return found;
      await this.#more();
    }
  }

  #more(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wakers.push(resolve);
      this.socket.once('close', () =>
        reject(new Error(`closed; received ${JSON.stringify(this.received).slice(0, 2000)}`)),
      );
    });
  }
}
