// Where a report is written: the page, and its figures as JSON beside it. A report that is there already is not overwritten unless it was
// named.
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  CAPACITY_FILE_BYTES_MAX,
  type CapacityFile,
  CapacityFileError,
  capacityFileText,
  readCapacityFile,
} from '@wireroom/capacity';
import { reportPage } from '@wireroom/capacity/report';
import type { Language } from '../terminal/language.ts';
import { UsageError } from '../usage-error.ts';
import { CLI_CAPACITY_LIMITS } from './limits.ts';

export interface ReportPlace {
  readonly html: string;
  readonly json: string;
}

const NAME = 'capacity';

/** Says where, and makes sure before anything is measured that one can write there. Throws a UsageError. */
export function placeFor(out: string | undefined): ReportPlace {
  const place = out === undefined ? freePlace('.') : namedPlace(out);
  try {
    // Measuring takes minutes: what cannot be written is told before.
    const folder = dirname(place.html);
    mkdirSync(folder, { recursive: true });
    for (const path of [folder, place.html, place.json])
      if (existsSync(path)) accessSync(path, constants.W_OK);
  } catch (error) {
    throw new UsageError(
      `The report cannot be written to ${place.html}: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  return place;
}

function namedPlace(out: string): ReportPlace {
  const isFolder = existsSync(out) && statSync(out).isDirectory();
  if (!isFolder && /\.html?$/i.test(out)) return { html: out, json: out.replace(/\.html?$/i, '.json') };
  if (!isFolder && /\.json$/i.test(out)) return { html: out.replace(/\.json$/i, '.html'), json: out };
  return { html: join(out, `${NAME}.html`), json: join(out, `${NAME}.json`) };
}

function freePlace(folder: string): ReportPlace {
  for (let number = 1; number <= CLI_CAPACITY_LIMITS.freeNamesMax; number++) {
    const name = number === 1 ? NAME : `${NAME}-${number}`;
    const place = { html: join(folder, `${name}.html`), json: join(folder, `${name}.json`) };
    if (!existsSync(place.html) && !existsSync(place.json)) return place;
  }
  throw new UsageError('This folder is full of reports: name another one with --out.');
}

/** The path of the page, whole, so that it can be opened. */
export function writeReport(place: ReportPlace, file: CapacityFile, language: Language): string {
  // The figures first: from them the page can be drawn again.
  writeFileSync(place.json, capacityFileText(file));
  writeFileSync(place.html, reportPage(file, language));
  return resolve(place.html);
}

/** Throws a UsageError that names the file. */
export function readReport(path: string): CapacityFile {
  try {
    if (statSync(path).size > CAPACITY_FILE_BYTES_MAX)
      throw new CapacityFileError('It is too large to be a report of a capacity run.');
    return readCapacityFile(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${path} cannot be drawn. ${why}`);
  }
}
