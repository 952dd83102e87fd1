// The byte sequences of section 6: what is UTF-8 and what is not (RFC 3629, and the tables that everybody tests by).
// Sequences only; the cases made of them are utf8.ts. Bytes are written down or computed here, not taken from an encoder.

export interface Sequence {
  readonly title: string;
  readonly bytes: Buffer;
  readonly isValid: boolean;
}

export interface SequenceGroup {
  readonly number: number;
  readonly why: string;
  readonly sequences: readonly Sequence[];
}

const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex');

const valid = (title: string, digits: string): Sequence => ({ title, bytes: hex(digits), isValid: true });
const invalid = (title: string, digits: string): Sequence => ({ title, bytes: hex(digits), isValid: false });

/** The bit pattern of UTF-8 for any number and any count of bytes from 2 to 6, whether allowed or not. */
export function patternOf(codePoint: number, count: number): string {
  const bytes: number[] = [];
  let rest = codePoint;
  for (let i = 1; i < count; i += 1) {
    bytes.unshift(0x80 | (rest % 64));
    rest = Math.floor(rest / 64);
  }
  const leads = [0, 0, 0xc0, 0xe0, 0xf0, 0xf8, 0xfc];
  bytes.unshift((leads[count] ?? 0) | rest);
  return Buffer.from(bytes).toString('hex');
}

/** "kosme" with an accent: 11 bytes, of which the second letter takes three. */
export const GREEK = hex('ceba e1bdb9 cf83 cebc ceb5');
const GREEK_BORDERS = [2, 5, 7, 9, 11];

const greekPrefixes = Array.from({ length: GREEK.length }, (_, index): Sequence => {
  const length = index + 1;
  return {
    title: `the first ${length} of 11 bytes of a Greek word`,
    bytes: GREEK.subarray(0, length),
    isValid: GREEK_BORDERS.includes(length),
  };
});

const repeated = (digits: string, count: number): string => digits.repeat(count);

const continuationBytes = Array.from({ length: 64 }, (_, index) => (0x80 + index).toString(16)).join('');

/** Each byte of a range with a blank behind it. */
const leadsBeforeBlanks = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `${(from + index).toString(16)}20`).join('');

const truncated = [
  ['2 bytes, first possible', 'c0'],
  ['3 bytes, first possible', 'e080'],
  ['4 bytes, first possible', 'f08080'],
  ['5 bytes, first possible', 'f8808080'],
  ['6 bytes, first possible', 'fc80808080'],
  ['2 bytes, last possible', 'df'],
  ['3 bytes, last possible', 'efbf'],
  ['4 bytes, last possible', 'f7bfbf'],
  ['5 bytes, last possible', 'fbbfbfbf'],
  ['6 bytes, last possible', 'fdbfbfbfbf'],
  ['a 2-byte character that would be valid', 'ce'],
  ['a 3-byte character that would be valid', 'e282'],
  ['a 4-byte character that would be valid', 'f09f98'],
] as const;

const overlong = (codePoint: number, name: string): Sequence[] =>
  [2, 3, 4, 5, 6].map((count) => invalid(`${name} in ${count} bytes`, patternOf(codePoint, count)));

const nonCharacters = [...Array(17).keys()].flatMap((plane) =>
  [0xfffe, 0xffff].map((low): Sequence => {
    const codePoint = plane * 0x10000 + low;
    return valid(`U+${codePoint.toString(16).toUpperCase()}`, patternOf(codePoint, plane === 0 ? 3 : 4));
  }),
);

const LONE_SURROGATES = [0xd800, 0xdb7f, 0xdb80, 0xdbff, 0xdc00, 0xdf80, 0xdfff];
const SURROGATE_PAIRS = [
  [0xd800, 0xdc00],
  [0xd800, 0xdfff],
  [0xdb7f, 0xdc00],
  [0xdb7f, 0xdfff],
  [0xdb80, 0xdc00],
  [0xdb80, 0xdfff],
  [0xdbff, 0xdc00],
  [0xdbff, 0xdfff],
] as const;

