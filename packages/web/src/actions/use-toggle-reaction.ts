// A press on an emoji: a reaction, or the end of one.
import type { MessageItem } from '@wireroom/client';
import { hasReacted } from './message-abilities.ts';
import { useThisRoom } from './this-room.ts';

export function useToggleReaction(): (item: MessageItem, emoji: string) => void {
  const { room } = useThisRoom();
  return (item, emoji) => {
    void (hasReacted(item, emoji) ? room.unreact(item.seq, emoji) : room.react(item.seq, emoji));
  };
}
