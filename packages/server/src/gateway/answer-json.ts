// Answers that carry entries, as JSON in UTF-8. The entries' own JSON is there already, made once for everybody (feed/), so an
// answer is pieces, and what many are sent lies in one place; lists that are the same list are joined once.
import type { Entry, JoinedEvent, PageEvent, ResumedEvent } from '@wireroom/protocol';
import { listJson } from '../feed/feed.ts';
import type { ResumedPart, RoomAnswer } from './resume.ts';

type WithEntries<T> = Omit<T, 'entries'> & { readonly entries: readonly Entry[] };

const COMMA = Buffer.from(',');

/** The answer's fields, and its entries as the last of them. */
export function answerJson(
  answer: WithEntries<JoinedEvent> | WithEntries<PageEvent> | Extract<RoomAnswer, { entries: unknown }>,
): Buffer[] {
  const { entries, ...fields } = answer;
  return [
    Buffer.from(`${JSON.stringify(fields).slice(0, -1)},"entries":[`),
    listJson(entries),
    Buffer.from(']}'),
  ];
}

export function resumedJson(ref: ResumedEvent['ref'], { rooms, isLast }: ResumedPart): Buffer[] {
  const { type }: Pick<ResumedEvent, 'type'> = { type: 'resumed' };
  const fields = JSON.stringify({ type, ref, isLast });
  const pieces: Buffer[] = [Buffer.from(`${fields.slice(0, -1)},"rooms":[`)];
  for (const [index, room] of rooms.entries()) {
    if (index > 0) pieces.push(COMMA);
    pieces.push(...roomPieces(room));
  }
  pieces.push(Buffer.from(']}'));
  return pieces;
}

function roomPieces(room: RoomAnswer): Buffer[] {
  if ('entries' in room && room.entries.length > 0) return answerJson(room);
  return [Buffer.from(JSON.stringify(room))];
}
