// The index of the course (docs/course/*/README.md) as data: its parts, and in each the units in their order and groups.
import {
  type Block,
  type CourseIndex,
  type Inline,
  PARTS,
  type PartIndex,
  textOfInlines,
  type UnitEntry,
  type UnitGroup,
} from '../src/learn/course-document.ts';
import { readDocument } from './read-document.ts';

const UNIT_LINK = /^(\w+)\/((\d\d)-[\w-]+)\.md$/;

export function readIndex(markdown: string): CourseIndex {
  const { title, blocks } = readDocument(markdown);
  const starts = blocks.flatMap((block, index) =>
    block.kind === 'heading' && block.level === 2 ? [index] : [],
  );
  const parts = starts.map((start, index) => partOf(PARTS[index], blocks.slice(start, starts[index + 1])));
  return { title, intro: blocks.slice(0, starts[0]).filter((block) => !isLinkToOther(block)), parts };
}

/** The line that leads to the other language: the page has its own switch. */
const isLinkToOther = (block: Block): boolean =>
  block.kind === 'paragraph' && block.children.length === 1 && block.children[0]?.kind === 'link';

function partOf(part: PartIndex['part'] | undefined, [heading, ...blocks]: readonly Block[]): PartIndex {
  if (part === undefined || heading?.kind !== 'heading')
    throw new Error('the index has another part than the course');
  const intro: Block[] = [];
  const groups: UnitGroup[] = [];
  let title: string | undefined;
  for (const block of blocks) {
    const units = block.kind === 'list' ? block.items.flatMap(unitOf) : [];
    if (units.length > 0) {
      groups.push(title === undefined ? { units } : { title, units });
      title = undefined;
    } else if (groupTitle(block) !== undefined) title = groupTitle(block);
    else intro.push(block);
  }
  return { part, title: textOfInlines(heading.children), intro, groups };
}

/** A paragraph that is bold as a whole is the title of the list after it. */
function groupTitle(block: Block): string | undefined {
  if (block.kind !== 'paragraph' || block.children.length !== 1) return undefined;
  const [only] = block.children;
  return only?.kind === 'strong' ? textOfInlines(only.children) : undefined;
}

function unitOf(item: readonly Block[]): UnitEntry[] {
  const [first] = item;
  if (first?.kind !== 'paragraph') return [];
  const link = first.children.find(
    (inline): inline is Extract<Inline, { kind: 'link' }> => inline.kind === 'link',
  );
  const [, , slug, number] = UNIT_LINK.exec(link?.href ?? '') ?? [];
  if (link === undefined || slug === undefined) return [];
  return [{ slug, number: Number(number), title: textOfInlines(link.children) }];
}
