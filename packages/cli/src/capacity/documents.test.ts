// The figures in the documents: made from a kept report, and nothing else.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capacityFileText, readCapacityFile } from '@wireroom/capacity';
import { afterEach, expect, it } from 'vitest';
import { FakeIo } from '../terminal/fake-io.fixture.ts';
import { readArguments } from './arguments.ts';
import { capacity } from './capacity.ts';
import { documentsOf } from './documents.ts';
import { FakeMeasure, reportFor } from './fake-measure.fixture.ts';
import { planOf } from './plan.ts';

const BEGIN = '<!-- figures: made by wireroom capacity --docs -->';
const END = '<!-- /figures -->';
const docs = fileURLToPath(new URL('../../../../docs/', import.meta.url));

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function report() {
  const options = readArguments(['--quick'], {});
  if (options.kind !== 'measure') throw new Error('no plan');
  return reportFor(planOf(options, { kind: 'own' }), { warnings: ['a | warning'] });
}

it('[Q9] what stands between the marks is replaced, what stands around them stays', () => {
  const made = documentsOf(report(), `before\n${BEGIN}\nold\n${END}\nafter\n`);
  const text = made['capacity.md'] ?? '';
  expect(text.startsWith(`before\n${BEGIN}\n\n**On this machine one room carries 1,000 people`)).toBe(true);
  expect(text.endsWith(`${END}\nafter\n`)).toBe(true);
  expect(text).not.toContain('old');
  expect(text).toContain('| 1,000 | 20 | 4,000 | 2.5 ms | 6 ms | 12 ms | 0.31 | 90 MiB |  |');
  expect(text).toContain('![Latency');
  expect(documentsOf(report(), text)['capacity.md']).toBe(text);
});

it('[Q9] pictures bring their colours, for light and dark, and a ground', () => {
  const made = documentsOf(report(), `${BEGIN}${END}`);
  const picture = made['images/capacity-latency.svg'] ?? '';
  expect(picture).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*><style>svg\{/);
  expect(picture).toContain('prefers-color-scheme:dark');
  expect(picture).toContain('svg{background:var(--paper)}');
});

it('[Q9] pictures are XML as well as HTML: a browser shows one by itself', () => {
  const made = documentsOf(report(), `${BEGIN}${END}`);
  const pictures = Object.entries(made).filter(([name]) => name.endsWith('.svg'));
  expect(pictures.length).toBeGreaterThan(3);
  const tag = /^<\/?[a-zA-Z]+(?:\s+[\w:-]+="[^"<]*")*\s*\/?>$/;
  for (const [name, picture] of pictures) {
    const markup = picture.replace(/<style>[^<]*<\/style>/g, '');
    // Whatever begins with < is a whole tag, and no & stands by itself.
    const broken = (markup.match(/<[^<]*/g) ?? []).filter(
      (each) => !tag.test(each.slice(0, each.indexOf('>') + 1)),
    );
    expect(broken, name).toEqual([]);
    expect(markup, name).not.toMatch(/&(?!#?\w+;)/);
  }
});

it('[Q9] the documents are what their kept report makes', () => {
  const document = readFileSync(join(docs, 'capacity.md'), 'utf8');
  const kept = join(docs, 'capacity.json');
  if (!existsSync(kept)) {
    // No reference run has been kept: then no figure may stand there either.
    const between = document.slice(document.indexOf(BEGIN) + BEGIN.length, document.indexOf(END));
    expect(between.trim()).toBe('');
    return;
  }
  const made = documentsOf(readCapacityFile(readFileSync(kept, 'utf8')), document);
  for (const [name, text] of Object.entries(made)) expect(readFileSync(join(docs, name), 'utf8')).toBe(text);
});

it('[Q9] --docs draws a kept report into the folder, and refuses one that is no folder of documents', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wireroom-capacity-docs-'));
  folders.push(folder);
  const kept = join(folder, 'kept.json');
  writeFileSync(kept, capacityFileText(report()));
  const io = new FakeIo();
  const run = () => capacity(['--from', kept, '--docs', folder], new FakeMeasure(), io);
  expect(await run()).toBe(2);
  expect(io.complained).toContain('there is no capacity.md in it');
  writeFileSync(join(folder, 'capacity.md'), 'no place');
  expect(await run()).toBe(2);
  expect(io.complained).toContain('has no place for the figures');
  writeFileSync(join(folder, 'capacity.md'), `${BEGIN}\n${END}\n`);
  expect(await run()).toBe(0);
  expect(readFileSync(join(folder, 'capacity.json'), 'utf8')).toBe(readFileSync(kept, 'utf8'));
  expect(existsSync(join(folder, 'images/capacity-memory.svg'))).toBe(true);
});
