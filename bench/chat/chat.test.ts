// The chat's bench: its pure parts, and each scenario once with tiny numbers, whose counts it checks by itself.
import { describe, expect, it } from 'vitest';
import { idAt, socketio, textOf, wireroom } from './dialects.ts';
import { idle } from './idle.ts';
import { readOptions, type Size } from './options.ts';
import { posts } from './posts.ts';
import { told } from './report.ts';
import { resume } from './resume.ts';
import { room, roomOutcome, SENDERS, slow } from './room.ts';

const TINY: Size = {
  ...{ isQuick: true, rounds: 1, seconds: 0.2, warmSeconds: 0.1 },
  ...{ readers: 20, behind: 260, idle: 10 },
};

describe("the chat's bench", () => {
  it('reads its command line, and refuses what it does not know', () => {
    expect(readOptions(['--only', 'room,slow', '--rounds', '2'])).toMatchObject({
      task: 'run',
      only: ['room', 'slow'],
      size: { rounds: 2, isQuick: false },
    });
    expect(readOptions(['--quick']).size.isQuick).toBe(true);
    expect(() => readOptions(['--only', 'nothing'])).toThrow('no scenario "nothing"');
    expect(() => readOptions(['--rounds', '0'])).toThrow(RangeError);
  });

  it('finds the number of a message at the end of its frame, whatever the server puts around it', () => {
    const text = textOf(1234, 32);
    expect(text).toHaveLength(32);
    for (const [dialect, frame] of [
      [wireroom, `{"type":"entry","entry":{"seq":7,"text":"${text}"}}`],
      [socketio, `42["m","${text}"]`],
    ] as const) {
      const bytes = Buffer.from(`--${frame}`);
      expect(dialect.isMessage(bytes, 2)).toBe(true);
      expect(idAt(bytes, bytes.length, dialect)).toBe(1234);
    }
    const join = Buffer.from('{"type":"entry","entry":{"type":"join","author":{"name":"Reader 1"}}}');
    expect(idAt(join, join.length, wireroom)).toBe(-1);
    expect(wireroom.isMessage(Buffer.from('{"type":"posted","ref":1}'), 0)).toBe(false);
  });

  it('tells ratios beside their targets', () => {
    const round = { p50Ms: 5, p99Ms: 9, cpuUsEach: 2, generatorShare: 0.5 };
    const measured = SENDERS.flatMap(({ senders }) => [
      { name: 'Wireroom', senders, rounds: [{ ...round, deliveriesPerSecond: 4_000 }] },
      { name: 'Socket.IO', senders, rounds: [{ ...round, deliveriesPerSecond: 1_000 }] },
    ]);
    const text = told(roomOutcome(measured, readOptions(['--quick']).size));
    expect(text).toContain('4.00 × | ≥ 1.8 ×: reached');
    expect(text).toContain('4.00 × |    ≥ 8 ×: missed');
  });

  // Each throws where a message is missing, twice there, or in another place than at other readers.
  it.each(Object.entries({ posts, room, resume, idle, slow }))(
    '%s runs with tiny numbers, and everything arrives',
    async (_name, scenario) => {
      const outcome = await scenario(TINY);
      const width = outcome.rows[0]?.length;
      expect(outcome.rows.length).toBeGreaterThan(1);
      for (const row of outcome.rows) expect(row).toHaveLength(width ?? 0);
      expect(told(outcome)).not.toContain('NaN');
    },
    60_000,
  );
});
