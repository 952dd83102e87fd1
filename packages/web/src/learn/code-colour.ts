// The words of a program, told apart for the eye: comments, strings, numbers, keywords. Not a parser; what it does not know
// stays plain.

export type CodeTone = 'plain' | 'comment' | 'string' | 'number' | 'keyword';

export interface CodePiece {
  readonly tone: CodeTone;
  readonly text: string;
}

const KEYWORDS =
  'as|async|await|break|case|catch|class|const|continue|default|else|export|extends|false|finally|for|from|function|if|import|in|interface|let|new|null|of|private|readonly|return|static|switch|this|throw|true|try|type|typeof|undefined|void|while|yield';

const PIECES = new RegExp(
  [
    /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)/.source,
    /(?<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)/.source,
    /(?<number>\b(?:0x[\da-f_]+|\d[\d_]*(?:\.\d+)?)\b)/.source,
    `(?<keyword>\\b(?:${KEYWORDS})\\b)`,
  ].join('|'),
  'gi',
);

export function colourCode(code: string): readonly CodePiece[] {
  const pieces: CodePiece[] = [];
  let at = 0;
  for (const match of code.matchAll(PIECES)) {
    if (match.index > at) pieces.push({ tone: 'plain', text: code.slice(at, match.index) });
    pieces.push({ tone: toneOf(match.groups ?? {}), text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < code.length) pieces.push({ tone: 'plain', text: code.slice(at) });
  return pieces;
}

const TONES: readonly CodeTone[] = ['comment', 'string', 'number', 'keyword'];
const toneOf = (groups: Readonly<Record<string, string | undefined>>): CodeTone =>
  TONES.find((tone) => groups[tone] !== undefined) ?? 'plain';

export type LineTone = 'plain' | 'good' | 'bad' | 'in' | 'out' | 'note' | 'end';

/** A line of output or of a capture: what passed, what did not, and in which direction it went. */
export function lineTone(line: string): LineTone {
  if (/^\s*✓/.test(line)) return 'good';
  if (/^\s*✗/.test(line)) return 'bad';
  if (line.startsWith('→')) return 'in';
  if (line.startsWith('←')) return 'out';
  if (line.startsWith('# ')) return 'note';
  if (/^(closed (un)?cleanly with|(非)?正常关闭，)/.test(line)) return 'end';
  return 'plain';
}
