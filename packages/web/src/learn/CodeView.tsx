// The blocks of the course that are not prose: code from files, commands, their output, bytes and captures.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import controls from '../app/controls.module.css';
import { Icon } from '../icons/Icon.tsx';
import { stepToWire } from '../wire/use-wire-place.ts';
import styles from './Code.module.css';
import { CopyButton } from './CopyButton.tsx';
import { colourCode, lineTone } from './code-colour.ts';
import type { CodeBlock } from './course-document.ts';
import { sceneHash } from './learn-place.ts';
import { MeasuredView } from './MeasuredView.tsx';
import { readMeasuredTable } from './measured-table.ts';

export function CodeView({ block }: { readonly block: CodeBlock }) {
  const { t } = useTranslation();
  const { language, attributes, code } = block;
  switch (language) {
    case 'sh':
      if (!code.includes('\n'))
        return (
          <figure className={`${styles.frame} ${styles.single}`} data-kind="command">
            <Scroll label={t('learn.terminal')}>
              <Commands code={code} />
            </Scroll>
            <CopyButton text={code} />
          </figure>
        );
      return (
        <Frame caption={t('learn.terminal')} code={code} kind="command">
          <Commands code={code} />
        </Frame>
      );
    case 'capture':
      return <CaptureView scene={attributes.scene ?? ''} code={code} />;
    case 'bytes':
      return (
        <Frame
          caption={t('wrong' in attributes ? 'learn.bytesWrong' : 'learn.bytes')}
          code={code}
          kind="bytes"
        >
          <Bytes code={code} />
        </Frame>
      );
    case 'ts':
      return (
        <Frame caption={attributes.file ?? 'TypeScript'} code={code} kind="code">
          {colourCode(code).map(({ tone, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a text that never changes
            <span key={index} data-tone={tone}>
              {text}
            </span>
          ))}
        </Frame>
      );
    case 'conf':
      return (
        <Frame caption={attributes.file ?? ''} code={code} kind="code">
          {code}
        </Frame>
      );
    default:
      return <Output code={code} />;
  }
}

function Output({ code }: { readonly code: string }) {
  const { t } = useTranslation();
  const table = readMeasuredTable(code);
  if (table !== undefined) return <MeasuredView table={table} />;
  return (
    <Frame caption={t('learn.output')} code={code} kind="output">
      <Lines code={code} />
    </Frame>
  );
}

function CaptureView({ scene, code }: { readonly scene: string; readonly code: string }) {
  const { t } = useTranslation();
  return (
    <figure className={styles.frame} data-kind="capture">
      <figcaption className={styles.caption}>
        <Icon name="mark" size={16} />
        <span className={styles.name}>{t('learn.capture', { scene })}</span>
        <PlayLink scene={scene} />
      </figcaption>
      {code !== '' && (
        <Scroll label={t('learn.capture', { scene })}>
          <Lines code={code} />
        </Scroll>
      )}
    </figure>
  );
}

function PlayLink({ scene }: { readonly scene: string }) {
  const { t } = useTranslation();
  const hash = sceneHash(scene);
  return (
    <a
      className={`${controls.secondary} ${styles.play}`}
      href={hash}
      onClick={(event) => {
        // In a new tab, for those who ask for one.
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        stepToWire(hash);
      }}
    >
      <Icon name="play" size={16} />
      {t('learn.play')}
    </a>
  );
}

interface FrameProps {
  readonly caption: string;
  readonly code: string;
  readonly kind: 'command' | 'output' | 'code' | 'bytes';
  readonly children: ReactNode;
}

function Frame({ caption, code, kind, children }: FrameProps) {
  return (
    <figure className={styles.frame} data-kind={kind}>
      <figcaption className={styles.caption}>
        <span className={styles.name}>{caption}</span>
        <CopyButton text={code} />
      </figcaption>
      <Scroll label={caption}>{children}</Scroll>
    </figure>
  );
}

function Scroll({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: no set of form fields, and no landmark either, of which a page has few
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <div className={styles.scroll} role="group" aria-label={label} tabIndex={0}>
      <pre className={styles.code}>
        <code>{children}</code>
      </pre>
    </div>
  );
}

function Lines({ code }: { readonly code: string }) {
  return code.split('\n').map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a text that never changes
    <span key={index} className={styles.line} data-tone={lineTone(line)}>
      {line}
      {'\n'}
    </span>
  ));
}

function Commands({ code }: { readonly code: string }) {
  return code.split('\n').map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a text that never changes
    <span key={index} className={line.startsWith('#') ? styles.remark : styles.command}>
      {line}
      {'\n'}
    </span>
  ));
}

/** Hex to the left; behind two blanks a note. */
function Bytes({ code }: { readonly code: string }) {
  return code.split('\n').map((line, index) => {
    const [, hex = line, note = ''] = /^(\s*\S.*?)( {2,}.*)$/.exec(line) ?? [];
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: a text that never changes
      <span key={index} className={styles.line}>
        <span className={styles.hex}>{hex}</span>
        <span className={styles.remark}>{note}</span>
        {'\n'}
      </span>
    );
  });
}
