// The browser's storage behind the SDK's port: what belongs to the person in localStorage, shared by all tabs; what belongs
// to this tab (its outbox, its unsent draft) in sessionStorage. Where neither works the page goes on without.
import type { KeyValueStorage } from '@wireroom/client';

/** Looked up at each call: in a locked-down browser already reading `window.localStorage` throws. */
export function webStorage(find: () => Storage): KeyValueStorage {
  return {
    get: (key) => find().getItem(key),
    set: (key, value) => find().setItem(key, value),
    remove: (key) => find().removeItem(key),
  };
}

/** For settings that may be lost without harm: a storage that throws counts as empty. */
export function forgivingStorage(storage: KeyValueStorage): KeyValueStorage {
  const orNothing = <Result>(act: () => Result): Result | undefined => {
    try {
      return act();
    } catch {
      return undefined;
    }
  };
  return {
    get: (key) => orNothing(() => storage.get(key)),
    set: (key, value) => void orNothing(() => storage.set(key, value)),
    remove: (key) => void orNothing(() => storage.remove(key)),
  };
}
