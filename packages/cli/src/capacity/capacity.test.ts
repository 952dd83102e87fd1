// The command around the measuring: arguments, whose servers may be measured, what is shown, Ctrl-C, what is left behind. A real run is
// tested in testkit.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCapacityFile } from '@wireroom/capacity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeIo } from '../terminal/fake-io.fixture.ts';
import { widthOf } from '../terminal/width.ts';
import { readArguments } from './arguments.ts';
import { capacity } from './capacity.ts';
import { FakeMeasure, SAMPLE, STEP } from './fake-measure.fixture.ts';
import { isNear } from './reach.ts';
import { progressBar, sparkline } from './sparkline.ts';
import { Journey } from './time-left.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wireroom-capacity-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Read or refused. */
const read = (...args: string[]) => readArguments(args, {});

describe('arguments', () => {
  it('[Q10] without any: an own server, a ramp, the usual mix', () => {
    expect(read()).toMatchObject({
      kind: 'measure',
      targets: [{ kind: 'own' }],
      mix: { readers: 1000, senders: 20, rate: 0.2, size: 120 },
      p99MsMax: undefined,
      withCosts: true,
      command: 'wireroom capacity',
    });
  });

  it('[Q10] all of them', () => {
    const given = read(
      ...[
        'localhost:3000',
        '--readers',
        '500',
        '--rate',
        '1.5',
        '--p99',
        '0.2s',
        '--seconds',
        '4',
        '--quick',
      ],
      ...[
        '--predict',
        'readers=700,rate=0.4',
        '--peer',
        'socketio',
        '--peer',
        'socketio=http://localhost:4000',
      ],
      ...['--room', 'hall', '--lang', 'zh'],
    );
    expect(given).toMatchObject({
      targets: [
        { kind: 'wireroom', url: 'ws://localhost:3000/', room: 'hall' },
        { kind: 'socketio', event: 'message' },
        { kind: 'socketio', url: 'http://localhost:4000/', event: 'message' },
      ],
      // The usual share of senders, in the room as in the prediction.
      mix: { readers: 500, senders: 10, rate: 1.5, size: 120 },
      predictions: [{ readers: 700, senders: 14, rate: 0.4, size: 120 }],
      p99MsMax: 200,
      seconds: 4,
      isQuick: true,
      language: 'zh',
    });
    expect(given).toHaveProperty('command', expect.stringContaining('--p99 0.2s --seconds 4 --quick'));
  });

  it.each([
    [['--readers', 'many'], '--readers is "many"'],
    [['--rate', '0'], '--rate is "0"'],
    [['--p99', 'soon'], '--p99 is "soon"; it must be a time such as 200ms'],
    [['--predict', 'people=5'], '--predict is "people=5"'],
    [['--predict', 'readers=5', '--no-costs'], '--predict needs the costs'],
    [['ws://a', 'ws://b'], '"ws://b" is another one'],
    [['ftp://localhost'], 'no address of a server'],
    [['ws://me:secret@localhost'], 'no place in the address'],
    [['--readers-max', '500'], '--readers-max bounds a search'],
    [['--peer-only'], '--peer-only needs a --peer'],
    [['--from', 'x.json', 'ws://localhost'], 'it takes no server'],
    [['--colour'], 'colour'],
  ])('[Q10] %j is refused', async (args, why) => {
    const io = new FakeIo();
    const fake = new FakeMeasure();
    expect(await capacity(args, fake, io)).toBe(2);
    expect(io.complained).toContain(why);
    expect(io.complained.split('\n')).toHaveLength(2);
    expect(fake.plans).toEqual([]);
  });

  it.each([
    [['--senders', '2000'], 'senders'],
    [['--size', '100000'], 'size'],
    [['--readers', '1000000'], 'eaders'],
    [['--out', '/proc/version/report'], 'cannot be written'],
    [['--from', '/nowhere/capacity.json'], '/nowhere/capacity.json cannot be drawn'],
  ])('[Q10] %j is refused before anything starts', async (args, why) => {
    const io = new FakeIo();
    const fake = new FakeMeasure();
    expect(await capacity(args, fake, io)).toBe(2);
    expect(io.complained).toContain(why);
    expect(fake.plans).toEqual([]);
  });

  it('[Q10] help in both languages names every option', async () => {
    for (const language of ['en', 'zh']) {
      const io = new FakeIo();
      expect(await capacity(['--help', '--lang', language], new FakeMeasure(), io)).toBe(0);
      for (const option of ['readers', 'p99', 'predict', 'peer', 'from', 'yes-other-machine'])
        expect(io.printed).toContain(`--${option}`);
    }
  });
});

