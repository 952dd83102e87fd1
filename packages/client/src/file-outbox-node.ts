// The outbox's store in a file, for programs in Node that must not forget what they were told to send (rule C1.9). One
// program at a time has the file: the programs of one author would need to know of each other, as tabs do.
import { closeSync, copyFileSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { open as openFile, rename } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { AuthorId, DraftId } from '@wireroom/protocol';
import { readDrafts } from './draft-record.ts';
import { memoryOutbox } from './memory-outbox.ts';
import { OutboxFront } from './outbox-front.ts';
import type { Candidacy, NewDraft, OutboxStore, StoredDraft } from './outbox-store.ts';
import { isRecord } from './record.ts';

const VERSION = 1;

/**
 * Keeps drafts in the file `path`, whose folder exists; whoever is not the owner cannot read it. Throws if another program
 * has it, or if it cannot be made. Closed, it lets the file go, and takes it again when it is used again; if another program has it by
 * then, it keeps to memory, with a warning of the process. A file that cannot be read is set aside under another name, and a warning of the process says so.
 */
export function fileOutbox(path: string): OutboxStore {
  const file = resolve(path);
  let first: OutboxStore | undefined = open(file);
  const outbox = new OutboxFront(() => {
    const store = first ?? reopened(file);
    first = undefined;
    return store;
  });
  // So that it has what is open already, and closes it.
  void outbox.load();
  return outbox;
}

function reopened(file: string): OutboxStore {
  try {
    return open(file);
  } catch (error) {
    warn(reasonOf(error));
    return memoryOutbox();
  }
}

function open(file: string): OutboxStore {
  const unlock = lock(file);
  try {
    return new FileOutbox(file, read(file), unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

class FileOutbox implements OutboxStore {
  readonly #file: string;
  readonly #memory: OutboxStore;
  readonly #unlock: () => void;
  #isDurable = true;
  /** The write that is under way, and the one after it, in which everything rides that comes meanwhile. */
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(file: string, drafts: readonly StoredDraft[], unlock: () => void) {
    this.#file = file;
    this.#memory = memoryOutbox(drafts);
    this.#unlock = unlock;
  }

  get isDurable(): boolean {
    return this.#isDurable;
  }

  load(): Promise<readonly StoredDraft[]> {
    return this.#memory.load();
  }

  async add(draft: NewDraft): Promise<StoredDraft> {
    const placed = await this.#memory.add(draft);
    await this.#keep();
    return placed;
  }

  async change(draft: StoredDraft): Promise<boolean> {
    const isThere = await this.#memory.change(draft);
    if (isThere) await this.#keep();
    return isThere;
  }

  async remove(draftIds: readonly DraftId[]): Promise<void> {
    await this.#memory.remove(draftIds);
    await this.#keep();
  }

  watch(): () => void {
    return () => {};
  }

  lead(authorId: AuthorId, leads: (isLeading: boolean) => void): Candidacy {
    return this.#memory.lead(authorId, leads);
  }

  tell(): void {}

  hear(): () => void {
    return () => {};
  }

  async close(): Promise<void> {
    await (this.#next ?? this.#writing);
    this.#unlock();
  }

  #keep(): Promise<void> {
    this.#next ??= this.#writing.then(() => {
      this.#next = undefined;
      this.#writing = this.#write();
      return this.#writing;
    });
    return this.#next;
  }

  /** Never rejects: what the disk refuses stays in memory, and goes with the next write that it takes. */
  async #write(): Promise<void> {
    try {
      const drafts = await this.#memory.load();
      await replaceFile(this.#file, JSON.stringify({ v: VERSION, drafts }));
      this.#isDurable = true;
    } catch (error) {
      if (this.#isDurable) warn(`The outbox cannot be written to ${this.#file}: ${reasonOf(error)}`);
      this.#isDurable = false;
    }
  }
}

/** Whole or not at all, and on the disk when it resolves. */
async function replaceFile(file: string, text: string): Promise<void> {
  const handle = await openFile(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
  if (process.platform === 'win32') return; // folders cannot be opened there
  const folder = await openFile(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function read(file: string): readonly StoredDraft[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
  const values = valuesIn(text);
  const drafts = readDrafts(values ?? []);
  if (drafts.length !== values?.length) setAside(file, drafts.length);
  return drafts;
}

function valuesIn(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) && value.v === VERSION && Array.isArray(value.drafts) ? value.drafts : undefined;
  } catch {
    return undefined;
  }
}

function setAside(file: string, readCount: number): void {
  const aside = `${file}.unread-${Date.now()}`;
  copyFileSync(file, aside);
  warn(
    `The outbox ${file} could not be read in full (${readCount} drafts could). It was kept as ${aside}, ` +
      'and a new one begins.',
  );
}

/** Files that this process has. */
const held = new Set<string>();

/** Returns what gives it back. */
function lock(file: string): () => void {
  const lockFile = `${file}.lock`;
  const owner = ownerOf(lockFile);
  if (held.has(file) || (owner !== undefined && owner !== process.pid && isAlive(owner))) {
    const who = held.has(file) ? 'this program already' : `the program with the process id ${owner}`;
    throw new Error(
      `The outbox ${file} is in use by ${who}. Give each program a file of its own; if none runs, delete ${lockFile}.`,
    );
  }
  // Left behind by a program that was killed.
  if (owner !== undefined) rmSync(lockFile, { force: true });
  const handle = openSync(lockFile, 'wx', 0o600);
  writeSync(handle, String(process.pid));
  closeSync(handle);
  held.add(file);
  const unlock = (): void => {
    if (!held.delete(file)) return;
    process.off('exit', unlock);
    rmSync(lockFile, { force: true });
  };
  process.once('exit', unlock);
  return unlock;
}

function ownerOf(lockFile: string): number | undefined {
  try {
    return Number(readFileSync(lockFile, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

const warn = (sentence: string): void => process.emitWarning(sentence, { code: 'WIREROOM_OUTBOX' });

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
