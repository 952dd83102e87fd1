// Native WebSocket and Socket.IO, compared: what was measured when the page was built, and this page's own connection beside
// it. The inspector loads this file when somebody opens the view.
import { useTranslation } from 'react-i18next';
import type { LiveWire } from '../live/live-wire.ts';
import { CompareTable } from './CompareTable.tsx';
import { CompareTimelines } from './CompareTimelines.tsx';
import styles from './CompareView.module.css';
import { COMPARE_WORDS } from './compare-words.ts';
import { comparisonIn } from './comparison.ts';
import { OwnConnection } from './OwnConnection.tsx';

interface Props {
  /** Absent: nothing is recorded, and only what was measured is shown. */
  readonly live?: LiveWire | undefined;
}

export default function CompareView({ live }: Props) {
  const { i18n } = useTranslation();
  const report = comparisonIn(i18n.language);
  const words = COMPARE_WORDS[i18n.language === 'zh-CN' ? 'zh' : 'en'];
  return (
    <article className={styles.view} aria-labelledby="compare-title">
      <h2 className={styles.title} id="compare-title">
        {report.title}
      </h2>
      <p className={styles.text}>{report.introduction}</p>
      {live !== undefined && <OwnConnection live={live} words={words} />}
      <CompareTable report={report} />
      <ul className={styles.notes}>
        {report.notes.map((note) => (
          <li key={note}>
            <Code text={note} />
          </li>
        ))}
      </ul>
      <CompareTimelines report={report} />
      <h3 className={styles.heading}>{report.choosingTitle}</h3>
      {report.choosing.map((paragraph) => (
        <p className={styles.text} key={paragraph}>
          <Code text={paragraph} />
        </p>
      ))}
      <footer className={styles.circumstances}>
        <p>
          <Code text={report.circumstances} />
        </p>
        <p>
          {words.repeat} <code className={styles.code}>npx wireroom compare</code>
        </p>
      </footer>
    </article>
  );
}

/** What stands between back quotes is code. */
function Code({ text }: { readonly text: string }) {
  return text.split('`').map((part, index) =>
    index % 2 === 1 ? (
      <code className={styles.code} key={part}>
        {part}
      </code>
    ) : (
      part
    ),
  );
}
