// Copies a text, and says that it did until the pointer or the focus has left. On plain http there is no clipboard to write
// to; then the block beside it is selected, for the reader's own copying.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import { Icon } from '../icons/Icon.tsx';

export function CopyButton({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const [said, setSaid] = useState<'copied' | 'selected'>();
  const copy = async (button: HTMLElement): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('copied');
    } catch {
      selectCodeOf(button);
      setSaid('selected');
    }
  };
  const label = said === undefined ? t('learn.copy') : t(`learn.${said}`);
  return (
    <button
      type="button"
      className={controls.iconButton}
      aria-label={label}
      title={label}
      onClick={(event) => void copy(event.currentTarget)}
      onBlur={() => setSaid(undefined)}
      onPointerLeave={() => setSaid(undefined)}
    >
      <Icon name={said === undefined ? 'copy' : 'check'} size={18} />
      <span role="status" className={said === undefined ? 'visually-hidden' : ''}>
        {said === undefined ? '' : label}
      </span>
    </button>
  );
}

function selectCodeOf(button: HTMLElement): void {
  const code = button.closest('figure')?.querySelector('code, table');
  if (code) window.getSelection()?.selectAllChildren(code);
}
