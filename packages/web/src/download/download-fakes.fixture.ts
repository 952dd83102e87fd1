// A source, a keep and tabs for tests, in memory: the source gives what a script says, in pieces; the keep remembers what survives a reload.
import { createHash } from 'node:crypto';
import type { HistoryEnd, HistorySpec } from '@wireroom/history';
import { epochSchema } from '@wireroom/protocol';
import {
  type DownloadAsk,
  DownloadError,
  type DownloadKeep,
  type DownloadTabs,
  type HistorySource,
  type KeptDownload,
  type Sink,
} from './download-port.ts';
import type { DownloadChoice, DownloadEstimate } from './download-state.ts';

const EPOCH = epochSchema.parse('e_1');

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const endOf = (bytes: Uint8Array, given: Partial<HistoryEnd> = {}): HistoryEnd => ({
  ...{ type: 'end', count: 3, first: 1, last: 3, broken: 0, gaps: [], sha256: sha256Of(bytes) },
  ...given,
});

/** Documents by the seq that they begin after; 0 is the first. */
export class FakeSource implements HistorySource {
  readonly asks: DownloadAsk[] = [];
  readonly #documents: Readonly<
    Record<number, { readonly text: string; readonly end?: Partial<HistoryEnd> }>
  >;
  readonly pieceBytes: number;
  /** Called before each piece; what it returns is waited for, what it throws ends the download. */
  beforePiece: (at: number, ask: DownloadAsk) => Promise<void> | void = () => {};

  constructor(
    documents: Readonly<Record<number, { readonly text: string; readonly end?: Partial<HistoryEnd> }>>,
    pieceBytes = 10,
  ) {
    this.#documents = documents;
    this.pieceBytes = pieceBytes;
  }

  async estimate(): Promise<DownloadEstimate> {
    return ESTIMATE;
  }

  async download(ask: DownloadAsk): Promise<HistoryEnd> {
    this.asks.push(ask);
    const { text, end } = this.#documents[ask.after ?? 0] ?? { text: '' };
    const all = bytesOf(text);
    const has: Uint8Array[] = [];
    for await (const piece of ask.kept?.read() ?? []) has.push(piece);
    const kept = ask.kept?.bytes ?? 0;
    const prefix = Buffer.concat(has);
    if (!prefix.equals(Buffer.from(all.subarray(0, kept))))
      throw new DownloadError('history-changed', 'changed');
    ask.onPicture({ epoch: EPOCH, until: 3 });
    for (let at = kept; at < all.length; at += this.pieceBytes) {
      await this.beforePiece(at, ask);
      ask.signal.throwIfAborted();
      await ask.write(all.subarray(at, at + this.pieceBytes));
      ask.onRecords(at);
    }
    return endOf(all, end);
  }
}

export const ESTIMATE: DownloadEstimate = { epoch: EPOCH, until: 3, records: 3, bytes: 100, parts: 1 };

export const choice = (spec: HistorySpec, estimate: Partial<DownloadEstimate> = {}): DownloadChoice => ({
  ...{ room: 'lobby', title: 'Lobby', spec },
  estimate: { ...ESTIMATE, ...estimate },
});

/** What it holds is what a reload would find. */
export class FakeKeep implements DownloadKeep {
  asksWhere = false;
  /** What the reader answers when asked where. */
  chosen: FileSystemFileHandle | undefined;
  isAllowed = true;
  readonly erased: FileSystemFileHandle[] = [];
  readonly files = new Map<string, Uint8Array>();
  kept: KeptDownload | undefined;
  readonly handedOver: { readonly name: string; readonly file: Blob }[] = [];
  /** Thrown by the next write. */
  writeError: Error | undefined;

  async askWhere(): Promise<FileSystemFileHandle | undefined> {
    return this.chosen;
  }

  async isPermitted(): Promise<boolean> {
    return this.isAllowed;
  }

  async find(): Promise<readonly KeptDownload[]> {
    return this.kept === undefined ? [] : [this.kept];
  }

  async erase(handle: FileSystemFileHandle): Promise<void> {
    this.erased.push(handle);
  }

  async put(kept: KeptDownload): Promise<void> {
    this.kept = structuredClone(kept);
  }

  async remove(id: string): Promise<void> {
    this.kept = undefined;
    this.files.delete(id);
  }

  async open({ plan, position }: KeptDownload): Promise<Sink> {
    const safe = (): Uint8Array => this.files.get(plan.id) ?? new Uint8Array();
    this.files.set(plan.id, safe().slice(0, position.fileBytes));
    let waiting: Uint8Array[] = [];
    const settle = async (): Promise<void> => {
      this.files.set(plan.id, Uint8Array.from(Buffer.concat([safe(), ...waiting])));
      waiting = [];
    };
    return {
      write: async (bytes) => {
        if (this.writeError !== undefined) throw this.writeError;
        waiting.push(bytes.slice());
      },
      isDue: () => waiting.length >= 3,
      settle,
      async *read(bytes) {
        yield safe().subarray(0, bytes);
      },
      finish: async () => {
        await settle();
        return plan.place === 'file' ? undefined : this.fileOf(plan.id);
      },
    };
  }

  async fileOf(id: string): Promise<Blob> {
    return new Blob([Uint8Array.from(this.files.get(id) ?? [])]);
  }

  handOver(file: Blob, name: string): void {
    this.handedOver.push({ file, name });
  }
}

export class FakeTabs implements DownloadTabs {
  elsewhere = false;
  readonly claimed = new Set<string>();

  async isElsewhere(): Promise<boolean> {
    return this.elsewhere;
  }

  claim(id: string): () => void {
    this.claimed.add(id);
    return () => this.claimed.delete(id);
  }
}
