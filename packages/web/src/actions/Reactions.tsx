// Under a message: each emoji with how many pressed it. A press adds one's own or takes it back; whoever wants to know who it was asks
// by pointer or screen reader.
import type { MessageItem } from '@wireroom/client';
import type { Reaction } from '@wireroom/protocol';
import { useTranslation } from 'react-i18next';
import { usePage } from '../app/page.ts';
import { Icon } from '../icons/Icon.tsx';
import styles from './Reactions.module.css';
import { useThisRoom } from './this-room.ts';
import { useToggleReaction } from './use-toggle-reaction.ts';

interface Props {
  readonly item: MessageItem;
  readonly tabIndex: 0 | -1;
}

export function Reactions({ item, tabIndex }: Props) {
  const { t } = useTranslation();
  const whoText = useWhoText();
  const { opened } = useThisRoom();
  const toggle = useToggleReaction();
  if (item.reactions.length === 0 || item.isDeleted) return null;
  const onItsWay = new Set(
    item.changes.flatMap(({ state, content }) =>
      state !== 'failed' && 'emoji' in content ? [content.emoji] : [],
    ),
  );
  return (
    <ul className={styles.reactions} aria-label={t('react.group')}>
      {item.reactions.map((reaction) => {
        const who = whoText(reaction);
        return (
          <li key={reaction.emoji}>
            <button
              type="button"
              className={styles.chip}
              data-control
              data-way={onItsWay.has(reaction.emoji)}
              tabIndex={tabIndex}
              aria-pressed={reaction.isMine}
              aria-label={`${reaction.emoji} ${reaction.count}. ${who}`}
              title={who}
              onClick={() => toggle(item, reaction.emoji)}
            >
              <span className={styles.emoji}>{reaction.emoji}</span>
              <span className={styles.count}>{reaction.count}</span>
            </button>
          </li>
        );
      })}
      <li>
        <button
          type="button"
          className={styles.add}
          data-control
          tabIndex={tabIndex}
          aria-label={t('react.more')}
          title={t('react.more')}
          aria-haspopup="dialog"
          onClick={(event) => opened.set({ kind: 'picker', seq: item.seq, anchor: event.currentTarget })}
        >
          <Icon name="react" size={16} />
        </button>
      </li>
    </ul>
  );
}

/** You first, then those whose names are known, then how many more. */
function useWhoText(): (reaction: Reaction) => string {
  const { t, i18n } = useTranslation();
  const { client } = usePage();
  const yourId = client.snapshot().you?.authorId;
  return ({ authors, count, isMine }) => {
    const names = authors.filter(({ authorId }) => authorId !== yourId).map(({ name }) => name);
    const shown = isMine ? [t('react.you'), ...names] : names;
    const unnamed = count - shown.length;
    const all = unnamed > 0 ? [...shown, t('people.others', { count: unnamed })] : shown;
    return new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(all);
  };
}
