// Two fields, title and topic. Closes when it has handed the changes on: what becomes of them shows in the room (RoomChanges.tsx), also
// when there is no connection.
import { Dialog } from '@base-ui/react/dialog';
import { LIMITS, utf8Bytes } from '@wireroom/protocol';
import { type FormEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useThisRoom } from '../actions/this-room.ts';
import controls from '../app/controls.module.css';
import dialog from '../app/dialog.module.css';

interface Props {
  readonly title: string;
  readonly topic: string;
  onClose(): void;
}

export function AboutDialog(props: Props) {
  const first = useRef<HTMLInputElement>(null);
  return (
    <Dialog.Portal>
      <Dialog.Backdrop className={dialog.backdrop} />
      <Dialog.Popup className={dialog.popup} initialFocus={first}>
        <AboutForm {...props} first={first} />
      </Dialog.Popup>
    </Dialog.Portal>
  );
}

type FormProps = Props & { readonly first: { current: HTMLInputElement | null } };

function AboutForm({ title, topic, onClose, first }: FormProps) {
  const { t } = useTranslation();
  const { room } = useThisRoom();
  const [newTitle, setTitle] = useState(title);
  const [newTopic, setTopic] = useState(topic);
  const isTitleGood = newTitle.trim() !== '' && utf8Bytes(newTitle) <= LIMITS.titleBytesMax;
  const isTopicGood = utf8Bytes(newTopic) <= LIMITS.topicBytesMax;
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (!isTitleGood || !isTopicGood) return;
    if (newTitle.trim() !== title) void room.rename(newTitle.trim());
    if (newTopic.trim() !== topic) void room.setTopic(newTopic.trim());
    onClose();
  };
  return (
    <form onSubmit={save}>
      <Dialog.Title className={dialog.title}>{t('room.about')}</Dialog.Title>
      <Dialog.Description>{t('room.about.seen')}</Dialog.Description>
      <div className={dialog.fields}>
        <Field
          {...{ label: t('room.about.title'), value: newTitle, isGood: isTitleGood, input: first }}
          hint={isTitleGood ? '' : t('refusal.bad-title')}
          onChange={setTitle}
        />
        <Field
          {...{ label: t('room.about.topic'), value: newTopic, isGood: isTopicGood }}
          hint={t(isTopicGood ? 'room.about.topic.hint' : 'refusal.bad-topic')}
          onChange={setTopic}
        />
      </div>
      <div className={dialog.actions}>
        <Dialog.Close className={controls.secondary}>{t('room.about.cancel')}</Dialog.Close>
        <button type="submit" className={controls.primary} aria-disabled={!isTitleGood || !isTopicGood}>
          {t('room.about.save')}
        </button>
      </div>
    </form>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly isGood: boolean;
  readonly hint: string;
  readonly input?: { current: HTMLInputElement | null };
  onChange(value: string): void;
}

function Field({ label, value, isGood, hint, input, onChange }: FieldProps) {
  const hintId = useId();
  return (
    <label className={dialog.field}>
      {label}
      <input
        ref={input}
        className={dialog.input}
        value={value}
        autoComplete="off"
        dir="auto"
        aria-invalid={!isGood}
        aria-describedby={hintId}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint !== '' && (
        <span id={hintId} className={dialog.hint} data-tone={isGood ? 'hint' : 'danger'}>
          {hint}
        </span>
      )}
    </label>
  );
}
