// Imported first by every script: stops with one sentence on a Node that is too old, before anything modern is read.
// Not a check of anything else: dependencies are install.mjs's, the build is build-stamp.mjs's.
// biome-ignore lint/style/useNodejsImportProtocol: Node below 12.20 does not know the prefix
import { readFileSync } from 'fs';
import { nodeVersionProblem } from './node-version.mjs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const problem = nodeVersionProblem(process.versions.node, engines.node);
if (problem) {
  console.error(problem);
  process.exit(1);
}
