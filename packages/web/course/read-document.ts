// Markdown of the course in, data out. Runs while the page is built and in tests; the page itself carries no parser.
import { lexer, type Token, type Tokens } from 'marked';
import { type Block, type CourseDocument, type Inline, textOfInlines } from '../src/learn/course-document.ts';

/** Quotes that begin like this are hints, and folded. */
const HINT = /^(提示|Hint)/;

export function readDocument(markdown: string): CourseDocument {
  const [first, ...rest] = lexer(markdown).filter(({ type }) => type !== 'space');
  if (first === undefined || !isHeading(first)) throw new Error('a text of the course begins with its title');
  let headings = 0;
  const blocks = blocksOf(rest, () => `s${++headings}`);
  return { title: textOfInlines(inlinesOf(first.tokens)), blocks };
}

type NextId = () => string;

const isHeading = (token: Token): token is Tokens.Heading => token.type === 'heading';
const blocksOf = (tokens: readonly Token[], nextId: NextId): Block[] =>
  tokens.flatMap((token) => blockOf(token as Tokens.Generic & Token, nextId));

function blockOf(token: Token, nextId: NextId): Block[] {
  switch (token.type) {
    case 'space':
      return [];
    case 'heading': {
      const { depth, tokens = [] } = token as Tokens.Heading;
      return [{ kind: 'heading', level: depth, id: nextId(), children: inlinesOf(tokens) }];
    }
    case 'paragraph':
    case 'text':
      return [{ kind: 'paragraph', children: inlinesOf(childrenOf(token)) }];
    case 'list': {
      const { ordered, start, items } = token as Tokens.List;
      return [
        {
          kind: 'list',
          start: ordered ? Number(start) : undefined,
          items: items.map((item) => blocksOf(item.tokens, nextId)),
        },
      ];
    }
    case 'blockquote':
      return [quoteOf(blocksOf(childrenOf(token), nextId))];
    case 'code': {
      const { lang = '', text } = token as Tokens.Code;
      const [language = 'text', ...words] = lang.match(/(?:[^\s"=]+="[^"]*"|\S+)/g) ?? [];
      return [{ kind: 'code', language, attributes: Object.fromEntries(words.map(attributeOf)), code: text }];
    }
    case 'table': {
      const { header, rows } = token as Tokens.Table;
      const cellsOf = (cells: readonly Tokens.TableCell[]) => cells.map(({ tokens }) => inlinesOf(tokens));
      return [{ kind: 'table', header: cellsOf(header), rows: rows.map(cellsOf) }];
    }
    default:
      throw new Error(`the course has no "${token.type}": ${token.raw}`);
  }
}

function attributeOf(word: string): [string, string] {
  const [, name = word, value = ''] = /^([^=]+)="?(.*?)"?$/.exec(word) ?? [];
  return [name, value];
}

/** A hint's first line, up to its colon or full stop, is what one sees of it while it is folded. */
function quoteOf(blocks: readonly Block[]): Block {
  const [first, ...rest] = blocks;
  if (first?.kind !== 'paragraph' || !HINT.test(textOfInlines(first.children)))
    return { kind: 'quote', blocks };
  const [lead, ...others] = first.children;
  if (lead?.kind !== 'text') {
    const text = lead === undefined ? '' : textOfInlines([lead]).replace(/[:：。.]$/, '');
    return { kind: 'hint', title: [{ kind: 'text', text }], blocks: bodyOf(others, rest) };
  }
  const [, title = '', body = ''] = /^(.*?)(?:[:：。]|\.\s)\s*(.*)$/s.exec(lead.text) ?? [
    undefined,
    lead.text,
    '',
  ];
  return {
    kind: 'hint',
    title: [{ kind: 'text', text: title }],
    blocks: bodyOf(body === '' ? others : [{ kind: 'text', text: body }, ...others], rest),
  };
}

const bodyOf = (inlines: readonly Inline[], rest: readonly Block[]): readonly Block[] =>
  inlines.length === 0 ? rest : [{ kind: 'paragraph', children: trimmed(inlines) }, ...rest];

/** Without the sign that stood between title and text. */
function trimmed(inlines: readonly Inline[]): readonly Inline[] {
  const [first, ...rest] = inlines;
  return first?.kind === 'text'
    ? [{ kind: 'text', text: first.text.replace(/^[:：。.]?\s*/, '') }, ...rest]
    : inlines;
}

const childrenOf = (token: Token): readonly Token[] => ('tokens' in token ? (token.tokens ?? []) : []);

function inlinesOf(tokens: readonly Token[] = []): Inline[] {
  return tokens.flatMap((token): Inline[] => {
    switch (token.type) {
      case 'strong':
        return [{ kind: 'strong', children: inlinesOf(childrenOf(token)) }];
      case 'em':
        return [{ kind: 'emphasis', children: inlinesOf(childrenOf(token)) }];
      case 'codespan':
        return [{ kind: 'code', text: textOf(token) }];
      case 'link':
        return [{ kind: 'link', href: (token as Tokens.Link).href, children: inlinesOf(childrenOf(token)) }];
      case 'br':
        return [{ kind: 'text', text: '\n' }];
      case 'text':
      case 'escape': {
        const children = childrenOf(token);
        return children.length > 0
          ? inlinesOf(children)
          : [{ kind: 'text', text: joinedLines(textOf(token)) }];
      }
      default:
        throw new Error(`the course has no "${token.type}" inside a line: ${token.raw}`);
    }
  });
}

const textOf = (token: Token): string => ('text' in token ? String(token.text) : token.raw);

/** A line that was broken in the source goes on: with a blank between words, without one between Chinese characters. */
const joinedLines = (text: string): string =>
  text
    .replace(
      /([\p{Script=Han}，。；：、！？（）「」“”])\n(?=[\p{Script=Han}，。；：、！？（）「」“”])/gu,
      '$1',
    )
    .replaceAll('\n', ' ');
