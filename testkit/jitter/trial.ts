// One peer through the three phases: cuts, a kill, a drain. Has the server, the proxy and the generator in hand, and leaves none of
// them behind. What the figures mean together is report.ts's business.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GeneratorProcess } from './generator-process.ts';
import { HealthWatch } from './health.ts';
import { readText } from './ledger.ts';
import { JITTER_LIMITS } from './limits.ts';
import { judgeLog, type LogFigures, readLog } from './log-reading.ts';
import type { JitterOptions } from './options.ts';
import type { Health, Look, PhaseFigures } from './orders.ts';
import { PEERS, type PeerName, serverProgramOf } from './peers.ts';
import { JitterProxy } from './proxy.ts';
import type { Outage } from './recovery.ts';
import { planOutages } from './schedule.ts';
import { ServerProcess } from './server-process.ts';

export const PHASES = ['blips', 'kill', 'drain'] as const;
export type Phase = (typeof PHASES)[number];

export interface PhaseResult extends PhaseFigures {
  readonly phase: Phase;
  /** Messages that are in the log; where there is none, that the server has heard. */
  readonly reached: number;
  readonly proxy: Health;
  /** Seconds without a server, in `kill` and `drain`. */
  readonly downSeconds?: number;
}

export interface TrialResult {
  readonly peer: PeerName;
  readonly phases: readonly PhaseResult[];
  readonly log?: LogFigures;
}

