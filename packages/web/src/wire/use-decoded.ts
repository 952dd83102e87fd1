// Records decoded, and what came since decoded on top of it: a live connection is not read from its beginning again and again.
import { CaptureDecoder, type CaptureRecord, type Decoded } from '@wireroom/capture';
import { useMemo, useRef } from 'react';

interface Progress {
  readonly decoder: CaptureDecoder;
  readonly done: readonly CaptureRecord[];
}

/** How far each list of records has been decoded; the same list grown longer goes on from there. */
export class GrowingDecoder {
  #progress: Progress | undefined;

  decoded(records: readonly CaptureRecord[]): Decoded {
    const { decoder, done } = this.#progressIn(records);
    for (const record of records.slice(done.length)) decoder.push(record);
    this.#progress = { decoder, done: records };
    return decoder.decoded;
  }

  #progressIn(records: readonly CaptureRecord[]): Progress {
    const before = this.#progress;
    const last = before?.done.length ?? 0;
    const isGrown =
      before !== undefined &&
      last <= records.length &&
      records[0] === before.done[0] &&
      records[last - 1] === before.done[last - 1];
    return isGrown ? before : { decoder: new CaptureDecoder(), done: [] };
  }
}

export function useDecoded(records: readonly CaptureRecord[]): Decoded {
  const decoder = useRef<GrowingDecoder>(null);
  decoder.current ??= new GrowingDecoder();
  const growing = decoder.current;
  return useMemo(() => growing.decoded(records), [growing, records]);
}
