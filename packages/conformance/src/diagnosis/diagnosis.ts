// The door: tests any WebSocket server and says what is wrong with it, by causes. First what it is (survey.ts), then the
// probes that make sense with it, each seen twice before it counts, then the conformance cases; then causes.ts.
import { CASES } from '../cases/cases.ts';
import { QUICK_PACE } from '../pace.ts';
import type { Reach } from '../tester/raw-link.ts';
import { testServer } from '../tester/server-run.ts';
import { type CaseResult, Turnstile } from '../tester/trial.ts';
import type { Changes } from '../wire/http.ts';
import { findingsOf } from './causes.ts';
import { kindText } from './kind-text.ts';
import {
  CASES_AGAIN_MAX,
  CASES_AT_ONCE,
  FULL_WAITS,
  PROBES_AT_ONCE,
  QUICK_WAITS,
  USUAL_WAITS,
  type Waits,
} from './limits.ts';
import {
  type CaseSummary,
  type Diagnosis,
  type Finding,
  type Omission,
  type ProbeResult,
  type Sighting,
  say,
  type Text,
} from './mistake.ts';
import { MISTAKES, type MistakeId } from './mistakes.ts';
import { type Known, NoSession, type Probe, ProbeRun, type Target } from './probe.ts';
import { PROBES, SLOW_PROBE, vanish } from './probes/probes.ts';
import { isRefusal, survey, Vanished } from './survey.ts';

export interface DiagnoseOptions {
  /** `quick`: no conformance cases. `full`: the heavy ones too, and a long wait for a slow handshake. Default: `usual`. */
  readonly depth?: 'quick' | 'usual' | 'full';
  /** Only these mistakes are looked for and reported. */
  readonly only?: readonly MistakeId[];
  /** Header fields of every request. */
  readonly headers?: Changes;
  /** Take any certificate. */
  readonly isInsecure?: boolean;
  /** Other waits than those of the depth. */
  readonly waits?: Partial<Waits>;
  /** Called when a step is done. */
  onProgress?(done: number, all: number): void;
}

const WAITS = { quick: QUICK_WAITS, usual: USUAL_WAITS, full: FULL_WAITS } as const;

/** Rejects with Unreachable where there is nothing to diagnose, with the sentence that says why. */
export async function diagnose(url: string | URL, options: DiagnoseOptions = {}): Promise<Diagnosis> {
  const from = performance.now();
  const waits = { ...WAITS[options.depth ?? 'usual'], ...options.waits };
  const reach: Reach = {
    ...(options.headers !== undefined && { changes: options.headers }),
    ...(options.isInsecure !== undefined && { isInsecure: options.isInsecure }),
  };
  const first: Target = { url: new URL(url), reach, waits };
  const surveyed = await survey(first).catch((error: unknown) => {
    if (error instanceof Vanished) return undefined;
    throw error;
  });
  if (surveyed === undefined) return goneAt(first, from);
  const { target, known } = surveyed;
  const examination = new Examination(target, known, options);
  await examination.run();
  const findings = findingsOf(examination.sightings, examination.failedCases);
  return {
    url: target.url.href,
    findings: findings.filter((finding) => isWanted(finding, options.only)),
    server: serverOf(known),
    kind: kindText(known),
    probes: examination.probes,
    omitted: examination.omitted,
    cases: examination.caseSummary,
    tookMs: Math.round(performance.now() - from),
  };
}

const NOTHING_KNOWN: Known = {
  ...{
    data: 'unknown',
    protocol: 'plain',
    speaksFirst: false,
    broadcasts: false,
    marker: 'none',
    pongsCarry: false,
  },
};

/** The diagnosis of a server that ended at the first requests. */
function goneAt({ url }: Target, from: number): Diagnosis {
  const seen = say(
    'It took the first connection; after the first handshake nothing listened at this address any more.',
    '它接受了第一个连接；第一次握手之后，这个地址上就没有程序在监听了。',
  );
  return {
    ...{
      url: url.href,
      findings: findingsOf([{ id: 'server-crashed', seen }]),
      server: serverOf(NOTHING_KNOWN),
    },
    ...{ kind: kindText(NOTHING_KNOWN), probes: [], omitted: [], cases: NO_CASES },
    tookMs: Math.round(performance.now() - from),
  };
}

