// Where downloads lie that were made to be fetched: two files each in one folder, what it is and the file itself. Nobody but the
// server's own user may read them. It survives a restart; what is in a file is render-service.ts's.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HISTORY_FORMATS, type HistorySpec } from '@wireroom/history';
import { authorIdSchema, epochSchema, roomIdSchema } from '@wireroom/protocol';
import { z } from 'zod';

export const JOB_STATES = ['running', 'done', 'failed'] as const;

const recordSchema = z.object({
  id: z.string(),
  authorId: authorIdSchema,
  roomId: roomIdSchema,
  slug: z.string(),
  spec: z.object({
    format: z.enum(HISTORY_FORMATS),
    from: z.string().exactOptional(),
    to: z.string().exactOptional(),
    author: z.string().exactOptional(),
    tz: z.string().exactOptional(),
  }),
  after: z.int().exactOptional(),
  /** Once it has begun: the same after a restart. */
  epoch: epochSchema.exactOptional(),
  until: z.int().exactOptional(),
  state: z.enum(JOB_STATES),
  records: z.int(),
  bytes: z.int(),
  /** Milliseconds since 1970. */
  expiresAtMs: z.number(),
  error: z.object({ code: z.string(), message: z.string() }).exactOptional(),
});

export type JobRecord = Readonly<Omit<z.infer<typeof recordSchema>, 'spec'>> & { readonly spec: HistorySpec };

const ID = /^[A-Za-z0-9_-]{22}$/;

export const newJobId = (): string => randomBytes(16).toString('base64url');

export class JobStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get isThere(): boolean {
    return existsSync(this.#folder);
  }

  /** Makes the folder, and reads what is in it; what cannot be read is removed. */
  async open(): Promise<JobRecord[]> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await chmod(this.#folder, 0o700);
    const records: JobRecord[] = [];
    for (const name of await readdir(this.#folder)) {
      const id = name.split('.', 1)[0] ?? '';
      if (!ID.test(id) || !name.endsWith('.json')) continue;
      const record = await this.#read(id);
      if (record === undefined) await this.remove(id);
      else records.push(record);
    }
    return records;
  }

  fileOf(id: string): string {
    return join(this.#folder, `${id}.file`);
  }

  /** Whole or not at all, also when the process is killed. */
  async keep(record: JobRecord): Promise<void> {
    const path = this.#recordOf(record.id);
    await writeFile(`${path}.new`, JSON.stringify(record), { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  async remove(id: string): Promise<void> {
    const path = this.#recordOf(id);
    for (const file of [this.fileOf(id), path, `${path}.new`]) await rm(file, { force: true });
  }

  removeFile(id: string): Promise<void> {
    return rm(this.fileOf(id), { force: true });
  }

  async #read(id: string): Promise<JobRecord | undefined> {
    try {
      const record: JobRecord = recordSchema.parse(JSON.parse(await readFile(this.#recordOf(id), 'utf8')));
      const isThere = record.state !== 'done' || (await stat(this.fileOf(id))).size === record.bytes;
      return record.id === id && isThere ? record : undefined;
    } catch {
      return undefined;
    }
  }

  #recordOf(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}
