// What the passing of time means for an open connection: when to ping, when silence is death, how many control frames
// are too many. Keeps times and counts; does nothing itself. Reads are noted without asking a clock.
import { WireError } from '../core/wire-error.ts';
import type { WebSocketLimits } from '../limits.ts';

export type HeartbeatFinding = 'ping' | 'pong-timeout' | 'partial-frame-timeout' | 'idle-timeout' | undefined;

const SECOND_MS = 1000;

export class Heartbeat {
  readonly #limits: WebSocketLimits;
  #hasHeard = false;
  #heardMs: number;
  #pingedMs: number;
  #isAwaitingPong = false;
  #hasMessage = false;
  #messageMs: number;
  #secondBeganMs: number;
  #controlFrames = 0;

  constructor(limits: WebSocketLimits, now: number) {
    // Whole milliseconds: small integers need no memory of their own.
    const nowMs = Math.floor(now);
    this.#limits = limits;
    this.#heardMs = nowMs;
    this.#pingedMs = nowMs;
    this.#messageMs = nowMs;
    this.#secondBeganMs = nowMs;
  }

  /** Bytes came. They count from the next tick on, so silence is never overestimated. */
  heard(): void {
    this.#hasHeard = true;
  }

  /** A message came or went. */
  countMessage(): void {
    this.#hasMessage = true;
  }

  /** Throws a WireError when the peer sends too many. */
  countControlFrame(): void {
    this.#controlFrames += 1;
    const { controlFramesPerSecondMax } = this.#limits;
    if (this.#controlFrames > controlFramesPerSecondMax) {
      throw new WireError(
        'too-many-control-frames',
        `At most ${controlFramesPerSecondMax} control frames a second are taken.`,
      );
    }
  }

  /**
   * @param now monotonic, in milliseconds
   * @param isPaused we do not read ourselves, so silence means nothing
   * @param isInsideMessage a frame or message has begun and not ended
   */
  tick(now: number, isPaused: boolean, isInsideMessage: boolean): HeartbeatFinding {
    const nowMs = Math.floor(now);
    const { pingIntervalMs, pongTimeoutMs, partialFrameTimeoutMs, idleTimeoutMs } = this.#limits;
    if (nowMs - this.#secondBeganMs >= SECOND_MS) {
      this.#secondBeganMs = nowMs;
      this.#controlFrames = 0;
    }
    if (this.#hasHeard || isPaused) {
      this.#hasHeard = false;
      this.#heardMs = nowMs;
      this.#isAwaitingPong = false;
    }
    if (this.#hasMessage || isPaused) {
      this.#hasMessage = false;
      this.#messageMs = nowMs;
    }
    if (idleTimeoutMs > 0 && nowMs - this.#messageMs >= idleTimeoutMs) return 'idle-timeout';
    if (isInsideMessage && partialFrameTimeoutMs > 0 && nowMs - this.#heardMs >= partialFrameTimeoutMs) {
      return 'partial-frame-timeout';
    }
    if (this.#isAwaitingPong) {
      return pongTimeoutMs > 0 && nowMs - this.#pingedMs >= pongTimeoutMs ? 'pong-timeout' : undefined;
    }
    if (pingIntervalMs === 0 || nowMs - this.#pingedMs < pingIntervalMs) return undefined;
    this.#pingedMs = nowMs;
    this.#isAwaitingPong = true;
    return 'ping';
  }
}
