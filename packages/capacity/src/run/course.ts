// The course of a run: start, silence, few who post much, the ramp or the search, the other loads of the model, its test, the end.
// Whatever ends it, what was measured by then is in the report, and no process stays.
import type { CapacityEvent, Phase } from '../event.ts';
import type { Mix } from '../mix.ts';
import { CapacityError, type CapacityPlan, sendersOf } from '../plan.ts';
import type { CapacityReport, Step } from '../report.ts';
import { Agenda } from './agenda.ts';
import { CostBook } from './cost-book.ts';
import { costMixes, messageMixes } from './cost-mixes.ts';
import { Cut, CuttableClock } from './cuttable-clock.ts';
import { IDLE_BEFORE, measureIdle } from './idle-phase.ts';
import {
  holdOf,
  idleCount,
  phasesOf,
  predictedMixes,
  rampMixes,
  restItems,
  searchItems,
  WORK_IN,
  wholeItems,
} from './itinerary.ts';
import { isDisturbed, quieterOf } from './limit.ts';
import { ReportDraft } from './report-draft.ts';
import { Search } from './search.ts';
import { type OpenStage, Stages } from './stage.ts';
import { type MeasuredStep, measureStep } from './step-measurement.ts';
import { readersAllowed, wordsBefore, wordsOnCosts, wordsOnError, wordsOnStep } from './words.ts';

const PROGRESS_MS = 250;
/** A run that takes this much longer than was thought at its begin is ended. */
const OVERTIME_FACTOR = 3;
const OVERTIME_SECONDS = 300;
/** Steps of the model that are measured once more, since other programs were at the server's cores. */
const REPEATS_MAX = 3;
/** A load that would take more than this of a core, by the one before it in the same room, is left out. */
const COST_CORES_MAX = 0.9;
const SEARCH_STEPS_USUAL = 8;
const SEARCH_FIRST_SHARE = 1 / 2;
const SEARCH_FIRST_MIN = 8;

export class Course {
  readonly #plan: CapacityPlan;
  readonly #say: (event: CapacityEvent) => void;
  readonly #clock = new CuttableClock();
  readonly #agenda = new Agenda(this.#clock.now);
  readonly #draft: ReportDraft;
  readonly #stages: Stages;
  readonly #book = new CostBook();
  #stage: OpenStage | undefined;
  #secondsMax = Number.POSITIVE_INFINITY;
  #repeatsLeft = REPEATS_MAX;
  /** Bytes of the database before anybody came. */
  #emptyBytes = 0;

  constructor(plan: CapacityPlan, say: (event: CapacityEvent) => void) {
    this.#plan = plan;
    this.#say = say;
    this.#draft = new ReportDraft(plan, say);
    this.#stages = new Stages(plan, this.#clock, say);
  }

  report(): CapacityReport {
    return this.#draft.report();
  }

  /** Ends it at once, with a sentence why. */
  cut(reason: string): void {
    this.#clock.cut(reason);
    // Whoever waits for an answer of theirs hears that they have ended.
    void this.#stages.endLoads();
  }

