// The course is what it says: every block of every unit is taken from a file, printed by a command, or decoded, and both
// languages have the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesOf, LANGUAGES, PARTS, readUnit, skeletonOf, type Unit, unitPath } from './course-blocks.ts';
import { captureOf } from './course-captures.ts';
import { objectionToFrames } from './course-frames.ts';
import { type Outcome, regionOf, runBlock, steadyOf, textOfFile } from './course-producers.ts';
import { type CourseUnit, courseUnits, filesOf } from './course-units.ts';
import { root } from './root.mjs';

const read = (path: string): Unit => readUnit(readFileSync(join(root, path), 'utf8'));
const runMsMax = 120_000;

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
    const index = read(join('docs/course', language, 'README.md'));
    const units = PARTS.flatMap(({ part }) => filesOf(language, part).map((file) => `${part}/${file}`));
    const isUnit = (link: string): boolean => PARTS.some(({ part }) => link.startsWith(`${part}/`));
    expect(index.links.filter(isUnit)).toEqual(units);
  });
});

describe.each(courseUnits())('$path', (courseUnit) => {
  const unit = read(courseUnit.path);

  it('is of the form of the course', () => {
    expect(unit.objections).toEqual([]);
  });

  if (courseUnit.language === 'en') {
    it('has the same blocks as in Chinese', () => {
      const chinese = read(unitPath('zh', courseUnit.part, courseUnit.file));
      expect(unit.blocks.map(skeletonOf)).toEqual(chinese.blocks.map(skeletonOf));
    });
  }

  it('has the code of the files that it names, and bytes that are frames', () => {
    for (const { kind, attributes, code } of unit.blocks) {
      if (kind === 'ts')
        expect(code, 'npm run course brings it').toBe(
          regionOf(attributes.file ?? '', attributes.region ?? ''),
        );
      if (kind === 'conf') expect(code, 'npm run course brings it').toBe(textOfFile(attributes.file ?? ''));
      if (kind !== 'bytes') continue;
      const objection = objectionToFrames(bytesOf(code));
      if ('wrong' in attributes) expect(objection, code).toBeDefined();
      else expect(objection, code).toBeUndefined();
    }
  });

  if (unit.blocks.some(({ kind }) => kind === 'sh')) {
    it('has commands that do what it says', () => runCommands(courseUnit, unit), runMsMax);
  }

  for (const block of unit.blocks.filter(({ kind }) => kind === 'capture')) {
    it(
      `shows the scene ${block.attributes.scene} as it is (${block.attributes.connection ?? 1})`,
      async () => {
        const played = await captureOf(block, courseUnit.language);
        expect(steadyOf(block, block.code), 'npm run course brings it').toBe(steadyOf(block, played));
      },
      runMsMax,
    );
  }
});

async function runCommands({ language }: CourseUnit, { blocks }: Unit): Promise<void> {
  let ran: Outcome | undefined;
  for (const block of blocks) {
    if (block.kind === 'sh') {
      ran = await runBlock(block, language);
      expect(ran.exitCode, `${block.code}\n${ran.output}`).toBe(Number(block.attributes.exit ?? 0));
      expect(ran.output).toContain(block.attributes.expect ?? '');
    }
    if (block.kind === 'text') {
      expect(ran, 'an output stands behind its command').toBeDefined();
      expect(steadyOf(block, block.code), 'npm run course brings it').toBe(
        steadyOf(block, ran?.output ?? ''),
      );
    }
  }
}
