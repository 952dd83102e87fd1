// A report from invented figures: whole, stopped, beside a peer, and with a hostile server. What a run measures is tested elsewhere.
import { describe, expect, it } from 'vitest';
import { answerOf, type CapacityReport, capacityFileText, firstCeiling, readCapacityFile } from '../index.ts';
import { about, bytes, count, digits, duration, milliseconds } from './amounts.ts';
import { curveOf, isCarried, largestCarried, stepsOfOwnMemory } from './curve.ts';
import { COLOURS } from './palette.ts';
import { REPORT_FIXTURE, socketIoFixture, stepFixture, stoppedFixture } from './report.fixture.ts';
import { PLOTS, plotImages, reportPage } from './report.ts';

const page = reportPage(REPORT_FIXTURE, 'en');
const withoutTags = (html: string): string => html.replaceAll(/<style>[\s\S]*?<\/style>|<[^>]*>/g, ' ');

describe('the page', () => {
  it('[Q1] is one file: nothing is loaded, nothing runs', () => {
    expect(page).not.toMatch(/<script|<link|@import|url\((?!#)|\bon\w+=|javascript:/i);
    // Addresses are text; none is followed.
    expect(page).not.toMatch(/(?:src|href)="(?!#)/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('[Q2] has every plot, once for a desk and once for a phone, with its title and what it shows in words', () => {
    const labels = [...page.matchAll(/<svg role="img" aria-label="([^"]+)"/g)].map(([, label]) => label);
    expect(labels).toHaveLength(2 * PLOTS.length);
    for (const title of ['Latency', 'Deliveries', 'CPU', 'Memory', 'What runs out', 'How far off']) {
      expect(labels.filter((label) => label?.startsWith(title))).toHaveLength(2);
    }
  });

  it('[Q2] has every step, cost, ceiling and prediction as figures too', () => {
    const text = withoutTags(page);
    for (const { mix, latencyMs } of REPORT_FIXTURE.steps) {
      expect(text).toContain(count(mix.readers));
      expect(text).toContain(milliseconds(latencyMs.p99));
    }
    for (const { basis, advice } of REPORT_FIXTURE.ceilings) {
      expect(text).toContain(basis);
      expect(text).toContain(advice);
    }
    expect(text).toContain('One core, at 17 µs a delivery.');
    expect(text).toContain('not in reach');
    expect(text).toContain('cores = 0.02 + 17 µs × deliveries/s + 140 µs × posts/s');
    expect(text).toContain('r² = 0.994');
    expect(text).toContain('0.19\u202fcores ± 8\u202f%');
    expect(text).toContain('−6.9');
    expect(text).toContain('wireroom capacity --p99 200ms');
    expect(text).toContain('Example CPU @ 2.60GHz');
    expect(text).toContain('on disk before it is shown');
  });

  it('[Q2] paints with variables only, and defines each of them for light and dark', () => {
    const used = new Set([...page.matchAll(/var\(--([\w-]+)\)/g)].map(([, name]) => name));
    for (const name of used) {
      expect(Object.keys(COLOURS.light)).toContain(name);
      expect(Object.keys(COLOURS.dark)).toContain(name);
    }
    // Clipping paths are not seen.
    const steps = [stepFixture(500), stepFixture(900, { limitedBy: 'generator' })];
    const other = reportPage({ ...REPORT_FIXTURE, peers: [{ ...socketIoFixture(), steps }] }, 'en');
    const svg = `${page}${other}`
      .replaceAll(/<defs[\s\S]*?<\/defs>/g, '')
      .replaceAll(/<style>[\s\S]*?<\/style>/g, '');
    expect([...svg.matchAll(/(?:fill|stroke)="#[^"]+"/g)]).toEqual([]);
  });

  it('[Q2] ids inside it are its own: no two plots share one', () => {
    const ids = [...page.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('[Q2] the same report makes the same page', () => {
    expect(reportPage(REPORT_FIXTURE, 'en')).toBe(page);
  });

  it('[Q3] speaks Chinese as well', () => {
    const text = withoutTags(reportPage(REPORT_FIXTURE, 'zh'));
    expect(text).toContain('一个房间能容纳多少人');
    expect(text).toContain('最先用完的是 CPU');
    expect(text).not.toMatch(/undefined|NaN|\[object/);
  });

  it('[Q4] what a server or a person wrote stays text', () => {
    const hostile = '</style><script>alert(1)</script>"\'><img src=x onerror=alert(1)>\u202e\u001b[2J';
    const report: CapacityReport = {
      ...REPORT_FIXTURE,
      isComplete: false,
      cutBy: hostile,
      command: hostile,
      warnings: [hostile],
      target: { ...REPORT_FIXTURE.target, name: hostile, version: hostile, url: hostile },
      machine: { ...REPORT_FIXTURE.machine, cpuModel: hostile, platform: hostile },
      ceilings: REPORT_FIXTURE.ceilings.map((one) => ({ ...one, basis: hostile, advice: hostile })),
      predictions: REPORT_FIXTURE.predictions.map((one) => ({ ...one, unit: hostile })),
    };
    const html = reportPage({ ...report, peers: [report] }, 'en');
    expect(html).not.toMatch(/<script|<img/i);
    for (const unseen of ['\u202e', '\u001b']) expect(html).not.toContain(unseen);
    expect(html.match(/<style>/g)).toHaveLength(1);
    expect(withoutTags(html)).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });
});

describe('a run that was stopped', () => {
  it('[Q5] says so, and shows what there is', () => {
    const html = reportPage(stoppedFixture(), 'en');
    const text = withoutTags(html);
    expect(text).toContain('This run did not finish. Stopped by Ctrl-C.');
    expect(html).toContain('<body class="cut">');
    expect(html).toContain('aria-label="Latency.');
    expect(html).not.toContain('aria-label="What runs out');
    expect(html).not.toContain('id="proof"');
    expect(text).not.toMatch(/undefined|NaN|Infinity/);
  });

  it('[Q5] before anything was measured it is a page all the same', () => {
    const text = withoutTags(reportPage({ ...stoppedFixture(), steps: [] }, 'en'));
    expect(text).toContain('Nothing was measured before the run ended.');
    expect(text).not.toMatch(/undefined|NaN|Infinity/);
  });

  it('[Q5] a server whose process cannot be asked has no CPU and no memory, and says nothing of them', () => {
    const steps = REPORT_FIXTURE.steps.map(({ server: _server, ...step }) => step);
    const html = reportPage({ ...stoppedFixture(), steps }, 'en');
    expect(html).not.toContain('aria-label="CPU');
    expect(html).not.toContain('id="cost"');
  });
});

describe('side by side', () => {
  it('[Q6] both are in every plot of people and costs, in colours of their own, and in a table', () => {
    const html = reportPage({ ...REPORT_FIXTURE, peers: [socketIoFixture()] }, 'en');
    const latency = /<svg role="img" aria-label="Latency[\s\S]*?<\/svg>/.exec(html)?.[0] ?? '';
    expect(latency).toContain('Wireroom p99');
    expect(latency).toContain('Socket.IO p99');
    expect(latency).toContain('stroke="var(--blue)"');
    expect(latency).toContain('stroke="var(--violet)"');
    const beside = /<section id="beside">[\s\S]*?<\/section>/.exec(html)?.[0] ?? '';
    expect(withoutTags(beside)).toMatch(/not stored/);
    // The largest room that both were measured in.
    expect(withoutTags(beside)).toContain('p99 at 2,000 people');
  });
});

it('[Q6] without costs their rows are left out, and a line bears the name of its server alone', () => {
  const { costs: _own, ...own } = REPORT_FIXTURE;
  const { costs: _peer, ...peer } = socketIoFixture();
  const html = reportPage({ ...own, peers: [peer] }, 'en');
  const beside = /<section id="beside">[\s\S]*?<\/section>/.exec(html)?.[0] ?? '';
  expect(beside).toContain('p99 at');
  expect(beside).not.toContain('A connection, memory');
  expect(html).not.toContain('Wireroom measured');
});

describe('the file', () => {
  it('[Q7] is read again as it was written, with its peers', () => {
    const file = { ...REPORT_FIXTURE, peers: [socketIoFixture()] };
    expect(readCapacityFile(capacityFileText(file))).toEqual(file);
    expect(readCapacityFile(capacityFileText(stoppedFixture()))).toEqual(stoppedFixture());
  });

  it('[Q7] draws the same page', () => {
    expect(reportPage(readCapacityFile(capacityFileText(REPORT_FIXTURE)), 'en')).toBe(page);
  });

  it('[Q7] anything else is refused in a sentence that says what is wrong', () => {
    expect(() => readCapacityFile('not json')).toThrow('It is not JSON.');
    expect(() => readCapacityFile('[]')).toThrow(/no report of a capacity run/);
    const broken = JSON.parse(capacityFileText(REPORT_FIXTURE));
    broken.steps[3].latencyMs.p99 = 'much';
    expect(() => readCapacityFile(JSON.stringify(broken))).toThrow('steps.3.latencyMs.p99');
  });
});

describe('the answer', () => {
  it('[Q8] a search says the largest room, and what runs out first', () => {
    const { sentence, limit, people } = answerOf(REPORT_FIXTURE, 'en');
    expect(people).toBe(2400);
    expect(sentence).toMatch(
      /^On this machine one room carries about 2,400 people, of whom 2% post every 5 s/,
    );
    expect(limit).toBe('The first thing to run out is CPU, at about 3,800 people.');
    expect(firstCeiling(REPORT_FIXTURE)?.resource).toBe('cpu');
  });

  it('[Q8] a ramp says the largest step that was carried, and whether a larger one was tried', () => {
    const { found: _found, p99MsMax: _max, ...ramp } = REPORT_FIXTURE;
    expect(answerOf(ramp, 'en').sentence).toContain('The next larger room that was tried was not carried');
    const carried = { ...ramp, steps: ramp.steps.slice(0, 4) };
    expect(answerOf(carried, 'en').sentence).toContain('No larger room was tried.');
    const none = { ...ramp, steps: [stepFixture(250, { lost: 1 })] };
    expect(answerOf(none, 'en').sentence).toMatch(/^None of the rooms that were tried/);
  });

  it('[Q8] another server is not this machine', () => {
    const target = { ...REPORT_FIXTURE.target, kind: 'wireroom', url: 'wss://chat.example/ws' } as const;
    expect(answerOf({ ...REPORT_FIXTURE, target }, 'en').sentence).toMatch(/^At chat\.example one room/);
  });

  it('[Q8] carried is: nothing lost or refused, nobody at their limit, the p99 kept', () => {
    expect(isCarried(stepFixture(500))).toBe(true);
    expect(isCarried(stepFixture(500, { lost: 1 }))).toBe(false);
    expect(isCarried(stepFixture(500, { refused: 1 }))).toBe(false);
    expect(isCarried(stepFixture(500, { limitedBy: 'generator' }))).toBe(false);
    expect(isCarried(stepFixture(2800), 200)).toBe(false);
    expect(largestCarried(REPORT_FIXTURE)?.mix.readers).toBe(2400);
  });

  it('[Q8] steps for costs and tests are no points of the curve, and of a size measured twice the last counts', () => {
    const steps = [
      stepFixture(500, { lost: 3 }),
      stepFixture(250),
      stepFixture(500),
      stepFixture(800, { phase: 'costs' }),
      stepFixture(900, { phase: 'predict' }),
    ];
    expect(curveOf({ steps }).map(({ mix, lost }) => [mix.readers, lost])).toEqual([
      [250, 0],
      [500, 0],
    ]);
  });

  it('of memory leaves out rooms that had a larger one before them on their server', () => {
    const roomsOf = (steps: CapacityReport['steps']) =>
      stepsOfOwnMemory({ steps }).map(({ mix }) => mix.readers);
    const curve = [500, 2_000, 1_500, 2_000].map((readers) => stepFixture(readers, { phase: 'search' }));
    const ofModel = [700, 300].map((readers) => stepFixture(readers, { phase: 'costs' }));
    expect(roomsOf(curve)).toEqual([500, 2_000, 2_000]);
    expect(roomsOf([...curve, ...ofModel])).toEqual([700, 300]);
  });
});

describe('pictures for documents', () => {
  it('[Q9] one for each plot, with nothing of the process in them', () => {
    const images = plotImages(REPORT_FIXTURE, 'en');
    expect(images.map(({ name }) => name)).toEqual([...PLOTS]);
    for (const { wide } of images) expect(wide).not.toMatch(/zr\d|ecmeta|class=/);
  });
});

describe('amounts', () => {
  it('[Q2] are short and have units', () => {
    expect([count(12_345.6), about(2_437), about(87), digits(0.1234), digits(12.34)]).toEqual([
      ...['12,346', '2,400', '87', '0.123', '12.3'],
    ]);
    expect([bytes(610), bytes(11_400), bytes(24 * 2 ** 30)]).toEqual([
      '610\u202fB',
      '11.1\u202fKiB',
      '24\u202fGiB',
    ]);
    expect([milliseconds(0.456), milliseconds(45.67), milliseconds(456.7), milliseconds(45_670)]).toEqual([
      ...['0.46\u202fms', '45.7\u202fms', '457\u202fms', '45.7\u202fs'],
    ]);
    expect([duration(59_400), duration(61_000), duration(3_725_000)]).toEqual([
      ...['59\u202fs', '1\u202fmin 01\u202fs', '1\u202fh 02\u202fmin'],
    ]);
  });
});
