import { describe, expect, it } from 'vitest';
import { Rate, secondsLeft } from './rate.ts';

describe('Rate', () => {
  it('says nothing before it can', () => {
    const rate = new Rate();
    expect(rate.bytesPerSecond()).toBeUndefined();
    rate.add(0, 0);
    rate.add(500, 50_000);
    expect(rate.bytesPerSecond()).toBeUndefined();
    rate.add(1000, 100_000);
    expect(rate.bytesPerSecond()).toBe(100_000);
  });

  it('follows what comes lately, in as many points as it may keep', () => {
    const rate = new Rate();
    for (let at = 0; at <= 60_000; at += 10) rate.add(at, at);
    expect(rate.bytesPerSecond()).toBeCloseTo(1000, 0);
    for (let at = 60_010; at <= 75_000; at += 10) rate.add(at, 60_000 + (at - 60_000) * 5);
    expect(rate.bytesPerSecond()).toBeCloseTo(5000, 0);
    rate.restart();
    expect(rate.bytesPerSecond()).toBeUndefined();
  });
});

describe('secondsLeft', () => {
  it('rounds up, and does not guess', () => {
    expect(secondsLeft(0, 1_000_001, 1_000_000)).toBe(2);
    expect(secondsLeft(999_999, 1_000_000, 1_000_000)).toBe(1);
    expect(secondsLeft(10, 10, 5)).toBeUndefined();
    expect(secondsLeft(5, 10, 0)).toBeUndefined();
  });
});
