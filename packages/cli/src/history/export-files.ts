// The files of an export: in a zip, which is read file by file and never unpacked to disk, or in a folder. Whatever a zip says of
// itself is not believed: its files are named within it only, and none may be larger than a bound.
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExportFiles, ImportError } from '@wireroom/history/import';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { IMPORT_FILE_LIMITS } from './limits.ts';

export interface OpenFiles extends ExportFiles {
  close(): void;
}

/** Only `.json` files are told of: what else an export holds is attachments. */
export async function filesOfZip(path: string): Promise<OpenFiles> {
  const zip = await openZip(path);
  try {
    const entries = new Map<string, Entry>();
    let count = 0;
    for await (const entry of zip.eachEntry()) {
      count += 1;
      if (count > IMPORT_FILE_LIMITS.filesMax) throw tooMany(path);
      if (entry.fileName.endsWith('.json')) entries.set(entry.fileName, entry);
    }
    return {
      names: [...entries.keys()].sort(),
      open: (name) => bytesOf(zip, entries.get(name), name),
      close: () => zip.close(),
    };
  } catch (cause) {
    zip.close();
    throw cause instanceof ImportError ? cause : broken(path, cause);
  }
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: false });
  } catch (cause) {
    throw broken(path, cause);
  }
}

async function* bytesOf(zip: ZipFile, entry: Entry | undefined, name: string): AsyncGenerator<Uint8Array> {
  if (entry === undefined) throw new ImportError(`The zip has no file ${name}.`);
  const isDocument = name === 'export.json' || name.endsWith('/export.json');
  const bytesMax = isDocument ? IMPORT_FILE_LIMITS.documentBytesMax : IMPORT_FILE_LIMITS.fileBytesMax;
  if (entry.isEncrypted())
    throw new ImportError(`${name} in the zip is encrypted. Unpack it, and import the folder.`);
  // What comes out is held to what is said here: more of it ends the stream with an error.
  if (entry.uncompressedSize > bytesMax)
    throw new ImportError(`${name} in the zip is larger than ${bytesMax} bytes when it is unpacked.`);
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream) yield chunk;
  } catch (cause) {
    throw broken(name, cause);
  }
}

/** Of a folder and those in it: an export lies no deeper. */
export async function filesOfFolder(path: string): Promise<OpenFiles> {
  const names: string[] = [];
  const look = async (prefix: string, depth: number): Promise<void> => {
    for (const each of await readdir(join(path, prefix), { withFileTypes: true })) {
      const name = `${prefix}${each.name}`;
      if (each.isFile() && name.endsWith('.json')) names.push(name);
      if (names.length > IMPORT_FILE_LIMITS.filesMax) throw tooMany(path);
      if (each.isDirectory() && depth > 0) await look(`${name}/`, depth - 1);
    }
  };
  await look('', FOLDERS_DEEP);
  return { names: names.sort(), open: (name) => createReadStream(join(path, name)), close: () => {} };
}

/** The export may have been unpacked into a folder of its own. */
const FOLDERS_DEEP = 2;

const tooMany = (path: string): ImportError =>
  new ImportError(`${path} has more than ${IMPORT_FILE_LIMITS.filesMax} files.`);

const broken = (path: string, cause: unknown): ImportError =>
  new ImportError(
    `${path} cannot be read as a zip (${cause instanceof Error ? cause.message : String(cause)}).`,
  );
