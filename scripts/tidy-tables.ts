// Check of the house: what people can meet stands in the documents. Every error code in the spec, every setting in the
// table of settings, and the other way round. Where the tables are is said at the top; nothing else here knows paths.
import ts from 'typescript';
import { type Check, lineOf, nodesUnder, type Problem, type Tree } from './tidy-tree.ts';

interface CodeTable {
  readonly source: string;
  /** The constant whose keys are the codes. */
  readonly constant: string;
}

export const errorTables: readonly CodeTable[] = [
  { source: 'packages/protocol/src/chat-error.ts', constant: 'CHAT_ERRORS' },
  { source: 'packages/websocket/src/core/wire-error.ts', constant: 'WIRE_ERRORS' },
];
export const specFolder = 'docs/spec/';

/** Settings are the names in capitals that this file has as keys, as properties or in quotes. */
export const settings = {
  source: 'packages/server/src/config.ts',
  document: 'docs/configuration.md',
  name: /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/,
} as const;

interface Named {
  readonly name: string;
  readonly line: number;
}

export const errorCodeCheck: Check = {
  name: 'error codes',
  *find(tree) {
    const spec = tree.paths
      .filter((path) => path.startsWith(specFolder) && path.endsWith('.md'))
      .map((path) => tree.text(path) ?? '')
      .join('\n');
    for (const { source, constant } of errorTables) {
      const codes = tree.has(source) ? keysOf(tree, source, constant) : [];
      if (codes.length === 0)
        yield { path: source, message: `the keys of ${constant} were looked for here and not found` };
      for (const { name, line } of codes) {
        if (spec.includes(`\`${name}\``)) continue;
        yield { path: source, line, message: `\`${name}\` stands nowhere in ${specFolder}` };
      }
    }
  },
};

export const settingCheck: Check = {
  name: 'settings',
  *find(tree) {
    const { source, document } = settings;
    const names = tree.has(source) ? settingsOf(tree, source) : [];
    if (names.length === 0) yield { path: source, message: 'settings were looked for here and not found' };
    const text = tree.text(document);
    if (text === undefined) {
      yield { path: document, message: 'there is no such document' };
      return;
    }
    for (const { name, line } of names) {
      if (!text.includes(`\`${name}\``))
        yield { path: source, line, message: `\`${name}\` stands nowhere in ${document}` };
    }
    yield* staleRows(document, text, new Set(names.map(({ name }) => name)));
  },
};

/** Rows of the table (`| \`NAME\` …`) for settings that are no more. */
function* staleRows(path: string, text: string, known: ReadonlySet<string>): Iterable<Problem> {
  for (const [index, line] of text.split('\n').entries()) {
    const name = /^\|\s*`([A-Z][A-Z0-9_]*)`/.exec(line)?.[1];
    if (name === undefined || known.has(name)) continue;
    yield {
      path,
      line: index + 1,
      message: `\`${name}\` is described, but ${settings.source} does not know it`,
    };
  }
}

function keysOf(tree: Tree, source: string, constant: string): Named[] {
  for (const node of nodesUnder(tree.syntax(source))) {
    if (!ts.isVariableDeclaration(node) || node.name.getText() !== constant || !node.initializer) continue;
    // The public constant may be another's name: `WIRE_ERRORS = TABLE`.
    if (ts.isIdentifier(node.initializer)) return keysOf(tree, source, node.initializer.text);
    const table = [...nodesUnder(node.initializer)].find(ts.isObjectLiteralExpression);
    return (table?.properties ?? []).flatMap((property) => {
      const name = property.name && nameText(property.name);
      return name === undefined ? [] : [{ name, line: lineOf(property) }];
    });
  }
  return [];
}

function settingsOf(tree: Tree, source: string): Named[] {
  const found = new Map<string, Named>();
  for (const node of nodesUnder(tree.syntax(source))) {
    const name = ts.isPropertyAccessExpression(node) ? node.name.text : settingText(node);
    if (name === undefined || !settings.name.test(name) || found.has(name)) continue;
    found.set(name, { name, line: lineOf(node) });
  }
  return [...found.values()];
}

function settingText(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  return ts.isPropertyAssignment(node) || ts.isPropertySignature(node) ? nameText(node.name) : undefined;
}

const nameText = (name: ts.PropertyName): string | undefined =>
  ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : undefined;
