// Where the links inside the course lead: to another unit in the page, to the web, or to a file of the repository, which the
// page does not have and only names.
import { isPart, type Part } from './course-document.ts';
import { learnHash } from './learn-place.ts';

export type CourseLink =
  | { readonly kind: 'unit'; readonly href: string }
  | { readonly kind: 'web'; readonly href: string }
  | { readonly kind: 'file'; readonly path: string };

const UNIT = /^(?:\.\.\/)?(?:(\w+)\/)?(\d\d-[a-z\d-]+)\.md$/;

/** `href` as it stands in a unit of this part. */
export function courseLink(href: string, part: Part): CourseLink {
  if (/^https?:\/\//.test(href)) return { kind: 'web', href };
  const [, folder = part, slug] = UNIT.exec(href) ?? [];
  if (slug !== undefined && isPart(folder)) return { kind: 'unit', href: learnHash({ part: folder, slug }) };
  return { kind: 'file', path: href.replace(/^(?:\.\.?\/)+/, '') };
}
