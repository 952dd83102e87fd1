// Pings whose pongs are waited for: which pong belongs to which ping, and how long it took. Made for the first of them; the
// heartbeat's own pings have an empty payload and are not counted here.
import { randomBytes } from 'node:crypto';
import { WireError } from '../core/wire-error.ts';

const PAYLOAD_BYTES = 8;
/** Above so many unanswered ones the oldest are given up: a peer need answer only the newest ping (RFC 6455 section 5.5.3). */
const WAITING_MAX = 64;

interface Waiting {
  readonly sentMs: number;
  readonly resolve: (ms: number) => void;
  readonly reject: (error: WireError) => void;
}

export class RoundTrips {
  readonly #waiting = new Map<string, Waiting>();

  /** The payload is random, so that nobody can answer before it was asked. */
  begin(nowMs: number): { readonly payload: Buffer; readonly promise: Promise<number> } {
    const payload = randomBytes(PAYLOAD_BYTES);
    const promise = new Promise<number>((resolve, reject) => {
      this.#waiting.set(payload.toString('hex'), { sentMs: nowMs, resolve, reject });
    });
    for (const [key, { reject }] of this.#waiting) {
      if (this.#waiting.size <= WAITING_MAX) break;
      this.#waiting.delete(key);
      reject(new WireError('pong-timeout'));
    }
    return { payload, promise };
  }

  /** A pong came. It answers the ping with its payload, and with that all before it. */
  end(payload: Buffer, nowMs: number): void {
    const answered = payload.toString('hex');
    if (!this.#waiting.has(answered)) return;
    for (const [key, { sentMs, resolve }] of this.#waiting) {
      this.#waiting.delete(key);
      resolve(nowMs - sentMs);
      if (key === answered) return;
    }
  }

  /** The connection is over. */
  giveUp(): void {
    for (const { reject } of this.#waiting.values()) reject(new WireError('connection-lost'));
    this.#waiting.clear();
  }
}
