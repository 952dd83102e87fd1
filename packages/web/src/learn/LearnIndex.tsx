// The course as a whole: what it is, its three parts, and how far one is.
import { useTranslation } from 'react-i18next';
import { type CourseIndex, type PartIndex, unitsOf } from './course-document.ts';
import { DocumentView } from './DocumentView.tsx';
import styles from './Learn.module.css';
import { type Progress, stateOf } from './progress.ts';
import { UnitList } from './UnitList.tsx';

interface Props {
  readonly index: CourseIndex;
  readonly progress: Progress;
}

export function LearnIndex({ index, progress }: Props) {
  return (
    <article className={styles.article}>
      <h1 className={styles.title} tabIndex={-1} data-title>
        {index.title}
      </h1>
      <div className={styles.lead}>
        <DocumentView blocks={index.intro} part="practice" />
      </div>
      {index.parts.map((part) => (
        <PartSection key={part.part} part={part} progress={progress} />
      ))}
    </article>
  );
}

function PartSection({ part, progress }: { readonly part: PartIndex; readonly progress: Progress }) {
  const { t } = useTranslation();
  const units = unitsOf(part);
  const done = units.filter(({ slug }) => stateOf(progress, part.part, slug) === 'done').length;
  return (
    <section className={styles.part} data-part={part.part} tabIndex={-1}>
      <header className={styles.partHead}>
        <h2 className={styles.partTitle}>{part.title}</h2>
        {units.length > 0 && (
          <p className={styles.count}>
            <span aria-hidden="true">
              {done} / {units.length}
            </span>
            <span className="visually-hidden">{t('learn.done', { done, count: units.length })}</span>
          </p>
        )}
      </header>
      <DocumentView blocks={part.intro} part={part.part} />
      <UnitList part={part} progress={progress} />
    </section>
  );
}
