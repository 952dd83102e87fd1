// Which key press sends, and which one goes back to what was sent. Pure, since it has to be right for every input method and
// cannot be tried with all of them.
import type { KeyboardEvent } from 'react';

export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  /** During a composition of an input method, the Enter that confirms it included. */
  readonly isComposing: boolean;
  /** 229: the input method has the key. Safari reports the confirming Enter so, after the composition has ended. */
  readonly keyCode: number;
}

export const pressOf = ({ nativeEvent }: KeyboardEvent): KeyPress => {
  const { key, shiftKey, altKey, ctrlKey, metaKey, isComposing, keyCode } = nativeEvent;
  return { key, shiftKey, altKey, ctrlKey, metaKey, isComposing, keyCode };
};

const TAKEN_BY_INPUT_METHOD = 229;

export const isTakenByInputMethod = ({ isComposing, keyCode }: KeyPress): boolean =>
  isComposing || keyCode === TAKEN_BY_INPUT_METHOD;

export function sends(press: KeyPress): boolean {
  if (press.key !== 'Enter' || press.shiftKey || press.altKey) return false;
  return !isTakenByInputMethod(press);
}

/** The arrow up in a field without text goes to the last message of one's own. */
export function editsLast(press: KeyPress, text: string): boolean {
  const { key, shiftKey, altKey, ctrlKey, metaKey } = press;
  const isBare = !shiftKey && !altKey && !ctrlKey && !metaKey;
  return key === 'ArrowUp' && isBare && text === '' && !isTakenByInputMethod(press);
}
