// Asked only when leaving would lose messages that have not been sent.
import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import dialog from '../app/dialog.module.css';

interface Props {
  readonly unsent: number;
  onLeave(): void;
}

export function LeaveDialog({ unsent, onLeave }: Props) {
  const { t } = useTranslation();
  return (
    <AlertDialog.Portal>
      <AlertDialog.Backdrop className={dialog.backdrop} />
      <AlertDialog.Popup className={dialog.popup}>
        <AlertDialog.Title className={dialog.title}>{t('leave.title')}</AlertDialog.Title>
        <AlertDialog.Description>{t('leave.unsent', { count: unsent })}</AlertDialog.Description>
        <div className={dialog.actions}>
          <AlertDialog.Close className={controls.secondary}>{t('leave.stay')}</AlertDialog.Close>
          <AlertDialog.Close className={controls.danger} onClick={onLeave}>
            {t('leave.confirm')}
          </AlertDialog.Close>
        </div>
      </AlertDialog.Popup>
    </AlertDialog.Portal>
  );
}
