import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WIRES, wireOf } from './wire-colour.ts';

describe('wireOf', () => {
  it('gives the same author the same wire, and authors all of them', () => {
    expect(wireOf('a_0123456789abcdef')).toBe(wireOf('a_0123456789abcdef'));
    const used = new Set(
      Array.from({ length: 200 }, (_, at) => wireOf(`a_${at.toString(36).padEnd(16, 'x')}`)),
    );
    expect([...used].sort()).toEqual(Array.from({ length: WIRES }, (_, at) => at));
  });

  it('has as many wires as tokens.css', () => {
    const css = readFileSync(new URL('../theme/tokens.css', import.meta.url), 'utf8');
    expect(new Set(css.match(/--wire-\d/g)).size).toBe(WIRES);
  });
});
