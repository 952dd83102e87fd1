// What a draft's texts take up in memory while it waits to be written: for the bounds of the batches, in every adapter.
import type { DraftContent } from '@wireroom/protocol';

/** At most: two bytes a code unit, where there is a character beyond Latin-1. */
export function textBytes(content: DraftContent): number {
  switch (content.type) {
    case 'message':
    case 'edit':
      return 2 * content.text.length;
    case 'rename':
      return 2 * content.title.length;
    case 'topic':
      return 2 * content.topic.length;
    case 'delete':
    case 'react':
    case 'unreact':
      return 0;
  }
}
