// Tests a client: listens, and plays one case on each connection. How a client learns what to do:
//   /count      a WebSocket that says in one text message how many cases there are (plain HTTP gets the same as text)
//   /case?n=7   a WebSocket on which the client echoes until it ends: case 7 of them, counted from 1
//   any other   the next case that nobody has come for
// A client connects to every case once, whatever came of the one before; in any order, several at once if it likes.
import net from 'node:net';
import type { Case } from '../case.ts';
import type { Pace } from '../pace.ts';
import { close, encode, text } from '../wire/frame.ts';
import { fieldOf, type Head, writeAnswer, writeHead } from '../wire/http.ts';
import { OpeningFailed, readHeadOf, takeRequest } from './opening.ts';
import { RawLink } from './raw-link.ts';
import { HEAVY_CONCURRENCY, type RunOptions } from './server-run.ts';
import { type CaseResult, Turnstile, tryClient } from './trial.ts';

export interface ClientRunOptions extends RunOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Default: the loopback address. */
  readonly host?: string;
}

export interface ClientRun {
  /** Where clients go: `ws://127.0.0.1:PORT`. */
  readonly url: string;
  readonly caseCount: number;
  /** In the order of the cases, when every one has been played or `close` was called. */
  readonly finished: Promise<CaseResult[]>;
  /** Ends it. Cases under way are played to their end; those that nobody came for count as failed. */
  close(): Promise<void>;
}

/** Listens for clients that echo. Rejects as `net` does when it cannot. */
export async function testClients(options: ClientRunOptions): Promise<ClientRun> {
  const run = new Run(options);
  const { port = 0, host = '127.0.0.1' } = options;
  const address = await run.listen(port, host);
  return {
    url: `ws://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    caseCount: run.cases.length,
    finished: run.finished,
    close: () => run.close(),
  };
}

class Run {
  readonly cases: readonly Case[];
  readonly finished: Promise<CaseResult[]>;
  readonly #options: ClientRunOptions;
  readonly #pace: Pace;
  readonly #server = net.createServer({ allowHalfOpen: true }, (socket) => void this.#accept(socket));
  readonly #turnstile: Turnstile;
  readonly #results = new Map<Case, CaseResult>();
  readonly #underWay = new Map<Case, Promise<void>>();
  #resolve: (results: CaseResult[]) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(options: ClientRunOptions) {
    this.#options = options;
    this.#pace = options.pace;
    this.cases = options.cases.filter(({ peers }) => peers.includes('client'));
    this.#turnstile = new Turnstile(options.heavyConcurrency ?? HEAVY_CONCURRENCY);
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  listen(port: number, host: string): Promise<net.AddressInfo> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        const address = this.#server.address();
        if (address === null || typeof address === 'string') reject(new Error('no port was taken'));
        else resolve(address);
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await Promise.all(this.#underWay.values());
    this.#finish();
    await closed;
  }

  #finish(): void {
    this.#resolve(
      this.cases.map(
        (tested) =>
          this.#results.get(tested) ?? {
            id: tested.id,
            section: tested.section,
            title: tested.title,
            rule: tested.rule,
            verdict: 'fail',
            notes: ['the client did not come for this case'],
            tookMs: 0,
          },
      ),
    );
  }

  async #accept(socket: net.Socket): Promise<void> {
    const link = new RawLink(socket);
    try {
      const head = await readHeadOf(link, this.#pace.replyTimeoutMs);
      if (head === undefined) socket.destroy();
      else {
        link.skip(head.bytes);
        this.#route(link, head);
      }
    } catch {
      // Not even HTTP: no case can be told from it.
      socket.destroy();
    }
  }

  #route(link: RawLink, head: Head): void {
    const [, target = '/'] = head.line.split(' ');
    const { pathname, searchParams } = new URL(target, 'http://tester');
    if (pathname === '/count') {
      this.#tellCount(link, head);
      return;
    }
    const tested =
      pathname === '/case'
        ? this.cases[Number(searchParams.get('n')) - 1]
        : this.cases.find((one) => !this.#isTaken(one));
    if (tested === undefined || this.#isTaken(tested)) {
      link.socket.end(writeHead('HTTP/1.1 410 Gone', { Connection: 'close', 'Content-Length': '0' }));
      return;
    }
    this.#underWay.set(tested, this.#play(tested, link, head));
  }

  #isTaken(tested: Case): boolean {
    return this.#underWay.has(tested) || this.#results.has(tested);
  }

  async #play(tested: Case, link: RawLink, request: Head): Promise<void> {
    try {
      const result = await tryClient({
        tested,
        link,
        request,
        pace: this.#pace,
        turnstile: this.#turnstile,
      });
      this.#results.set(tested, result);
      this.#options.onResult?.(result);
    } catch (error) {
      this.#reject(error);
    }
    if (this.#results.size === this.cases.length) this.#finish();
  }

  #tellCount(link: RawLink, head: Head): void {
    const count = String(this.cases.length);
    if (fieldOf(head, 'upgrade') === undefined) {
      const fields = {
        Connection: 'close',
        'Content-Type': 'text/plain',
        'Content-Length': String(count.length),
      };
      link.socket.end(writeHead('HTTP/1.1 200 OK', fields) + count);
      return;
    }
    try {
      const { key } = takeRequest(link, head);
      link.socket.write(writeAnswer(key));
      link.socket.write(encode(text(count), false));
      link.socket.end(encode(close(1000), false));
    } catch (error) {
      if (!(error instanceof OpeningFailed)) throw error;
      link.socket.end(writeHead('HTTP/1.1 400 Bad Request', { Connection: 'close', 'Content-Length': '0' }));
    }
  }
}
