// Which units the course has: the files of each part in each language, in their order. Reads folders, no unit.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES, type Language, PARTS, type Part, unitPath } from './course-blocks.ts';
import { root } from './root.mjs';

export interface CourseUnit {
  readonly language: Language;
  readonly part: Part;
  /** `NN-slug.md` */
  readonly file: string;
  /** From the root of the repository. */
  readonly path: string;
}

export const courseUnits = (): readonly CourseUnit[] =>
  LANGUAGES.flatMap((language) =>
    PARTS.flatMap(({ part }) =>
      filesOf(language, part).map((file) => ({ language, part, file, path: unitPath(language, part, file) })),
    ),
  );

export function filesOf(language: Language, part: string): readonly string[] {
  const folder = join(root, 'docs/course', language, part);
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
