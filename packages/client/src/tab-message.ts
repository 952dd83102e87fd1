// What tabs say to each other about the outbox, checked: another version of the page may run in the other tab.
import { type AuthorId, authorIdSchema, draftIdSchema } from '@wireroom/protocol';
import type { OutboxNews } from './outbox-store.ts';
import { isRecord } from './record.ts';

export type LeaseMessage =
  /** Does anybody lead? */
  | { readonly type: 'ask'; readonly authorId: AuthorId }
  /** I do. */
  | { readonly type: 'leading'; readonly authorId: AuthorId; readonly owner: string }
  /** I do not any more. */
  | { readonly type: 'free'; readonly authorId: AuthorId; readonly owner: string };

export type TabMessage =
  /** Look into the database. */
  { readonly type: 'changed' } | { readonly type: 'news'; readonly news: OutboxNews } | LeaseMessage;

const OWNER = /^[0-9a-f]{32}$/;

export function readTabMessage(value: unknown): TabMessage | undefined {
  if (!isRecord(value)) return undefined;
  const { type } = value;
  if (type === 'changed') return { type };
  if (type === 'news') {
    const news = readNews(value.news);
    return news && { type, news };
  }
  if (type !== 'ask' && type !== 'leading' && type !== 'free') return undefined;
  const authorId = authorIdSchema.safeParse(value.authorId);
  if (!authorId.success) return undefined;
  if (type === 'ask') return { type, authorId: authorId.data };
  if (typeof value.owner !== 'string' || !OWNER.test(value.owner)) return undefined;
  return { type, authorId: authorId.data, owner: value.owner };
}

function readNews(value: unknown): OutboxNews | undefined {
  if (!isRecord(value)) return undefined;
  const draftId = draftIdSchema.safeParse(value.draftId);
  const { state, seq, at } = value;
  if (!draftId.success) return undefined;
  if (state !== 'sending' && state !== 'acknowledged' && state !== 'cancelled') return undefined;
  const isSeq = typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 1;
  return { draftId: draftId.data, state, ...(isSeq && { seq }), ...(typeof at === 'string' && { at }) };
}
