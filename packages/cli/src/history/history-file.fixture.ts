// For tests: a history as a server would send it, in any format.
import { createHash } from 'node:crypto';
import {
  HistoryCount,
  type HistoryEnd,
  type HistoryFormat,
  type HistoryHead,
  historyHeadSchema,
  historyWriter,
} from '@wireroom/history';
import { entrySchema } from '@wireroom/protocol';

export const EPOCH = 'e_0123456789abcdef';
const ROOM = { roomId: 'r_0123456789abcdef', slug: 'lobby', title: 'The lobby', topic: '' };
const AUTHOR = { authorId: 'a_0123456789abcdef', name: 'Ann' };

export const fixtureHead = (format: HistoryFormat, more: Partial<HistoryHead> = {}): HistoryHead =>
  historyHeadSchema.parse({
    ...{ type: 'history', v: 1, room: ROOM, epoch: EPOCH, until: 100, spec: { format } },
    ...more,
  });

export interface FixturePart {
  readonly from?: number;
  readonly to?: number;
  readonly more?: Partial<HistoryEnd>;
}

/** Messages with the numbers from `from` to `to`; the bytes that were hashed, then the last line. */
export function historyText(head: HistoryHead, { from = 1, to = 100, more = {} }: FixturePart = {}) {
  const writer = historyWriter(head);
  const count = new HistoryCount({ findsGaps: true });
  let body = writer.head();
  for (let seq = from; seq <= to; seq++) {
    count.record(seq);
    const draft = {
      type: 'message',
      draftId: `draft-${seq}-00000`,
      text: `message ${seq} = ${'x'.repeat(seq)}`,
    };
    const entry = entrySchema.parse({
      ...{
        v: 1,
        roomId: ROOM.roomId,
        epoch: head.epoch,
        seq,
        author: AUTHOR,
        at: '2026-11-26T20:58:51.123Z',
      },
      ...draft,
    });
    body += writer.item({ kind: 'entry', entry });
  }
  const totals = { ...count.totals(), ...more };
  body += writer.foot(totals);
  const end: HistoryEnd = {
    ...{ type: 'end', ...totals },
    sha256: createHash('sha256').update(body).digest('hex'),
  };
  const last = writer.end(end);
  return { body, last, text: body + last, end };
}
