// A message's text as a field, in its row. What is typed is kept by the room (this-room.ts), so that it is still there when the row comes
// back into sight; a refused edit keeps its text too (Changes.tsx).
import type { MessageItem, Refusal } from '@wireroom/client';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import { refusalText } from '../i18n/refusal-text.ts';
import { isTakenByInputMethod, pressOf, sends } from '../room/composer-keys.ts';
import { problemOf } from '../room/use-draft.ts';
import { useHeightOfText } from '../room/use-height-of-text.ts';
import styles from './EditField.module.css';
import { type Edited, useThisRoom } from './this-room.ts';

interface Props {
  readonly item: MessageItem;
  readonly edit: Edited;
}

export function EditField({ item, edit }: Props) {
  const { t } = useTranslation();
  const { room, edited } = useThisRoom();
  const field = useRef<HTMLTextAreaElement>(null);
  const hintId = useId();
  const [fault, setFault] = useState<Refusal>();
  useHeightOfText(field, edit.text);
  useFocusOnce(field, edit);

  const end = (): void => {
    const row = field.current?.closest<HTMLElement>('[data-row]');
    edited.set(undefined);
    const next = edit.from === 'composer' ? document.getElementById('composer') : row;
    next?.focus({ preventScroll: true });
  };
  const save = (): void => {
    const problem = problemOf(edit.text);
    setFault(problem);
    if (problem !== undefined) return;
    if (edit.text !== item.text) {
      // One attempt at a time: what was refused before is replaced by this.
      for (const { draftId, state, content } of item.changes) {
        if (state === 'failed' && content.type === 'edit') room.cancel(draftId);
      }
      void room.edit(item.seq, edit.text);
    }
    end();
  };
  const press = (event: KeyboardEvent<HTMLElement>): void => {
    // The list has its own use for arrows.
    event.stopPropagation();
    const key = pressOf(event);
    const isGivenUp = key.key === 'Escape' && !isTakenByInputMethod(key);
    if (!isGivenUp && !sends(key)) return;
    event.preventDefault();
    if (isGivenUp) end();
    else save();
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        ref={field}
        className={styles.field}
        rows={1}
        value={edit.text}
        aria-label={t('edit.label', { seq: item.seq })}
        aria-describedby={hintId}
        aria-invalid={fault !== undefined}
        autoComplete="off"
        dir="auto"
        onChange={(event) => {
          setFault(undefined);
          edited.set({ ...edit, text: event.target.value, isSettled: true });
        }}
        onKeyDown={press}
      />
      <EditFoot hintId={hintId} fault={fault} onCancel={end} />
    </form>
  );
}

interface FootProps {
  readonly hintId: string;
  readonly fault: Refusal | undefined;
  onCancel(): void;
}

function EditFoot({ hintId, fault, onCancel }: FootProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.foot}>
      <button type="submit" className={`${controls.inline} ${controls.flush}`}>
        {t('edit.save')}
      </button>
      <button type="button" className={controls.inline} onClick={onCancel}>
        {t('edit.cancel')}
      </button>
      <span id={hintId} className={styles.hint} data-tone={fault === undefined ? 'hint' : 'danger'}>
        {fault === undefined ? (
          <span className={styles.keys}>{t('edit.hint')}</span>
        ) : (
          <span role="alert">{refusalText(t, fault)}</span>
        )}
      </span>
    </div>
  );
}

/** When editing begins, with the cursor at the end; not each time that the list draws the row again. */
function useFocusOnce(
  field: { readonly current: HTMLTextAreaElement | null },
  { isSettled, ...edit }: Edited,
): void {
  const { edited } = useThisRoom();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => {
    if (isSettled || field.current === null) return;
    field.current.focus({ preventScroll: true });
    field.current.setSelectionRange(edit.text.length, edit.text.length);
    field.current.scrollIntoView({ block: 'nearest' });
    edited.set({ ...edit, isSettled: true });
  }, [isSettled]);
}
