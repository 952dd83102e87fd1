// The parts of the load that decide about figures: stamps in bytes, times, schedules, and the count of what is lost, twice or out of order.
import { describe, expect, it } from 'vitest';
import { STAMP_BYTES } from '../limits.ts';
import { answerAt, socketioDialect, wireroomDialect } from './dialect.ts';
import type { StepOrder } from './generator-port.ts';
import { Histogram } from './histogram.ts';
import { randomFrom, scheduleOf } from './schedule.ts';
import { readStamp, type Stamp, stampedText } from './stamp.ts';
import { StepTally } from './step-tally.ts';
import { frameAt, maskedFrame } from './wire.ts';

const wireroom = wireroomDialect('lobby');
const socketio = socketioDialect('m');
const stamp = (): Stamp => ({ step: 0, dueMicros: 0, sender: 0, number: 0 });

describe('a stamp', () => {
  const said = { step: 12, dueMicros: 3_600_000_123, sender: 4_321, number: 98_765 };

  it('is found at the end of its frame, whatever the server puts around it', () => {
    const text = stampedText(said, 120);
    expect(text).toHaveLength(120);
    for (const [dialect, frame] of [
      [wireroom, `{"type":"entry","entry":{"seq":7,"text":"${text}"}}`],
      [wireroom, `{"type":"entry","entry":{"text":"${text}","seq":7,"at":"2026"}}`],
      [socketio, `42["m","${text}"]`],
    ] as const) {
      const bytes = Buffer.from(`--${frame}--`);
      const [from, to] = [2, bytes.length - 2];
      const found = stamp();
      expect(dialect.isMessage(bytes, from)).toBe(true);
      expect(readStamp(bytes, { from, to, tail: dialect.tail }, found)).toBe(true);
      expect(found).toEqual(said);
    }
  });

  it('is not found in what is not of the load', () => {
    for (const frame of [
      '{"type":"entry","entry":{"type":"join","author":{"name":"Load 1"}}}',
      '{"type":"entry","entry":{"type":"message","text":"~ hello"}}',
      '{"type":"entry","entry":{"type":"message","text":"~123"}}',
    ]) {
      const bytes = Buffer.from(frame);
      expect(readStamp(bytes, { from: 0, to: bytes.length, tail: wireroom.tail }, stamp())).toBe(false);
    }
  });

  it('has room in the shortest text', () => {
    expect(stampedText(said, 1)).toHaveLength(STAMP_BYTES);
  });
});

describe('a dialect', () => {
  it('knows the answers to posts', () => {
    const of = (text: string) => answerAt(Buffer.from(text), 0, text.length);
    expect(of('{"type":"posted","ref":120000007,"roomId":"r"}')).toEqual({
      ref: 120_000_007,
      isPosted: true,
    });
    expect(of('{"type":"refused","ref":5,"code":"rate-limited"}')).toEqual({ ref: 5, isPosted: false });
    expect(of('{"type":"refused","ref":null,"code":"bad-json"}')).toBeUndefined();
    expect(of('{"type":"page","ref":5}')).toBeUndefined();
    expect(of('{"type":"heads","heads":[]}')).toBeUndefined();
  });

  it('says what a server can read', () => {
    expect(JSON.parse(wireroomDialect('a"b').post('hi', 3))).toEqual({
      ...{ type: 'post', ref: 3, room: 'a"b', text: 'hi' },
    });
    expect(JSON.parse(socketio.post('hi', 3).slice(2))).toEqual(['m', 'hi']);
  });
});

describe('a histogram', () => {
  it('keeps quantiles within 1.6 %, also of several put together', () => {
    const parts = [new Histogram(), new Histogram()];
    for (let value = 1; value <= 100_000; value += 1) parts[value % 2]?.add(value);
    const all = new Histogram();
    for (const part of parts) all.addPacked(part.pack());
    expect(all.total).toBe(100_000);
    for (const [share, micros] of [
      [0.5, 50_000],
      [0.95, 95_000],
      [0.99, 99_000],
    ] as const)
      expect(Math.abs((all.quantileMs(share) * 1e3) / micros - 1)).toBeLessThan(0.016);
    expect(all.quantiles().max).toBe(100);
  });

  it('bears nothing, less than nothing, and hours', () => {
    const histogram = new Histogram();
    expect(histogram.quantiles()).toEqual({ p50: 0, p95: 0, p99: 0, max: 0 });
    histogram.add(-5);
    histogram.add(1e12);
    expect(histogram.quantileMs(0.5)).toBe(0);
    expect(histogram.quantiles().max).toBeGreaterThan(4e6);
    histogram.clear();
    expect(histogram.total).toBe(0);
  });
});

