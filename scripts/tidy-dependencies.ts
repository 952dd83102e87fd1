// Check of the house: what a package declares it uses, what it uses it declares, and each dependency's reason is written down.
import { importsOf, packageName } from './tidy-imports.ts';
import { type Check, isCode, isTest, type Problem, type Tree } from './tidy-tree.ts';

export const reasonsFile = 'docs/dependencies.md';

interface Manifest {
  readonly path: string;
  /** The folder with a slash at its end; empty for the repository itself. */
  readonly folder: string;
  readonly runtime: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
}

export const dependencyCheck: Check = {
  name: 'dependencies',
  *find(tree) {
    const manifests = tree.paths
      .filter((path) => /(^|\/)package\.json$/.test(path))
      .map((path) => readManifest(tree, path));
    const root = manifests.find(({ folder }) => folder === '');
    for (const manifest of manifests) {
      yield* unused(tree, manifest);
      yield* unexplained(tree, manifest);
      if (manifest !== root) yield* undeclared(tree, manifest, root?.all ?? new Set());
    }
  },
};

function readManifest(tree: Tree, path: string): Manifest {
  const json: unknown = JSON.parse(tree.text(path) ?? '{}');
  const namesOf = (field: string): string[] => {
    const value = isRecord(json) ? json[field] : undefined;
    return isRecord(value) ? Object.keys(value) : [];
  };
  const runtime = ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap(namesOf);
  return {
    path,
    folder: path.slice(0, -'package.json'.length),
    runtime: new Set(runtime),
    all: new Set([...runtime, ...namesOf('devDependencies')]),
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const filesOf = (tree: Tree, { folder }: Manifest): string[] =>
  tree.paths.filter(
    (path) => path.startsWith(folder) && (isCode(path) || /(^|\/)(package|biome)\.json$/.test(path)),
  );

/** A package counts as used when a file names it in quotes, or for a tool by its path in node_modules. Types follow their package. */
function* unused(tree: Tree, manifest: Manifest): Iterable<Problem> {
  const files = filesOf(tree, manifest);
  const texts = files.filter((path) => path !== manifest.path).map((path) => tree.text(path) ?? '');
  for (const name of manifest.all) {
    const subject = name.startsWith('@types/') ? name.slice('@types/'.length) : name;
    if (subject === 'node' || texts.some((text) => namesPackage(text, subject))) continue;
    yield { path: manifest.path, message: `${name} is declared and nothing here uses it` };
  }
}

function namesPackage(text: string, name: string): boolean {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return new RegExp(`(['"\`]|node_modules/)${escaped}(['"\`]|/)`).test(text);
}

function* unexplained(tree: Tree, manifest: Manifest): Iterable<Problem> {
  const reasons = tree.text(reasonsFile);
  if (reasons === undefined) {
    if (manifest.folder === '') yield { path: reasonsFile, message: 'there is no such document' };
    return;
  }
  for (const name of manifest.all) {
    if (name.startsWith('@types/') || name.startsWith('@wireroom/') || reasons.includes(`\`${name}\``))
      continue;
    yield { path: manifest.path, message: `\`${name}\` has no line in ${reasonsFile}` };
  }
}

/** What is compiled needs its packages at run time; tests, tools and the testkit may also use what the repository declares. */
function* undeclared(tree: Tree, manifest: Manifest, rootNames: ReadonlySet<string>): Iterable<Problem> {
  for (const path of filesOf(tree, manifest).filter(isCode)) {
    const isProgram =
      manifest.folder !== 'testkit/' && path.startsWith(`${manifest.folder}src/`) && isCompiled(path);
    for (const { specifier, line } of importsOf(tree, path)) {
      const name = packageName(specifier);
      if (/^(\.|\/|node:|virtual:)/.test(specifier) || isItself(tree, manifest, name)) continue;
      const isDeclared = isProgram
        ? manifest.runtime.has(name)
        : manifest.all.has(name) || rootNames.has(name) || name.startsWith('@wireroom/');
      if (!isDeclared) yield { path, line, message: `${name} is not declared in ${manifest.path}` };
    }
  }
}

const isCompiled = (path: string): boolean => /\.tsx?$/.test(path) && !isTest(path);

const isItself = (tree: Tree, manifest: Manifest, name: string): boolean =>
  new RegExp(`"name":\\s*"${name}"`).test(tree.text(manifest.path) ?? '');
