// Where the page gets the course from: one chunk per unit and language, loaded when it is opened. What is in them was
// made by course/course-plugin.ts of this package.
import type { CourseDocument, CourseIndex, Part } from './course-document.ts';

const units = import.meta.glob<CourseDocument>('../../../../docs/course/*/*/*.md', {
  query: '?course',
  import: 'default',
});
const indexes = import.meta.glob<CourseIndex>('../../../../docs/course/*/README.md', {
  query: '?course-index',
  import: 'default',
});

const ROOT = '../../../../docs/course';

/** The folder of a language of the page. */
export const folderOf = (language: string): 'zh' | 'en' => (language.startsWith('zh') ? 'zh' : 'en');

export async function loadIndex(language: string): Promise<CourseIndex> {
  const load = indexes[`${ROOT}/${folderOf(language)}/README.md`];
  if (load === undefined) throw new Error(`the course has no index in ${language}`);
  return load();
}

/** Undefined: there is no such unit. */
export async function loadUnit(
  language: string,
  part: Part,
  slug: string,
): Promise<CourseDocument | undefined> {
  return units[`${ROOT}/${folderOf(language)}/${part}/${slug}.md`]?.();
}
