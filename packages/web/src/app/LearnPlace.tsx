// The course's place in the page: loads it when somebody goes there.
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { LearnPlace as Place } from '../learn/learn-place.ts';
import styles from './LearnPlace.module.css';

const Learn = lazy(async () => ({ default: (await import('../learn/Learn.tsx')).Learn }));

export function LearnPlace({ place }: { readonly place: Place }) {
  const { t } = useTranslation();
  return (
    <Suspense
      fallback={
        <p className={styles.loading} role="status">
          {t('learn.loading')}
        </p>
      }
    >
      <Learn place={place} />
    </Suspense>
  );
}
