import { describe, expect, it } from 'vitest';
import { editsLast, type KeyPress, sends } from './composer-keys.ts';

const enter: KeyPress = {
  key: 'Enter',
  shiftKey: false,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  isComposing: false,
  keyCode: 13,
};

describe('sends', () => {
  it('takes Enter, also with Ctrl or Command', () => {
    expect(sends(enter)).toBe(true);
    expect(sends({ ...enter, ctrlKey: true })).toBe(true);
    expect(sends({ ...enter, metaKey: true })).toBe(true);
  });

  it('leaves Shift+Enter and Alt+Enter to make a line, and other keys alone', () => {
    expect(sends({ ...enter, shiftKey: true })).toBe(false);
    expect(sends({ ...enter, altKey: true })).toBe(false);
    expect(sends({ ...enter, key: 'a', keyCode: 65 })).toBe(false);
  });

  it('never takes the Enter that confirms a composition, in Chromium and Firefox, or in Safari', () => {
    expect(sends({ ...enter, isComposing: true, keyCode: 229 })).toBe(false);
    expect(sends({ ...enter, isComposing: true })).toBe(false);
    expect(sends({ ...enter, isComposing: false, keyCode: 229 })).toBe(false);
  });
});

describe('editsLast', () => {
  const up: KeyPress = { ...enter, key: 'ArrowUp', keyCode: 38 };

  it('takes the arrow up in an empty field only', () => {
    expect(editsLast(up, '')).toBe(true);
    expect(editsLast(up, ' ')).toBe(false);
    expect(editsLast({ ...up, key: 'ArrowDown', keyCode: 40 }, '')).toBe(false);
  });

  it('leaves it to the input method, and to whoever holds another key', () => {
    expect(editsLast({ ...up, isComposing: true }, '')).toBe(false);
    expect(editsLast({ ...up, keyCode: 229 }, '')).toBe(false);
    for (const key of ['shiftKey', 'altKey', 'ctrlKey', 'metaKey'])
      expect(editsLast({ ...up, [key]: true }, '')).toBe(false);
  });
});
