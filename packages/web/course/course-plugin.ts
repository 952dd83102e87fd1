// For Vite: makes `…/unit.md?course` and `…/README.md?course-index` modules whose default export is their text as data.
import type { Plugin } from 'vite';
import { readDocument } from './read-document.ts';
import { readIndex } from './read-index.ts';

export function course(): Plugin {
  return {
    name: 'wireroom-course',
    transform(code, id) {
      const read = id.endsWith('.md?course')
        ? readDocument
        : id.endsWith('.md?course-index')
          ? readIndex
          : undefined;
      if (read === undefined) return undefined;
      return { code: `export default ${JSON.stringify(read(code))};`, map: null, moduleType: 'js' };
    },
  };
}
