// What somebody typed, as text: its lines and spaces kept, its web addresses clickable, nothing of it ever markup.
import { memo, type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import { parseLinks } from './link-parser.ts';
import styles from './MessageText.module.css';

/** Longer than this, only the beginning is shown at first, so that one paste does not push everybody away. */
const LONG_CHARS = 2_000;
const LONG_LINES = 24;

interface Props {
  readonly text: string;
  /** What stands after its last word. */
  readonly mark?: ReactNode;
}

export const MessageText = memo(function MessageText({ text, mark }: Props) {
  const { t } = useTranslation();
  const pieces = useMemo(() => parseLinks(text), [text]);
  const isLong = useMemo(() => text.length > LONG_CHARS || text.split('\n').length > LONG_LINES, [text]);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <div className={styles.text} dir="auto" data-clamped={isLong && !isOpen}>
        <span data-text>
          {pieces.map((piece, at) =>
            piece.kind === 'text' ? (
              piece.text
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
              <a key={at} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
                {piece.text}
              </a>
            ),
          )}
        </span>
        {mark}
      </div>
      {isLong && (
        <button
          type="button"
          className={`${controls.inline} ${controls.flush}`}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? t('message.less') : t('message.more')}
        </button>
      )}
    </>
  );
});
