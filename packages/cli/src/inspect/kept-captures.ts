// The captures that --save keeps: in memory until the end, then in a file whose name says its format.
import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { type Capture, type CaptureRecord, toHar, toJsonl, toPcapng } from '@wireroom/capture';
import { UsageError } from '../usage-error.ts';
import { INSPECT_LIMITS } from './limits.ts';

type Writer = (captures: readonly Capture[]) => string | Uint8Array;

const WRITERS: Readonly<Record<string, Writer>> = { '.pcapng': toPcapng, '.har': toHar, '.jsonl': toJsonl };

export class KeptCaptures {
  readonly #file: string;
  readonly #writer: Writer;
  readonly #captures: CaptureRecord[][] = [];
  #bytes = 0;
  #records = 0;
  #bytesNotKept = 0;
  #recordsNotKept = 0;

  /** Throws a UsageError for a name that says no format. */
  constructor(file: string) {
    const writer = WRITERS[extname(file).toLowerCase()];
    if (writer === undefined) {
      throw new UsageError(`--save is "${file}"; the name must end in ${Object.keys(WRITERS).join(', ')}.`);
    }
    this.#file = file;
    this.#writer = writer;
  }

  begin(): (record: CaptureRecord) => void {
    const records: CaptureRecord[] = [];
    this.#captures.push(records);
    return (record) => {
      const bytes = record.kind === 'bytes' ? record.bytes.length : 0;
      const isFull =
        this.#bytes + bytes > INSPECT_LIMITS.keptBytesMax || this.#records >= INSPECT_LIMITS.keptRecordsMax;
      if (isFull && record.kind === 'bytes') {
        this.#bytesNotKept += bytes;
        this.#recordsNotKept += 1;
        return;
      }
      this.#bytes += bytes;
      this.#records += 1;
      records.push(record);
    };
  }

  /** Returns a sentence where something is missing in the file, or the file itself. */
  save(): string | undefined {
    try {
      writeFileSync(this.#file, this.#writer(this.#captures.map((records) => ({ records }))));
    } catch (error) {
      return `The capture could not be saved in "${this.#file}": ${error instanceof Error ? error.message : String(error)}.`;
    }
    if (this.#recordsNotKept === 0) return undefined;
    return `The capture in "${this.#file}" is not whole: its last ${this.#bytesNotKept} bytes were beyond the bound.`;
  }
}
