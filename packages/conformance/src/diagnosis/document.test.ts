import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MISTAKE_IDS, MISTAKES } from './mistakes.ts';

it('[K8] docs/check.md has the table of all mistakes, in their order', () => {
  const document = readFileSync(new URL('../../../../docs/check.md', import.meta.url), 'utf8');
  const rows = document
    .split('\n')
    .filter((line) => /^\| `[a-z0-9-]+` \| (mistake|risk|remark) \|/.test(line));
  const expected = MISTAKE_IDS.map((id) => {
    const { severity, title, rfc } = MISTAKES[id];
    return `| \`${id}\` | ${severity} | ${title.en} | ${rfc} |`;
  });
  expect(rows).toEqual(expected);
});