export interface TrialOptions extends JitterOptions {
  readonly isBuilt: boolean;
  readonly print: (line: string) => void;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function tryPeer(peer: PeerName, options: TrialOptions): Promise<TrialResult> {
  const trial = new Trial(peer, options);
  try {
    return await trial.run();
  } finally {
    await trial.end();
  }
}

/** How long the posts of each phase go on. */
export function phaseMs(phase: Phase, seconds: number): number {
  return seconds * 1000 * (phase === 'blips' ? 0.5 : 0.25);
}

function withReached(
  phases: readonly Omit<PhaseResult, 'reached'>[],
  known: { has(message: number): boolean },
): PhaseResult[] {
  return phases.map((figures) => {
    let reached = 0;
    for (let message = figures.from; message < figures.from + figures.posted; message += 1)
      if (known.has(message)) reached += 1;
    return { ...figures, reached };
  });
}

class Trial {
  readonly #peer: PeerName;
  readonly #options: TrialOptions;
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'wireroom-jitter-'));
  readonly #generator = new GeneratorProcess();
  readonly #proxyHealth = new HealthWatch();
  /** Messages that a server without a log says it has heard. */
  readonly #heard = new Set<number>();
  #proxy: JitterProxy | undefined;
  #server: ServerProcess | undefined;

  readonly #removeData = (): void => rmSync(this.#dataDir, { recursive: true, force: true });

  constructor(peer: PeerName, options: TrialOptions) {
    this.#peer = peer;
    this.#options = options;
    // Ctrl-C ends the run without coming to `end`.
    process.on('exit', this.#removeData);
  }

  async run(): Promise<TrialResult> {
    const { clients, publishers, isWebSocketOnly } = this.#options;
    const peer = this.#peer;
    const proxy = await JitterProxy.open(clients);
    this.#proxy = proxy;
    await this.#startServer(proxy);
    const { ports } = proxy;
    await this.#generator.ask({ do: 'open', peer, ports, publishers, isWebSocketOnly });
    await this.#untilConnected();
    const phases: Omit<PhaseResult, 'reached'>[] = [];
    for (const phase of PHASES) phases.push(await this.#phase(phase, proxy));
    if (!PEERS[peer].hasLog || this.#server === undefined)
      return { peer, phases: withReached(phases, this.#heard) };
    const receipts = await this.#generator.ask({ do: 'receipts' });
    const logged = await readLog(this.#server.port);
    return { peer, phases: withReached(phases, logged), log: judgeLog(logged, receipts) };
  }

  async end(): Promise<void> {
    this.#generator.end();
    this.#proxy?.close();
    await this.#server?.end('SIGKILL');
    process.off('exit', this.#removeData);
    this.#removeData();
  }

  async #phase(phase: Phase, proxy: JitterProxy): Promise<Omit<PhaseResult, 'reached'>> {
    const { seconds, rate } = this.#options;
    const forMs = phaseMs(phase, seconds);
    this.#proxyHealth.begin();
    const beganAt = Date.now();
    await this.#generator.ask({ do: 'begin', perSecond: rate });
    const outages =
      phase === 'blips' ? await this.#blips(proxy, forMs) : await this.#restart(phase, proxy, forMs);
    await pause(Math.max(0, beganAt + forMs - Date.now()));
    await this.#generator.ask({ do: 'hush' });
    await this.#settle();
    const figures = await this.#generator.ask({ do: 'judge', outages });
    const { print } = this.#options;
    const percent = ((100 * figures.delivered) / figures.expected).toFixed(2);
    print(`  ${phase}: ${figures.posted} messages, ${outages.length} outages, ${percent} % of all delivered`);
    return { ...figures, phase, proxy: this.#proxyHealth.end() };
  }

  async #blips(proxy: JitterProxy, durationMs: number): Promise<Outage[]> {
    const { seed, clients } = this.#options;
    const outages: Outage[] = [];
    const beganAt = performance.now();
    const running = planOutages({ seed, clients, durationMs }).map(async ({ client, atMs, forMs, cut }) => {
      await pause(atMs);
      proxy.cut(client, cut);
      await pause(forMs);
      outages.push({ client, upAt: Date.now() });
      proxy.heal(client);
    });
    await Promise.all(running);
    await pause(Math.max(0, beganAt + durationMs - performance.now()));
    return outages;
  }

  /** After a fifth of the phase the server ends, by force or by request, and is started again at once. */
  async #restart(phase: Phase, proxy: JitterProxy, durationMs: number): Promise<Outage[]> {
    await pause(durationMs / 5);
    const downAt = Date.now();
    await this.#server?.end(phase === 'kill' ? 'SIGKILL' : 'SIGTERM');
    proxy.aim(undefined);
    await this.#startServer(proxy);
    const upAt = Date.now();
    this.#options.print(`  ${phase}: ${((upAt - downAt) / 1000).toFixed(1)} s without a server`);
    return proxy.ports.map((_, client) => ({ client, upAt }));
  }

  async #startServer(proxy: JitterProxy): Promise<void> {
    const { isBuilt } = this.#options;
    this.#server = await ServerProcess.start(
      serverProgramOf(this.#peer, { dataDir: this.#dataDir, isBuilt }),
      (line) => {
        const told = readText(line.replace(/^heard /, ''));
        if (told !== undefined) this.#heard.add(told.message);
      },
    );
    proxy.aim(this.#server.port);
  }

  async #untilConnected(): Promise<void> {
    const { clients, print } = this.#options;
    const beganAt = performance.now();
    for (;;) {
      const { connected } = await this.#generator.ask({ do: 'look' });
      if (connected === clients) break;
      if (performance.now() - beganAt > JITTER_LIMITS.connectMs)
        throw new Error(`Only ${connected} of ${clients} clients of ${this.#peer} connected in time.`);
      await pause(250);
    }
    // Rooms are joined, and Socket.IO's transports upgraded, right after.
    await pause(JITTER_LIMITS.connectPauseMs * 20);
    print(`  ${clients} clients connected`);
  }

  /** Until everybody has everything, or nothing comes any more. */
  async #settle(): Promise<Look> {
    const { clients } = this.#options;
    const beganAt = Date.now();
    const { isAcknowledging } = PEERS[this.#peer];
    for (;;) {
      const look = await this.#generator.ask({ do: 'look' });
      const isComplete = look.connected === clients && look.delivered === look.expected;
      const receipts = await this.#generator.ask({ do: 'receipts' });
      const isAnswered = !isAcknowledging || receipts.acknowledged.length === receipts.posted;
      const quietMs = Date.now() - Math.max(beganAt, look.lastAt);
      const isQuiet = look.connected === clients && quietMs > JITTER_LIMITS.quietMs;
      if ((isComplete && isAnswered) || isQuiet || Date.now() - beganAt > JITTER_LIMITS.settleMs) return look;
      await pause(250);
    }
  }
}
