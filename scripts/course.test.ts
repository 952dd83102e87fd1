// The course as a whole: its parts, their units in both languages, and the indexes. What stands in the units is tested in
// course-practice.test.ts, course-interview-zh.test.ts, course-interview-en.test.ts and course-faults.test.ts.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, PARTS } from './course-blocks.ts';
import { readUnitAt } from './course-units.contract.ts';
import { filesOf } from './course-units.ts';

describe('the course as a whole', () => {
  it.each(PARTS)(
    'has at least $unitsMin units of $part, the same in both languages, numbered',
    ({ part, unitsMin }) => {
      const [chinese = [], english = []] = LANGUAGES.map((language) => filesOf(language, part));
      expect(english).toEqual(chinese);
      expect(chinese.length).toBeGreaterThanOrEqual(unitsMin);
      chinese.forEach((file, index) => {
        expect(file).toMatch(/^\d\d-[a-z\d-]+\.md$/);
        expect(Number(file.slice(0, 2))).toBe(index + 1);
      });
    },
  );

  it.each(LANGUAGES)('has an index that leads to every unit, in its order (%s)', (language) => {
    const index = readUnitAt(join('docs/course', language, 'README.md'));
    const units = PARTS.flatMap(({ part }) => filesOf(language, part).map((file) => `${part}/${file}`));
    const isUnit = (link: string): boolean => PARTS.some(({ part }) => link.startsWith(`${part}/`));
    expect(index.links.filter(isUnit)).toEqual(units);
  });
});
