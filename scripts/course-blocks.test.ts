import { describe, expect, it } from 'vitest';
import { bytesOf, readUnit, skeletonOf, withCode } from './course-blocks.ts';
import { objectionToFrames } from './course-frames.ts';

const unit = (...lines: readonly string[]): string => ['# A title', '', ...lines, ''].join('\n');

describe('a unit of the course', () => {
  it('is read as its title, blocks and links', () => {
    const text = unit('See [the map](../x.md).', '', '```sh run expect="two words" exit=1', 'true', '```');
    expect(readUnit(text)).toMatchObject({
      title: 'A title',
      links: ['../x.md'],
      objections: [],
      blocks: [{ kind: 'sh', attributes: { run: '', expect: 'two words', exit: '1' }, code: 'true' }],
    });
  });

  it.each([
    ['no title', 'Text.\n', 'title'],
    ['a kind that nobody knows', unit('```js', 'x', '```'), 'unknown kind'],
    ['code that comes from nowhere', unit('```ts file=a.ts', 'x', '```'), 'lacks region'],
    ['an attribute that nobody knows', unit('```bytes colour=red', '81 00', '```'), 'there is no colour'],
    ['code inside a list', unit('- a', '', '  ```bytes', '  81 00', '  ```'), 'inside a list'],
    ['HTML', unit('<details>x</details>'), 'HTML'],
  ])('may not have %s', (_, text, objection) => {
    expect(readUnit(text).objections.join()).toContain(objection);
  });

  it('gets new code in its place, and nothing else changes', () => {
    const text = unit('One.', '', '```ts file=a.ts region=b', 'old', '```', '', 'Two.');
    const [block] = readUnit(text).blocks;
    if (block === undefined) throw new Error('no block');
    expect(withCode(text, new Map([[block, 'new\nlines']]))).toBe(text.replace('old', 'new\nlines'));
    expect(withCode(text, new Map([[block, 'old']]))).toBe(text);
  });

  it('is the same in two languages when only the words beside bytes and the output differ', () => {
    const skeletons = (note: string, output: string): string[] =>
      readUnit(
        unit(
          '```bytes',
          `81 00  ${note}`,
          '```',
          '',
          '```sh run',
          'true',
          '```',
          '',
          '```text output',
          output,
          '```',
        ),
      ).blocks.map(skeletonOf);
    expect(skeletons('空', '好')).toEqual(skeletons('empty', 'good'));
  });
});

describe('bytes in the course', () => {
  it.each([
    ['82 85 00 00 00 00 68 65  he\n6c 6c 6f', undefined],
    ['81 01 61 81 01 62', undefined],
    ['81', 'cut off'],
    ['81 05 61', '1 of 5'],
    ['c1 00', 'reserved'],
    ['83 00', 'opcode 3'],
    ['09 00', 'control frame'],
    ['81 7e 00 05 61 61 61 61 61', 'shorter form'],
    ['81 01 ff', 'UTF-8'],
    ['', 'no bytes'],
  ])('%j: %s', (code, objection) => {
    const found = objectionToFrames(bytesOf(code));
    if (objection === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(objection);
  });

  it('are pairs of hex digits', () => {
    expect(() => bytesOf('81 0')).toThrow('"0" is not a byte');
  });
});
