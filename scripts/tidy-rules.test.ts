// The check that rules are proved, on bad examples.
import { describe, expect, it } from 'vitest';
import { ruleCheck } from './tidy-rules.ts';
import { treeOf } from './tidy-tree.ts';

const spec = { 'docs/spec/feed.md': '# Feed\n\n- **F1** One.\n- **F2** Two.\n- **L2.10** Three.\n' };
const problems = (test: string): string[] =>
  [...ruleCheck.find(treeOf({ ...spec, 'packages/server/src/feed/feed.test.ts': test }))].map(
    ({ line, message }) => `${line}: ${message}`,
  );

describe('rules', () => {
  it('each needs a title that begins with it', () => {
    expect(
      problems("it('[F1] is so', () => {}); // [F2]\nit('not at the front [L2.10]', () => {});"),
    ).toEqual(["4: no test's title begins with [F2]", "5: no test's title begins with [L2.10]"]);
  });

  it('several may stand in one title, of any kind of test', () => {
    const tests = "it.each([1])('[F1][F2] %i', () => {});\ndescribe('[L2.10] a group', () => {});";
    expect(problems(tests)).toEqual([]);
  });
});
