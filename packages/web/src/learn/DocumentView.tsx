// A text of the course, drawn: paragraphs, lists, tables, hints that unfold, and code, which has views of its own.
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../icons/Icon.tsx';
import { CodeView } from './CodeView.tsx';
import { type Block, type Part, textOfInlines } from './course-document.ts';
import styles from './Document.module.css';
import { InlineText } from './InlineText.tsx';

interface Props {
  readonly blocks: readonly Block[];
  readonly part: Part;
}

export function DocumentView({ blocks, part }: Props) {
  return blocks.map((block, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a text that never changes
    <Fragment key={index}>
      <One block={block} part={part} />
    </Fragment>
  ));
}

function One({ block, part }: { readonly block: Block; readonly part: Part }) {
  switch (block.kind) {
    case 'heading': {
      const Heading = block.level === 2 ? 'h2' : 'h3';
      return (
        <Heading className={styles.heading} data-section={block.id} tabIndex={-1}>
          <InlineText inlines={block.children} part={part} />
        </Heading>
      );
    }
    case 'paragraph':
      return (
        <p className={isAnswer(block) ? styles.answer : styles.paragraph}>
          <InlineText inlines={block.children} part={part} />
        </p>
      );
    case 'list': {
      const List = block.start === undefined ? 'ul' : 'ol';
      return (
        <List className={styles.list} {...(block.start === undefined ? {} : { start: block.start })}>
          {block.items.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a text that never changes
            <li key={index}>
              <DocumentView blocks={item} part={part} />
            </li>
          ))}
        </List>
      );
    }
    case 'quote':
      return (
        <blockquote className={styles.quote}>
          <DocumentView blocks={block.blocks} part={part} />
        </blockquote>
      );
    case 'hint':
      return <Hint block={block} part={part} />;
    case 'table':
      return <Table block={block} part={part} />;
    case 'code':
      return <CodeView block={block} />;
  }
}

/** The sentence that a question begins with. */
function isAnswer({ children }: Extract<Block, { kind: 'paragraph' }>): boolean {
  const [first] = children;
  return first?.kind === 'strong' && /^(一句话答案|In one sentence)/.test(textOfInlines(first.children));
}

function Hint({ block, part }: { readonly block: Extract<Block, { kind: 'hint' }>; readonly part: Part }) {
  return (
    <details className={styles.hint}>
      <summary>
        <Icon name="unfold" size={16} />
        <InlineText inlines={block.title} part={part} />
      </summary>
      <div className={styles.hintBody}>
        <DocumentView blocks={block.blocks} part={part} />
      </div>
    </details>
  );
}

function Table({ block, part }: { readonly block: Extract<Block, { kind: 'table' }>; readonly part: Part }) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section className={styles.scroll} aria-label={t('learn.table')} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {block.header.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a text that never changes
              <th key={index} scope="col">
                <InlineText inlines={cell} part={part} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a text that never changes
            <tr key={index}>
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a text that never changes
                <td key={column}>
                  <InlineText inlines={cell} part={part} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
