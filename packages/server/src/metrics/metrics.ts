// The metrics of this server in the form that Prometheus reads: what the stations have counted, what is so at this moment, and what
// Node says of the process. Made when somebody asks. Who may ask is http/'s business.
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Counts, GatewayCounts, GatewayName } from '../lib/counts.ts';
import { type DelayReader, watchEventLoop } from './event-loop.ts';
import { type Sample, type Shelf, shelfOf } from './scraped.ts';

/** What is not counted but looked at. */
export interface Standing {
  readonly connections: Readonly<Record<GatewayName, number>>;
  /** For readers on native connections. */
  readonly waiting: { readonly bytes: number; readonly bytesMax: number };
  readonly writesWaiting: number;
  readonly rooms: number;
  readonly authorsPresent: number;
  readonly isReady: boolean;
}

export interface MetricsParts {
  readonly counts: Counts;
  readonly standing: () => Standing;
  readonly version: string;
  readonly storage: 'sqlite' | 'postgres';
}

export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

export class Metrics {
  readonly #registry = new Registry();
  readonly #delays: DelayReader;
  /** Who asks while somebody else does gets the same answer: the event loop's delays are begun anew with each. */
  #underWay: Promise<MetricsText> | undefined;

  constructor(parts: MetricsParts) {
    this.#delays = watchEventLoop();
    collectDefaultMetrics({ register: this.#registry });
    // Ours says it better: theirs has the timer's own interval in it.
    for (const { name } of this.#registry.getMetricsAsArray()) {
      if (name.startsWith('nodejs_eventloop_lag')) this.#registry.removeSingleMetric(name);
    }
    const shelf = shelfOf(this.#registry);
    showGateways(shelf, parts);
    showFeed(shelf, parts);
    showLog(shelf, parts);
    showServer(shelf, parts, this.#delays);
  }

  read(): Promise<MetricsText> {
    this.#underWay ??= this.#make().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  stop(): void {
    this.#delays.stop();
    this.#registry.clear();
  }

  async #make(): Promise<MetricsText> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}

const GATEWAYS: readonly GatewayName[] = ['native', 'socketio'];

function showGateways({ counter, gauge }: Shelf, { counts, standing }: MetricsParts): void {
  const each = (value: (gateway: GatewayName) => number) => (): Sample[] =>
    GATEWAYS.map((gateway) => [{ gateway }, value(gateway)]);
  /** One sample for each key of a record, with the key as the value of `label`. */
  const eachOf =
    (label: string, record: (counted: GatewayCounts) => Readonly<Record<string, number>>) => (): Sample[] =>
      GATEWAYS.flatMap((gateway) =>
        Object.entries(record(counts.gateways[gateway])).map(
          ([key, value]): Sample => [{ gateway, [label]: key }, value],
        ),
      );
  const of = (gateway: GatewayName): GatewayCounts => counts.gateways[gateway];
  gauge(
    'wireroom_connections',
    'Open chat connections.',
    each((gateway) => standing().connections[gateway]),
    ['gateway'],
  );
  counter(
    'wireroom_connections_opened_total',
    'Chat connections that were let in.',
    each((gateway) => of(gateway).opened),
    ['gateway'],
  );
  counter(
    'wireroom_connections_closed_total',
    'Chat connections that ended, by how: done, lost, restart, broke-rules, too-slow, other.',
    eachOf('class', ({ closed }) => closed),
    ['gateway', 'class'],
  );
  counter(
    'wireroom_connections_refused_total',
    'Connections that were not let in, by the HTTP status of the answer.',
    () => [...counts.turnedAway].map(([status, value]): Sample => [{ status: String(status) }, value]),
    ['status'],
  );
  counter(
    'wireroom_posts_total',
    'Drafts (messages, edits, deletions, reactions, titles, topics): stored, repeated (stored before), refused, failed (nothing could be stored).',
    eachOf('outcome', ({ posts }) => posts),
    ['gateway', 'outcome'],
  );
  counter(
    'wireroom_commands_refused_total',
    'Commands that were answered with a refusal, by its code.',
    eachOf('code', ({ refused }) => refused),
    ['gateway', 'code'],
  );
  counter(
    'wireroom_resumes_total',
    'Rooms that were joined or resumed, by the answer: fresh, caught-up, gap, reset, refused.',
    eachOf('answer', ({ resumed }) => resumed),
    ['gateway', 'answer'],
  );
}

function showFeed({ counter, number, histogram }: Shelf, { counts, standing }: MetricsParts): void {
  const lags = (): number[] => [...counts.feed.behind].map(({ lag }) => lag);
  const each = (value: (counted: GatewayCounts) => number) => (): Sample[] =>
    GATEWAYS.map((gateway) => [{ gateway }, value(counts.gateways[gateway])]);
  counter(
    'wireroom_deliveries_total',
    'Entries sent to readers, one for each reader.',
    each(({ deliveries }) => deliveries),
    ['gateway'],
  );
  counter(
    'wireroom_deliveries_kept_back_total',
    'Entries kept back from readers who had no room for them; the log brings them later.',
    each(({ keptBack }) => keptBack),
    ['gateway'],
  );
  number(
    'wireroom_waiting_bytes',
    'Bytes that wait for readers on native connections, all together.',
    () => standing().waiting.bytes,
  );
  number(
    'wireroom_waiting_bytes_max',
    'Bytes that wait for the native connection that has most.',
    () => standing().waiting.bytesMax,
  );
  number(
    'wireroom_waiting_packets',
    'Packets in the queues of Socket.IO connections, all together.',
    () => counts.gateways.socketio.packetsWaiting,
  );
  number(
    'wireroom_readers_behind',
    'Readers of rooms who do not keep up and read the log later.',
    () => counts.feed.behind.size,
  );
  number('wireroom_feed_lag_entries', 'Entries that readers who do not keep up have yet to get.', () =>
    lags().reduce((sum, lag) => sum + lag, 0),
  );
  number('wireroom_feed_lag_entries_max', 'The same, of the reader who is furthest behind.', () =>
    lags().reduce((max, lag) => Math.max(max, lag), 0),
  );
  counter(
    'wireroom_feed_healed_entries_total',
    'Entries that the feed read from the log since no hint had brought them (other servers, lost hints).',
    () => [[{}, counts.feed.healed]],
  );
  histogram(
    'wireroom_fan_out_seconds',
    'From the commit of an entry to the write to the last reader who was there for it.',
    counts.fanOutSeconds,
  );
}

function showLog({ counter, number, histogram }: Shelf, { counts, standing }: MetricsParts): void {
  const { store, downloads } = counts;
  histogram(
    'wireroom_commit_seconds',
    'One commit: from taking a batch up until it is on disk.',
    store.commitSeconds,
  );
  histogram('wireroom_commit_batch_size', 'Operations that shared one commit.', store.batchSizes);
  counter('wireroom_commit_failures_total', 'Batches of which nothing could be stored.', () => [
    [{}, store.failures],
  ]);
  number('wireroom_writes_waiting', 'Operations that wait for their commit.', () => standing().writesWaiting);
  number('wireroom_downloads_running', 'History downloads under way.', () => downloads.running);
  counter('wireroom_download_bytes_total', 'Bytes of history that were handed to downloads.', () => [
    [{}, downloads.bytes],
  ]);
  counter(
    'wireroom_downloads_ended_total',
    'History downloads that ended: finished, cut (the asker lost the right), left, stalled (the asker took nothing), failed, stopped (the server).',
    () => Object.entries(downloads.ended).map(([outcome, value]): Sample => [{ outcome }, value]),
    ['outcome'],
  );
}

function showServer({ gauge, number }: Shelf, parts: MetricsParts, delays: DelayReader): void {
  const { standing, version, storage } = parts;
  number('wireroom_rooms', 'Rooms.', () => standing().rooms);
  number(
    'wireroom_authors_present',
    'People and programs who are connected and have said hello.',
    () => standing().authorsPresent,
  );
  number('wireroom_ready', '1 while /readyz answers 200, else 0.', () => (standing().isReady ? 1 : 0));
  gauge(
    'wireroom_event_loop_delay_seconds',
    'How late the thread that serves sockets comes to what is due, since the last scrape.',
    () => delays.read().map(([quantile, seconds]): Sample => [{ quantile }, seconds]),
    ['quantile'],
  );
  gauge('wireroom_build_info', 'Always 1; the labels say what runs.', () => [[{ version, storage }, 1]], [
    'version',
    'storage',
  ]);
}
