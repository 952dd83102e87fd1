// Every emoji that the page offers is one that the server takes.
import { checkEmoji } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import { COLUMNS, EMOJI_GROUPS, GROUP_NAMES } from './emoji-groups.ts';
import { QUICK_EMOJI } from './quick-emoji.ts';

describe('the emoji of the page', () => {
  const offered: readonly string[] = GROUP_NAMES.flatMap((name) => EMOJI_GROUPS[name]);

  it('are emoji by the rule of the protocol, each once', () => {
    for (const emoji of [...offered, ...QUICK_EMOJI]) expect(() => checkEmoji(emoji), emoji).not.toThrow();
    expect(new Set(offered).size).toBe(offered.length);
  });

  it('fill the rows of their groups, so that up and down keep to the column', () => {
    expect(GROUP_NAMES.map((name) => EMOJI_GROUPS[name].length % COLUMNS)).toEqual([0, 0, 0, 0]);
    expect([...GROUP_NAMES].sort()).toEqual(Object.keys(EMOJI_GROUPS).sort());
  });

  it('have the quick ones among them', () => {
    for (const emoji of QUICK_EMOJI) expect(offered).toContain(emoji);
  });
});
