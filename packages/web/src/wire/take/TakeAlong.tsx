// Taking a capture along: saved as a file, copied as a link, and files opened, from a button or dropped onto the inspector.
import { Menu } from '@base-ui/react/menu';
import { type Capture, type CaptureRecord, redact, toShareText } from '@wireroom/capture';
import { useRef, useState } from 'react';
import controls from '../../app/controls.module.css';
import { MenuFrame } from '../../app/MenuFrame.tsx';
import menu from '../../app/menu.module.css';
import { Icon, type IconName } from '../../icons/Icon.tsx';
import type { NamedCapture } from '../use-sources.ts';
import { type Say, useSay } from '../words/words.ts';
import { FORMATS, type Format, fileName, toFile } from './capture-file.ts';
import { openFiles } from './open-files.ts';
import styles from './TakeAlong.module.css';

interface Props {
  readonly records: readonly CaptureRecord[];
  onOpened(captures: readonly NamedCapture[]): void;
}

type Note = { readonly text: string; readonly isBad: boolean; readonly link?: string };

export function TakeAlong({ records, onOpened }: Props) {
  const say = useSay();
  const picker = useRef<HTMLInputElement>(null);
  const [note, setNote] = useState<Note>();
  const open = async (files: readonly File[]): Promise<void> => {
    const { captures, problem } = await openFiles(files);
    if (captures.length > 0) onOpened(captures);
    setNote(problem === undefined ? undefined : { text: problem, isBad: true });
  };
  const isEmpty = records.length === 0;
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
              isOff={isEmpty}
              onClick={() => save({ records }, format)}
            />
          ))}
        </Menu.Group>
        <Menu.Separator className={menu.separator} />
        <Item
          icon="link"
          text={say('take.link')}
          isOff={isEmpty}
          onClick={() => void share(records, say).then(setNote)}
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
          void open([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      {note !== undefined && <NoteBox note={note} say={say} onClose={() => setNote(undefined)} />}
    </>
  );
}

interface NoteProps {
  readonly note: Note;
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
function save(capture: Capture, format: Format): void {
  const url = URL.createObjectURL(toFile(redact(capture), format));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = fileName(capture, format);
  anchor.click();
  URL.revokeObjectURL(url);
}

async function share(records: readonly CaptureRecord[], say: Say): Promise<Note> {
  let link: string;
  try {
    link = new URL(`#${toShareText({ records })}`, window.location.href).href;
  } catch (error) {
    return { text: error instanceof Error ? error.message : String(error), isBad: true };
  }
  try {
    await navigator.clipboard.writeText(link);
    return { text: say('take.copied'), isBad: false };
  } catch {
    // A page without TLS has no clipboard: the reader copies it.
    return { text: say('take.copyYourself'), isBad: false, link };
  }
}
