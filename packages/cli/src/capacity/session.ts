// One command's runs: server after server by the same plan, shown while they are under way. Ctrl-C ends the one that runs and leaves out
// the others; a second Ctrl-C does not even wait for that one. Whatever was measured by then is a report.
import type {
  CapacityEvent,
  CapacityFile,
  CapacityOptions,
  CapacityPlan,
  CapacityReport,
  CapacityRun,
} from '@wireroom/capacity';
import { CapacityError } from '@wireroom/capacity';
import { harmless, hasColor, type Io, styleFor } from '../terminal/terminal.ts';
import type { MeasureArguments, TargetArgument } from './arguments.ts';
import { columnsOf, type LiveScreen, openScreen } from './live-screen.ts';
import { after, type LiveState, liveStateOf } from './live-state.ts';
import { type Look, plainLine, resultLine, viewLines } from './live-view.ts';
import { planOf } from './plan.ts';
import { Journey, type TimeLeft } from './time-left.ts';
import { WORDS } from './words.ts';

export type Measure = (plan: CapacityPlan, options: CapacityOptions) => CapacityRun;

export interface SessionParts {
  readonly measure: Measure;
  /** Milliseconds. */
  readonly now?: () => number;
}

export interface SessionResult {
  readonly file: CapacityFile;
  readonly isInterrupted: boolean;
  /** A server could not be measured at all, or not to the end. */
  readonly hasFailed: boolean;
}

/** Rejects with CapacityError if nothing could be measured. */
export async function runSession(
  options: MeasureArguments,
  io: Io,
  { measure, now = () => performance.now() }: SessionParts,
): Promise<SessionResult> {
  const session = new Session(options, io, now);
  const release = io.onInterrupt(() => session.interrupt());
  try {
    return await session.run(measure);
  } finally {
    release();
    session.close();
  }
}

class Session {
  readonly #options: MeasureArguments;
  readonly #screen: LiveScreen;
  readonly #io: Io;
  readonly #now: () => number;
  readonly #journey: Journey;
  readonly #ending = new AbortController();
  readonly #impatience = new AbortController();
  #state: LiveState;
  #left: TimeLeft = { share: 0, ms: undefined };

  constructor(options: MeasureArguments, io: Io, now: () => number) {
    this.#options = options;
    this.#io = io;
    this.#now = now;
    this.#screen = openScreen(io, options.isJson, now);
    this.#journey = new Journey(options.targets.length, now());
    this.#state = liveStateOf('', this.#left);
  }

  interrupt(): void {
    if (this.#ending.signal.aborted) this.#impatience.abort();
    // Why, as the report says it.
    this.#ending.abort('It was stopped by Ctrl-C.');
    this.#state = { ...this.#state, isStopping: true };
    this.#draw();
  }

  close(): void {
    this.#screen.clear();
  }

  async run(measure: Measure): Promise<SessionResult> {
    const reports: CapacityReport[] = [];
    let hasFailed = false;
    for (const target of this.#options.targets) {
      if (this.#ending.signal.aborted) break;
      const report = await this.#measureOne(target, measure).catch((error: unknown) => {
        // The first is what was asked for; of the others the report can do without.
        if (reports.length === 0 || !(error instanceof CapacityError)) throw error;
        this.#screen.print(
          WORDS[this.#options.language].failedLater(nameOf(target), harmless(error.message)),
        );
        return undefined;
      });
      if (report === undefined) hasFailed = true;
      else reports.push(report);
      this.#journey.runEnded(this.#now());
    }
    const [own, ...peers] = reports;
    if (own === undefined) throw new CapacityError('Nothing was measured.');
    const isInterrupted = this.#ending.signal.aborted;
    const isCut = reports.some(({ isComplete }) => !isComplete);
    const file = { ...own, ...(peers.length > 0 && { peers }) };
    return { file, isInterrupted, hasFailed: hasFailed || (isCut && !isInterrupted) };
  }

  async #measureOne(target: TargetArgument, measure: Measure): Promise<CapacityReport> {
    this.#state = { ...liveStateOf(nameOf(target), this.#left), isStopping: this.#ending.signal.aborted };
    const run = measure(planOf(this.#options, target), {
      onEvent: (event) => this.#hear(event),
      signal: this.#ending.signal,
    });
    // Nobody hears of its end any more once patience has run out.
    run.finished.catch(() => undefined);
    return Promise.race([run.finished, aborted(this.#impatience.signal).then(() => run.reportSoFar())]);
  }

  #hear(event: CapacityEvent): void {
    if (event.type === 'progress') {
      this.#left = this.#journey.at(this.#now(), event.share, event.secondsLeft);
    }
    this.#state = after(this.#state, event, this.#left);
    const line = resultLine(event, this.#look());
    if (line !== undefined) this.#screen.print(line);
    this.#draw();
  }

  #draw(): void {
    this.#screen.show(
      () => viewLines(this.#state, this.#look()),
      () => plainLine(this.#state, this.#look().words),
    );
  }

  #look(): Look {
    const isColored = this.#options.isColorWanted && hasColor(this.#io);
    return {
      columns: columnsOf(this.#io),
      style: styleFor(isColored),
      words: WORDS[this.#options.language],
    };
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Until the server itself says what it is called. */
export function nameOf(target: TargetArgument): string {
  if (target.kind === 'own') return 'Wireroom';
  if (target.kind === 'wireroom') return target.url;
  return target.url === undefined ? 'Socket.IO' : `Socket.IO, ${target.url}`;
}
