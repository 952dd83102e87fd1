// `npm run measure NN`: runs one measurement of the course and shows its table, in the language of the terminal.
import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Measure, show } from './measurements/report.ts';

const folder = new URL('./measurements/', import.meta.url);
const language = /^zh/i.test(process.env.LC_ALL || process.env.LANG || '') ? 'zh' : 'en';
const isMeasurement = (name: string): boolean => /^\d\d-.*\.ts$/.test(name);

/** The measurements by the beginning of their names, in order. */
export const measurementNames = (beginning = ''): readonly string[] =>
  readdirSync(folder)
    .filter((name) => isMeasurement(name) && name.startsWith(beginning))
    .sort();

export async function loadMeasurement(name: string): Promise<Measure> {
  const loaded: { readonly measure?: Measure } = await import(/* @vite-ignore */ new URL(name, folder).href);
  if (loaded.measure === undefined) throw new Error(`${name} exports no function "measure"`);
  return loaded.measure;
}

async function main(asked: string | undefined): Promise<number> {
  const [name] = asked === undefined ? [] : measurementNames(asked);
  if (name === undefined) {
    const known = measurementNames().map((file) => file.replace('.ts', ''));
    console.log(`npm run measure NN\n\n${known.join('\n')}`);
    return asked === undefined ? 0 : 1;
  }
  const measure = await loadMeasurement(name);
  console.log(show(await measure(), language));
  return 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exit(await main(process.argv[2]));
