// Is this the draft that was stored before (rule L3)? The same question in every adapter of the log, so answered once.
import type { DraftContent, DraftedEntry } from '@wireroom/protocol';

/** A text that was deleted meanwhile cannot be compared: the rest of the draft decides. */
export function isSameDraft(stored: DraftedEntry, content: DraftContent): boolean {
  const isTextGone = 'deleted' in stored && stored.deleted === true;
  return Object.entries(content).every(
    ([field, value]) => (field === 'text' && isTextGone) || Reflect.get(stored, field) === value,
  );
}
