// Entries that are in the log and not here yet. They are asked for as soon as the row comes into sight; the button is for those who do
// not see it come. As high while it loads, so that nothing jumps.
import type { GapItem, GapSide } from '@wireroom/client';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useThisRoom } from '../actions/this-room.ts';
import controls from '../app/controls.module.css';
import styles from './GapRow.module.css';

/** This far before the row is in sight it is asked for. */
const MARGIN = '200px 0px';

/** Who sees it in the lower half came from the older entries above it. */
function sideOf({ boundingClientRect: row, rootBounds: view }: IntersectionObserverEntry): GapSide {
  return view !== null && row.top + row.bottom > view.top + view.bottom ? 'older' : 'newer';
}

export function GapRow({ gap }: { readonly gap: GapItem }) {
  const { t } = useTranslation();
  const { room } = useThisRoom();
  const row = useRef<HTMLDivElement>(null);
  const { key, from, to, isLoading } = gap;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page leaves a smaller gap, which is asked for anew while it is in sight
  useEffect(() => {
    const element = row.current;
    if (element === null || isLoading) return;
    const root = element.closest('[data-virtuoso-scroller]');
    const look = (seen: readonly IntersectionObserverEntry[]): void => {
      const last = seen.at(-1);
      if (last?.isIntersecting) room.fillGap(key, sideOf(last));
    };
    const observer = new IntersectionObserver(look, { root, rootMargin: MARGIN });
    observer.observe(element);
    return () => observer.disconnect();
  }, [room, key, from, to, isLoading]);
  return (
    <div ref={row} className={styles.gap} data-row data-kind="gap" tabIndex={-1} aria-busy={isLoading}>
      <p className={styles.text}>
        <span>{t('room.gap', { count: to - from + 1 })}</span>
        <span className={styles.range}>
          #{from}–#{to}
        </span>
        {isLoading ? (
          <span className={styles.loading}>{t('room.gap.loading')}</span>
        ) : (
          <button type="button" className={controls.inline} onClick={() => room.fillGap(key)}>
            {t('room.gap.load')}
          </button>
        )}
      </p>
    </div>
  );
}
