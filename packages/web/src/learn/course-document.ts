// A text of the course as data, ready to be drawn: no Markdown, no HTML. Made while the page is built (packages/web/course), drawn by DocumentView.

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] };

export type Block =
  | {
      readonly kind: 'heading';
      readonly level: number;
      readonly id: string;
      readonly children: readonly Inline[];
    }
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | {
      readonly kind: 'list';
      readonly start: number | undefined;
      readonly items: readonly (readonly Block[])[];
    }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  /** Folded until somebody asks for it. */
  | { readonly kind: 'hint'; readonly title: readonly Inline[]; readonly blocks: readonly Block[] }
  | { readonly kind: 'table'; readonly header: readonly Cell[]; readonly rows: readonly (readonly Cell[])[] }
  | CodeBlock;

export type Cell = readonly Inline[];

export interface CodeBlock {
  readonly kind: 'code';
  /** `ts`, `sh`, `text`, `bytes`, `capture` */
  readonly language: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly code: string;
}

/** A unit of the course. */
export interface CourseDocument {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export const PARTS = ['practice', 'interview', 'faults'] as const;
export type Part = (typeof PARTS)[number];
export const isPart = (word: string): word is Part => PARTS.some((part) => part === word);

export interface CourseIndex {
  readonly title: string;
  readonly intro: readonly Block[];
  readonly parts: readonly PartIndex[];
}

export interface PartIndex {
  readonly part: Part;
  readonly title: string;
  readonly intro: readonly Block[];
  readonly groups: readonly UnitGroup[];
}

export interface UnitGroup {
  /** Absent where the part is one list. */
  readonly title?: string;
  readonly units: readonly UnitEntry[];
}

export interface UnitEntry {
  /** `05-why-mask` */
  readonly slug: string;
  readonly number: number;
  readonly title: string;
}

export const unitsOf = (part: PartIndex): readonly UnitEntry[] => part.groups.flatMap(({ units }) => units);

export const textOfInlines = (inlines: readonly Inline[]): string =>
  inlines.map((inline) => ('text' in inline ? inline.text : textOfInlines(inline.children))).join('');
