// One unit: its text, the mark that it is done, and the ways to the one before and the one after.
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import { Icon } from '../icons/Icon.tsx';
import { type CourseDocument, type PartIndex, unitsOf } from './course-document.ts';
import { DocumentView } from './DocumentView.tsx';
import styles from './Learn.module.css';
import { learnHash } from './learn-place.ts';
import type { UnitState } from './progress.ts';
import { Sections } from './UnitList.tsx';

interface Props {
  readonly part: PartIndex;
  readonly slug: string;
  readonly text: CourseDocument;
  readonly state: UnitState;
  onState(state: UnitState): void;
}

export function UnitPage({ part, slug, text, state, onState }: Props) {
  const { t } = useTranslation();
  const units = unitsOf(part);
  const place = units.findIndex((unit) => unit.slug === slug);
  const isDone = state === 'done';
  return (
    <article className={styles.article}>
      <p className={styles.where}>
        <a href={learnHash({ part: part.part })}>{part.title}</a>
        <span className={styles.count}>
          {place + 1} / {units.length}
        </span>
      </p>
      <h1 className={styles.title} tabIndex={-1} data-title>
        {text.title}
      </h1>
      <details className={styles.contents}>
        <summary>
          <Icon name="unfold" size={16} />
          {t('learn.contents')}
        </summary>
        <Sections part={part.part} slug={slug} blocks={text.blocks} />
      </details>
      <DocumentView blocks={text.blocks} part={part.part} />
      <footer className={styles.foot}>
        <button
          type="button"
          className={isDone ? controls.secondary : controls.primary}
          aria-pressed={isDone}
          onClick={() => onState(isDone ? 'opened' : 'done')}
        >
          {isDone && <Icon name="check" size={18} />}
          {t(isDone ? 'learn.isDone' : 'learn.markDone')}
        </button>
        <nav className={styles.ways} aria-label={t('learn.neighbours')}>
          <Way part={part} index={place - 1} label={t('learn.previous')} />
          <Way part={part} index={place + 1} label={t('learn.next')} />
        </nav>
      </footer>
    </article>
  );
}

function Way({
  part,
  index,
  label,
}: {
  readonly part: PartIndex;
  readonly index: number;
  readonly label: string;
}) {
  const unit = unitsOf(part)[index];
  if (unit === undefined) return <span />;
  return (
    <a className={styles.way} href={learnHash({ part: part.part, slug: unit.slug })}>
      <span className={styles.wayLabel}>{label}</span>
      {unit.title}
    </a>
  );
}
