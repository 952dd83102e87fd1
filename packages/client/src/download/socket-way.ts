// A history over a second WebSocket: for networks that let the chat through and not the download. One question, then binary
// messages until `finished`. Where the runtime cannot make the server wait, too much at once ends the socket; the next goes on from there.
import { isRecord } from '../record.ts';
import type { HistoryPicture } from './download-options.ts';
import type { DownloadSocket, OpenDownloadSocket } from './download-socket.ts';
import { DOWNLOAD_LIMITS } from './limits.ts';
import { readEpoch } from './read-epoch.ts';
import { refusalIn, Setback } from './setback.ts';
import { socketAddress, tokenOf, type Way, type WayRequest, wordsOf } from './way.ts';

export function socketWay(open: OpenDownloadSocket): Way {
  return async (request, signal) => {
    const call = new Call(open, request);
    const aborted = (): void => call.end(signal.reason);
    if (signal.aborted) aborted();
    signal.addEventListener('abort', aborted);
    const done = (): void => signal.removeEventListener('abort', aborted);
    try {
      return { picture: await call.begun, bytes: bytesOf(call, done) };
    } catch (error) {
      done();
      throw error;
    }
  };
}

async function* bytesOf(call: Call, done: () => void): AsyncGenerator<Uint8Array, undefined> {
  try {
    for (let bytes = await call.next(); bytes !== undefined; bytes = await call.next()) yield bytes;
    return undefined;
  } finally {
    done();
    call.end(undefined);
  }
}

/** How it ended; `error` undefined: with `finished`. */
interface End {
  readonly error: unknown;
}

class Call {
  readonly begun: Promise<HistoryPicture>;
  #begin: { resolve(picture: HistoryPicture): void; reject(error: unknown): void } | undefined;
  readonly #socket: DownloadSocket | undefined;
  #chunks: Uint8Array[] = [];
  #waitingBytes = 0;
  #isPaused = false;
  #end: End | undefined;
  #wake: () => void = () => {};

  constructor(open: OpenDownloadSocket, request: WayRequest) {
    this.begun = new Promise((resolve, reject) => {
      this.#begin = { resolve, reject };
    });
    const { host, href } = socketAddress(request.question);
    try {
      this.#socket = open(href, {
        open: () => this.#ask(request),
        text: (text) => this.#hear(text),
        bytes: (bytes) => this.#take(bytes),
        close: (reason) =>
          this.end(new Setback('later', 'unreachable', reason || `The connection to ${host} ended.`)),
      });
    } catch (cause) {
      this.end(new Setback('later', 'unreachable', `${host} cannot be reached.`, { cause }));
    }
  }

  /** Undefined after the last one. Throws how it ended, once all that came before was taken. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#waitingBytes -= chunk.length;
        this.#flow();
        return chunk;
      }
      if (this.#end !== undefined) {
        if (this.#end.error !== undefined) throw this.#end.error;
        return undefined;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Only the first end counts. */
  end(error: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.#begin?.reject(error);
    this.#socket?.close();
    this.#wake();
  }

  #ask(request: WayRequest): void {
    const { room } = request.question;
    const token = tokenOf(request.question);
    this.#socket?.send(
      JSON.stringify({ type: 'download', ...(token !== undefined && { token }), room, ...wordsOf(request) }),
    );
  }

  #hear(text: string): void {
    const said = parsed(text);
    if (said?.type === 'begin') {
      const epoch = readEpoch(said.epoch);
      const { until } = said;
      if (epoch !== undefined && typeof until === 'number') this.#begin?.resolve({ until, epoch });
    } else if (said?.type === 'finished') {
      this.end(undefined);
    } else if (said?.type === 'refused') {
      this.end(
        refusalIn(said.error, msOf(said)) ??
          new Setback('later', 'unreachable', 'The server refused without a reason.'),
      );
    }
  }

  #take(bytes: Uint8Array): void {
    if (this.#end !== undefined) return;
    this.#chunks.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#flow();
    if (this.#waitingBytes > DOWNLOAD_LIMITS.socketBacklogMaxBytes)
      this.end(new Setback('at-once', 'unreachable', 'More came than could be written.'));
    this.#wake();
  }

  #flow(): void {
    const isTooMuch = this.#waitingBytes > DOWNLOAD_LIMITS.socketBacklogBytes;
    if (isTooMuch === this.#isPaused) return;
    this.#isPaused = isTooMuch;
    if (isTooMuch) this.#socket?.flow?.pause();
    else this.#socket?.flow?.resume();
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const said: unknown = JSON.parse(text);
    return isRecord(said) ? said : undefined;
  } catch {
    return undefined;
  }
}

function msOf({ error }: Readonly<Record<string, unknown>>): number | undefined {
  return isRecord(error) && typeof error.retryAfterMs === 'number' ? error.retryAfterMs : undefined;
}
