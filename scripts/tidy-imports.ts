// Check of the house: imports go the way of the flow, and folders are entered by their doors.
// The table is in tidy-import-map.ts. Tests and contract suites are free inside their own package.
import { posix } from 'node:path';
import ts from 'typescript';
import {
  coreNodeImports,
  engineUsersOfServer,
  nodeOnlyClientFile,
  packages,
  placesOfFiles,
  serverDoors,
  serverFolders,
  websocketFolders,
} from './tidy-import-map.ts';
import { type Check, isCode, isTest, lineOf, nodesUnder, type Problem, type Tree } from './tidy-tree.ts';

export interface Import {
  /** As written. */
  readonly specifier: string;
  readonly line: number;
  /** The names taken by `import { … }`; undefined when the whole module is. */
  readonly names?: readonly string[];
}

export const importCheck: Check = {
  name: 'imports',
  *find(tree) {
    for (const path of tree.paths.filter(isCode)) {
      for (const taken of importsOf(tree, path)) {
        const message = objection(path, taken);
        if (message) yield { path, line: taken.line, message };
      }
    }
    yield* unknownFolders(tree);
  },
};

/** Static and dynamic imports, re-exports, import types, require and require.resolve with a literal. */
export function importsOf(tree: Tree, path: string): Import[] {
  const found: Import[] = [];
  const add = (literal: ts.Node | undefined, names?: readonly string[]): void => {
    if (!literal || !ts.isStringLiteralLike(literal)) return;
    found.push({ specifier: literal.text, line: lineOf(literal), ...(names && { names }) });
  };
  for (const node of nodesUnder(tree.syntax(path))) {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, namesOf(node));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isImportTypeNode(node))
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined);
    else if (ts.isCallExpression(node) && isLoading(node)) add(node.arguments[0]);
  }
  return found;
}

function namesOf({ importClause }: ts.ImportDeclaration): string[] | undefined {
  const bindings = importClause?.namedBindings;
  if (importClause?.name || !bindings || !ts.isNamedImports(bindings)) return undefined;
  return bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
}

function isLoading({ expression }: ts.CallExpression): boolean {
  if (expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  const callee = expression.getText();
  return callee === 'require' || callee === 'require.resolve' || callee === 'import.meta.resolve';
}

/** Why this file may not import this, or undefined. */
function objection(path: string, taken: Import): string | undefined {
  const { specifier } = taken;
  const home = packageOf(path);
  if (specifier.startsWith('.')) return relativeObjection(path, home, specifier);
  const rule = home === undefined ? undefined : packages[home];
  if (!home || !rule || isTest(path) || !isProgram(path, home)) return undefined;
  const isNodeFile = nodeOnlyClientFile.test(path);
  if (specifier.startsWith('node:')) {
    if (home === 'packages/websocket' && folderOf(path) === 'core') return coreObjection(taken);
    return rule.isNodeAllowed || isNodeFile ? undefined : `${home} runs in browsers too: no ${specifier}`;
  }
  const name = packageName(specifier);
  if (placesOfFiles.includes(specifier) || (name === '@wireroom/websocket' && isNodeFile)) return undefined;
  if (name.startsWith('@wireroom/')) return ownObjection(path, home, rule.ours, name);
  if (rule.others === 'declared' || rule.others.includes(name)) return undefined;
  return rule.others.length === 0
    ? `${home} has no dependency at run time: no ${name}`
    : `of other people's packages ${home} imports ${rule.others.join(', ')} only: no ${name}`;
}

function coreObjection({ specifier, names }: Import): string | undefined {
  const allowed = coreNodeImports[specifier] ?? [];
  const taken = names ?? ['the whole of it'];
  if (taken.every((name) => allowed.includes(name))) return undefined;
  return `the engine's core takes time, chance and I/O as arguments: not ${taken.join(', ')} of ${specifier}`;
}

function ownObjection(path: string, home: string, ours: readonly string[], name: string): string | undefined {
  if (!ours.includes(name.slice('@wireroom/'.length))) return `${home} may not import ${name}`;
  if (home !== 'packages/server' || name !== '@wireroom/websocket') return undefined;
  const folder = folderOf(path);
  return engineUsersOfServer.includes(folder)
    ? undefined
    : `only ${engineUsersOfServer.join(', ')} know the engine: not ${folder}`;
}

function relativeObjection(path: string, home: string | undefined, specifier: string): string | undefined {
  const target = posix.join(posix.dirname(path), specifier);
  const targetHome = packageOf(target);
  if (home !== targetHome && targetHome !== undefined) {
    return `${specifier} reaches into ${targetHome}: other packages are entered by their names`;
  }
  if (isTest(path)) return undefined;
  if (isTest(target)) return `${specifier} is test code`;
  const from = folderOf(path);
  const to = folderOf(target);
  if (from === to) return undefined;
  if (home === 'packages/websocket') return folderObjection(websocketFolders, from, to, target);
  if (home !== 'packages/server') return undefined;
  return folderObjection(serverFolders, from, to, target) ?? doorObjection(from, to, target);
}

function folderObjection(
  folders: Readonly<Record<string, readonly string[]>>,
  from: string,
  to: string,
  target: string,
): string | undefined {
  if (from === 'app' || to === 'lib') return undefined;
  if (to === 'app')
    return target.endsWith('/limits.ts') ? undefined : `${from} may not import the files above it`;
  const allowed = folders[from] ?? [];
  if (allowed.includes(to)) return undefined;
  return `${from} may not import ${to}${allowed.length > 0 ? ` (only ${allowed.join(', ')})` : ''}`;
}

function doorObjection(from: string, to: string, target: string): string | undefined {
  if (from === 'app') return undefined;
  const doors = serverDoors[to] ?? [`${to}.ts`];
  if (doors === '*' || doors.includes(posix.basename(target))) return undefined;
  return `${to} is entered by ${doors.join(', ')}, not by ${posix.basename(target)}`;
}

/** A folder that the table does not know would be free to import nothing and to be imported by nobody: say so plainly. */
function* unknownFolders(tree: Tree): Iterable<Problem> {
  const seen = new Set<string>();
  for (const path of tree.paths) {
    const home = packageOf(path);
    if (home === undefined && /^packages\/[^/]+\//.test(path)) {
      const folder = path.split('/').slice(0, 2).join('/');
      if (!seen.has(folder))
        yield { path: folder, message: 'this package has no line in scripts/tidy-import-map.ts' };
      seen.add(folder);
    }
    const folders = { 'packages/server': serverFolders, 'packages/websocket': websocketFolders }[home ?? ''];
    const folder = folderOf(path);
    if (
      !home ||
      !folders ||
      !path.startsWith(`${home}/src/`) ||
      folder === 'app' ||
      folder in folders ||
      isTest(path)
    )
      continue;
    const place = `${home}/src/${folder}`;
    if (!seen.has(place))
      yield { path: place, message: 'this folder has no line in scripts/tidy-import-map.ts' };
    seen.add(place);
  }
}

const packageOf = (path: string): string | undefined =>
  Object.keys(packages).find((home) => path.startsWith(`${home}/`));

/** The program itself, as opposed to configuration of tools beside it. The whole of testkit and the examples is program. */
const isProgram = (path: string, home: string): boolean =>
  !home.startsWith('packages/') || path.startsWith(`${home}/src/`);

/** The folder under src, or `app` for a file that lies in src itself. */
function folderOf(path: string): string {
  const [, , , folder, ...rest] = path.split('/');
  return folder === undefined || rest.length === 0 ? 'app' : folder;
}

/** `@scope/name/sub` is of the package `@scope/name`. */
export function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
