// The course in the page: the frame, and in it the index or a unit. Loaded when somebody goes to #learn.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import { MenuFrame } from '../app/MenuFrame.tsx';
import { SettingsItems } from '../app/SettingsItems.tsx';
import { Icon } from '../icons/Icon.tsx';
import styles from './Learn.module.css';
import { LearnIndex } from './LearnIndex.tsx';
import type { LearnPlace } from './learn-place.ts';
import { stateOf } from './progress.ts';
import { UnitList } from './UnitList.tsx';
import { UnitPage } from './UnitPage.tsx';
import { type Shown, useCourse } from './use-course.ts';
import { type ProgressStore, useProgress } from './use-progress.ts';
import { useReadingPlace } from './use-reading-place.ts';

export function Learn({ place }: { readonly place: LearnPlace }) {
  const { t, i18n } = useTranslation();
  const [attempt, setAttempt] = useState(0);
  const course = useCourse(place, i18n.language, attempt);
  const store = useProgress();
  const scroller = useRef<HTMLElement>(null);
  const shown = course.state === 'shown' ? course.shown : undefined;
  const reading = useReadingPlace(scroller, shown);
  const { part } = shown?.place ?? {};
  const slug = shown?.unit?.slug;
  const title = shown?.unit?.text.title ?? shown?.index.title ?? t('learn.title');
  useEffect(() => {
    document.title = `${title} · Wireroom`;
  }, [title]);
  const { set } = store;
  useEffect(() => {
    if (part !== undefined && slug !== undefined) set(part, slug, 'opened');
  }, [set, part, slug]);

  return (
    <div className={styles.learn} onClickCapture={reading.onClick}>
      <LearnHeader />
      {shown !== undefined && <Rail shown={shown} store={store} />}
      <main ref={scroller} className={styles.main} onScroll={reading.onScroll}>
        {course.state === 'failed' && (
          <div className={styles.failed} role="alert">
            <p>{t('learn.failed')}</p>
            <button
              type="button"
              className={controls.secondary}
              onClick={() => setAttempt((count) => count + 1)}
            >
              {t('learn.again')}
            </button>
          </div>
        )}
        {shown !== undefined && <Content shown={shown} store={store} />}
      </main>
    </div>
  );
}

function LearnHeader() {
  const { t } = useTranslation();
  return (
    <header className={styles.header}>
      <a className={styles.mark} href="#learn">
        <Icon name="mark" size={24} />
        {t('learn.title')}
      </a>
      <a className={controls.iconButton} href="#chat">
        <Icon name="leave" size={18} />
        {t('learn.leave')}
      </a>
      <MenuFrame label={`${t('menu.language')} / ${t('menu.theme')}`} icon="settings">
        <SettingsItems />
      </MenuFrame>
    </header>
  );
}

function Rail({ shown, store }: { readonly shown: Shown; readonly store: ProgressStore }) {
  const part = shown.index.parts.find((candidate) => candidate.part === shown.place.part);
  const rail = useRef<HTMLElement>(null);
  const current = shown.unit?.slug;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another unit is another place in the rail
  useEffect(() => {
    const [list, link] = [rail.current, rail.current?.querySelector<HTMLElement>('[aria-current]')];
    if (list && link)
      list.scrollTop =
        link.getBoundingClientRect().top -
        list.getBoundingClientRect().top +
        list.scrollTop -
        list.clientHeight / 3;
  }, [current]);
  if (part === undefined || shown.unit === undefined) return null;
  const { slug, text } = shown.unit;
  return (
    <nav ref={rail} className={styles.rail} aria-label={part.title}>
      <UnitList part={part} progress={store.progress} current={{ slug, blocks: text.blocks }} isCompact />
    </nav>
  );
}

function Content({ shown, store }: { readonly shown: Shown; readonly store: ProgressStore }) {
  const part = shown.index.parts.find((candidate) => candidate.part === shown.place.part);
  if (part === undefined || shown.unit === undefined)
    return <LearnIndex index={shown.index} progress={store.progress} />;
  const { slug, text } = shown.unit;
  return (
    <UnitPage
      key={slug}
      part={part}
      slug={slug}
      text={text}
      state={stateOf(store.progress, part.part, slug)}
      onState={(state) => store.set(part.part, slug, state)}
    />
  );
}
