// The browser's outbox, loaded apart from the rest: a page that shows a chat need not wait for it. If its code cannot be had, this
// tab keeps its drafts in memory, as it does where the browser keeps nothing.
import { systemClock } from './clock.ts';
import type { IdbOutboxOptions } from './idb-outbox.ts';
import * as CLIENT_LIMITS from './limits.ts';
import { memoryOutbox } from './memory-outbox.ts';
import { OutboxFront } from './outbox-front.ts';
import type { OutboxStore } from './outbox-store.ts';

type Load = () => Promise<typeof import('./idb-outbox.ts')>;

/** Drafts of all tabs, in IndexedDB (rules C1.1 to C1.8). `load`: for tests. */
export function idbOutbox(
  options: IdbOutboxOptions,
  load: Load = () => import('./idb-outbox.ts'),
): OutboxStore {
  const { clock = systemClock } = options;
  const open = (): Promise<OutboxStore> =>
    new Promise((resolve) => {
      let isLate = false;
      const goWithout = (): void => {
        isLate = true;
        resolve(memoryOutbox());
      };
      const cancel = clock.after(CLIENT_LIMITS.outboxLoadTimeoutMs, goWithout);
      load()
        .then(({ openIdbOutbox }) => {
          if (!isLate) resolve(openIdbOutbox(options));
        }, goWithout)
        .finally(cancel);
    });
  return new OutboxFront(open);
}