const isWanted = ({ id, follows }: Finding, only: readonly MistakeId[] | undefined): boolean =>
  only === undefined || only.includes(id) || follows.some((follower) => only.includes(follower.id));

const serverOf = ({ data, protocol, speaksFirst, broadcasts, marker }: Known): Diagnosis['server'] => ({
  ...{ data, protocol, speaksFirst, broadcasts, marker },
});

const NO_CASES: CaseSummary = { run: 0, passed: 0, failed: 0, nonStrict: 0, notRun: 0 };

class Examination {
  readonly sightings: Sighting[] = [];
  readonly probes: ProbeResult[] = [];
  readonly omitted: Omission[] = [];
  failedCases: readonly CaseResult[] = [];
  caseSummary = NO_CASES;
  readonly #target: Target;
  readonly #known: Known;
  readonly #options: DiagnoseOptions;
  readonly #running = new Set<Probe>();
  /** What was under way when the server was first found gone. */
  #suspects: readonly Probe[] | undefined;
  #takenBytesMax: number | undefined;
  #done = 0;
  #steps = 1;

  constructor(target: Target, known: Known, options: DiagnoseOptions) {
    this.#target = target;
    this.#known = known;
    this.#options = options;
  }

  async run(): Promise<void> {
    const fit = PROBES.filter((probe) => this.#isFit(probe));
    this.#steps = fit.length + 2;
    // Takes long, so it is left out where nobody asks for it.
    const { only } = this.#options;
    const slow = only?.includes('slow-handshake-never-cut') === false ? undefined : this.#probe(SLOW_PROBE);
    const turnstile = new Turnstile(this.#known.broadcasts ? 1 : PROBES_AT_ONCE);
    await Promise.all(fit.map((probe) => turnstile.pass(() => this.#probe(probe))));
    await this.#cases();
    await slow;
    await this.#survival();
    this.#step();
  }

  #isFit({ title, unfit }: Probe): boolean {
    const why = unfit?.(this.#known);
    // Nothing is left out that there was a reason to look at.
    if (why !== undefined && title.en !== 'taking off the mask') this.omitted.push({ what: title, why });
    return why === undefined;
  }

  #step(): void {
    this.#done += 1;
    this.#options.onProgress?.(this.#done, this.#steps);
  }

  /** What is seen once may be the network's fault: it counts when it is seen again. */
  async #probe(probe: Probe): Promise<void> {
    const first = await this.#once(probe);
    const again = first.length === 0 || probe === SLOW_PROBE ? first : await this.#once(probe);
    const sure = first.filter(({ id }) => again.some((sighting) => sighting.id === id));
    this.sightings.push(...sure);
    this.probes.push({ name: probe.name, title: probe.title, isClean: sure.length === 0 });
    this.#step();
  }

  async #once(probe: Probe): Promise<readonly Sighting[]> {
    const run = new ProbeRun(this.#target, this.#known);
    this.#running.add(probe);
    try {
      await probe.run(run);
    } catch (error) {
      // A server that takes no connection now is judged at the end, by whether it takes any.
      if (!(error instanceof NoSession) && !isOfTheNetwork(error)) throw error;
      if (isRefusal(error)) this.#suspects ??= [...this.#running].filter((one) => one !== SLOW_PROBE);
    } finally {
      this.#running.delete(probe);
    }
    if (run.takenBytesMax !== undefined) this.#refuses(run.takenBytesMax);
    return run.end(probe);
  }

  /** It has a bound, and the cases beyond it say nothing about it. */
  #refuses(takenBytesMax: number): void {
    if (this.#takenBytesMax !== undefined) return;
    this.#takenBytesMax = takenBytesMax;
    const what = say(
      `messages much larger than ${takenBytesMax} bytes`,
      `比 ${takenBytesMax} 字节大得多的消息`,
    );
    this.omitted.push({
      what,
      why: say('it refuses them, which is its right', '服务器拒绝了它们，这是它的权利'),
    });
  }

  #isFair({ title, notes }: CaseResult): boolean {
    // Which origins are welcome is for the server to say.
    if (notes.some((note) => note.includes(' 403 '))) return false;
    const most = this.#takenBytesMax;
    if (most === undefined) return true;
    const sizes = notes.flatMap((note) =>
      [...note.matchAll(/message of (\d+) bytes/g)].map(([, size]) => Number(size)),
    );
    return !/large|KiB/.test(title) && !sizes.some((size) => size > most);
  }

  async #cases(): Promise<void> {
    const { waits, url, reach, rewrite } = this.#target;
    const why = this.#whyNoCases(rewrite !== undefined);
    if (why !== undefined) {
      this.omitted.push({ what: say('the conformance cases', '一致性用例'), why });
      return;
    }
    if (waits.casesMs === 0) return;
    const isFull = this.#options.depth === 'full';
    const hasProtocol = reach.changes?.['Sec-WebSocket-Protocol'] !== undefined;
    const cases = CASES.filter(
      ({ peers, isHeavy, test }) =>
        // The cases of the handshake offer subprotocols of their own.
        peers.includes('server') && (isFull || !isHeavy) && (!hasProtocol || test.kind === 'frames'),
    );
    const pace = { ...QUICK_PACE, replyTimeoutMs: waits.replyMs / 2, promptMs: waits.replyMs / 2 };
    const limits = { reach, concurrency: CASES_AT_ONCE, signal: AbortSignal.timeout(waits.casesMs) };
    const results = await testServer(url, { ...limits, cases, pace });
    const failed = results.filter((result) => result.verdict === 'fail' && this.#isFair(result));
    this.failedCases = failed.length > CASES_AGAIN_MAX ? failed : await this.#again(failed, reach);
    this.caseSummary = {
      run: results.length,
      passed: results.filter(({ verdict }) => verdict !== 'fail' && verdict !== 'non-strict').length,
      failed: this.failedCases.length,
      nonStrict: results.filter(({ verdict }) => verdict === 'non-strict').length,
      notRun: cases.length - results.length,
    };
  }

  /** What failed is tried once more, with more patience: a busy machine is no mistake. */
  async #again(failed: readonly CaseResult[], reach: Reach): Promise<CaseResult[]> {
    const cases = CASES.filter(({ id }) => failed.some((result) => result.id === id));
    const { url, waits } = this.#target;
    const pace = { ...QUICK_PACE, replyTimeoutMs: waits.replyMs, promptMs: waits.replyMs };
    const results = await testServer(url, { reach, cases, pace, concurrency: CASES_AT_ONCE });
    return results.filter(({ verdict }) => verdict === 'fail');
  }

  #whyNoCases(isRewritten: boolean) {
    const { data, broadcasts, speaksFirst } = this.#known;
    if (data !== 'echo') return say('they need a server that echoes', '它们需要一个会回显的服务器');
    if (broadcasts || speaksFirst)
      return say(
        'they need a server that says nothing but the echo',
        '它们需要一个除了回显什么都不说的服务器',
      );
    const isAnswerWrong = this.sightings.some(
      ({ id }) => ['server', 'handshake'].includes(MISTAKES[id].layer) && MISTAKES[id].severity === 'mistake',
    );
    if (isRewritten || isAnswerWrong)
      return say('they need a handshake without a fault', '它们需要没有毛病的握手');
    return undefined;
  }

  /** Whether it lives on after all that, and after a peer that vanishes. */
  async #survival(): Promise<void> {
    const run = new ProbeRun(this.#target, this.#known);
    let isGone = await this.#isGone(run);
    if (!isGone) {
      await vanish(run).catch(() => undefined);
      isGone = await this.#isGone(run);
    }
    run.end();
    if (isGone) this.sightings.push({ id: 'server-crashed', seen: this.#goneText() });
  }

  #goneText(): Text {
    const suspects = this.#suspects?.map(({ title }) => title) ?? [
      say('a peer that vanishes', '突然消失的对端'),
    ];
    return say(
      `Nothing listens at this address any more. It ended at one of these: ${suspects.map(({ en }) => en).join('; ')}.`,
      `这个地址上已经没有程序在监听了。它是在这些检查之一中停止的：${suspects.map(({ zh }) => zh).join('；')}。`,
    );
  }

  async #isGone(run: ProbeRun): Promise<boolean> {
    try {
      await run.ask();
      return false;
    } catch (error) {
      return isRefusal(error);
    }
  }
}

/** Errors of sockets have a code; others are our own mistakes. */
const isOfTheNetwork = (error: unknown): boolean =>
  error instanceof Error && ('code' in error || error.message.startsWith('no connection to'));
