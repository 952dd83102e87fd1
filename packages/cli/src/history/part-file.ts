// A download on its way: FILE.part with what has come, and FILE.part.json with what it was asked for and which state of the room
// it is of. Both only for their owner. A download that is run again goes on from them; at the end FILE.part becomes FILE.
import {
  closeSync,
  createReadStream,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { HistoryPicture, KeptHistory } from '@wireroom/client/history';
import { epochSchema } from '@wireroom/protocol';
import { UsageError } from '../usage-error.ts';
import type { Asked } from './get-arguments.ts';

const OWNER_ONLY = 0o600;
const READ_BYTES = 1024 * 1024;

export class PartFile {
  readonly path: string;
  readonly #target: string;
  readonly #asked: Asked;
  readonly #handle: number;
  #picture: HistoryPicture | undefined;
  #job: string | undefined;
  #isOpen = true;

  /** Throws a UsageError if what is there is of another download, and Node's error if it cannot be written. */
  constructor(target: string, asked: Asked) {
    this.#target = target;
    this.#asked = asked;
    this.path = `${target}.part`;
    mkdirSync(dirname(target), { recursive: true });
    const { picture, job } = this.#readNote();
    this.#picture = picture;
    this.#job = job;
    this.#handle = openSync(this.path, 'a', OWNER_ONLY);
    // Bytes of which nobody knows what they are of.
    if (this.#picture === undefined) ftruncateSync(this.#handle);
  }

  get bytes(): number {
    return this.#isOpen ? fstatSync(this.#handle).size : 0;
  }

  /** The id of what the server makes, or has made, to be fetched into this. */
  get job(): string | undefined {
    return this.#job;
  }

  /** What a download before this one has left here. */
  get kept(): KeptHistory | undefined {
    const picture = this.#picture;
    if (picture === undefined) return undefined;
    if (this.bytes === 0) return picture;
    return { ...picture, stored: createReadStream(this.path, { highWaterMark: READ_BYTES }) };
  }

  /** Before the first byte: without it what has come could not be gone on from. */
  note(picture: HistoryPicture): void {
    if (this.#picture?.until === picture.until && this.#picture.epoch === picture.epoch) return;
    this.#picture = picture;
    this.#keepNote();
  }

  /** As soon as it is asked for: whoever stops waiting finds it again. */
  noteJob(id: string): void {
    this.#job = id;
    this.#keepNote();
  }

  #keepNote(): void {
    const { until, epoch } = this.#picture ?? {};
    const note = { asked: this.#asked, until, epoch, job: this.#job };
    writeFileSync(this.#notePath, `${JSON.stringify(note)}\n`, { mode: OWNER_ONLY });
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#handle, bytes, at);
  }

  /** It is whole: under its name now, and on the disk. */
  finish(): void {
    fsyncSync(this.#handle);
    this.close();
    renameSync(this.path, this.#target);
    rmSync(this.#notePath, { force: true });
  }

  /** What is there is worth nothing any more. */
  discard(): void {
    this.close();
    rmSync(this.path, { force: true });
    rmSync(this.#notePath, { force: true });
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#handle);
    this.#isOpen = false;
  }

  get #notePath(): string {
    return `${this.path}.json`;
  }

  #readNote(): Note {
    if (!existsSync(this.#notePath)) return {};
    const { asked, ...note } = noteOf(readFileSync(this.#notePath, 'utf8'));
    const isOurs = asked === undefined || JSON.stringify(asked) === JSON.stringify(this.#asked);
    if (!isOurs)
      throw new UsageError(
        `get: ${this.path} is of another download (${this.#notePath} says of which). Remove it, or name another file with --out.`,
      );
    return note;
  }
}

interface Note {
  readonly picture?: HistoryPicture;
  readonly job?: string;
}

/** Whatever else stands there is no note of ours. */
function noteOf(text: string): Note & { readonly asked?: unknown } {
  try {
    const { asked, until, epoch, job } = JSON.parse(text);
    const read = epochSchema.safeParse(epoch);
    const isPicture = read.success && Number.isSafeInteger(until);
    const isJob = typeof job === 'string';
    if (!isPicture && !isJob) return {};
    return {
      asked,
      ...(isPicture && { picture: { until, epoch: read.data } }),
      ...(isJob && { job }),
    };
  } catch {
    return {};
  }
}
