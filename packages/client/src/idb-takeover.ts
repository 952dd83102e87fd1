// Drafts that an earlier version left in this tab's sessionStorage, as one JSON array: put into the store once, before anything
// else, and then taken away there.
import { readDraft } from './draft-record.ts';
import type { OutboxStore } from './outbox-store.ts';
import { isRecord } from './record.ts';

/** `now`: as their time of writing, which was not kept. */
export async function takeOver(store: OutboxStore, key: string, now: number): Promise<void> {
  const kept = storedUnder(key);
  if (kept === undefined) return;
  const adding = kept.flatMap((value) => {
    const { text, ...rest } = isRecord(value) ? value : {};
    const draft = readDraft({ ...rest, content: { type: 'message', text }, createdAt: now, order: 0 });
    // One that the store has no room for is not worth more than a new one.
    return draft === undefined ? [] : [store.add(draft).catch(() => {})];
  });
  await Promise.all(adding);
  if (store.isDurable) sessionStorage.removeItem(key);
}

function storedUnder(key: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(key) ?? 'null');
    return Array.isArray(value) ? value : undefined;
  } catch {
    // No storage here, or not from us.
    return undefined;
  }
}
