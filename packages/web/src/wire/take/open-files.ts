// Reads files that somebody picked or dropped, and says in one sentence what could not be read.
import type { NamedCapture } from '../use-sources.ts';
import { FILE_BYTES_MAX, fromFile } from './capture-file.ts';

interface Opened {
  readonly captures: readonly NamedCapture[];
  /** Of the last file that could not be read. */
  readonly problem?: string;
}

export async function openFiles(files: readonly File[]): Promise<Opened> {
  const captures: NamedCapture[] = [];
  let problem: string | undefined;
  for (const file of files) {
    try {
      if (file.size > FILE_BYTES_MAX) throw new Error(`It has more than ${FILE_BYTES_MAX} bytes.`);
      const found = fromFile(new Uint8Array(await file.arrayBuffer()));
      found.forEach(({ records }, at) => {
        captures.push({ name: found.length > 1 ? `${file.name} ${at + 1}` : file.name, records });
      });
    } catch (error) {
      problem = `${file.name}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return { captures, ...(problem !== undefined && { problem }) };
}
