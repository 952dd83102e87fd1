// What runs in the page of outbox-store.browser.test.ts: one store of the SDK's outbox, in the hands of the test.
import { type Candidacy, idbOutbox, type NewDraft } from '@wireroom/client';
import { authorIdSchema, draftIdSchema } from '@wireroom/protocol';

const store = idbOutbox({ url: 'ws://chat/ws' });
const ada = authorIdSchema.parse('a_adaadaadaadaadaada');
let candidacy: Candidacy | undefined;
let changeCount = 0;
store.watch(() => {
  changeCount += 1;
});

const draft = (name: string, text: string): NewDraft => ({
  slug: 'lobby',
  draftId: draftIdSchema.parse(name),
  content: { type: 'message', text },
  createdAt: Date.now(),
  state: 'queued',
});

const held = {
  /** Each turn of `leads`, in order. */
  leads: [] as boolean[],
  hasLocks: 'locks' in navigator,
  add: async (name: string, text = name) => (await store.add(draft(name, text))).order,
  /** One after the other, without waiting for any. */
  addMany: async (names: readonly string[]) =>
    void (await Promise.all(names.map((name) => store.add(draft(name, name))))),
  names: async () => (await store.load()).map(({ draftId }) => String(draftId)),
  remove: (name: string) => store.remove([draftIdSchema.parse(name)]),
  stand: () => {
    candidacy = store.lead(ada, (isLeading) => held.leads.push(isLeading));
  },
  claim: (name: string) => candidacy?.claim(draftIdSchema.parse(name)),
  changeCount: () => changeCount,
  isDurable: () => store.isDurable,
};
export type HeldOutbox = typeof held;

Object.assign(globalThis, { held });
