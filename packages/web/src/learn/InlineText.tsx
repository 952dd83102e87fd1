// A line of the course: text, code, emphasis, links. React escapes; there is no HTML in it.
import { Fragment } from 'react';
import type { Inline, Part } from './course-document.ts';
import { courseLink } from './course-link.ts';
import styles from './Document.module.css';

interface Props {
  readonly inlines: readonly Inline[];
  readonly part: Part;
}

export function InlineText({ inlines, part }: Props) {
  return inlines.map((inline, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a text that never changes
    <Fragment key={index}>
      <One inline={inline} part={part} />
    </Fragment>
  ));
}

function One({ inline, part }: { readonly inline: Inline; readonly part: Part }) {
  switch (inline.kind) {
    case 'text':
      return inline.text;
    case 'code':
      return <code className={styles.inlineCode}>{inline.text}</code>;
    case 'strong':
      return (
        <strong>
          <InlineText inlines={inline.children} part={part} />
        </strong>
      );
    case 'emphasis':
      return (
        <em>
          <InlineText inlines={inline.children} part={part} />
        </em>
      );
    case 'link':
      return <Link inline={inline} part={part} />;
  }
}

function Link({ inline, part }: { readonly inline: Extract<Inline, { kind: 'link' }>; readonly part: Part }) {
  const link = courseLink(inline.href, part);
  const children = <InlineText inlines={inline.children} part={part} />;
  switch (link.kind) {
    case 'unit':
      return <a href={link.href}>{children}</a>;
    case 'web':
      return (
        <a href={link.href} target="_blank" rel="noopener noreferrer">
          {children}
        </a>
      );
    case 'file':
      return (
        <code className={styles.inlineCode} title={link.path}>
          {children}
        </code>
      );
  }
}