/** Numbers go on from the groups that utf8.ts writes out itself. */
export const SEQUENCE_GROUPS: readonly SequenceGroup[] = [
  {
    number: 5,
    why: 'Characters of each length between ASCII ones.',
    sequences: [
      valid('ASCII', '48656c6c6f'),
      valid('2 bytes between ASCII', '61c3a462'),
      valid('3 bytes between ASCII', '61e282ac62'),
      valid('4 bytes between ASCII', '61f09f988062'),
      valid('all lengths mixed', '48c2b5403a c39fc3b6c3a4 e282ac f09d849e 21'),
    ],
  },
  { number: 6, why: 'A message must not end inside a character.', sequences: greekPrefixes },
  {
    number: 7,
    why: 'The first code point of each length.',
    sequences: [
      valid('U+0000', '00'),
      valid('U+0080', patternOf(0x80, 2)),
      valid('U+0800', patternOf(0x800, 3)),
      valid('U+10000', patternOf(0x10000, 4)),
      invalid('first of 5 bytes', patternOf(0x200000, 5)),
      invalid('first of 6 bytes', patternOf(0x4000000, 6)),
    ],
  },
  {
    number: 8,
    why: 'The last code point of each length; beyond U+10FFFF there is none.',
    sequences: [
      valid('U+007F', '7f'),
      valid('U+07FF', patternOf(0x7ff, 2)),
      valid('U+FFFF', patternOf(0xffff, 3)),
      invalid('U+1FFFFF', patternOf(0x1fffff, 4)),
      invalid('last of 5 bytes', patternOf(0x3ffffff, 5)),
      invalid('last of 6 bytes', patternOf(0x7fffffff, 6)),
    ],
  },
  {
    number: 9,
    why: 'Borders inside the ranges.',
    sequences: [
      valid('U+D7FF, before the surrogates', patternOf(0xd7ff, 3)),
      valid('U+E000, after the surrogates', patternOf(0xe000, 3)),
      valid('U+FFFD', patternOf(0xfffd, 3)),
      valid('U+10FFFF, the last of all', patternOf(0x10ffff, 4)),
      invalid('U+110000, beyond the last', patternOf(0x110000, 4)),
    ],
  },
  {
    number: 10,
    why: 'A continuation byte needs a lead byte.',
    sequences: [
      invalid('80', '80'),
      invalid('bf', 'bf'),
      ...[2, 3, 4, 5, 6].map((count) =>
        invalid(`${count} continuation bytes`, repeated('80bf', 3).slice(0, count * 2)),
      ),
      invalid('all 64 continuation bytes', continuationBytes),
      invalid('one behind a whole character', 'c3a480'),
    ],
  },
  {
    number: 11,
    why: 'A lead byte needs its continuation bytes.',
    sequences: [
      invalid('all of 2 bytes, blanks between', leadsBeforeBlanks(0xc0, 0xdf)),
      invalid('all of 3 bytes, blanks between', leadsBeforeBlanks(0xe0, 0xef)),
      invalid('all of 4 bytes, blanks between', leadsBeforeBlanks(0xf0, 0xf7)),
      invalid('all of 5 bytes, blanks between', leadsBeforeBlanks(0xf8, 0xfb)),
      invalid('all of 6 bytes, blanks between', leadsBeforeBlanks(0xfc, 0xfd)),
    ],
  },
  {
    number: 12,
    why: 'The last continuation byte is missing.',
    sequences: truncated.map(([title, digits]) => invalid(title, digits)),
  },
  {
    number: 13,
    why: 'Truncated characters one behind the other are none the better for it.',
    sequences: [invalid('all truncated ones in a row', truncated.map(([, digits]) => digits).join(''))],
  },
  {
    number: 14,
    why: 'FE and FF stand nowhere in UTF-8.',
    sequences: [invalid('fe', 'fe'), invalid('ff', 'ff'), invalid('fe fe ff ff', 'fefeffff')],
  },
  { number: 15, why: 'A character has one form, the shortest.', sequences: overlong(0x2f, 'U+002F') },
  {
    number: 16,
    why: 'The largest that would have fitted into fewer bytes.',
    sequences: [
      invalid('U+007F in 2 bytes', patternOf(0x7f, 2)),
      invalid('U+07FF in 3 bytes', patternOf(0x7ff, 3)),
      invalid('U+FFFF in 4 bytes', patternOf(0xffff, 4)),
      invalid('U+1FFFFF in 5 bytes', patternOf(0x1fffff, 5)),
      invalid('U+3FFFFFF in 6 bytes', patternOf(0x3ffffff, 6)),
    ],
  },
  { number: 17, why: 'NUL, too, has one form.', sequences: overlong(0, 'U+0000') },
  {
    number: 18,
    why: 'Surrogates are no characters of UTF-8.',
    sequences: LONE_SURROGATES.map((code) =>
      invalid(`U+${code.toString(16).toUpperCase()}`, patternOf(code, 3)),
    ),
  },
  {
    number: 19,
    why: 'Not in pairs either: that is another encoding.',
    sequences: SURROGATE_PAIRS.map(([high, low]) =>
      invalid(
        `U+${high.toString(16).toUpperCase()} U+${low.toString(16).toUpperCase()}`,
        patternOf(high, 3) + patternOf(low, 3),
      ),
    ),
  },
  {
    number: 20,
    why: 'Non-characters are code points like others and pass unchanged.',
    sequences: nonCharacters,
  },
  {
    number: 21,
    why: 'The specials, the byte order mark among them, pass unchanged.',
    sequences: [
      ...[0xfff9, 0xfffa, 0xfffb, 0xfffc, 0xfffd].map((code) =>
        valid(`U+${code.toString(16).toUpperCase()}`, patternOf(code, 3)),
      ),
      valid('U+FEFF at the start', 'efbbbf61'),
      valid('U+FEFF in the middle', '61efbbbf62'),
      valid('U+FDD0 to U+FDEF', [...Array(32).keys()].map((index) => patternOf(0xfdd0 + index, 3)).join('')),
    ],
  },
];