  /** Rejects with CapacityError if nothing could be measured. */
  async run(): Promise<CapacityReport> {
    const timer = setInterval(() => this.#tick(), PROGRESS_MS);
    try {
      await this.#measure();
      this.#draft.end(undefined);
    } catch (error) {
      const why = this.#clock.reason ?? error;
      if (why instanceof CapacityError) throw why;
      this.#conclude();
      this.#draft.end(why instanceof Cut ? why.message : wordsOnError(why));
    } finally {
      clearInterval(timer);
      await this.#stages.endAll();
    }
    return this.report();
  }

  async #measure(): Promise<void> {
    const { aim, withCosts } = this.#plan;
    this.#agenda.plan(wholeItems(this.#plan, SEARCH_STEPS_USUAL));
    this.#secondsMax = this.#agenda.progress.secondsLeft * OVERTIME_FACTOR + OVERTIME_SECONDS;
    this.#phase('start');
    this.#agenda.begin();
    const stage = await this.#stages.open();
    this.#stage = stage;
    this.#draft.target(stage.target.about);
    for (const text of wordsBefore(this.#plan, this.#stages.around(stage))) this.#draft.warn(text);
    const areCostsKnown = withCosts && (await this.#idle(stage));
    await this.#workIn(stage);
    this.#emptyBytes = stage.target.dataBytes();
    if (areCostsKnown) {
      this.#phase('messages');
      for (const mix of messageMixes(this.#plan.mix)) await this.#step(stage, 'costs', mix);
    }
    const most = aim.kind === 'ramp' ? await this.#ramp(stage) : await this.#search(stage, aim);
    this.#agenda.plan(restItems({ ...this.#plan, withCosts: areCostsKnown }, most));
    if (areCostsKnown && most > 0) {
      await this.#leave(stage);
      await this.#costs(stage, most);
      await this.#predict(stage, most);
    }
    this.#phase('end');
    await stage.fleet.end();
    await stage.target.stop();
    this.#conclude();
  }

  /** What it is compiled for it has then done. A server that was found has been at it, and its room is somebody's. */
  async #workIn(stage: OpenStage): Promise<void> {
    if (!this.#stages.isOwn) return;
    const readers = Math.min(WORK_IN.mix.readers, readersAllowed(this.#stages.around(stage)));
    const mix = { ...WORK_IN.mix, readers, senders: Math.min(WORK_IN.mix.senders, readers) };
    const seconds = Math.min(WORK_IN.seconds, this.#plan.seconds);
    await measureStep(stage, { ...WORK_IN, seconds, phase: 'costs', mix });
  }

  /** The curve is done, and its server has what it stored on disk. What a server costs is asked of others, which had nothing before. */
  async #leave(stage: OpenStage): Promise<void> {
    if (!this.#stages.isOwn) return;
    await stage.fleet.end();
    await stage.target.stop();
  }

  /** A server that has not been used, but for working in; of one that was found, the same as ever. */
  async #fresh(stage: OpenStage): Promise<OpenStage> {
    if (!this.#stages.isOwn) return { ...stage, end: async () => undefined };
    const fresh = await this.#stages.open();
    this.#book.serverBegins();
    await this.#workIn(fresh);
    return fresh;
  }

  /** Can it be known what the server takes? */
  async #idle(stage: OpenStage): Promise<boolean> {
    this.#phase('idle');
    this.#agenda.begin();
    // Of a server by itself, where there can be one: nothing else is in its memory.
    const own = this.#stages.isOwn ? await this.#stages.open() : this.#stages.beside(stage);
    const allowed = readersAllowed(this.#stages.around(own)) - IDLE_BEFORE;
    const measured = await measureIdle(own, Math.max(1, Math.min(idleCount(this.#plan), allowed)));
    await own.end();
    if (measured === undefined)
      this.#draft.warn(
        "The server's process cannot be asked what it uses: it is not on this machine (or of another login), and its /metrics does not tell this machine. Rates and times are measured, costs are not.",
      );
    else this.#book.idle(measured);
    return measured !== undefined;
  }

  /** Returns the readers of the largest room that the server kept up with. */
  async #ramp(stage: OpenStage): Promise<number> {
    this.#phase('ramp');
    let most = 0;
    for (const mix of rampMixes(this.#plan)) {
      const { isHeldBack } = await this.#step(stage, 'ramp', mix);
      if (isHeldBack) {
        this.#draft.warn(
          `The ramp ended at ${mix.readers} readers: less arrived than was asked for, and a larger room would show nothing else.`,
        );
        break;
      }
      most = Math.max(most, mix.readers);
    }
    return most;
  }

  async #search(stage: OpenStage, aim: Extract<CapacityPlan['aim'], { kind: 'search' }>): Promise<number> {
    this.#phase('search');
    const { mix } = this.#plan;
    const first = Math.max(SEARCH_FIRST_MIN, Math.round(mix.readers * SEARCH_FIRST_SHARE));
    const max = Math.min(aim.readersMax, readersAllowed(this.#stages.around(stage)));
    const search = new Search({ first, min: 2, max });
    let smallest = Number.POSITIVE_INFINITY;
    for (let next = search.next; next !== undefined; next = search.next) {
      this.#agenda.plan([...searchItems(this.#plan, search.triesLeft), ...restItems(this.#plan, next)]);
      const room = { ...mix, readers: next, senders: sendersOf(mix, next) };
      const { step, isHeldBack } = await this.#step(stage, 'search', room);
      const isKept = !isHeldBack && step.latencyMs.p99 <= aim.p99MsMax;
      search.tell(next, isKept, busyCoresOf(step));
      smallest = Math.min(smallest, next);
      if (isKept && search.found === next) this.#draft.found({ readers: next, p99Ms: step.latencyMs.p99 });
    }
    if (search.found === undefined)
      this.#draft.warn(`Not even ${smallest} readers had a p99 of ${aim.p99MsMax} ms or less.`);
    if (search.found === max)
      this.#draft.warn(
        max < aim.readersMax
          ? `The search ended at ${max} readers, for which there are open files: the room may be larger. Raise ulimit -n.`
          : `The search ended at ${max} readers, as it was asked to: the room may be larger.`,
      );
    return search.found ?? smallest;
  }

  async #costs(stage: OpenStage, readersMax: number): Promise<void> {
    this.#phase('costs');
    for (const mixes of costMixes(this.#plan.mix, readersMax)) {
      const fresh = await this.#fresh(stage);
      let before: Step | undefined;
      for (const mix of mixes) {
        if (before !== undefined && isTooMuch(before, mix)) this.#agenda.leaveOut();
        else before = (await this.#step(fresh, 'costs', mix)).step;
      }
      await fresh.end();
    }
  }

  async #predict(stage: OpenStage, readersMax: number): Promise<void> {
    const costs = this.#book.costs(this.#messageBytes());
    if (costs === undefined) return;
    this.#draft.costs(costs);
    for (const text of wordsOnCosts(costs)) this.#draft.warn(text);
    this.#phase('predict');
    for (const mix of predictedMixes(this.#plan, readersMax)) {
      const fresh = await this.#fresh(stage);
      const { step } = await this.#step(fresh, 'predict', mix);
      await fresh.end();
      for (const prediction of this.#book.predictions(step)) this.#draft.prediction(prediction);
    }
  }

  /** What can be said of costs by now, and of where they lead. */
  #conclude(): void {
    const bytes = this.#messageBytes();
    const costs = this.#plan.withCosts ? this.#book.costs(bytes) : undefined;
    if (costs === undefined || this.#stage === undefined) return;
    this.#draft.costs(costs);
    this.#draft.ceilings(this.#book.ceilings(this.#plan.mix, this.#stage.target, bytes));
  }

  /** Of disk, for each message; 0 where the database is not known. */
  #messageBytes(): number {
    const bytes = this.#stage?.target.dataBytes() ?? 0;
    return this.#book.messageBytes(this.#plan.mix.size, bytes - this.#emptyBytes);
  }

  async #step(stage: OpenStage, phase: Step['phase'], mix: Mix): Promise<MeasuredStep> {
    this.#agenda.begin();
    const plan = { phase, mix, ...holdOf(this.#plan, phase, mix) };
    const first = await measureStep(stage, plan);
    const all = this.#isToRepeat(first.step) ? [first, await measureStep(stage, plan)] : [first];
    const measured = all.reduce(quieterOf);
    this.#draft.step(measured.step);
    this.#book.add(measured);
    if (stage === this.#stage) for (const each of all) this.#book.stored(each);
    for (const text of wordsOnStep(measured)) this.#draft.warn(text);
    return measured;
  }

  /** The curve shows what it was like; the model is to show what it is like when nobody disturbs. */
  #isToRepeat(step: Step): boolean {
    const isOfModel = step.phase === 'costs' || step.phase === 'predict';
    if (!isOfModel || !isDisturbed(step) || this.#repeatsLeft === 0) return false;
    this.#repeatsLeft -= 1;
    return true;
  }

  #phase(phase: Phase): void {
    const phases = phasesOf(this.#plan);
    this.#say({ type: 'phase', phase, index: phases.indexOf(phase), count: phases.length });
  }

  #tick(): void {
    this.#say({ type: 'progress', ...this.#agenda.progress });
    if (this.#clock.now() / 1e3 > this.#secondsMax)
      this.cut('It took much longer than was thought: the server does not keep up.');
  }
}

/** Of the thread or process that each have a core to themselves, as the generator and the one that serves the sockets do. */
function busyCoresOf({ server, generatorCpuCores }: Step): number {
  return Math.max(generatorCpuCores, server?.busiestThreadCores ?? server?.cpuCores ?? 0);
}

/** By the load before it in the same room, if work grew as fast as what is delivered; it grows more slowly. */
function isTooMuch({ server, mix: before }: Step, mix: Mix): boolean {
  const cores = server?.busiestThreadCores ?? server?.cpuCores ?? 0;
  const growth = (mix.senders * mix.rate * mix.readers) / (before.senders * before.rate * before.readers);
  return cores * growth > COST_CORES_MAX;
}
