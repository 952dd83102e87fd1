// Reads files that somebody picked or dropped, and says in one sentence what could not be read.
import { fromFile } from '@wireroom/capture';
import { problemText } from '../problem-text.ts';
import type { NamedCapture } from '../use-sources.ts';
import type { Say } from '../words/words.ts';
import { FILE_BYTES_MAX } from './capture-file.ts';

interface Opened {
  readonly captures: readonly NamedCapture[];
  /** Of the last file that could not be read. */
  readonly problem?: string;
}

export async function openFiles(files: readonly File[], say: Say): Promise<Opened> {
  const captures: NamedCapture[] = [];
  let problem: string | undefined;
  for (const file of files) {
    if (file.size > FILE_BYTES_MAX) {
      problem = `${file.name}: ${say('take.tooLarge', { limit: FILE_BYTES_MAX })}`;
      continue;
    }
    try {
      const found = fromFile(new Uint8Array(await file.arrayBuffer()));
      found.forEach(({ records }, at) => {
        captures.push({ name: found.length > 1 ? `${file.name} ${at + 1}` : file.name, records });
      });
    } catch (error) {
      problem = `${file.name}: ${problemText(error, say)}`;
    }
  }
  return { captures, ...(problem !== undefined && { problem }) };
}
