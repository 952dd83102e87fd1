// One run of a download, from a position to the end: asks the source for each document, passes what comes on to the sink, and writes down
// now and then how far it is. Knows no states: what runs, waits and ends is the store's affair.
import { type HistoryEnd, historyFileName } from '@wireroom/history';
import type { DownloadAsk, HistorySource, KeptDownload, Picture, Position, Sink } from './download-port.ts';
import { type DownloadProof, isPacked, type WaitReason } from './download-state.ts';
import { ZipWriter } from './zip-writer.ts';

export interface RunParts {
  readonly source: HistorySource;
  readonly sink: Sink;
  readonly kept: KeptDownload;
  readonly signal: AbortSignal;
  /** Writes a position down. It is true of the file by now. */
  settled(position: Position): Promise<void>;
  onProgress(bytes: number, records: number): void;
  onWait(reason: WaitReason | undefined): void;
}

export const NOTHING_PROVEN: DownloadProof = { count: 0, broken: 0, missing: 0, parts: 0 };

export const START: Position = {
  fileBytes: 0,
  part: { bytes: 0, records: 0 },
  before: { bytes: 0, records: 0 },
  proof: NOTHING_PROVEN,
  entries: [],
};

/** To the end, or to a rejection; then the last position that was settled is where it goes on. */
export function runDownload(parts: RunParts): Promise<DownloadProof> {
  return isPacked(parts.kept.plan) ? new PackedRun(parts).run() : new PlainRun(parts).run();
}

/** The file is the document: it can be left and taken up at any byte. */
class PlainRun {
  readonly #parts: RunParts;
  #position: Position;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#position = parts.kept.position;
  }

  async run(): Promise<DownloadProof> {
    const { sink, kept, source, signal } = this.#parts;
    const { bytes } = this.#position.part;
    try {
      const end = await source.download({
        ...askOf(this.#parts, this.#position),
        ...keptOf(kept.position, () => sink.read(bytes)),
        signal,
        write: (chunk) => this.#write(chunk),
        onPicture: (picture) => this.#move({ picture }),
        onRecords: (records) => this.#moveTo(this.#position.part.bytes, records),
      });
      this.#move({ proof: { ...proofWith(NOTHING_PROVEN, end), sha256: end.sha256 } });
    } catch (error) {
      // What has come is kept, whatever ended it; why it ended counts more than that it could not be kept.
      await this.#settle().catch(() => {});
      throw error;
    }
    await this.#settle();
    return this.#position.proof;
  }

  async #write(chunk: Uint8Array): Promise<void> {
    await this.#parts.sink.write(chunk);
    this.#moveTo(this.#position.part.bytes + chunk.length, this.#position.part.records);
    if (this.#parts.sink.isDue()) await this.#settle();
  }

  async #settle(): Promise<void> {
    const position = this.#position;
    await this.#parts.sink.settle();
    await this.#parts.settled(position);
  }

  #moveTo(bytes: number, records: number): void {
    this.#move({ fileBytes: bytes, part: { bytes, records } });
    this.#parts.onProgress(bytes, records);
  }

  #move(change: Partial<Position>): void {
    this.#position = { ...this.#position, ...change };
  }
}

/** Documents packed into one zip as they come: it can be left and taken up between two of them. */
class PackedRun {
  readonly #parts: RunParts;
  readonly #zip: ZipWriter;
  #position: Position;
  #fileBytes: number;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#position = parts.kept.position;
    this.#fileBytes = this.#position.fileBytes;
    this.#zip = new ZipWriter(this.#position.entries, this.#fileBytes);
  }

  async run(): Promise<DownloadProof> {
    try {
      return await this.#documents();
    } catch (error) {
      // What is behind the last document is dropped when this goes on; a file is let go of.
      await this.#parts.sink.settle().catch(() => {});
      throw error;
    }
  }

  async #documents(): Promise<DownloadProof> {
    const { kept } = this.#parts;
    // Taken up again after its last document: only the directory is missing.
    let isLast = this.#position.entries.length > 0 && this.#position.part.after === undefined;
    while (!isLast) {
      const end = await this.#document(historyFileName(kept.plan.room, 'html', this.#position.part.after));
      isLast = end.next === undefined || end.cut !== undefined;
      this.#position = this.#after(end);
      await this.#parts.sink.settle();
      await this.#parts.settled(this.#position);
    }
    await this.#write(this.#zip.directory());
    return this.#position.proof;
  }

  async #document(name: string): Promise<HistoryEnd> {
    const { source, signal } = this.#parts;
    let { picture } = this.#position;
    let bytes = 0;
    let records = 0;
    const tell = (): void => {
      const { before } = this.#position;
      this.#parts.onProgress(before.bytes + bytes, before.records + records);
    };
    await this.#write(this.#zip.begin(name));
    const end = await source.download({
      ...askOf(this.#parts, this.#position),
      ...keptOf(this.#position, nothing),
      signal,
      write: async (chunk) => {
        await this.#write(this.#zip.push(chunk));
        bytes += chunk.length;
        tell();
      },
      onPicture: (seen) => {
        picture = seen;
      },
      onRecords: (count) => {
        records = count;
        tell();
      },
    });
    await this.#write(this.#zip.end());
    const { before } = this.#position;
    this.#position = {
      ...this.#position,
      ...(picture !== undefined && { picture }),
      before: { bytes: before.bytes + bytes, records: before.records + end.count },
    };
    return end;
  }

  #after(end: HistoryEnd): Position {
    const { next, cut } = end;
    return {
      ...this.#position,
      fileBytes: this.#fileBytes,
      part: { bytes: 0, records: 0, ...(next !== undefined && cut === undefined && { after: next }) },
      proof: proofWith(this.#position.proof, end),
      entries: this.#zip.entries.slice(),
    };
  }

  async #write(pieces: readonly Uint8Array[]): Promise<void> {
    for (const piece of pieces) {
      await this.#parts.sink.write(piece);
      this.#fileBytes += piece.length;
    }
  }
}

function askOf(
  { kept, onWait }: RunParts,
  { part }: Position,
): Pick<DownloadAsk, 'room' | 'spec' | 'after' | 'onWait'> {
  const { room, spec } = kept.plan;
  return { room, spec, onWait, ...(part.after !== undefined && { after: part.after }) };
}

/** Nothing is kept before the picture is known. */
function keptOf(
  { picture, part }: { readonly picture?: Picture; readonly part: { readonly bytes: number } },
  read: () => AsyncIterable<Uint8Array>,
): Pick<DownloadAsk, 'kept'> {
  return picture === undefined ? {} : { kept: { ...picture, bytes: part.bytes, read } };
}

async function* nothing(): AsyncIterable<Uint8Array> {}

function proofWith(proof: DownloadProof, end: HistoryEnd): DownloadProof {
  const missing = end.gaps.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  return {
    count: proof.count + end.count,
    broken: proof.broken + end.broken,
    missing: proof.missing + missing,
    parts: proof.parts + 1,
    ...(end.cut !== undefined && { cut: end.cut }),
  };
}
