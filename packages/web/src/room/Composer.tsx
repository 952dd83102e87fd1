// Where messages are written. Works without a connection: what is sent goes into the outbox. What is typed and not sent
// survives a reload of this tab (use-draft.ts).

import type { Refusal } from '@wireroom/client';
import { LIMITS, utf8Bytes } from '@wireroom/protocol';
import { type KeyboardEvent, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFocusAtStart } from '../browser/use-focus-at-start.ts';
import { refusalText } from '../i18n/refusal-text.ts';
import { Icon } from '../icons/Icon.tsx';
import styles from './Composer.module.css';
import { editsLast, pressOf, sends } from './composer-keys.ts';
import { useDraft } from './use-draft.ts';
import { useHeightOfText } from './use-height-of-text.ts';

interface Props {
  readonly slug: string;
  onPost(): void;
  /** Whether there was one. */
  onEditLast(): boolean;
}

/** The counter appears when less than this is left, in bytes. */
const NEAR_LIMIT_BYTES = 2 * 1024;

export function Composer({ slug, onPost, onEditLast }: Props) {
  const { t } = useTranslation();
  const { text, fault, change, send: sendDraft } = useDraft(slug);
  const field = useRef<HTMLTextAreaElement>(null);
  const noteId = useId();
  useHeightOfText(field, text);
  useFocusAtStart(field, 'keep');

  const left = LIMITS.textBytesMax - bytesOf(text);
  const isOver = left < 0;
  const isEmpty = text.trim() === '';

  const send = (): void => {
    if (!sendDraft()) return;
    onPost();
    field.current?.focus();
  };
  const press = (event: KeyboardEvent): void => {
    const key = pressOf(event);
    if (editsLast(key, text) && onEditLast()) event.preventDefault();
    if (!sends(key)) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className={styles.box} data-over={isOver}>
        <textarea
          id="composer"
          ref={field}
          className={styles.field}
          rows={1}
          value={text}
          placeholder={t('composer.placeholder')}
          aria-label={t('composer.label')}
          aria-describedby={noteId}
          aria-invalid={isOver || fault !== undefined}
          enterKeyHint="send"
          autoComplete="off"
          dir="auto"
          onChange={(event) => change(event.target.value)}
          onKeyDown={press}
        />
        <button
          type="submit"
          className={styles.send}
          aria-label={t('composer.send')}
          title={t('composer.send')}
          aria-disabled={isEmpty}
          // The field keeps the focus, and a phone its keyboard.
          onPointerDown={(event) => event.preventDefault()}
        >
          <Icon name="send" />
        </button>
      </div>
      <Note id={noteId} fault={fault} left={left} />
    </form>
  );
}

interface NoteProps {
  readonly id: string;
  readonly fault: Refusal | undefined;
  /** Bytes. */
  readonly left: number;
}

/** Under the field: what is wrong, how much still fits, or how to send. */
function Note({ id, fault, left }: NoteProps) {
  const { t } = useTranslation();
  const content = () => {
    if (fault !== undefined) return <span role="alert">{refusalText(t, fault)}</span>;
    if (left >= NEAR_LIMIT_BYTES) return <span className={styles.hint}>{t('composer.hint')}</span>;
    const count = left < 0 ? t('composer.over', { count: -left }) : t('composer.left', { count: left });
    return <span className={styles.count}>{count}</span>;
  };
  return (
    <p id={id} className={styles.note} data-tone={fault !== undefined || left < 0 ? 'danger' : 'hint'}>
      {content()}
    </p>
  );
}

/** UTF-8 takes at most three bytes per UTF-16 unit: short texts need not be counted. */
const bytesOf = (text: string): number =>
  text.length * 3 < LIMITS.textBytesMax - NEAR_LIMIT_BYTES ? text.length : utf8Bytes(text);
