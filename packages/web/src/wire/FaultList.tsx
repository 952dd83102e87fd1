// What is against the RFCs: the sentence, and the section that says so. Nothing where all is well.
import { faultText, type WireFault } from '@wireroom/capture';
import { Icon } from '../icons/Icon.tsx';
import styles from './FaultList.module.css';
import { useSay } from './words/words.ts';

export function FaultList({ faults }: { readonly faults: readonly WireFault[] }) {
  const say = useSay();
  if (faults.length === 0) return null;
  return (
    <ul className={styles.faults}>
      {faults.map((fault) => (
        <li className={styles.fault} key={fault.code}>
          <Icon name="failed" size={18} />
          <span>
            {say.of(faultText(fault))} <span className={styles.rule}>{fault.rule}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
