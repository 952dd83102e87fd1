// One line at the bottom of a terminal that says how far a download is, how fast, and how long it will take. Where there is no
// terminal it says nothing.
import type { DownloadProgress, HistoryEstimate } from '@wireroom/client/history';
import type { Io } from '../terminal/io.ts';
import { harmless } from '../terminal/style.ts';
import { bytesText, durationText, numberText } from './words.ts';

/** The rate is that of the newest seconds. */
const WINDOW_MS = 5000;
/** Before that a rate is chance. */
const SETTLED_SECONDS = 0.5;
const DEFAULT_COLUMNS = 80;
const CLEAR = '\r\u001b[K';

interface Sample {
  readonly at: number;
  readonly bytes: number;
  readonly records: number;
}

export class ProgressLine {
  readonly #io: Pick<Io, 'errors'>;
  readonly #name: string;
  readonly #now: () => number;
  readonly #samples: Sample[] = [];
  #isShown = false;
  estimate: HistoryEstimate | undefined;

  constructor(io: Pick<Io, 'errors'>, name: string, now: () => number = Date.now) {
    this.#io = io;
    this.#name = name;
    this.#now = now;
  }

  show(progress: DownloadProgress): void {
    if (this.#io.errors.isTTY !== true) return;
    const { waiting } = progress;
    const text =
      waiting === undefined
        ? this.#running(progress)
        : `${harmless(waiting.message)} Again in ${durationText((waiting.retryAt - this.#now()) / 1000)}`;
    // A terminal may not know its width: zero.
    const columns = this.#io.errors.columns || DEFAULT_COLUMNS;
    this.#isShown = true;
    this.#io.errors.write(`${CLEAR}${`${this.#name}  ${text}`.slice(0, columns - 1)}`);
  }

  /** What is printed next begins on an empty line. */
  clear(): void {
    if (this.#isShown) this.#io.errors.write(CLEAR);
    this.#isShown = false;
  }

  #running({ bytes, records }: DownloadProgress): string {
    const at = this.#now();
    this.#samples.push({ at, bytes, records });
    while ((this.#samples[1]?.at ?? at) < at - WINDOW_MS) this.#samples.shift();
    const oldest = this.#samples[0] ?? { at, bytes, records };
    const seconds = (at - oldest.at) / 1000;
    const parts = [`${numberText(records)} records`, bytesText(bytes)];
    if (seconds >= SETTLED_SECONDS)
      parts.push(`${bytesText(Math.round((bytes - oldest.bytes) / seconds))}/s`);
    const total = this.estimate?.records ?? 0;
    if (total === 0) return parts.join('  ');
    const percent = Math.min(100, Math.floor((records / total) * 100));
    const rate = seconds >= SETTLED_SECONDS ? (records - oldest.records) / seconds : 0;
    if (rate > 0) parts.push(`${durationText(Math.max(0, total - records) / rate)} left`);
    return [`${percent} %`, ...parts].join('  ');
  }
}
