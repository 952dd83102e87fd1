// What became of one's own changes of title and topic, under the header: those that wait, and those that were refused.
import type { RoomSnapshot } from '@wireroom/client';
import { Change } from '../actions/Changes.tsx';
import styles from './RoomChanges.module.css';

export function RoomChanges({ room }: { readonly room: RoomSnapshot }) {
  const told = room.changes.filter(({ state }) => state !== 'sending');
  return (
    <div role="status" className={told.length > 0 ? styles.changes : undefined}>
      {told.map((change) => (
        <Change key={change.draftId} change={change} />
      ))}
    </div>
  );
}
