// The outbox as it lies in storage: one JSON array of drafts in the order of writing. What cannot be read is left out.
import { type DraftId, draftIdSchema, slugSchema } from '@wireroom/protocol';
import { parsed } from './identity.ts';
import { CLIENT_LIMITS } from './limits.ts';
import type { OutboxDraft } from './outbox.ts';
import type { Refusal } from './snapshot.ts';

interface StoredDraft {
  readonly slug: string;
  readonly draftId: DraftId;
  readonly text: string;
  readonly state: 'waiting' | 'failed';
  readonly error?: Refusal;
}

export function readDrafts(record: string | null | undefined): readonly StoredDraft[] {
  const value = parsed(record);
  if (!Array.isArray(value)) return [];
  const drafts: StoredDraft[] = [];
  const seen = new Set<DraftId>();
  for (const item of value.slice(0, CLIENT_LIMITS.outboxDraftsMax)) {
    const draft = readDraft(item);
    if (draft === undefined || seen.has(draft.draftId)) continue;
    seen.add(draft.draftId);
    drafts.push(draft);
  }
  return drafts;
}

/** `undefined`: there is nothing to keep. A draft that was being sent waits again after a reload (rule L3 allows it). */
export function writeDrafts(rooms: ReadonlyMap<string, readonly OutboxDraft[]>): string | undefined {
  const stored: StoredDraft[] = [];
  for (const [slug, drafts] of rooms) {
    for (const { draftId, text, state, error } of drafts) {
      if (state === 'acknowledged') continue;
      if (state === 'failed') stored.push({ slug, draftId, text, state, ...(error && { error }) });
      else stored.push({ slug, draftId, text, state: 'waiting' });
    }
  }
  return stored.length === 0 ? undefined : JSON.stringify(stored);
}

function readDraft(item: unknown): StoredDraft | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  if (!('slug' in item) || !('draftId' in item) || !('text' in item) || typeof item.text !== 'string')
    return undefined;
  const slug = slugSchema.safeParse(item.slug);
  const draftId = draftIdSchema.safeParse(item.draftId);
  if (!slug.success || !draftId.success) return undefined;
  const error = 'error' in item && isRefusal(item.error) ? item.error : undefined;
  const base = { slug: slug.data, draftId: draftId.data, text: item.text };
  return error === undefined ? { ...base, state: 'waiting' } : { ...base, state: 'failed', error };
}

function isRefusal(value: unknown): value is Refusal {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'code' in value &&
    typeof value.code === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  );
}
