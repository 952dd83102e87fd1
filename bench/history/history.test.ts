// What is made of the measurements of a history bench: spans, seconds, the table, the picture.
import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';
import { pictureOf } from './picture.ts';
import { type Measured, resultOf, tableOf } from './timeline.ts';

/** One receipt every 10 ms for six seconds: 1 ms each, and during the download, from second 2 to 4, 50 ms. */
function measured(way: Measured['way']): Measured {
  const sentAtMs = Array.from({ length: 600 }, (_, index) => index * 10);
  const tookMs = sentAtMs.map((at) => (at >= 2_000 && at < 4_000 ? 50 : 1));
  const others = { sentAtMs, tookMs };
  const downloader = { sentAtMs, tookMs: tookMs.map((ms) => ms * 100) };
  const download = { fromMs: 2_000, toMs: 4_000 };
  return {
    way,
    others,
    downloader,
    download,
    bytes: 250e6,
    memory: { firstHalf: 12 * 2 ** 20, secondHalf: 9 * 2 ** 20 },
  };
}

describe('the history bench', () => {
  it('tells quiet from during by when a message was sent', () => {
    const result = resultOf(measured('chat socket'));
    expect(result).toMatchObject({
      ...{ quietP99Ms: 1, duringP99Ms: 50, ratio: 50, downloaderDuringP99Ms: 5_000 },
      ...{ quietP50Ms: 1, duringP50Ms: 50, quietMessages: 400, duringMessages: 200 },
      ...{ durationS: 2, megabytes: 250, megabytesPerSecond: 125, memoryGrowthMiB: 12, memoryLaterMiB: -3 },
    });
    expect(result.seconds.map(({ second, p99Ms }) => [second, p99Ms])).toEqual([
      ...[0, 1].map((second) => [second, 1]),
      ...[2, 3].map((second) => [second, 50]),
      ...[4, 5].map((second) => [second, 1]),
    ]);
    expect(tableOf([result])).toContain(
      '| chat socket | 1 → 50 ms | 1 → 50 ms | 50 | 400, 200 | 5000 ms | 2 s | 125 | 12 MiB | -3 MiB |',
    );
  });

  it('draws one panel for each way, without a style of its own or a background', () => {
    const svg = pictureOf([measured('chat socket'), measured('HTTP')].map(resultOf), 'Two ways');
    expect(svg).toMatch(/^<svg role="img" aria-label="Two ways"/);
    expect(svg).toContain('Over HTTP, in 2 s: p99 1 → 50 ms');
    expect(svg).not.toContain('<style');
  });

  it('refuses sizes that cannot be run, naming them', () => {
    expect(readOptions(['--entries', '5000'])).toMatchObject({ entries: 5_000, people: 200 });
    expect(() => readOptions(['--entries', '10'])).toThrow(/--entries is "10"/);
    expect(() => readOptions(['--people', 'many'])).toThrow(/--people is "many"/);
  });
});
