// Choosing a name. The name stands on a wire that runs across the page: whole when nothing is wrong, moving while the
// server is asked, cut when it does not answer.
import type { ChatSnapshot } from '@wireroom/client';
import { type FormEvent, useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import { usePage } from '../app/page.ts';
import { useFocusAtStart } from '../browser/use-focus-at-start.ts';
import { refusalText } from '../i18n/refusal-text.ts';
import { Icon } from '../icons/Icon.tsx';
import styles from './Entrance.module.css';
import { EntranceFrame } from './EntranceFrame.tsx';
import { type NameForm, useNameForm } from './use-name-form.ts';

interface Props {
  readonly snapshot: ChatSnapshot;
  onEnter(): void;
}

export function Entrance({ snapshot, onEnter }: Props) {
  const { t } = useTranslation();
  const { client } = usePage();
  const form = useNameForm(snapshot);
  const { isBusy } = form;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isBusy) return;
    const name = form.check();
    if (name === undefined) return;
    onEnter();
    client.enter(name);
  };

  return (
    <EntranceFrame>
      <form className={styles.form} onSubmit={submit} noValidate>
        <NameLine form={form} />
        <button type="submit" className={controls.primary} aria-disabled={isBusy}>
          {isBusy ? t('name.starting') : t('name.start')}
        </button>
      </form>
    </EntranceFrame>
  );
}

function NameLine({ form }: { readonly form: NameForm }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const { name, refusal, isBusy, isStuck } = form;
  useFocusAtStart(field, 'select');
  useEffect(() => {
    if (refusal !== undefined) field.current?.select();
  }, [refusal]);

  return (
    <>
      <label className={styles.label} htmlFor={`${id}name`}>
        {t('name.label')}
      </label>
      <div className={styles.line} data-state={isStuck ? 'cut' : isBusy ? 'busy' : 'whole'}>
        <input
          id={`${id}name`}
          ref={field}
          className={styles.name}
          value={name}
          onChange={(event) => form.change(event.target.value)}
          autoComplete="nickname"
          autoCapitalize="words"
          spellCheck={false}
          enterKeyHint="go"
          dir="auto"
          aria-invalid={refusal !== undefined}
          aria-describedby={`${id}message`}
        />
        <button
          type="button"
          className={controls.iconButton}
          aria-label={t('name.suggest')}
          title={t('name.suggest')}
          onClick={form.suggest}
        >
          <Icon name="again" />
        </button>
      </div>
      <p
        id={`${id}message`}
        className={styles.message}
        role="status"
        data-tone={refusal !== undefined ? 'danger' : isStuck ? 'wait' : 'hint'}
      >
        {refusal !== undefined && refusalText(t, refusal)}
        {refusal === undefined && (isStuck ? t('unreachable.name') : t('name.hint'))}
      </p>
    </>
  );
}
