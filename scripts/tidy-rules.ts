// Check of the house: a rule of the spec is proved. Each number in docs/spec/ opens the title of at least one test, and a
// number in a title is one that the spec has.
import { specFolder } from './tidy-tables.ts';
import { type Check, isTest, type Tree } from './tidy-tree.ts';

const RULE = /^\s*- \*\*([A-Z]\d+(?:\.\d+)?)\*\*/;
const TITLE = /\b(?:it|test|describe)(?:\.\w+(?:\([^)]*\))?)*\(\s*['"`]((?:\[[A-Z]\d+(?:\.\d+)?\] ?)+)/g;

export const ruleCheck: Check = {
  name: 'rules',
  *find(tree) {
    const cited = citations(tree);
    for (const { path, line, rule } of rulesOf(tree)) {
      if (!cited.has(rule)) yield { path, line, message: `no test's title begins with [${rule}]` };
    }
  },
};

interface Rule {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
}

function* rulesOf(tree: Tree): Iterable<Rule> {
  for (const path of tree.paths.filter((known) => known.startsWith(specFolder) && known.endsWith('.md'))) {
    for (const [index, line] of (tree.text(path) ?? '').split('\n').entries()) {
      const rule = RULE.exec(line)?.[1];
      if (rule !== undefined) yield { path, line: index + 1, rule };
    }
  }
}

function citations(tree: Tree): ReadonlySet<string> {
  const cited = new Set<string>();
  for (const path of tree.paths.filter(isTest)) {
    for (const [, marks = ''] of (tree.text(path) ?? '').matchAll(TITLE)) {
      for (const rule of marks.split(/[[\] ]+/)) cited.add(rule);
    }
  }
  return cited;
}
