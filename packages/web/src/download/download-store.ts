// The page's one download, outside of React: what it is doing, and the few things that a reader can tell it to do. Views draw its state;
// the bytes go through download-run.ts.
import {
  type DownloadKeep,
  type DownloadTabs,
  failureOf,
  type HistorySource,
  type KeptDownload,
  type Position,
} from './download-port.ts';
import { runDownload, START } from './download-run.ts';
import {
  canContinue,
  type DownloadChoice,
  type DownloadEstimate,
  type DownloadFailure,
  type DownloadPlan,
  type DownloadProgress,
  type DownloadState,
  fileNameOf,
  isBegun,
  type WaitReason,
} from './download-state.ts';
import { Rate, secondsLeft } from './rate.ts';

export interface StoreParts {
  readonly source: HistorySource;
  readonly keep: DownloadKeep;
  readonly tabs: DownloadTabs;
  /** Milliseconds since 1970. */
  now(): number;
  newId(): string;
  /** Remembers whether there is anything that a later visit should look for. */
  remember(isSomethingKept: boolean): void;
}

/** Progress is told at most this often, in milliseconds: more would only be drawing. */
const TOLD_EVERY_MS = 200;

export class DownloadStore {
  readonly #parts: StoreParts;
  readonly #listeners = new Set<() => void>();
  readonly #rate = new Rate();
  #state: DownloadState = { kind: 'choosing' };
  #kept: KeptDownload | undefined;
  #abort = new AbortController();
  /** The run that is going on or coming to its end. */
  #run: Promise<void> = Promise.resolve();
  #toldAt = 0;

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): DownloadState => this.#state;

  get asksWhere(): boolean {
    return this.#parts.keep.asksWhere;
  }

  estimate(room: string, spec: DownloadChoice['spec'], signal: AbortSignal): Promise<DownloadEstimate> {
    return this.#parts.source.estimate(room, spec, signal);
  }

  /** Was something begun on an earlier visit, and not ended? Then it is shown, and nothing happens by itself. */
  async lookBack(): Promise<void> {
    const { keep, tabs } = this.#parts;
    try {
      const found = await keep.find();
      this.#parts.remember(found.length > 0);
      for (const kept of found) {
        if ((await tabs.isElsewhere(kept.plan.id)) || this.#state.kind !== 'choosing') continue;
        this.#kept = kept;
        const begun = { plan: kept.plan, progress: progressAt(kept.position) };
        if (kept.isComplete) this.#become({ ...begun, kind: 'done', proof: kept.position.proof });
        else this.#become({ ...begun, kind: 'interrupted' });
      }
    } catch {
      // A store that cannot be opened has nothing to offer. Whoever begins a download hears of it.
    }
  }

  /** In answer to a click: the browser may ask where the file goes. */
  async start(choice: DownloadChoice): Promise<void> {
    if (this.#state.kind !== 'choosing') return;
    const { keep } = this.#parts;
    const fileName = fileNameOf(choice);
    let handle: FileSystemFileHandle | undefined;
    if (keep.asksWhere) {
      this.#become({ kind: 'placing' });
      try {
        handle = await keep.askWhere(fileName);
      } catch (error) {
        return this.#become({ kind: 'choosing', failure: failureOf(error) });
      }
      if (handle === undefined) return this.#become({ kind: 'choosing' });
    }
    const plan: DownloadPlan = {
      ...choice,
      id: this.#parts.newId(),
      fileName: handle?.name ?? fileName,
      place: handle === undefined ? 'browser' : 'file',
    };
    // How many documents an HTML history has was asked before: it stays the history of that moment.
    const { epoch, until } = choice.estimate;
    const position = plan.spec.format === 'html' ? { ...START, picture: { epoch, until } } : START;
    this.#kept = { plan, position, isComplete: false, ...(handle !== undefined && { handle }) };
    this.#begin({ isPermitted: true });
    return this.#run;
  }

  pause(): void {
    const state = this.#state;
    if (state.kind !== 'running' && state.kind !== 'waiting') return;
    this.#abort.abort();
    this.#become({ kind: 'paused', plan: state.plan, progress: calm(state.progress) });
  }

  /** Goes on where it stands: after a pause, an interruption, or a failure that may be over. In answer to a click. */
  resume(): Promise<void> {
    const state = this.#state;
    const isPossible =
      state.kind === 'paused' ||
      state.kind === 'interrupted' ||
      (state.kind === 'failed' && canContinue(state.failure));
    if (isPossible) this.#begin({ isPermitted: false });
    return this.#run;
  }

  /** Ends it, and forgets what has come. */
  async discard(): Promise<void> {
    if (!isBegun(this.#state)) return;
    const { plan, kind } = this.#state;
    const handle = this.#kept?.handle;
    this.#abort.abort();
    this.#kept = undefined;
    this.#become({ kind: 'choosing' });
    await this.#run;
    if (handle !== undefined && kind !== 'done') await this.#parts.keep.erase(handle);
    await this.#forget(plan.id);
  }

  /** The reader has seen that it is done. */
  acknowledge(): void {
    if (this.#state.kind === 'done') void this.discard();
  }

  /** Once more, as long as the browser's store has it. */
  async handOver(): Promise<void> {
    const { keep } = this.#parts;
    if (this.#state.kind !== 'done' || this.#state.plan.place !== 'browser') return;
    const { plan, progress } = this.#state;
    try {
      keep.handOver(await keep.fileOf(plan.id), plan.fileName);
    } catch (error) {
      this.#become({ kind: 'failed', plan, progress, failure: failureOf(error) });
    }
  }

  #begin(start: { readonly isPermitted: boolean }): void {
    const kept = this.#kept;
    if (kept === undefined) return;
    const before = this.#run;
    const abort = new AbortController();
    this.#abort = abort;
    this.#rate.restart();
    this.#become({ kind: 'running', plan: kept.plan, progress: progressAt(kept.position) });
    // Asked for at once, while the click counts.
    const permission =
      start.isPermitted || kept.handle === undefined
        ? Promise.resolve(true)
        : this.#parts.keep.isPermitted(kept.handle);
    permission.catch(() => {});
    this.#run = before.then(() => this.#go(abort.signal, permission));
  }

  async #go(signal: AbortSignal, permission: Promise<boolean>): Promise<void> {
    let release: () => void = () => {};
    try {
      const kept = this.#kept;
      if (kept === undefined) return;
      if (!(await permission)) return this.#fail(signal, { code: 'file-denied', message: '' });
      if (await this.#parts.tabs.isElsewhere(kept.plan.id))
        return this.#fail(signal, { code: 'elsewhere', message: '' });
      release = this.#parts.tabs.claim(kept.plan.id);
      if (!signal.aborted) await this.#fetch(signal, kept);
    } catch (error) {
      this.#fail(signal, failureOf(error));
    } finally {
      release();
    }
  }

  async #fetch(signal: AbortSignal, kept: KeptDownload): Promise<void> {
    const { source, keep } = this.#parts;
    await keep.put(kept);
    this.#parts.remember(true);
    const sink = await keep.open(kept);
    const proof = await runDownload({
      ...{ source, sink, kept, signal },
      settled: (position) => this.#settled(kept, position),
      onProgress: (bytes, records) => this.#progress(signal, bytes, records),
      onWait: (reason) => this.#wait(signal, reason),
    });
    if (signal.aborted || !isBegun(this.#state)) return;
    const { plan, progress } = this.#state;
    this.#become({ kind: 'finishing', plan, progress });
    const file = await sink.finish();
    const position = this.#kept?.position ?? START;
    this.#kept = { ...kept, position: { ...position, proof }, isComplete: true };
    // In a file of the reader's own nothing is left to be handed over.
    if (file === undefined) await this.#forget(plan.id);
    else await keep.put(this.#kept);
    if (!isBegun(this.#state)) return;
    this.#become({ kind: 'done', plan, progress: { ...calm(progress), records: proof.count }, proof });
    if (file !== undefined) keep.handOver(file, plan.fileName);
  }

  async #settled(kept: KeptDownload, position: Position): Promise<void> {
    // Discarded meanwhile: what is written down now would be found by the next visit.
    if (this.#kept?.plan.id !== kept.plan.id) return;
    this.#kept = { ...this.#kept, position };
    await this.#parts.keep.put(this.#kept);
  }

  #progress(signal: AbortSignal, bytes: number, records: number): void {
    const now = this.#parts.now();
    this.#rate.add(now, bytes);
    if (signal.aborted || this.#state.kind !== 'running' || now - this.#toldAt < TOLD_EVERY_MS) return;
    this.#toldAt = now;
    const speed = this.#rate.bytesPerSecond();
    const left = speed === undefined ? undefined : secondsLeft(bytes, this.#state.plan.estimate.bytes, speed);
    this.#become({
      ...this.#state,
      progress: {
        ...{ bytes, records },
        ...(speed !== undefined && { bytesPerSecond: speed }),
        ...(left !== undefined && { secondsLeft: left }),
      },
    });
  }

  #wait(signal: AbortSignal, reason: WaitReason | undefined): void {
    const state = this.#state;
    if (signal.aborted || (state.kind !== 'running' && state.kind !== 'waiting')) return;
    const { plan, progress } = state;
    this.#rate.restart();
    if (reason !== undefined) this.#become({ kind: 'waiting', plan, progress: calm(progress), reason });
    else if (state.kind === 'waiting') this.#become({ kind: 'running', plan, progress });
  }

  #fail(signal: AbortSignal, failure: DownloadFailure): void {
    if (signal.aborted || !isBegun(this.#state)) return;
    const { plan, progress } = this.#state;
    this.#become({ kind: 'failed', plan, progress: calm(progress), failure });
  }

  async #forget(id: string): Promise<void> {
    const { keep, remember } = this.#parts;
    try {
      await keep.remove(id);
      remember((await keep.find()).length > 0);
    } catch {
      // What stays is found by a later visit, which offers to discard it.
    }
  }

  #become(state: DownloadState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Without a speed: nothing comes now. */
const calm = ({ bytes, records }: DownloadProgress): DownloadProgress => ({ bytes, records });

const progressAt = ({ before, part }: Position): DownloadProgress => ({
  bytes: before.bytes + part.bytes,
  records: before.records + part.records,
});
