// The files of the repository as the checks of the house see them: paths, texts and syntax trees, read once.
// Knows no rule. A test makes a tree out of a few strings. Next come the checks, tidy-*.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface Problem {
  readonly path: string;
  /** Counted from 1. */
  readonly line?: number;
  readonly message: string;
}

export interface Check {
  readonly name: string;
  find(tree: Tree): Iterable<Problem>;
}

export interface Tree {
  /** Of every file, relative to the repository, with slashes, sorted. */
  readonly paths: readonly string[];
  /** Is there such a file, or a folder with something in it? */
  has(path: string): boolean;
  /** Undefined for what is not there and for what is not text. */
  text(path: string): string | undefined;
  /** The syntax of a TypeScript or JavaScript file. */
  syntax(path: string): ts.SourceFile;
}

const textFile =
  /(\.(ts|tsx|mts|mjs|cjs|js|css|html|json|jsonc|md|yml|yaml|svg|txt|sh|sql)|(^|\/)(LICENSE|\.gitignore|run))$/;
export const isCode = (path: string): boolean => /\.(ts|tsx|mts|mjs|cjs|js)$/.test(path);
export const isSource = (path: string): boolean => isCode(path) || path.endsWith('.css');
/** Tests, contract suites, fixtures and what tests of a package share (src/testing) may be longer and freer than the program. */
export const isTest = (path: string): boolean =>
  /\.(test|contract|fixture)\.tsx?$/.test(path) || /^packages\/[^/]+\/src\/testing\//.test(path);

/** `.git`, and whatever .gitignore names; git itself is not asked, since a downloaded archive has none. */
export function readTree(root: string): Tree {
  const ignored = ignoredNames(readFileSync(join(root, '.gitignore'), 'utf8'));
  const walk = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter(({ name }) => !ignored.test(name))
      .flatMap((entry) => {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        return entry.isDirectory() ? walk(path) : [path];
      });
  return makeTree(walk(''), (path) => readFileSync(join(root, path), 'utf8'));
}

/** A repository that consists of these files only. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  return makeTree(Object.keys(files), (path) => files[path] ?? '');
}

function makeTree(unsorted: readonly string[], read: (path: string) => string): Tree {
  const paths = [...unsorted].sort();
  const known = new Set(paths.flatMap((path) => [path, ...foldersOf(path)]));
  const texts = new Map<string, string>();
  const syntaxes = new Map<string, ts.SourceFile>();

  const text = (path: string): string | undefined => {
    if (!known.has(path) || !textFile.test(path)) return undefined;
    const found = texts.get(path) ?? read(path);
    texts.set(path, found);
    return found;
  };
  const syntax = (path: string): ts.SourceFile => {
    const found =
      syntaxes.get(path) ?? ts.createSourceFile(path, text(path) ?? '', ts.ScriptTarget.Latest, true);
    syntaxes.set(path, found);
    return found;
  };
  return { paths, has: (path) => known.has(path.replace(/\/$/, '')), text, syntax };
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Of .gitignore we understand what ours uses: names, `name/`, and `*` inside a name. */
function ignoredNames(gitignore: string): RegExp {
  const patterns = gitignore
    .split('\n')
    .map((line) => line.trim().replace(/\/$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((pattern) => pattern.replaceAll('.', '\\.').replaceAll('*', '.*'));
  return new RegExp(`^(\\.git|${patterns.join('|')})$`);
}

/** Every node under this one, parents first. */
export function* nodesUnder(node: ts.Node): Iterable<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  for (const child of children) yield* nodesUnder(child);
}

export function lineOf(node: ts.Node): number {
  const file = node.getSourceFile();
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}
