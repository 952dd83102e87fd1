import { describe, expect, it } from 'vitest';
import { makeMessage, makeNotice, makePending } from '../fixture/timeline-items.ts';
import { abilitiesOf, hasReacted, lastEditable } from './message-abilities.ts';

describe('abilitiesOf', () => {
  it('lets everybody react and copy, and only the author edit and delete', () => {
    const all = { canReact: true, canCopy: true };
    expect(abilitiesOf(makeMessage(1))).toEqual({ ...all, canEdit: false, canDelete: false });
    expect(abilitiesOf(makeMessage(1, { isMine: true }))).toEqual({ ...all, canEdit: true, canDelete: true });
  });

  it('leaves nothing to be done with what was deleted', () => {
    const abilities = abilitiesOf(makeMessage(1, { isMine: true, isDeleted: true }));
    expect(Object.values(abilities)).toEqual([false, false, false, false]);
  });
});

describe('hasReacted', () => {
  it('tells one’s own reaction from the others’', () => {
    const reactions = [
      { emoji: '👍', count: 2, isMine: false, authors: [] },
      { emoji: '🎉', count: 1, isMine: true, authors: [] },
    ];
    const message = makeMessage(1, { reactions });
    expect(['👍', '🎉', '😂'].map((emoji) => hasReacted(message, emoji))).toEqual([false, true, false]);
  });
});

describe('lastEditable', () => {
  const mine = makeMessage(2, { isMine: true });

  it('finds the last thing one said, past what others said since', () => {
    expect(
      lastEditable([makeMessage(1, { isMine: true }), mine, makeMessage(3), makeNotice(4, 'join')]),
    ).toBe(mine);
    expect(lastEditable([mine, makeMessage(3, { isMine: true, isDeleted: true })])).toBe(mine);
    expect(lastEditable([makeMessage(1)])).toBeUndefined();
  });

  it('edits nothing older while something of one’s own is on its way', () => {
    expect(lastEditable([mine, makePending('soon')])).toBeUndefined();
  });
});
