// What happened on a connection as rows in the order of time: the handshake, each frame with its place in its message and in
// the TCP reads, polling requests, remarks, the end. Pure; FrameList.tsx draws them.
import type {
  CaptureRecord,
  Decoded,
  DecodedFrame,
  DecodedMessage,
  Direction,
  Micros,
} from '@wireroom/capture';

/** The bracket that holds the frames of one message together. */
export type Bracket = 'none' | 'start' | 'middle' | 'end' | 'through';

export interface FrameRow {
  readonly kind: 'frame';
  readonly key: string;
  readonly at: Micros;
  readonly frame: DecodedFrame;
  readonly message?: DecodedMessage;
  readonly bracket: Bracket;
  /** It begins in the TCP read in which the frame before it (in its direction) ended. */
  readonly sharesRead: boolean;
}

export interface HeadRow {
  readonly kind: 'request' | 'response';
  readonly key: string;
  readonly at: Micros;
  readonly direction: Direction;
  readonly text: string;
  readonly bytes: number;
}

export interface RecordRow {
  readonly kind: 'record';
  readonly key: string;
  readonly at: Micros;
  readonly record: Extract<CaptureRecord, { kind: 'poll' | 'note' | 'dropped' | 'close' | 'resume' }>;
}

export type WireRow = FrameRow | HeadRow | RecordRow;

export interface RowFilter {
  readonly direction: 'both' | Direction;
  readonly type: 'all' | 'data' | 'control';
  /** Found in the text of a message, in the name of what it is, or in a remark. */
  readonly search: string;
}

export const NO_FILTER: RowFilter = { direction: 'both', type: 'all', search: '' };

/** A frame with an opcode of this or above controls the connection and carries no message. */
const FIRST_CONTROL_OPCODE = 0x8;

export const isControl = (frame: Pick<DecodedFrame, 'opcode'>): boolean =>
  frame.opcode >= FIRST_CONTROL_OPCODE;

export function wireRows(decoded: Decoded, records: readonly CaptureRecord[]): readonly WireRow[] {
  const rows: WireRow[] = [...headRows(decoded), ...recordRows(records), ...frameRows(decoded)];
  // Stable: what has the same time stays in this order.
  return rows.sort((a, b) => a.at - b.at);
}

function headRows({ handshake: { request, response } }: Decoded): readonly HeadRow[] {
  const rows: HeadRow[] = [];
  const sizeOf = (span: { readonly from: number; readonly to: number }): number => span.to - span.from;
  if (request !== undefined)
    rows.push({
      ...{ kind: 'request', key: 'request', at: request.at, direction: 'in' },
      ...{ text: `${request.method} ${request.target}`, bytes: sizeOf(request.span) },
    });
  if (response !== undefined)
    rows.push({
      ...{ kind: 'response', key: 'response', at: response.at, direction: 'out' },
      ...{ text: `${response.status} ${response.reasonPhrase}`, bytes: sizeOf(response.span) },
    });
  return rows;
}

function recordRows(records: readonly CaptureRecord[]): readonly RecordRow[] {
  return records.flatMap((record, at): RecordRow[] => {
    switch (record.kind) {
      case 'poll':
      case 'note':
      case 'dropped':
      case 'close':
      case 'resume':
        return [{ kind: 'record', key: `r${at}`, at: record.at, record }];
      default:
        return [];
    }
  });
}

function frameRows({ frames, messages }: Decoded): readonly FrameRow[] {
  const messageOf = new Map(messages.map((message) => [`${message.direction}${message.index}`, message]));
  /** Of the message that is under way in each direction: its last frame. */
  const open: Record<Direction, number | undefined> = { in: undefined, out: undefined };
  const lastChunk: Record<Direction, number | undefined> = { in: undefined, out: undefined };
  return frames.map((frame): FrameRow => {
    const { direction, index, chunks } = frame;
    const message =
      frame.messageIndex === undefined ? undefined : messageOf.get(`${direction}${frame.messageIndex}`);
    const bracket = bracketOf(frame, message, open[direction] ?? open[direction === 'in' ? 'out' : 'in']);
    if (bracket === 'start') open[direction] = message?.frames.at(-1);
    if (bracket === 'end') open[direction] = undefined;
    const sharesRead = chunks[0] !== undefined && chunks[0] === lastChunk[direction];
    lastChunk[direction] = chunks.at(-1);
    return {
      ...{ kind: 'frame', key: `${direction}${index}`, at: frame.at, frame, bracket, sharesRead },
      ...(message !== undefined && { message }),
    };
  });
}

function bracketOf(
  frame: DecodedFrame,
  message: DecodedMessage | undefined,
  openUntil: number | undefined,
): Bracket {
  if (message === undefined || message.frames.length < 2) return openUntil === undefined ? 'none' : 'through';
  if (message.frames[0] === frame.index) return 'start';
  return message.frames.at(-1) === frame.index ? 'end' : 'middle';
}

export function filterRows(rows: readonly WireRow[], filter: RowFilter): readonly WireRow[] {
  const wanted = filter.search.trim().toLowerCase();
  if (filter.direction === 'both' && filter.type === 'all' && wanted === '') return rows;
  return rows.filter(
    (row) =>
      isDirection(row, filter.direction) && isType(row, filter.type) && textOfRow(row).includes(wanted),
  );
}

function isDirection(row: WireRow, direction: RowFilter['direction']): boolean {
  if (direction === 'both') return true;
  if (row.kind === 'frame') return row.frame.direction === direction;
  if (row.kind === 'record') return row.record.kind === 'poll' && row.record.direction === direction;
  return row.direction === direction;
}

function isType(row: WireRow, type: RowFilter['type']): boolean {
  if (type === 'all') return true;
  return row.kind === 'frame' && isControl(row.frame) === (type === 'control');
}

/** In lower case. */
function textOfRow(row: WireRow): string {
  switch (row.kind) {
    case 'request':
    case 'response':
      return row.text.toLowerCase();
    case 'record':
      return JSON.stringify(row.record).toLowerCase();
    case 'frame':
      return `${row.message?.text ?? ''} ${row.frame.close?.code ?? ''} ${row.frame.close?.reason ?? ''}`.toLowerCase();
  }
}
