// What passed on the wire from the first byte to the first line, for each way: one list a way, one at a time.
import { useId, useState } from 'react';
import styles from './CompareTimelines.module.css';
import type { ComparisonReport, Step } from './comparison.ts';

export function CompareTimelines({ report }: { readonly report: ComparisonReport }) {
  const name = useId();
  const [chosen, setChosen] = useState(0);
  const timeline = report.timelines[chosen];
  return (
    <section aria-labelledby={`${name}-title`}>
      <h3 className={styles.heading} id={`${name}-title`}>
        {report.timelineTitle}
      </h3>
      <p className={styles.introduction}>{report.timelineIntroduction}</p>
      <div className={styles.ways} role="radiogroup" aria-labelledby={`${name}-title`}>
        {report.timelines.map(({ title }, index) => (
          <label className={styles.way} key={title}>
            <input type="radio" name={name} checked={index === chosen} onChange={() => setChosen(index)} />
            <span>{title}</span>
          </label>
        ))}
      </div>
      <ol className={styles.steps} aria-label={timeline?.title}>
        {timeline?.steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps never change their places
          <StepView step={step} key={index} />
        ))}
      </ol>
    </section>
  );
}

function StepView({ step }: { readonly step: Step }) {
  return (
    <li className={styles.step} data-direction={step.direction}>
      <span className={styles.place}>
        {step.at} · {step.connection}
      </span>
      <span className={styles.arrow}>{step.direction === 'up' ? '→' : '←'}</span>
      <span className={styles.text}>
        {step.text}
        {step.meaning !== '' && <span className={styles.meaning}>{step.meaning}</span>}
      </span>
      <span className={styles.bytes}>{step.bytes}</span>
    </li>
  );
}
