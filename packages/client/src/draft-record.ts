// A draft as it lies in a store. What an older version, a newer one or somebody else has left there may be anything: what
// cannot be read is left out, never thrown.
import {
  authorIdSchema,
  type DraftContent,
  type DraftId,
  draftIdSchema,
  slugSchema,
} from '@wireroom/protocol';
import type { StoredDraft } from './outbox-store.ts';
import { isRecord } from './record.ts';
import type { Refusal } from './snapshot.ts';

export function readDraft(value: unknown): StoredDraft | undefined {
  if (!isRecord(value)) return undefined;
  const slug = slugSchema.safeParse(value.slug);
  const draftId = draftIdSchema.safeParse(value.draftId);
  const { order, createdAt, authorId } = value;
  if (!slug.success || !draftId.success || !isCount(order) || !isCount(createdAt)) return undefined;
  const content = readContent(value.content);
  if (content === undefined) return undefined;
  const author = authorIdSchema.safeParse(authorId);
  const isFailed = value.state === 'failed' && isRefusal(value.error);
  return {
    slug: slug.data,
    draftId: draftId.data,
    content,
    order,
    createdAt,
    // A failed draft without its reason is tried again: the server will say it once more.
    state: isFailed ? 'failed' : 'queued',
    ...(isRefusal(value.error) && { error: value.error }),
    ...(author.success && { authorId: author.data }),
  };
}

/** Readable ones only, by order, and each `draftId` once. */
export function readDrafts(values: readonly unknown[]): readonly StoredDraft[] {
  const seen = new Set<DraftId>();
  const drafts: StoredDraft[] = [];
  for (const value of values) {
    const draft = readDraft(value);
    if (draft === undefined || seen.has(draft.draftId)) continue;
    seen.add(draft.draftId);
    drafts.push(draft);
  }
  return drafts.sort((one, other) => one.order - other.order);
}

function readContent(value: unknown): DraftContent | undefined {
  if (!isRecord(value)) return undefined;
  const { type, text, emoji, title, topic } = value;
  if (type === 'message' && isText(text)) return { type, text };
  if (type === 'rename' && isText(title)) return { type, title };
  if (type === 'topic' && isText(topic)) return { type, topic };
  const target = isCount(value.target) ? value.target : 0;
  if (target === 0) return undefined;
  if (type === 'edit' && isText(text)) return { type, target, text };
  if (type === 'delete') return { type, target };
  if ((type === 'react' || type === 'unreact') && isText(emoji)) return { type, target, emoji };
  return undefined;
}

function isRefusal(value: unknown): value is Refusal {
  return isRecord(value) && typeof value.code === 'string' && typeof value.message === 'string';
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const isText = (value: unknown): value is string => typeof value === 'string';
