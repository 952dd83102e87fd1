// The course's units as data: their title, links and fenced blocks, each of a known kind with its attributes.
// Pure: what a block must contain is course-producers.ts; who rewrites them is course.ts, who checks them course-units.contract.ts.
import { posix } from 'node:path';
import { lexer, type Token, type Tokens, walkTokens } from 'marked';

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The parts in the order of the index. A part has at least so many units; a part that grows raises its number. */
export const PARTS = [
  { part: 'practice', unitsMin: 12 },
  { part: 'interview', unitsMin: 30 },
  { part: 'faults', unitsMin: 15 },
] as const;
export type Part = (typeof PARTS)[number]['part'];

/** How each kind of block is announced, and which attributes it may and must have. A bare word is an attribute without a value. */
const KINDS = {
  ts: { required: ['file', 'region'], optional: [] },
  sh: { required: ['run'], optional: ['expect', 'exit', 'server'] },
  capture: { required: ['scene'], optional: ['connection', 'frames'] },
  conf: { required: ['file'], optional: [] },
  text: { required: ['output'], optional: ['measured'] },
  bytes: { required: [], optional: ['wrong'] },
} as const;

export type Kind = keyof typeof KINDS;
export const isKind = (word: string): word is Kind => Object.hasOwn(KINDS, word);

export interface Block {
  readonly kind: Kind;
  readonly attributes: Readonly<Record<string, string>>;
  readonly code: string;
  /** The place of the whole block in the unit's text, fences included. */
  readonly from: number;
  readonly to: number;
}

export interface Unit {
  readonly title: string | undefined;
  readonly blocks: readonly Block[];
  /** Targets of links and images, as written. */
  readonly links: readonly string[];
  /** What is wrong with the form; one sentence each. */
  readonly objections: readonly string[];
}

/** Reads the text of a unit. Never throws: what is wrong is among the objections. */
export function readUnit(text: string): Unit {
  const blocks: Block[] = [];
  const links: string[] = [];
  const objections: string[] = [];
  const tokens = lexer(text);
  let at = 0;
  for (const token of tokens) {
    if (isCode(token)) {
      const block = blockOf(token, at);
      if (typeof block === 'string') objections.push(block);
      else blocks.push(block);
    }
    at += token.raw.length;
  }
  const topLevel = new Set<Token>(tokens);
  walkTokens(tokens, (token) => {
    if (isCode(token) && !topLevel.has(token))
      objections.push(`a code block inside a list or quote: ${token.raw}`);
    if (token.type === 'html') objections.push(`HTML: ${token.raw.trim()}`);
    if ((token.type === 'link' || token.type === 'image') && typeof token.href === 'string')
      links.push(token.href);
  });
  const [first] = tokens;
  const title = first?.type === 'heading' && first.depth === 1 ? String(first.text) : undefined;
  if (title === undefined) objections.push('it does not begin with a title (# …)');
  return { title, blocks, links, objections };
}

const isCode = (token: Token): token is Tokens.Code => token.type === 'code';

function blockOf({ raw, lang = '', text }: Tokens.Code, from: number): Block | string {
  const [kind = '', ...words] = wordsOf(lang);
  if (!isKind(kind)) return `a code block of an unknown kind: "${lang}"`;
  const attributes = Object.fromEntries(words);
  const { required, optional } = KINDS[kind];
  const known: readonly string[] = [...required, ...optional];
  for (const name of required) if (!(name in attributes)) return `"${lang}": it lacks ${name}`;
  for (const name of Object.keys(attributes))
    if (!known.includes(name)) return `"${lang}": there is no ${name}`;
  return { kind, attributes, code: text, from, to: from + raw.trimEnd().length };
}

/** `sh run expect="a b"` as the kind and its pairs. */
function wordsOf(info: string): [string, ...[string, string][]] | [] {
  const [kind, ...rest] = info.match(/(?:[^\s"=]+="[^"]*"|\S+)/g) ?? [];
  if (kind === undefined) return [];
  return [
    kind,
    ...rest.map((word): [string, string] => {
      const [, name = word, value = ''] = /^([^=]+)="?(.*?)"?$/.exec(word) ?? [];
      return [name, value];
    }),
  ];
}

/** The same unit with other code in some of its blocks. */
export function withCode(text: string, changes: ReadonlyMap<Block, string>): string {
  let [result, at] = ['', 0];
  for (const [block, code] of [...changes].sort(([a], [b]) => a.from - b.from)) {
    const [opening = ''] = text.slice(block.from, block.to).split('\n');
    result += `${text.slice(at, block.from)}${opening}\n${code.replace(/\n*$/, '\n')}\`\`\``;
    at = block.to;
  }
  return result + text.slice(at);
}

/** What must be equal in both languages: everything but prose, the words beside bytes, and what is said in that language. */
export function skeletonOf({ kind, attributes, code }: Block): string {
  const info = Object.entries(attributes).filter(([name]) => name !== 'expect');
  const content =
    kind === 'text' || kind === 'capture' ? '' : kind === 'bytes' ? bytesOf(code).toString('hex') : code;
  return JSON.stringify([kind, info, content]);
}

/** The bytes of a `bytes` block: pairs of hex digits; what stands behind two blanks is a note. */
export function bytesOf(code: string): Buffer {
  const pairs = code.split('\n').flatMap((line) => {
    const [hex = ''] = line.trim().split(/ {2,}/);
    return hex === '' ? [] : hex.split(' ');
  });
  const wrong = pairs.find((pair) => !/^[0-9a-f]{2}$/i.test(pair));
  if (wrong !== undefined)
    throw new Error(`"${wrong}" is not a byte in hex (a note needs two blanks before it)`);
  return Buffer.from(pairs.join(''), 'hex');
}

/** The path of a unit in the repository. */
export const unitPath = (language: Language, part: string, file: string): string =>
  posix.join('docs/course', language, part, file);
