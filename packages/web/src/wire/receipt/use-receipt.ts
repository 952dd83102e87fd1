// What is known of one message: asked of the live wire; where there is none, looked for in the capture that is open.
import type { CaptureRecord } from '@wireroom/capture';
import { useEffect, useMemo, useState } from 'react';
import type { LiveWire } from '../live/live-wire.ts';
import type { ReceiptMessage } from './ReceiptView.tsx';

interface Answer {
  readonly records?: readonly CaptureRecord[];
  readonly refusal?: Error;
}

interface Kept extends Answer {
  readonly seq: number | undefined;
}

export function useReceipt(
  live: LiveWire | undefined,
  message: ReceiptMessage | undefined,
  records: readonly CaptureRecord[],
): Answer {
  const [kept, setKept] = useState<Kept>({ seq: undefined });
  const seq = message?.seq;
  const roomId = message?.roomId;
  const isAsked = live !== undefined && roomId !== undefined && seq !== undefined;
  // More of it may have happened since: painted, delivered to a slow reader.
  const growth = isAsked ? live.snapshot().state : '';
  useEffect(() => {
    if (live === undefined || roomId === undefined || seq === undefined || growth === 'connecting') return;
    let isWanted = true;
    const keep = (answer: Kept): void => {
      if (isWanted) setKept((before) => better(before, answer));
    };
    live.receipt(roomId, seq).then(
      (receipt) => keep({ seq, records: receipt.records }),
      (error: unknown) => keep({ seq, refusal: error instanceof Error ? error : new Error(String(error)) }),
    );
    return () => {
      isWanted = false;
    };
  }, [live, roomId, seq, growth]);
  const clock = live?.snapshot().clock;
  return useMemo(() => {
    if (!isAsked) return { records };
    if (kept.seq !== seq) return {};
    // The clocks are compared again and again: the last comparison is the best one.
    return clock === undefined || kept.records === undefined || kept.records.length === 0
      ? kept
      : { ...kept, records: [...kept.records, clock] };
  }, [isAsked, kept, records, seq, clock]);
}

/** What was seen of a message stays, also when the feed is away or the server has forgotten it since. */
const better = (before: Kept, answer: Kept): Kept =>
  before.seq === answer.seq && (answer.records ?? []).length === 0 && (before.records ?? []).length > 0
    ? before
    : answer;
