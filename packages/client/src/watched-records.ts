// The records of one followed connection: the server's as they come, and the client's own laid beside them on the server's
// clock. Pure; wire-watcher.ts keeps one for each connection.
import type { CaptureRecord, ClientRecord, ClockRecord } from '@wireroom/capture';
import * as CLIENT_LIMITS from './limits.ts';

/** When a record happened on the server's clock. */
export function timeOf(record: CaptureRecord, clock: ClockRecord | undefined): number {
  return record.kind === 'client' ? record.at + (clock?.offset ?? 0) : record.at;
}

/** In the order of time. The client's own keep their times; the clock record says how to read them. */
export function merged(
  server: readonly CaptureRecord[],
  client: readonly ClientRecord[],
  clock: ClockRecord | undefined,
): readonly CaptureRecord[] {
  if (client.length === 0) return server;
  const all = [...server, ...client, ...(clock === undefined ? [] : [clock])];
  const [open] = server;
  // The capture's first record says what it is of, whatever the clocks say.
  const timed = all
    .filter((record) => record !== open)
    .map((record) => ({ record, at: timeOf(record, clock) }));
  timed.sort((one, other) => one.at - other.at);
  const sorted = timed.map(({ record }) => record);
  return open === undefined ? sorted : [open, ...sorted];
}

export class WatchedRecords {
  #server: CaptureRecord[] = [];
  #merged: readonly CaptureRecord[] | undefined;

  /** The server's come again from the beginning. */
  restart(): void {
    this.#server = [];
    this.#merged = undefined;
  }

  add(records: readonly CaptureRecord[]): void {
    for (const record of records) this.#insert(record);
    const tooMany = this.#server.length - CLIENT_LIMITS.watchedRecordsMax;
    // All but the `open`, which says what the capture is of.
    if (tooMany > 0) this.#server.splice(1, tooMany + CLIENT_LIMITS.watchedRecordsMax / 10);
    this.#merged = undefined;
  }

  /** The clock or the client's records are others. */
  invalidate(): void {
    this.#merged = undefined;
  }

  /** The same array until something changed. */
  look(client: readonly ClientRecord[], clock: ClockRecord | undefined): readonly CaptureRecord[] {
    this.#merged ??= [...merged(this.#server, client, clock)];
    return this.#merged;
  }

  /** Nearly all come in the order of time; what the server had to hold back comes a little late. */
  #insert(record: CaptureRecord): void {
    let at = this.#server.length;
    while (at > 1 && (this.#server[at - 1]?.at ?? 0) > record.at) at -= 1;
    if (at === this.#server.length) this.#server.push(record);
    else this.#server.splice(at, 0, record);
  }
}
