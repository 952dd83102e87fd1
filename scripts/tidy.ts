// `npm run tidy`: runs every check of the house over the repository and shows what they find.
// Each check is a small file, tidy-*.ts, that knows one rule; this one knows their list.
import { root } from './root.mjs';
import { dependencyCheck } from './tidy-dependencies.ts';
import { linkCheck, titleCheck } from './tidy-docs.ts';
import { importCheck } from './tidy-imports.ts';
import { ruleCheck } from './tidy-rules.ts';
import { sizeCheck } from './tidy-size.ts';
import { errorCodeCheck, settingCheck } from './tidy-tables.ts';
import { type Check, type Problem, readTree } from './tidy-tree.ts';
import { headCheck, nameCheck, wordCheck } from './tidy-words.ts';

const checks: readonly Check[] = [
  importCheck,
  sizeCheck,
  headCheck,
  wordCheck,
  nameCheck,
  linkCheck,
  titleCheck,
  dependencyCheck,
  errorCodeCheck,
  settingCheck,
  ruleCheck,
];

const show = ({ path, line, message }: Problem): string =>
  `  ${line === undefined ? path : `${path}:${line}`}  ${message}`;

const tree = readTree(root);
let problems = 0;
for (const check of checks) {
  const found = [...check.find(tree)];
  problems += found.length;
  if (found.length > 0) console.log([`${check.name}:`, ...found.map(show)].join('\n'));
}
console.log(`${checks.length} checks over ${tree.paths.length} files: ${problems} problems`);
process.exitCode = problems === 0 ? 0 : 1;
