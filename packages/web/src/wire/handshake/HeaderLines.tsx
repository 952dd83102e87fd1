// A head as text, line by line; each header says who sets it, and opens to what it is for.
import {
  type DecodedHead,
  type DecodedHeader,
  type Direction,
  explainHeader,
  type HeaderExplanation,
} from '@wireroom/capture';
import { useId, useState } from 'react';
import { Icon } from '../../icons/Icon.tsx';
import { type Say, useSay } from '../words/words.ts';
import styles from './HandshakeView.module.css';

type Head = DecodedHead & {
  readonly method?: string;
  readonly target?: string;
  readonly status?: number;
  readonly reasonPhrase?: string;
};

export function HeaderLines({ head, direction }: { readonly head: Head; readonly direction: Direction }) {
  const say = useSay();
  const first =
    head.method === undefined
      ? `${head.version} ${head.status ?? ''} ${head.reasonPhrase ?? ''}`
      : `${head.method} ${head.target ?? ''} ${head.version}`;
  return (
    <ul className={styles.lines}>
      <li className={styles.first}>
        <code>{first}</code>
        <p className={styles.explained}>
          {say(direction === 'in' ? 'handshake.line.in' : 'handshake.line.out')}
        </p>
      </li>
      {head.headers.map((header) => (
        <HeaderLine key={header.span.from} header={header} direction={direction} say={say} />
      ))}
    </ul>
  );
}

interface LineProps {
  readonly header: DecodedHeader;
  readonly direction: Direction;
  readonly say: Say;
}

function HeaderLine({ header, direction, say }: LineProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const explanation = explainHeader(header.name);
  const setter = setterOf(explanation, direction);
  return (
    <li className={styles.line}>
      <button
        type="button"
        className={styles.lineButton}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <span className={styles.pair}>
          <span className={styles.name}>{header.name}</span>
          <span className={styles.colon}>: </span>
          <span className={styles.value}>{header.value}</span>
        </span>
        <span className={styles.setter} data-setter={setter}>
          {say(`setter.${setter}`)}
        </span>
        <span className={styles.chevron} data-open={isOpen}>
          <Icon name="chevron" size={16} />
        </span>
      </button>
      {isOpen && (
        <p className={styles.explained} id={id}>
          {explanation === undefined ? say('handshake.unexplained') : say.of(explanation.text)}{' '}
          {direction === 'in' &&
            say(explanation?.canScriptSet === true ? 'setter.canScript' : 'setter.cannotScript')}{' '}
          {explanation?.rule !== undefined && <span className={styles.rule}>{explanation.rule}</span>}
        </p>
      )}
    </li>
  );
}

function setterOf(
  explanation: HeaderExplanation | undefined,
  direction: Direction,
): 'browser' | 'script' | 'server' | 'proxy' {
  if (direction === 'out') return 'server';
  if (explanation === undefined || explanation.setBy === 'server') return 'browser';
  return explanation.setBy;
}
