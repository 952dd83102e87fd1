// The units of a part on a wire: a ring for one that is new, a dot for one that was opened, a filled dot where it is done.
import { useTranslation } from 'react-i18next';
import { type Block, type PartIndex, textOfInlines } from './course-document.ts';
import { learnHash } from './learn-place.ts';
import { type Progress, stateOf } from './progress.ts';
import styles from './UnitList.module.css';

interface Props {
  readonly part: PartIndex;
  readonly progress: Progress;
  /** The unit that is open, with its text's headings. */
  readonly current?: { readonly slug: string; readonly blocks: readonly Block[] };
  readonly isCompact?: boolean;
}

export function UnitList({ part, progress, current, isCompact = false }: Props) {
  const { t } = useTranslation();
  return (
    <div className={styles.part} data-compact={isCompact}>
      {part.groups.map(({ title, units }) => (
        <section key={units[0]?.slug} aria-label={title ?? part.title}>
          {title !== undefined && <h3 className={styles.group}>{title}</h3>}
          <ol className={styles.units}>
            {units.map(({ slug, number, title: name }) => {
              const state = stateOf(progress, part.part, slug);
              const isCurrent = current?.slug === slug;
              return (
                <li key={slug} className={styles.unit} data-state={state}>
                  <a
                    href={learnHash({ part: part.part, slug })}
                    aria-current={isCurrent ? 'page' : undefined}
                  >
                    <span className={styles.number} aria-hidden="true">
                      {String(number).padStart(2, '0')}
                    </span>
                    <span className={styles.dot} aria-hidden="true" />
                    <span className={styles.name}>{name}</span>
                    {state !== 'new' && <span className="visually-hidden">{t(`learn.state.${state}`)}</span>}
                  </a>
                  {isCurrent && <Sections part={part.part} slug={slug} blocks={current.blocks} />}
                </li>
              );
            })}
          </ol>
        </section>
      ))}
    </div>
  );
}

interface SectionsProps {
  readonly part: PartIndex['part'];
  readonly slug: string;
  readonly blocks: readonly Block[];
}

/** The headings of a unit, as links into it. */
export function Sections({ part, slug, blocks }: SectionsProps) {
  const headings = blocks.flatMap((block) => (block.kind === 'heading' && block.level === 2 ? [block] : []));
  return (
    <ul className={styles.sections}>
      {headings.map(({ id, children }) => (
        <li key={id}>
          <a href={learnHash({ part, slug, section: id })}>{textOfInlines(children)}</a>
        </li>
      ))}
    </ul>
  );
}
