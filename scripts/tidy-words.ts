// Check of the house: words that mean "not finished" or "do not look here", names that mean nothing, and opening comments.
// The words are put together from halves so that this file does not contain them.
import { posix } from 'node:path';
import ts from 'typescript';
import {
  type Check,
  isCode,
  isSource,
  isTest,
  lineOf,
  nodesUnder,
  type Problem,
  type Tree,
} from './tidy-tree.ts';

const join = (...halves: readonly string[]): string => halves.join('');

/** Anywhere in the repository. */
const bannedAnywhere: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  {
    pattern: new RegExp(`\\b(${join('TO', 'DO')}|${join('FIX', 'ME')})\\b`),
    why: 'finish it, or leave it out',
  },
  { pattern: new RegExp(join('@ts-', '(ignore|nocheck)\\b')), why: 'mend the type instead' },
  // Paths of the workplace where this was first written mean nothing to a reader.
  {
    pattern: new RegExp(join('\\.\\./sha', 'red\\b|(?<![\\w.~-])/wo', 'rk/')),
    why: 'a path that only one machine has',
  },
];

/** In tests: one that runs alone hides the others, one that is left out proves nothing. `skipIf` says its reason. */
const bannedInTests = /\.(only|skip|todo)\(/;

const bannedNames = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'manager']);
const wordSeparator = /[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/;

export const wordCheck: Check = {
  name: 'words',
  *find(tree) {
    for (const path of tree.paths) {
      const text = tree.text(path);
      if (text === undefined || path === 'package-lock.json') continue;
      yield* bannedLines(path, text);
      if (isCode(path)) yield* anyCasts(tree, path);
    }
  },
};

function* bannedLines(path: string, text: string): Iterable<Problem> {
  for (const [index, line] of text.split('\n').entries()) {
    for (const { pattern, why } of bannedAnywhere) {
      const found = pattern.exec(line);
      if (found) yield { path, line: index + 1, message: `"${found[0]}": ${why}` };
    }
    const inTest = isTest(path) ? bannedInTests.exec(line) : null;
    if (inTest)
      yield { path, line: index + 1, message: `"${inTest[0]}": every test runs, or skipIf says why not` };
  }
}

function* anyCasts(tree: Tree, path: string): Iterable<Problem> {
  for (const node of nodesUnder(tree.syntax(path))) {
    if (ts.isAsExpression(node) && node.type.kind === ts.SyntaxKind.AnyKeyword) {
      yield { path, line: lineOf(node), message: 'a cast to any: use a type guard or a parser' };
    }
  }
}

export const nameCheck: Check = {
  name: 'file names',
  *find(tree) {
    for (const path of tree.paths) {
      for (const part of path.split('/')) {
        const banned = part.split(wordSeparator).find((word) => bannedNames.has(word.toLowerCase()));
        if (banned)
          yield { path, message: `"${banned}" says nothing: name the file by the noun that it is about` };
      }
    }
  },
};

/** A test says by its name and its titles what it is, the styles of a component by its name. */
export const headCheck: Check = {
  name: 'opening comments',
  *find(tree) {
    for (const path of tree.paths.filter(
      (file) => isSource(file) && !/\.(test\.tsx?|module\.css)$/.test(file),
    )) {
      const text = (tree.text(path) ?? '').replace(/^#!.*\n/, '').trimStart();
      if (/^\/[/*]/.test(text)) continue;
      yield {
        path,
        line: 1,
        message: `${posix.basename(path)} does not open with a comment that says what it is`,
      };
    }
  },
};
