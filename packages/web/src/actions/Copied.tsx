// Says for a moment whether a text is on the clipboard now.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Copied.module.css';

/** Each time anew, so that the same is said again. */
export interface CopyResult {
  readonly isCopied: boolean;
}

/** How long it stays, in milliseconds. */
const SAID_MS = 2_500;

export function Copied({ result }: { readonly result: CopyResult | undefined }) {
  const { t } = useTranslation();
  const [over, setOver] = useState<CopyResult>();
  useEffect(() => {
    if (result === undefined) return;
    const timer = setTimeout(() => setOver(result), SAID_MS);
    return () => clearTimeout(timer);
  }, [result]);
  const isSaid = result !== undefined && result !== over;
  return (
    <p role="status" className={isSaid ? styles.said : 'visually-hidden'}>
      {isSaid && t(result.isCopied ? 'action.copied' : 'action.notCopied')}
    </p>
  );
}