describe('whose servers', () => {
  it('[Q11] near are this machine and private networks', () => {
    const near = ['127.0.0.1', '127.8.8.8', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1'];
    expect([...near, '::1', 'fe80::1', 'fd00::1', '::ffff:127.0.0.1'].filter((one) => !isNear(one))).toEqual(
      [],
    );
    const far = ['8.8.8.8', '172.32.0.1', '192.169.0.1', '0.0.0.0', '2001:db8::1', '::ffff:8.8.8.8', 'x'];
    expect(far.filter(isNear)).toEqual([]);
  });

  it('[Q11] a server elsewhere is refused with the reason, for each server of the command', async () => {
    for (const args of [['wss://203.0.113.7/ws'], ['--peer', 'wss://203.0.113.7/ws']]) {
      const io = new FakeIo();
      const fake = new FakeMeasure();
      expect(await capacity(args, fake, io)).toBe(2);
      expect(io.complained).toContain('203.0.113.7 is neither this machine nor in a private network');
      expect(io.complained).toContain('--yes-other-machine');
      expect(fake.plans).toEqual([]);
    }
  });

  it('[Q11] a name is as far as the farthest of its addresses, and one that nobody knows is told', async () => {
    const answers: Record<string, string[]> = { 'mixed.example': ['10.0.0.1', '198.51.100.1'] };
    const resolve = async (host: string): Promise<string[]> => {
      const found = answers[host];
      if (found === undefined) throw new Error('ENOTFOUND');
      return found;
    };
    const io = new FakeIo();
    const parts = { ...new FakeMeasure(), resolve };
    expect(await capacity(['ws://mixed.example'], parts, io)).toBe(2);
    expect(await capacity(['ws://typo.example'], parts, io)).toBe(2);
    expect(io.complained).toContain('mixed.example is neither');
    expect(io.complained).toContain('no address was found');
  });

  it('[Q11] with the flag it is measured', async () => {
    const io = new FakeIo();
    const fake = new FakeMeasure();
    const ends = capacity(['ws://203.0.113.7', '--yes-other-machine', '--json'], fake, io);
    (await fake.run(0)).end();
    expect(await ends).toBe(0);
    expect(fake.plans[0]?.target).toMatchObject({ kind: 'wireroom', url: 'ws://203.0.113.7/' });
  });
});

describe('time left', () => {
  it('[Q14] of one run is what it says of itself', () => {
    const journey = new Journey(1, 0);
    expect(journey.at(1000, 0.25, 30)).toEqual({ share: 0.25, ms: 30_000 });
  });

  it('[Q14] of several: those that have not begun take as long as the others', () => {
    const journey = new Journey(3, 0);
    // Ten seconds gone, thirty to come: each takes forty.
    expect(journey.at(10_000, 0.25, 30)).toEqual({ share: 0.25 / 3, ms: 110_000 });
    journey.runEnded(50_000);
    expect(journey.at(60_000, 0.5, 10)).toEqual({ share: 0.5, ms: 60_000 });
    journey.runEnded(80_000);
    expect(journey.at(80_000, 0, 40)).toEqual({ share: 2 / 3, ms: 40_000 });
  });

  it('[Q14] never goes back, and says nothing where nothing is known', () => {
    const journey = new Journey(1, 0);
    journey.at(1000, 0.5, 10);
    expect(journey.at(2000, 0.4, Number.POSITIVE_INFINITY)).toEqual({ share: 0.5, ms: undefined });
    expect(journey.at(3000, 7, -1)).toEqual({ share: 1, ms: 0 });
  });
});

describe('the live view', () => {
  it('[Q12] sparklines and bars', () => {
    expect(sparkline([0, 1, 2, 4, 8], 10)).toBe('▁▁▂▄█');
    expect(sparkline([1, undefined, 8], 2)).toBe('·█');
    expect(sparkline([0, 0], 5)).toBe('▁▁');
    expect(sparkline([], 5)).toBe('');
    expect([progressBar(0, 4), progressBar(0.5, 4), progressBar(3, 4)]).toEqual(['────', '━━──', '━━━━']);
  });

  it.each([
    ['en', 80],
    ['zh', 44],
    ['zh', 24],
  ])(
    '[Q12] in %s on %i columns it stands in its place, no wider than the terminal',
    async (language, columns) => {
      const io = new FakeIo({ isTerminal: true, columns });
      const fake = new FakeMeasure();
      const out = join(folder, `view-${language}-${columns}`);
      let now = 0;
      const parts = { ...fake, now: () => now };
      const ends = capacity(['--out', out, '--lang', language], parts, io);
      const run = await fake.run(0);
      run.say({ type: 'phase', phase: 'ramp', index: 1, count: 4 });
      run.say({ type: 'step', step: STEP });
      // Past the pause between two drawings.
      now += 250;
      run.say({ type: 'sample', sample: SAMPLE });
      now += 250;
      run.say({ type: 'progress', share: 0.43, secondsLeft: 80 });
      const lines = io.screen.lines;
      const text = lines.join('\n');
      expect(text).toContain('43 %');
      expect(lines.filter((line) => line.includes('43 %'))).toHaveLength(1);
      for (const line of lines.slice(-9)) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      if (columns === 80) {
        expect(text).toContain('1\u202fmin 20\u202fs left');
        expect(text).toMatch(/p99\s+12\u202fms {2}█/);
        expect(text).toMatch(/memory\s+90\u202fMiB/);
        expect(text).toContain('1,000 people  p50 2.5\u202fms');
      } else expect(text).toContain('房间逐渐变大');
      run.end();
      expect(await ends).toBe(0);
      // The view is gone, the result stands.
      expect(io.screen.lines.join('\n')).not.toContain('43 %');
      // In a narrow window, over several lines.
      expect(io.screen.lines.map((line) => line.trim()).join('')).toContain('capacity.html');
    },
  );

  it('[Q12] where there is no terminal, results and now and then a line go to the errors', async () => {
    const io = new FakeIo();
    const fake = new FakeMeasure();
    let now = 0;
    const ends = capacity(['--out', join(folder, 'plain')], { ...fake, now: () => now }, io);
    const run = await fake.run(0);
    run.say({ type: 'step', step: STEP });
    now += 4_999;
    run.say({ type: 'sample', sample: SAMPLE });
    expect(io.complained).not.toContain('%');
    now += 1;
    run.say({ type: 'progress', share: 0.5, secondsLeft: 60 });
    run.say({ type: 'progress', share: 0.6, secondsLeft: 50 });
    run.end();
    expect(await ends).toBe(0);
    expect(io.complained).toContain('1,000 people  p50 2.5');
    expect(io.complained).not.toContain('\u001b');
    expect(io.complained.match(/%/g)).toHaveLength(1);
    expect(io.complained).toContain('50 % · 1\u202fmin 00\u202fs left · Wireroom · starting · 4,000/s');
    expect(io.printed).toContain('On this machine one room carries 1,000 people');
  });

  it('[Q12] what a server wrote cannot move the cursor', async () => {
    const io = new FakeIo();
    const fake = new FakeMeasure();
    const ends = capacity(['--out', join(folder, 'hostile')], fake, io);
    const run = await fake.run(0);
    run.say({ type: 'warning', text: 'bad\u001b[2J' });
    run.say({ type: 'activity', text: '\u001b]0;x\u0007' });
    run.end({
      target: { kind: 'own', url: 'ws://127.0.0.1', name: 'a\u001b[2Jb', isDurable: true },
      warnings: ['\u001b[31m'],
    });
    expect(await ends).toBe(0);
    expect(io.printed + io.complained).not.toContain('\u001b');
  });
});

describe('Ctrl-C', () => {
  it('[Q13] leaves a whole report of what was done, and says so by its exit code', async () => {
    const io = new FakeIo({ isTerminal: true });
    const fake = new FakeMeasure();
    const out = join(folder, 'cut');
    const ends = capacity(['--out', out, '--peer', 'socketio'], fake, io);
    await fake.run(0);
    io.interrupt();
    expect(await ends).toBe(130);
    const file = readCapacityFile(readFileSync(join(out, 'capacity.json'), 'utf8'));
    expect(file).toMatchObject({ isComplete: false, cutBy: 'stopped' });
    expect(readFileSync(join(out, 'capacity.html'), 'utf8')).toContain('This run did not finish');
    // The peer was not begun.
    expect(fake.plans).toHaveLength(1);
    expect(file.peers).toBeUndefined();
  });

  it('[Q13] a second one does not wait', async () => {
    const io = new FakeIo();
    const fake = new FakeMeasure();
    const out = join(folder, 'impatient');
    const ends = capacity(['--out', out], fake, io);
    (await fake.run(0)).endsAtOnce = false;
    io.interrupt();
    io.interrupt();
    expect(await ends).toBe(130);
    expect(existsSync(join(out, 'capacity.html'))).toBe(true);
  });
});

describe('what is left behind', () => {
  it('[Q15] --json prints the report alone, and writes nothing', async () => {
    const io = new FakeIo({ isTerminal: true });
    const fake = new FakeMeasure();
    const ends = capacity(['--json'], fake, io);
    (await fake.run(0)).end();
    expect(await ends).toBe(0);
    expect(readCapacityFile(io.printed)).toMatchObject({ command: 'wireroom capacity --json' });
  });

  it('[Q15] --from makes the same page again', async () => {
    const fake = new FakeMeasure();
    const ends = capacity(['--out', join(folder, 'first.html')], fake, new FakeIo());
    (await fake.run(0)).end();
    await ends;
    const io = new FakeIo();
    const again = ['--from', join(folder, 'first.json'), '--out', join(folder, 'again')];
    expect(await capacity(again, fake, io)).toBe(0);
    const page = (name: string): string => readFileSync(join(folder, name), 'utf8');
    expect(page('again/capacity.html')).toBe(page('first.html'));
    expect(fake.plans).toHaveLength(1);
  });

  it('[Q15] without a name no report is overwritten', async () => {
    const place = mkdtempSync(join(folder, 'here-'));
    writeFileSync(join(place, 'capacity.html'), 'mine');
    const before = process.cwd();
    process.chdir(place);
    try {
      const fake = new FakeMeasure();
      const ends = capacity([], fake, new FakeIo());
      (await fake.run(0)).end();
      expect(await ends).toBe(0);
    } finally {
      process.chdir(before);
    }
    expect(readFileSync(join(place, 'capacity.html'), 'utf8')).toBe('mine');
    expect(existsSync(join(place, 'capacity-2.json'))).toBe(true);
  });
});

describe('peers', () => {
  it('[Q16] get the same plan, one after the other, and stand in one report', async () => {
    const io = new FakeIo();
    const fake = new FakeMeasure();
    const out = join(folder, 'peers');
    const ends = capacity(['--out', out, '--peer', 'socketio', '--readers', '200'], fake, io);
    (await fake.run(0)).end();
    (await fake.run(1)).end();
    expect(await ends).toBe(0);
    const [own, peer] = fake.plans;
    expect({ ...peer, target: undefined }).toEqual({ ...own, target: undefined });
    const file = readCapacityFile(readFileSync(join(out, 'capacity.json'), 'utf8'));
    expect(file.peers?.map(({ target }) => target.name)).toEqual(['Socket.IO']);
    expect(readFileSync(join(out, 'capacity.html'), 'utf8')).toContain('id="beside"');
  });

  it('[Q16] one that cannot be measured costs the exit code, not the report', async () => {
    const io = new FakeIo();
    const fake = new FakeMeasure();
    const out = join(folder, 'failed-peer');
    const ends = capacity(['--out', out, '--peer', 'ws://127.0.0.1:1'], fake, io);
    (await fake.run(0)).end();
    (await fake.run(1)).fail('nobody is there.');
    expect(await ends).toBe(1);
    expect(io.complained).toContain('ws://127.0.0.1:1/ could not be measured to the end: nobody is there.');
    expect(existsSync(join(out, 'capacity.html'))).toBe(true);
  });

  it('[Q16] the first that cannot be measured is a sentence and exit code 1', async () => {
    const io = new FakeIo();
    const fake = new FakeMeasure();
    const out = join(folder, 'failed');
    const ends = capacity(['--out', out], fake, io);
    (await fake.run(0)).fail('The server refuses.');
    expect(await ends).toBe(1);
    expect(io.complained).toContain('wireroom capacity: The server refuses.\n');
    expect(existsSync(join(out, 'capacity.html'))).toBe(false);
  });
});
