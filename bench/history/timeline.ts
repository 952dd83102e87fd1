// What was measured of one way, second by second and before, during and after its download. Pure.
import { quantile, rounded } from '../statistics.ts';
import type { Receipts } from './chatters.ts';

export const WAYS = ['chat socket', 'second WebSocket', 'HTTP'] as const;
export type Way = (typeof WAYS)[number];

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Second {
  readonly second: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface WayResult {
  readonly way: Way;
  readonly download: Span;
  readonly seconds: readonly Second[];
  /** Of the one who downloads: how long what is said takes to them. */
  readonly downloaderSeconds: readonly Second[];
  /** Before and after the download. */
  readonly quietP50Ms: number;
  readonly duringP50Ms: number;
  readonly quietP99Ms: number;
  readonly duringP99Ms: number;
  /** Of the p99, during to quiet. */
  readonly ratio: number;
  /** Messages that the p99 are of; each is received by all. */
  readonly quietMessages: number;
  readonly duringMessages: number;
  readonly downloaderDuringP99Ms: number;
  readonly durationS: number;
  readonly megabytes: number;
  readonly megabytesPerSecond: number;
  /** Of the server: the most during the download, less what it was before. The first download starts its thread: that is in it. */
  readonly memoryGrowthMiB: number;
  /** The most in its second half, less the most in its first: what a longer one would take. */
  readonly memoryLaterMiB: number;
}

export interface Measured {
  readonly way: Way;
  readonly others: Receipts;
  readonly downloader: Receipts;
  readonly download: Span;
  readonly bytes: number;
  readonly memory: MemoryGrowth;
}

/** What the server had more than before, at most, in bytes. */
export interface MemoryGrowth {
  readonly firstHalf: number;
  readonly secondHalf: number;
}

export function resultOf({ way, others, downloader, download, bytes, memory }: Measured): WayResult {
  const during = within(others, [download]);
  const quiet = within(others, [
    { fromMs: 0, toMs: download.fromMs },
    { fromMs: download.toMs, toMs: Number.POSITIVE_INFINITY },
  ]);
  const quietP99Ms = quantile(quiet.tookMs, 0.99);
  const duringP99Ms = quantile(during.tookMs, 0.99);
  const durationS = (download.toMs - download.fromMs) / 1000;
  return {
    way,
    download: { fromMs: Math.round(download.fromMs), toMs: Math.round(download.toMs) },
    seconds: secondsOf(others),
    downloaderSeconds: secondsOf(downloader),
    quietP50Ms: rounded(quantile(quiet.tookMs, 0.5)),
    duringP50Ms: rounded(quantile(during.tookMs, 0.5)),
    quietP99Ms: rounded(quietP99Ms),
    duringP99Ms: rounded(duringP99Ms),
    ratio: rounded(duringP99Ms / quietP99Ms),
    quietMessages: messagesIn(quiet),
    duringMessages: messagesIn(during),
    downloaderDuringP99Ms: rounded(quantile(within(downloader, [download]).tookMs, 0.99)),
    durationS: rounded(durationS),
    megabytes: rounded(bytes / 1e6),
    megabytesPerSecond: rounded(bytes / 1e6 / durationS),
    memoryGrowthMiB: rounded(Math.max(memory.firstHalf, memory.secondHalf) / 2 ** 20),
    memoryLaterMiB: rounded((memory.secondHalf - memory.firstHalf) / 2 ** 20),
  };
}

function within({ sentAtMs, tookMs }: Receipts, spans: readonly Span[]): Receipts {
  const isIn = (_: number, row: number): boolean =>
    spans.some(({ fromMs, toMs }) => (sentAtMs[row] ?? 0) >= fromMs && (sentAtMs[row] ?? 0) < toMs);
  return { sentAtMs: sentAtMs.filter(isIn), tookMs: tookMs.filter(isIn) };
}

/** Each was sent at a moment of its own. */
const messagesIn = ({ sentAtMs }: Receipts): number => new Set(sentAtMs).size;

/** By when it was sent: what waits long is shown where its waiting began. */
function secondsOf({ sentAtMs, tookMs }: Receipts): Second[] {
  const bySecond = new Map<number, number[]>();
  for (const [row, took] of tookMs.entries()) {
    const second = Math.floor((sentAtMs[row] ?? 0) / 1000);
    const list = bySecond.get(second) ?? [];
    list.push(took);
    bySecond.set(second, list);
  }
  return [...bySecond]
    .sort(([one], [other]) => one - other)
    .map(([second, list]) => ({
      second,
      p50Ms: rounded(quantile(list, 0.5)),
      p99Ms: rounded(quantile(list, 0.99)),
    }));
}

/** Three ways in Markdown. */
export function tableOf(results: readonly WayResult[]): string {
  const rows = results.map(
    (r) =>
      `| ${r.way} | ${r.quietP50Ms} → ${r.duringP50Ms} ms | ${r.quietP99Ms} → ${r.duringP99Ms} ms | ${r.ratio} | ${r.quietMessages}, ${r.duringMessages} | ${r.downloaderDuringP99Ms} ms | ${r.durationS} s | ${r.megabytesPerSecond} | ${r.memoryGrowthMiB} MiB | ${r.memoryLaterMiB} MiB |`,
  );
  return [
    '| the history goes over | p50, quiet → during | p99, quiet → during | ratio of p99 | messages | p99 of who downloads | duration | MB/s | memory grows by | of it in the second half |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
