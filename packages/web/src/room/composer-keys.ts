// Which key press sends. Pure, since it has to be right for every input method and cannot be tried with all of them.

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

const TAKEN_BY_INPUT_METHOD = 229;

export function sends(press: KeyPress): boolean {
  if (press.key !== 'Enter' || press.shiftKey || press.altKey) return false;
  return !press.isComposing && press.keyCode !== TAKEN_BY_INPUT_METHOD;
}
