// `npm run course [WORD]`: writes into the units of the course what their code comes from: regions of files, the output of
// commands, scenes. With a word only the units whose path contains it. The same is compared, and not written, by course-units.contract.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, type Language, readUnit, withCode } from './course-blocks.ts';
import { captureOf } from './course-captures.ts';
import { type Outcome, regionOf, runBlock, steadyOf, textOfFile } from './course-producers.ts';
import { type CourseUnit, courseUnits } from './course-units.ts';
import { root } from './root.mjs';

const [word = ''] = process.argv.slice(2);

for (const unit of courseUnits().filter(({ path }) => path.includes(word))) {
  const text = readFileSync(join(root, unit.path), 'utf8');
  const changes = await changesOf(unit, text);
  if (changes.size > 0) writeFileSync(join(root, unit.path), withCode(text, changes));
  console.log(`${unit.path}: ${changes.size === 0 ? 'as it was' : `${changes.size} blocks written`}`);
}

async function changesOf({ language }: CourseUnit, text: string): Promise<Map<Block, string>> {
  const changes = new Map<Block, string>();
  let ran: Outcome | undefined;
  for (const block of readUnit(text).blocks) {
    const { kind, code } = block;
    if (kind === 'sh') ran = await runBlock(block, language);
    const made = await madeFor(block, language, ran);
    if (made !== undefined && steadyOf(block, made) !== steadyOf(block, code)) changes.set(block, made);
  }
  return changes;
}

/** What the block has to contain; undefined where it is written by hand. */
async function madeFor(
  block: Block,
  language: Language,
  ran: Outcome | undefined,
): Promise<string | undefined> {
  const { kind, attributes } = block;
  const { file = '', region = '' } = attributes;
  if (kind === 'ts') return regionOf(file, region);
  if (kind === 'conf') return textOfFile(file);
  if (kind === 'capture') return captureOf(block, language);
  return kind === 'text' ? ran?.output.trimEnd() : undefined;
}
