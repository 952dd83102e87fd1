import { describe, expect, it } from 'vitest';
import { type KeyPress, sends } from './composer-keys.ts';

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
