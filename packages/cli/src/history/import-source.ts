// Finds out what a file is, and opens it as a stream of records: ours, Slack's or Element's.
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import {
  type ExportFiles,
  ImportError,
  type ImportHead,
  isSlackExport,
  type ReadRecord,
  readElementExport,
  readSlackExport,
  readWireroomFile,
} from '@wireroom/history/import';
import { filesOfFolder, filesOfZip } from './export-files.ts';
import type { ImportAsked } from './import-arguments.ts';
import { IMPORT_FILE_LIMITS } from './limits.ts';

export interface OpenSource {
  readonly head: ImportHead;
  /** What it is, for people. */
  readonly what: string;
  readonly records: AsyncIterable<ReadRecord>;
  close(): void;
}

type Asked = Pick<ImportAsked, 'file' | 'format' | 'channel' | 'isUnprovenAllowed'>;

/** Rejects with an ImportError. */
export async function openSource(asked: Asked): Promise<OpenSource> {
  const { file } = asked;
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) throw new ImportError(`There is no file ${file}, or it may not be read.`);
  if (found.isDirectory()) return ofFiles(await filesOfFolder(file), asked);
  const start = await startOf(file);
  if (start.subarray(0, 2).toString('latin1') === 'PK') return ofFiles(await filesOfZip(file), asked);
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  const chunks = isGzip ? gunzipped(file) : createReadStream(file);
  const text = isGzip ? '' : start.toString('utf8').trimStart();
  return ofDocument(chunks, asked, isElement(asked, text));
}

function isElement({ format, file, channel }: Asked, start: string): boolean {
  if (format === 'slack')
    throw new ImportError(`${file} is no export of Slack: that is a zip, or the folder that was in it.`);
  if (channel !== undefined) throw new ImportError('--channel is for an export of Slack; this is none.');
  if (format !== 'auto') return format === 'element';
  if (start.startsWith('{')) return !/^\{\s*"type"\s*:\s*"history"/.test(start);
  if (start === '') return false;
  throw new ImportError(
    `${file} is nothing that can be imported: a history of Wireroom in JSON Lines, an export of Slack, or Element's JSON.`,
  );
}

async function ofDocument(
  chunks: AsyncIterable<Uint8Array>,
  { isUnprovenAllowed }: Pick<Asked, 'isUnprovenAllowed'>,
  isElements: boolean,
): Promise<OpenSource> {
  const close = (): void => {};
  if (isElements) return { ...(await readElementExport(chunks)), what: 'an export of Element', close };
  const { room, ...read } = await readWireroomFile(chunks, { isUnprovenAllowed });
  const part = read.head.keepsNumbers ? '' : 'part of ';
  return { ...read, what: `${part}a history of the room "${room.slug}"`, close };
}

async function ofFiles(files: ExportFiles & { close(): void }, asked: Asked): Promise<OpenSource> {
  const { format, channel, file } = asked;
  const close = (): void => files.close();
  try {
    const elements = files.names.find((name) => name === 'export.json' || name.endsWith('/export.json'));
    if (format === 'element' || (format === 'auto' && !isSlackExport(files) && elements !== undefined)) {
      if (elements === undefined)
        throw new ImportError(`${file} has no export.json: it is no export of Element.`);
      return { ...(await readElementExport(files.open(elements))), what: 'an export of Element', close };
    }
    if (format === 'wireroom' || !isSlackExport(files))
      throw new ImportError(
        `${file} is no export of Slack: that has a list of people (users.json) and a folder of days for each channel.`,
      );
    const { channel: name, ...read } = await readSlackExport(files, channel);
    return { ...read, what: `the channel #${name} of an export of Slack`, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function startOf(file: string): Promise<Buffer> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) throw new ImportError(`${file} may not be read.`);
  try {
    const buffer = Buffer.alloc(IMPORT_FILE_LIMITS.lookedAtBytes);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function* gunzipped(file: string): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(file);
  const unzip = createGunzip();
  stream.on('error', (error) => unzip.destroy(error));
  try {
    for await (const chunk of stream.pipe(unzip)) yield chunk;
  } catch (cause) {
    throw new ImportError(
      `${file} cannot be unpacked (${cause instanceof Error ? cause.message : String(cause)}).`,
    );
  } finally {
    stream.destroy();
  }
}
