// Asked once before a message is deleted: its text is gone for everybody, and nobody can bring it back.
import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import dialog from '../app/dialog.module.css';

interface Props {
  readonly text: string;
  finalFocus(): HTMLElement | boolean;
  onDelete(): void;
}

/** So much of it is shown, to know it by. */
const SHOWN_CHARS = 160;

export function DeleteDialog({ text, finalFocus, onDelete }: Props) {
  const { t } = useTranslation();
  const shown = text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
  return (
    <AlertDialog.Portal>
      <AlertDialog.Backdrop className={dialog.backdrop} />
      <AlertDialog.Popup className={dialog.popup} finalFocus={finalFocus}>
        <AlertDialog.Title className={dialog.title}>{t('delete.title')}</AlertDialog.Title>
        <blockquote className={dialog.quote} dir="auto">
          {shown}
        </blockquote>
        <AlertDialog.Description>{t('delete.about')}</AlertDialog.Description>
        <div className={dialog.actions}>
          <AlertDialog.Close className={controls.secondary}>{t('delete.keep')}</AlertDialog.Close>
          <AlertDialog.Close className={controls.danger} onClick={onDelete}>
            {t('delete.confirm')}
          </AlertDialog.Close>
        </div>
      </AlertDialog.Popup>
    </AlertDialog.Portal>
  );
}
