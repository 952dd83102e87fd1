// How much of one's own is not in the log yet: messages, and changes of messages, of the title and of the topic. Pure.
import type { PendingChange, RoomSnapshot } from '@wireroom/client';

/** What would be lost by leaving: the refused as well. */
export function unsentCount({ items, changes }: RoomSnapshot): number {
  return items.reduce((count, item) => {
    if (item.kind === 'pending') return count + 1;
    return item.kind === 'message' ? count + item.changes.length : count;
  }, changes.length);
}

/** What is sent by itself once there is a connection. */
export function waitingCount({ items, changes }: RoomSnapshot): number {
  const waits = ({ state }: Pick<PendingChange, 'state'>): boolean => state !== 'failed';
  return items.reduce((count, item) => {
    if (item.kind === 'pending') return count + Number(waits(item));
    return item.kind === 'message' ? count + item.changes.filter(waits).length : count;
  }, changes.filter(waits).length);
}
