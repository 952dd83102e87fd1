// Where downloads show in the room before and after they are loaded: the dialog, and the sign in the header. What is in them comes with the
// first need; if it cannot come, the dialog says so.
import { Dialog } from '@base-ui/react/dialog';
import type { RoomSnapshot } from '@wireroom/client';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import dialog from '../app/dialog.module.css';
import { usePage } from '../app/page.ts';
import { useCell } from '../browser/cell.ts';
import styles from './DownloadPlace.module.css';

interface Props {
  readonly room: RoomSnapshot;
  readonly title: string;
}

export function DownloadPlace({ room, title }: Props) {
  const { downloads } = usePage();
  const { isOpen, loaded, hasFailed } = useCell(downloads.view, (view) => view);
  useEffect(() => downloads.lookBack(), [downloads]);
  const popup = useRef<HTMLDivElement>(null);
  return (
    <>
      {loaded && <loaded.Sign store={loaded.store} onOpen={downloads.open} />}
      <Dialog.Root open={isOpen} onOpenChange={(open) => (open ? downloads.open() : downloads.close())}>
        <Dialog.Portal>
          <Dialog.Backdrop className={dialog.backdrop} />
          <Dialog.Popup
            ref={popup}
            className={`${dialog.popup} ${styles.popup}`}
            // What does nothing by itself: never what ends a download.
            initialFocus={() => popup.current?.querySelector<HTMLElement>('[data-first]') ?? true}
          >
            {loaded ? (
              <loaded.Panel
                store={loaded.store}
                room={room.slug}
                title={title}
                names={room.members.map(({ name }) => name)}
                onClose={downloads.close}
              />
            ) : (
              <Coming hasFailed={hasFailed} onAgain={downloads.open} />
            )}
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </>
  );
}

/** What an earlier visit left behind, above the messages. */
export function DownloadOffer() {
  const { downloads } = usePage();
  const loaded = useCell(downloads.view, (view) => view.loaded);
  return loaded ? <loaded.Offer store={loaded.store} /> : null;
}

function Coming({ hasFailed, onAgain }: { readonly hasFailed: boolean; onAgain(): void }) {
  const { t } = useTranslation();
  return (
    <div className={styles.coming}>
      <Dialog.Title className={dialog.title}>{t('menu.history')}</Dialog.Title>
      <p role="status">{t(hasFailed ? 'download.unloaded' : 'download.opening')}</p>
      <div className={dialog.actions}>
        <Dialog.Close className={controls.secondary}>{t('download.close')}</Dialog.Close>
        {hasFailed && (
          <button type="button" className={controls.primary} onClick={onAgain}>
            {t('download.again')}
          </button>
        )}
      </div>
    </div>
  );
}
