// What the timeline shows, out of records and frames: moments of the browser, stations of the server, and frames with their time
// at either end; all on the server's clock. Pure.
import type {
  CaptureRecord,
  ClientRecord,
  Decoded,
  Direction,
  Micros,
  StationRecord,
} from '@wireroom/capture';

export interface Moment {
  readonly key: string;
  readonly at: Micros;
  readonly end: 'browser' | 'server';
  readonly record: ClientRecord | StationRecord | Extract<CaptureRecord, { kind: 'resume' | 'close' }>;
}

export interface FrameMark {
  readonly key: string;
  readonly direction: Direction;
  readonly index: number;
  readonly opcode: number;
  /** At the server. */
  readonly at: Micros;
  /** When the browser sent or heard its message; absent: not seen. */
  readonly browserAt?: Micros;
  readonly bytes: number;
}

/** Bytes that waited in the browser or at a reader of this connection. */
export interface Waiting {
  readonly at: Micros;
  readonly bytes: number;
  readonly where: 'browser' | 'server';
}

export interface TimelineEvents {
  readonly moments: readonly Moment[];
  readonly frames: readonly FrameMark[];
  readonly waiting: readonly Waiting[];
  readonly duplicates: number;
  readonly uncertainty?: Micros;
}

export function timelineEvents(decoded: Decoded, records: readonly CaptureRecord[]): TimelineEvents {
  const clock = records.findLast((record) => record.kind === 'clock');
  const offset = clock?.offset ?? 0;
  const browserTimes = new Map<string, Micros>();
  const moments: Moment[] = [];
  const waiting: Waiting[] = [];
  const own = records[0]?.kind === 'open' ? records[0].connectionId : undefined;
  records.forEach((record, at) => {
    const key = String(at);
    if (record.kind === 'client') {
      const time = record.at + offset;
      moments.push({ key, at: time, end: 'browser', record });
      const isCarried = record.moment === 'sent' || record.moment === 'heard';
      if (isCarried && record.message !== undefined)
        browserTimes.set(`${record.message.direction}${record.message.index}`, time);
      if (record.bufferedAmount !== undefined)
        waiting.push({ at: time, bytes: record.bufferedAmount, where: 'browser' });
    } else if (record.kind === 'station' || record.kind === 'resume' || record.kind === 'close') {
      moments.push({ key, at: record.at, end: 'server', record });
      if (record.kind === 'station' && record.reader !== undefined && record.reader.connectionId === own)
        waiting.push({ at: record.at, bytes: record.reader.bufferedBytes, where: 'server' });
    }
  });
  return {
    moments: moments.sort((a, b) => a.at - b.at),
    frames: decoded.frames.map((frame) => markOf(frame, browserTimes)),
    waiting: waiting.sort((a, b) => a.at - b.at),
    duplicates: records.filter((record) => record.kind === 'client' && record.moment === 'duplicate').length,
    ...(clock !== undefined && { uncertainty: clock.uncertainty }),
  };
}

function markOf(frame: Decoded['frames'][number], browserTimes: ReadonlyMap<string, Micros>): FrameMark {
  const { direction, index, opcode, at, span, messageIndex } = frame;
  const browserAt = messageIndex === undefined ? undefined : browserTimes.get(`${direction}${messageIndex}`);
  return {
    ...{ key: `${direction}${index}`, direction, index, opcode, at, bytes: span.to - span.from },
    ...(browserAt !== undefined && { browserAt }),
  };
}
