// Check of the house: the documents hold together. Links inside the repository lead somewhere, each document has one title.
import { posix } from 'node:path';
import type { Check, Problem, Tree } from './tidy-tree.ts';

interface Link {
  readonly target: string;
  readonly line: number;
}

const isDocument = (path: string): boolean => path.endsWith('.md');

export const linkCheck: Check = {
  name: 'links',
  *find(tree) {
    for (const path of tree.paths.filter(isDocument)) {
      for (const { target, line } of linksOf(tree.text(path) ?? '')) {
        const message = objection(tree, path, target);
        if (message) yield { path, line, message };
      }
    }
  },
};

export const titleCheck: Check = {
  name: 'titles',
  *find(tree): Iterable<Problem> {
    for (const path of tree.paths.filter(isDocument)) {
      const titles = proseLines(tree.text(path) ?? '').filter((line) => /^# /.test(line)).length;
      if (titles !== 1) yield { path, message: `${titles} titles (# …); a document has exactly one` };
    }
  },
};

/** The lines, with those inside fences emptied so that numbers stay right. */
function proseLines(text: string): string[] {
  let fence: string | undefined;
  return text.split('\n').map((line) => {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1];
    if (fence === undefined && mark) fence = mark;
    else if (fence !== undefined && mark?.startsWith(fence)) fence = undefined;
    else if (fence === undefined) return line;
    return '';
  });
}

/** Inline links and images, reference definitions, and the src and href of HTML; code is left out. */
function linksOf(text: string): Link[] {
  const patterns = [
    /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g,
    /^\s*\[[^\]]+\]:\s+<?(\S+?)>?\s*$/g,
    /\b(?:src|href|srcset)="([^"]+)"/g,
  ];
  return proseLines(text).flatMap((line, index) =>
    patterns.flatMap((pattern) =>
      [...line.replaceAll(/`[^`]*`/g, '').matchAll(pattern)].map((match) => ({
        target: match[1] ?? '',
        line: index + 1,
      })),
    ),
  );
}

function objection(tree: Tree, path: string, target: string): string | undefined {
  if (/^([a-z][a-z+.-]*:|\/\/)/i.test(target)) return undefined;
  const [file = '', anchor] = decodeURI(target).split('#');
  const place = file === '' ? path : posix.join(file.startsWith('/') ? '' : posix.dirname(path), file);
  if (place.startsWith('..')) return `${target} leads out of the repository`;
  if (!tree.has(place)) return `${target} leads nowhere`;
  if (!anchor || !isDocument(place)) return undefined;
  return anchorsOf(tree.text(place) ?? '').has(anchor)
    ? undefined
    : `there is no heading for #${anchor} in ${place}`;
}

/** As GitHub makes them: lower case, punctuation gone, spaces to hyphens, a number after a repeated one. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const line of proseLines(text)) {
    for (const [, id] of line.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id ?? '');
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = words.replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '').replaceAll(' ', '-');
    let anchor = slug;
    for (let repeat = 1; anchors.has(anchor); repeat += 1) anchor = `${slug}-${repeat}`;
    anchors.add(anchor);
  }
  return anchors;
}