describe('a schedule', () => {
  const crowdOf = (sendersInAll: number, isHere: (sender: number) => boolean = () => true) => ({
    senders: Array.from({ length: sendersInAll }, (_, sender) => sender).filter(isHere),
    sendersInAll,
  });

  it('has each sender post at its rate, in order, within the time', () => {
    const { dueMicros, places } = scheduleOf({ ...crowdOf(7), rate: 3, seconds: 20, random: randomFrom(1) });
    expect([...dueMicros]).toEqual([...dueMicros].sort((a, b) => a - b));
    expect(dueMicros.every((due) => due >= 0 && due < 20e6)).toBe(true);
    for (let place = 0; place < 7; place += 1)
      expect(Math.abs(places.filter((each) => each === place).length - 60)).toBeLessThanOrEqual(1);
  });

  it('leaves nobody out who posts less often than the step is long', () => {
    const { places } = scheduleOf({ ...crowdOf(1_000), rate: 0.01, seconds: 10, random: randomFrom(2) });
    expect(new Set(places).size).toBe(places.length);
    expect(Math.abs(places.length - 100)).toBeLessThan(6);
  });

  it('has in any few seconds what was asked, though who posts when is chance, in one process as in several', () => {
    for (const parts of [[crowdOf(112)], [0, 1].map((odd) => crowdOf(112, (sender) => sender % 2 === odd))]) {
      const dues = parts.flatMap((part, index) => [
        ...scheduleOf({ ...part, rate: 0.031, seconds: 60, random: randomFrom(index) }).dueMicros,
      ]);
      for (let from = 0; from <= 48e6; from += 1e6) {
        const posts = dues.filter((due) => due >= from && due < from + 12e6).length;
        expect(Math.abs(posts - 112 * 0.031 * 12)).toBeLessThan(6);
      }
      const pauses = dues.toSorted((a, b) => a - b).map((due, index, all) => due - (all[index - 1] ?? 0));
      expect(Math.max(...pauses)).toBeGreaterThan(4 * Math.min(...pauses));
    }
  });
});

describe('a tally', () => {
  const order: StepOrder = {
    ...{ step: 3, senders: [0, 1], sendersInAll: 2, rate: 1, size: 120, seed: 1 },
    ...{ beginsAt: 0, countsFrom: 1_000, endsAt: 2_000 },
  };
  const message = (sender: number, number: number, dueMicros = 1_500): Stamp => ({
    ...{ step: 3, sender, number, dueMicros },
  });

  it('counts each message of each reader once, and what comes again', () => {
    const tally = new StepTally(order, 2);
    for (const reader of [0, 1]) tally.got(reader, message(0, 0), 1_600);
    tally.got(0, message(0, 1), 1_700);
    tally.got(0, message(0, 1), 1_800);
    tally.got(1, message(1, 0), 2_500);
    expect(tally.counts).toMatchObject({ got: 4, repeated: 1 });
    const { deliveriesCounted, readsCounted, latency } = tally.result();
    // What arrives after the end has a time, and is no part of the rate.
    expect({ deliveriesCounted, readsCounted }).toEqual({ deliveriesCounted: 3, readsCounted: 3 });
    expect(latency[0]).toBe(1_000);
  });

  it('tells readers apart who have another order', () => {
    const tally = new StepTally(order, 3);
    for (const reader of [0, 1]) for (const each of [0, 1]) tally.got(reader, message(each, 0), 1_600);
    for (const each of [1, 0]) tally.got(2, message(each, 0), 1_600);
    expect(new Map(tally.result().orders).size).toBe(2);
    expect(tally.counts.repeated).toBe(0);
  });

  it('knows what was answered, refused, and never left', () => {
    const tally = new StepTally(order, 1);
    const first = tally.sent(0, 1_200, 1_250);
    const second = tally.sent(0, 1_300, 1_300);
    tally.notSent(1_350);
    tally.notSent(999);
    expect([first.number, second.number]).toEqual([0, 1]);
    tally.acknowledged(first.ref, 1_900);
    tally.refused(second.ref, true);
    tally.acknowledged(second.ref, 1_950);
    tally.acknowledged(77, 1_950);
    expect(tally.counts).toMatchObject({ due: 4, sent: 2, acknowledged: 1, refused: 1, rateLimited: 1 });
    expect(tally.result()).toMatchObject({ postsCounted: 1, dueCounted: 3 });
    expect(tally.result().delays[0]).toBe(50);
  });
});

describe('frames', () => {
  it('of every length are found, and none that is cut', () => {
    for (const length of [0, 125, 126, 65_535, 65_536]) {
      const short = length < 126 ? length : length < 65_536 ? 126 : 127;
      const head = Buffer.alloc(short < 126 ? 2 : short === 126 ? 4 : 10);
      head.set([0x81, short]);
      if (short === 126) head.writeUInt16BE(length, 2);
      if (short === 127) head.writeBigUInt64BE(BigInt(length), 2);
      const bytes = Buffer.concat([Buffer.from([0]), head, Buffer.alloc(length)]);
      expect(frameAt(bytes, 1)).toEqual({ head: head.length, length });
      expect(frameAt(bytes.subarray(0, -1), 1)).toBeUndefined();
      expect(frameAt(bytes, 1, bytes.length - 1)).toBeUndefined();
    }
  });

  it('are masked when they are sent', () => {
    const frame = maskedFrame(1, Buffer.from('hello'));
    expect(frame.subarray(0, 2).toString('hex')).toBe('8185');
    const unmasked = frame.subarray(6).map((byte, index) => byte ^ (frame[2 + (index & 3)] ?? 0));
    expect(Buffer.from(unmasked).toString()).toBe('hello');
  });
});
