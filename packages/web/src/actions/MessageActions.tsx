// What belongs to the rows' actions and stands outside of them: the menu, the emoji picker, the question before deleting. One of each
// for the whole list. Which message they are about: the room's `opened` (this-room.ts).
import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { MessageItem, TimelineItem } from '@wireroom/client';
import { useRef, useState } from 'react';
import { useCell } from '../browser/cell.ts';
import { copyText } from '../browser/clipboard.ts';
import { EmojiPicker } from '../emoji/EmojiPicker.tsx';
import { useReceiptOpener } from '../wire/message-opener.ts';
import { Copied, type CopyResult } from './Copied.tsx';
import { DeleteDialog } from './DeleteDialog.tsx';
import { type MenuChoice, MessageMenu } from './MessageMenu.tsx';
import { type Opened, useThisRoom } from './this-room.ts';
import { useToggleReaction } from './use-toggle-reaction.ts';

export function MessageActions({ items }: { readonly items: readonly TimelineItem[] }) {
  const { room, opened, edited } = useThisRoom();
  const open = useCell(opened, (now) => now);
  /** What closes is drawn until it is gone. */
  const last = useLast(open);
  const item = items.find(
    (found): found is MessageItem => found.kind === 'message' && found.seq === last?.seq,
  );
  const toggle = useToggleReaction();
  const openReceipt = useReceiptOpener();
  const [copied, setCopied] = useState<CopyResult>();
  const close = (): void => opened.set(undefined);
  /** What was opened instead, or the field that was, takes the focus itself. */
  const finalFocus = (): HTMLElement | boolean => {
    if (opened.get() !== undefined || edited.get()?.isSettled === false) return false;
    return rowOf(last?.anchor) ?? false;
  };
  const react = (emoji: string): void => {
    close();
    if (item !== undefined) toggle(item, emoji);
  };
  const choose = (choice: MenuChoice): void => {
    if (item === undefined || last === undefined) return;
    close();
    switch (choice) {
      case 'picker':
      case 'delete':
        opened.set({ ...last, kind: choice });
        break;
      case 'edit':
        edited.set({ seq: item.seq, text: item.text, from: 'row', isSettled: false });
        break;
      case 'copy':
        void copyText(item.text).then((isCopied) => setCopied({ isCopied }));
        break;
      case 'receipt':
        openReceipt(item.seq);
    }
  };
  return (
    <>
      <MessageMenu
        {...{ item, finalFocus, isOpen: open?.kind === 'menu', anchor: last?.anchor }}
        onReact={react}
        onChoose={choose}
        onClose={() => opened.get()?.kind === 'menu' && close()}
      />
      <EmojiPicker
        {...{ finalFocus, isOpen: open?.kind === 'picker', anchor: last?.anchor }}
        onPick={react}
        onClose={() => opened.get()?.kind === 'picker' && close()}
      />
      <AlertDialog.Root open={open?.kind === 'delete'} onOpenChange={(isOpen) => !isOpen && close()}>
        <DeleteDialog
          text={item?.text ?? ''}
          finalFocus={finalFocus}
          onDelete={() => item !== undefined && void room.remove(item.seq)}
        />
      </AlertDialog.Root>
      <Copied result={copied} />
    </>
  );
}

const rowOf = (anchor: Element | undefined): HTMLElement | undefined =>
  anchor?.closest<HTMLElement>('[data-row]') ?? undefined;

function useLast(open: Opened | undefined): Opened | undefined {
  const last = useRef(open);
  if (open !== undefined) last.current = open;
  return last.current;
}
