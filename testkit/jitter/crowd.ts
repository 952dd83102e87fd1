// The clients of one peer and the books of their phases: posts at a steady rate, and knows who has what. What it is asked comes from
// generator.ts; it knows no process.
import { HealthWatch } from './health.ts';
import type { JitterClient } from './jitter-client.ts';
import { judgeShown, Ledger, readText, textOf } from './ledger.ts';
import { JITTER_LIMITS } from './limits.ts';
import type { Look, OpenOrder, PhaseFigures, Receipts } from './orders.ts';
import { openClientOf } from './peers.ts';
import { type Outage, recoveriesOf, spreadOf } from './recovery.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class Crowd {
  readonly #clients: JitterClient[] = [];
  readonly #health = new HealthWatch();
  readonly #acknowledged = new Set<number>();
  #publishers: readonly number[] = [];
  #ledger = new Ledger(0, 0);
  #stopPosting: () => void = () => {};

  /** A few at a time: three hundred at once would be another test. */
  async open({ peer, ports, publishers, isWebSocketOnly }: OpenOrder): Promise<void> {
    const openClient = openClientOf(peer, isWebSocketOnly ? { transports: ['websocket'] } : {});
    this.#ledger = new Ledger(ports.length, 0);
    this.#publishers = Array.from({ length: publishers }, (_, index) =>
      Math.floor((index * ports.length) / publishers),
    );
    for (const [client, port] of ports.entries()) {
      if (client > 0 && client % JITTER_LIMITS.connectsAtOnce === 0)
        await pause(JITTER_LIMITS.connectPauseMs);
      const events = {
        opened: () => this.#ledger.opened(client, Date.now()),
        closed: () => this.#ledger.closed(client, Date.now()),
        arrived: (text: string) => this.#arrived(client, text),
        acknowledged: (text: string) => this.#acknowledge(text),
      };
      this.#clients.push(openClient({ port, name: `person ${client}`, events }));
    }
  }

  begin(perSecond: number): void {
    const ledger = new Ledger(this.#clients.length, this.#ledger.until);
    this.#ledger = ledger;
    this.#health.begin();
    const startedAt = performance.now();
    // As many as are due: a late timer does not make the rate another one.
    const timer = setInterval(
      () => {
        const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond);
        while (ledger.posted < due) this.#post(ledger);
      },
      Math.max(5, 500 / perSecond),
    );
    this.#stopPosting = () => clearInterval(timer);
  }

  hush(): void {
    this.#stopPosting();
  }

  look(): Look {
    const { expected, delivered, posted, lastAt } = this.#ledger;
    const connected = this.#clients.filter(({ isOpen }) => isOpen).length;
    return { connected, expected, delivered, posted, lastAt, acknowledged: this.#acknowledged.size };
  }

  judge(outages: readonly Outage[]): PhaseFigures {
    const generator = this.#health.end();
    const ledger = this.#ledger;
    const publishers = new Map<number, number>();
    for (let message = ledger.from; message < ledger.until; message += 1)
      publishers.set(message, this.#publisherOf(message));
    const shown = this.#clients.map((client) => judgeShown(client.shown(), publishers));
    const sum = (count: (each: (typeof shown)[number]) => number): number =>
      shown.reduce((total, each) => total + count(each), 0);
    const recoveries = recoveriesOf(ledger, outages);
    const { from, posted, expected, delivered } = ledger;
    return {
      ...{ from, posted, expected, delivered, generator },
      // What was shown, gone and shown again does not stand there twice, and is one all the same.
      duplicates: Math.max(
        ledger.repeats,
        sum(({ duplicates }) => duplicates),
      ),
      outOfOrder: sum(({ outOfOrder }) => outOfOrder),
      gaps: sum(({ gaps }) => gaps),
      outages: outages.length,
      never: recoveries.filter(({ completeMs }) => completeMs === Number.POSITIVE_INFINITY).length,
      connectedMs: spreadOf(recoveries.map(({ connectedMs }) => connectedMs)),
      completeMs: spreadOf(recoveries.map(({ completeMs }) => completeMs)),
    };
  }

  receipts(): Receipts {
    return { posted: this.#ledger.until, acknowledged: [...this.#acknowledged] };
  }

  #publisherOf(message: number): number {
    return this.#publishers[message % this.#publishers.length] ?? 0;
  }

  #post(ledger: Ledger): void {
    const message = ledger.post();
    const publisher = this.#publisherOf(message);
    this.#clients[publisher]?.post(textOf(message, publisher));
  }

  #arrived(client: number, text: string): void {
    const told = readText(text);
    if (told !== undefined) this.#ledger.arrived(client, told.message, Date.now());
  }

  #acknowledge(text: string): void {
    const told = readText(text);
    if (told !== undefined) this.#acknowledged.add(told.message);
  }
}
