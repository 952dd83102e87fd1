// What clicks, taps and keys on a message's row do. By pointer it opens the receipt; by finger, or by the key for menus, the menu. Within
// the row, left and right go from control to control, and Escape goes back to the row.
import type { MessageItem } from '@wireroom/client';
import type { KeyboardEvent, MouseEvent } from 'react';
import { useReceiptOpener } from '../wire/message-opener.ts';
import { useThisRoom } from './this-room.ts';

export interface RowPresses {
  onClick?(event: MouseEvent<HTMLElement>): void;
  onContextMenu?(event: MouseEvent<HTMLElement>): void;
  onKeyDown?(event: KeyboardEvent<HTMLElement>): void;
}

/** A draft that is not in the log has neither. */
export function useRowPresses(item: MessageItem | undefined): RowPresses {
  const openReceipt = useReceiptOpener();
  const { opened, edited } = useThisRoom();
  if (item === undefined) return {};
  const { seq } = item;
  const openMenu = (anchor: Element): void => opened.set({ kind: 'menu', seq, anchor });
  return {
    onClick(event) {
      if (!isPlainClick(event) || edited.get()?.seq === seq) return;
      if (pointerOf(event) === 'touch') openMenu(event.currentTarget);
      else openReceipt(seq);
    },
    onContextMenu(event) {
      const isOnControl = isControl(event.target) && event.target !== event.currentTarget;
      if (isOnControl || !isForMenu(event)) return;
      event.preventDefault();
      openMenu(event.currentTarget);
    },
    onKeyDown(event) {
      if (event.key === 'Enter' && event.target === event.currentTarget) openReceipt(seq);
      if (moveWithin(event)) event.preventDefault();
    },
  };
}

const RIGHT_BUTTON = 2;

const pointerOf = ({ nativeEvent }: MouseEvent): string | undefined =>
  'pointerType' in nativeEvent && typeof nativeEvent.pointerType === 'string'
    ? nativeEvent.pointerType
    : undefined;

/** A long press of a finger, or the key; a mouse, with Ctrl on some, gets the browser's own menu. Chromium says of the key that it is a mouse. */
const isForMenu = (event: MouseEvent): boolean =>
  pointerOf(event) === 'touch' || (event.button !== RIGHT_BUTTON && !event.ctrlKey);

const isControl = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('a, button, form, textarea') !== null;

/** Neither the end of selecting text nor a click on something that acts by itself. */
const isPlainClick = ({ target }: MouseEvent): boolean =>
  !isControl(target) && (window.getSelection()?.isCollapsed ?? true);

/** Whether it led anywhere. */
function moveWithin({ key, currentTarget: row }: KeyboardEvent<HTMLElement>): boolean {
  if (key === 'Escape' && document.activeElement !== row) {
    row.focus({ preventScroll: true });
    return true;
  }
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (step === undefined) return false;
  const controls = [...row.querySelectorAll<HTMLElement>('[data-control]')];
  const at = controls.findIndex((control) => control === document.activeElement);
  if (at < 0 && step < 0) return false;
  const next = controls[at + step] ?? (at === 0 ? row : undefined);
  next?.focus({ preventScroll: true });
  return next !== undefined;
}
