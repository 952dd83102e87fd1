// Check of the house: files and functions that one can read in one go. Tests may be longer: they are lists.
import ts from 'typescript';
import { type Check, isCode, isSource, isTest, lineOf, nodesUnder } from './tidy-tree.ts';

export const fileLinesMax = 400;
export const functionLinesMax = 70;
export const parametersMax = 4;

export const sizeCheck: Check = {
  name: 'sizes',
  *find(tree) {
    for (const path of tree.paths.filter((file) => isSource(file) && !isTest(file))) {
      const lines = (tree.text(path) ?? '').trimEnd().split('\n').length;
      if (lines > fileLinesMax) yield { path, message: `${lines} lines; a file has at most ${fileLinesMax}` };
      if (!isCode(path)) continue;
      for (const node of nodesUnder(tree.syntax(path))) {
        if (!isFunction(node)) continue;
        const length = linesOf(node);
        if (length > functionLinesMax) {
          const message = `${nameOf(node)} has ${length} lines; a function has at most ${functionLinesMax}`;
          yield { path, line: lineOf(node), message };
        }
        if (node.parameters.length > parametersMax) {
          const message = `${nameOf(node)} has ${node.parameters.length} parameters; at most ${parametersMax}`;
          yield { path, line: lineOf(node), message };
        }
      }
    }
  },
};

/** Those with a body: a declaration of a type or an overload is no function to read. */
function isFunction(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return (
    (ts.isFunctionDeclaration(node) ||
      ts.isFunctionExpression(node) ||
      ts.isArrowFunction(node) ||
      ts.isMethodDeclaration(node) ||
      ts.isConstructorDeclaration(node) ||
      ts.isAccessor(node)) &&
    node.body !== undefined
  );
}

function linesOf(node: ts.Node): number {
  const file = node.getSourceFile();
  return file.getLineAndCharacterOfPosition(node.end).line + 2 - lineOf(node);
}

function nameOf(node: ts.FunctionLikeDeclaration): string {
  if (ts.isConstructorDeclaration(node)) return 'the constructor';
  if (node.name) return node.name.getText();
  return ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : 'a function without a name';
}
