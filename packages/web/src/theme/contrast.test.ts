// The promise of docs/design.md, computed: text AA (4.5), controls and wires 3, in both themes.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { colourTokens, contrast } from './contrast.ts';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const WIRES = ['wire-0', 'wire-1', 'wire-2', 'wire-3', 'wire-4', 'wire-5', 'wire-6', 'copper'];
const GROUNDS = ['paper', 'surface', 'raised'];

/** [what is written, on what, the least ratio] */
const PAIRS: readonly (readonly [string, string, number])[] = [
  ...GROUNDS.flatMap((ground) => [
    ...['ink', 'ink-soft', 'copper', 'danger', 'wait', 'good', ...WIRES].map(
      (text) => [text, ground, 4.5] as const,
    ),
    ['border', ground, 3] as const,
  ]),
  // The fields of a frame: values and names on their own ground.
  ...[0, 1, 2, 3, 4, 5, 6].flatMap((wire) => [
    [`wire-${wire}`, `wire-${wire}-wash`, 4.5] as const,
    ['ink', `wire-${wire}-wash`, 7] as const,
  ]),
  ['ink', 'sunken', 7],
  ['ink-soft', 'sunken', 4.5],
  ['danger', 'sunken', 4.5],
  ['copper', 'sunken', 4.5],
  ['ink', 'copper-wash', 7],
  ['copper', 'copper-wash', 4.5],
  ['ink', 'danger-wash', 7],
  ['danger', 'danger-wash', 4.5],
  ['on-copper', 'copper', 4.5],
  ['on-copper', 'copper-strong', 4.5],
  ['on-copper', 'danger', 4.5],
  ['ink', 'paper', 12],
];

describe('contrast of the tokens', () => {
  it('knows black on white and equal colours', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#777777')).toBe(1);
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
  });

  for (const [theme, selector] of [
    ['light', ':root'],
    ['dark', ':root[data-theme="dark"]'],
  ] as const) {
    it(`is enough in the ${theme} theme`, () => {
      const colours = colourTokens(css, selector);
      const poor = PAIRS.flatMap(([text, ground, least]) => {
        const ratio = contrast(colours.get(text) ?? '', colours.get(ground) ?? '');
        return ratio >= least ? [] : [`${text} on ${ground}: ${ratio.toFixed(2)} < ${least}`];
      });
      expect(poor).toEqual([]);
    });
  }

  it('has every colour in both themes', () => {
    const dark = [...colourTokens(css, ':root[data-theme="dark"]').keys()];
    expect(dark).toEqual([...colourTokens(css, ':root').keys()]);
  });

  it('is what theme.js and index.html say before the first paint', () => {
    const html = readFileSync(new URL('../../index.html', import.meta.url), 'utf8');
    const script = readFileSync(new URL('../../public/theme.js', import.meta.url), 'utf8');
    expect(html).toContain(`content="${colourTokens(css, ':root').get('paper')}"`);
    expect(script).toContain(`'${colourTokens(css, ':root[data-theme="dark"]').get('paper')}'`);
  });
});
