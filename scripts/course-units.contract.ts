// A part of the course is what it says: every block of every unit is taken from a file, printed by a command, or decoded, and
// both languages have the same. One file of tests for each part, so that they run side by side.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  LANGUAGES,
  type Language,
  type Part,
  readUnit,
  skeletonOf,
  type Unit,
  unitPath,
} from './course-blocks.ts';
import { captureOf } from './course-captures.ts';
import { objectionToFrames } from './course-frames.ts';
import { type Outcome, regionOf, runBlock, steadyOf, textOfFile } from './course-producers.ts';
import { type CourseUnit, courseUnits } from './course-units.ts';
import { root } from './root.mjs';

export const readUnitAt = (path: string): Unit => readUnit(readFileSync(join(root, path), 'utf8'));
const runMsMax = 120_000;

export function describeUnits(part: Part, languages: readonly Language[] = LANGUAGES): void {
  const units = courseUnits().filter((unit) => unit.part === part && languages.includes(unit.language));
  describe.each(units)('$path', describeUnit);
}

function describeUnit(courseUnit: CourseUnit): void {
  const unit = readUnitAt(courseUnit.path);

  it('is of the form of the course', () => {
    expect(unit.objections).toEqual([]);
  });

  if (courseUnit.language === 'en') {
    it('has the same blocks as in Chinese', () => {
      const chinese = readUnitAt(unitPath('zh', courseUnit.part, courseUnit.file));
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
}

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
