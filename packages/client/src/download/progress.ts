// Tells whoever shows it how a download goes: at once where something is another, and not too often where only bytes were added.
import type { Clock } from '../clock.ts';
import { keptIfSame } from '../structural-sharing.ts';
import type { DownloadProgress } from './download-options.ts';
import { DOWNLOAD_LIMITS } from './limits.ts';

type Facts = Omit<DownloadProgress, 'bytes' | 'records'>;

export class Progress {
  readonly #clock: Clock;
  readonly #tell: (progress: DownloadProgress) => void;
  #facts: Facts = { via: 'http', isResuming: false };
  #told: Facts | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, tell: ((progress: DownloadProgress) => void) | undefined) {
    this.#clock = clock;
    this.#tell = tell ?? (() => {});
  }

  /** `isLast`: nothing comes after this. */
  report(
    facts: Facts,
    { bytes, records }: Pick<DownloadProgress, 'bytes' | 'records'>,
    isLast = false,
  ): void {
    this.#facts = keptIfSame(this.#facts, facts);
    const elapsedMs = this.#clock.now() - this.#toldAt;
    const isSoon = elapsedMs >= 0 && elapsedMs < DOWNLOAD_LIMITS.progressMs;
    if (this.#facts === this.#told && isSoon && !isLast) return;
    this.#told = this.#facts;
    this.#toldAt = this.#clock.now();
    this.#tell({ ...this.#facts, bytes, records });
  }
}
