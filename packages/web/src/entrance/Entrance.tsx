// Choosing a name. The name stands on a wire that runs across the page: whole when nothing is wrong, moving while the
// server is asked, cut when it does not answer.
import type { ChatSnapshot, Refusal } from '@wireroom/client';
import { ChatError, checkName } from '@wireroom/protocol';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import { usePage } from '../app/page.ts';
import { isLanguage } from '../i18n/language.ts';
import { refusalText } from '../i18n/refusal-text.ts';
import { Icon } from '../icons/Icon.tsx';
import styles from './Entrance.module.css';
import { EntranceFrame } from './EntranceFrame.tsx';
import { isSuggestedName, suggestName } from './name-suggestion.ts';

interface Props {
  readonly snapshot: ChatSnapshot;
  onEnter(): void;
}

export function Entrance({ snapshot, onEnter }: Props) {
  const { t, i18n } = useTranslation();
  const { client } = usePage();
  const language = isLanguage(i18n.language) ? i18n.language : 'en';
  const [name, setName] = useState(() => snapshot.rememberedName ?? suggestName(language, Math.random));
  /** Found here, before anything was sent. */
  const [fault, setFault] = useState<Refusal>();
  /** A refusal speaks of the name that was sent, not of the one being typed since. */
  const [isEdited, setEdited] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const messageId = useId();

  const { state } = snapshot.connection;
  const refusal = fault ?? (isEdited ? undefined : snapshot.refusal);
  // After a refusal the connection rests until the next name is sent.
  const isAsking = fault === undefined && snapshot.refusal === undefined;
  const isStuck = isAsking && (state === 'waiting' || state === 'stopped');
  const isBusy = isAsking && (state === 'connecting' || state === 'open');

  // Until somebody has written a name of their own, the suggestion speaks the language of the page.
  useEffect(() => {
    setName((current) =>
      isSuggestedName(current) && !isSuggestedName(current, language)
        ? suggestName(language, Math.random)
        : current,
    );
  }, [language]);

  useEffect(() => {
    if (refusal !== undefined) field.current?.select();
  }, [refusal]);

  const change = (next: string): void => {
    setName(next);
    setFault(undefined);
    setEdited(true);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isBusy) return;
    const wanted = name.trim().normalize('NFC');
    setName(wanted);
    setEdited(false);
    const found = faultOf(wanted);
    setFault(found);
    if (found !== undefined) return;
    onEnter();
    client.enter(wanted);
  };

  return (
    <EntranceFrame>
      <form className={styles.form} onSubmit={submit} noValidate>
        <label className={styles.label} htmlFor="name">
          {t('name.label')}
        </label>
        <div className={styles.line} data-state={isStuck ? 'cut' : isBusy ? 'busy' : 'whole'}>
          <input
            id="name"
            ref={field}
            className={styles.name}
            value={name}
            onChange={(event) => change(event.target.value)}
            autoComplete="nickname"
            autoCapitalize="words"
            spellCheck={false}
            enterKeyHint="go"
            dir="auto"
            aria-invalid={refusal !== undefined}
            aria-describedby={messageId}
          />
          <button
            type="button"
            className={controls.iconButton}
            aria-label={t('name.suggest')}
            title={t('name.suggest')}
            onClick={() => change(suggestName(language, Math.random, name))}
          >
            <Icon name="again" />
          </button>
        </div>
        <p
          id={messageId}
          className={styles.message}
          role="status"
          data-tone={refusal === undefined ? (isStuck ? 'wait' : 'hint') : 'danger'}
        >
          {refusal !== undefined && refusalText(t, refusal)}
          {isStuck && t('unreachable.name')}
          {refusal === undefined && !isStuck && t('name.hint')}
        </p>
        <button type="submit" className={controls.primary} aria-disabled={isBusy}>
          {isBusy ? t('name.starting') : t('name.start')}
        </button>
      </form>
    </EntranceFrame>
  );
}

/** What the server would say to this name, if it would refuse it unseen. */
function faultOf(name: string): Refusal | undefined {
  try {
    checkName(name);
    return undefined;
  } catch (error) {
    if (error instanceof ChatError) return { code: error.code, message: error.message };
    throw error;
  }
}
