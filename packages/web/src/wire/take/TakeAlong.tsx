// Taking a capture along: saved as a file, copied as a link, and files opened, from a button or dropped onto the inspector.
import { Menu } from '@base-ui/react/menu';
import { type Capture, redact, toShareText } from '@wireroom/capture';
import { useRef } from 'react';
import controls from '../../app/controls.module.css';
import { MenuFrame } from '../../app/MenuFrame.tsx';
import menu from '../../app/menu.module.css';
import { Icon, type IconName } from '../../icons/Icon.tsx';
import { problemText } from '../problem-text.ts';
import { type Say, useSay } from '../words/words.ts';
import { FORMATS, type Format, fileName, toFile } from './capture-file.ts';
import styles from './TakeAlong.module.css';
import type { TakeNote, TakeNotes } from './use-take-note.ts';

interface Props {
  /** What is looked at: the connections of a scene, or one. A link holds the first. */
  readonly captures: readonly Capture[];
  readonly notes: TakeNotes;
}

export function TakeAlong({ captures, notes: { note, setNote, open } }: Props) {
  const say = useSay();
  const picker = useRef<HTMLInputElement>(null);
  const [first] = captures;
  return (
    <>
      <MenuFrame label={say('take.title')} icon="download">
        <Menu.Group>
          <Menu.GroupLabel className={menu.label}>{say('take.save')}</Menu.GroupLabel>
          {FORMATS.map((format) => (
            <Item
              key={format}
              icon="download"
              text={say(`take.${format}`)}
              isOff={first === undefined}
              onClick={() => save(captures, format)}
            />
          ))}
        </Menu.Group>
        <Menu.Separator className={menu.separator} />
        <Item
          icon="link"
          text={say('take.link')}
          isOff={first === undefined}
          onClick={() => first !== undefined && void share(first, say).then(setNote)}
        />
        <Item icon="open" text={say('take.open')} onClick={() => picker.current?.click()} />
        <p className={styles.honest}>{say('take.stripped')}</p>
      </MenuFrame>
      <input
        ref={picker}
        className="visually-hidden"
        type="file"
        multiple
        accept=".pcapng,.pcap,.har,.jsonl,.ndjson"
        tabIndex={-1}
        aria-label={say('take.open')}
        onChange={(event) => {
          open([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      {note !== undefined && <NoteBox note={note} say={say} onClose={() => setNote(undefined)} />}
    </>
  );
}

interface NoteProps {
  readonly note: TakeNote;
  readonly say: Say;
  onClose(): void;
}

function NoteBox({ note, say, onClose }: NoteProps) {
  return (
    <div className={styles.note} role="status" data-bad={note.isBad}>
      <p>{note.text}</p>
      {note.link !== undefined && (
        <input
          className={styles.link}
          readOnly
          value={note.link}
          aria-label={say('take.link')}
          onFocus={(event) => event.target.select()}
        />
      )}
      <button type="button" className={controls.iconButton} aria-label={say('wire.close')} onClick={onClose}>
        <Icon name="close" size={16} />
      </button>
    </div>
  );
}

interface ItemProps {
  readonly icon: IconName;
  readonly text: string;
  readonly isOff?: boolean;
  onClick(): void;
}

function Item({ icon, text, isOff = false, onClick }: ItemProps) {
  return (
    <Menu.Item className={menu.item} disabled={isOff} onClick={onClick}>
      <span className={menu.mark}>
        <Icon name={icon} size={18} />
      </span>
      {text}
    </Menu.Item>
  );
}

/** Without secrets, whatever was recorded. */
function save(captures: readonly Capture[], format: Format): void {
  const file = toFile(
    captures.map((capture) => redact(capture)),
    format,
  );
  const url = URL.createObjectURL(file);
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = fileName(captures, format);
  anchor.click();
  URL.revokeObjectURL(url);
}

async function share(capture: Capture, say: Say): Promise<TakeNote> {
  let link: string;
  try {
    link = new URL(`#${toShareText(capture)}`, window.location.href).href;
  } catch (error) {
    return { text: problemText(error, say), isBad: true };
  }
  try {
    await navigator.clipboard.writeText(link);
    return { text: say('take.copied'), isBad: false };
  } catch {
    // A page without TLS has no clipboard: the reader copies it.
    return { text: say('take.copyYourself'), isBad: false, link };
  }
}
