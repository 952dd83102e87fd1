// What outlives a reload: strings under keys. The port, a memory adapter, and a guard that keeps the chat going when the
// browser's storage refuses (private windows, a full disk).

/** `localStorage` and its like, in three calls. May throw. */
export interface KeyValueStorage {
  get(key: string): string | null | undefined;
  set(key: string, value: string): void;
  remove(key: string): void;
}

export function memoryStorage(): KeyValueStorage {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
  };
}

/** Looked up at each call: in a locked-down browser already reading `localStorage` throws. */
export const browserStorage: KeyValueStorage = {
  get: (key) => globalThis.localStorage.getItem(key),
  set: (key, value) => globalThis.localStorage.setItem(key, value),
  remove: (key) => globalThis.localStorage.removeItem(key),
};

/** Never throws. What the storage below refused is kept in memory, and `isWorking` tells. */
export class GuardedStorage {
  readonly #storage: KeyValueStorage;
  /** Only what could not be stored below; as many as the SDK has keys. */
  readonly #refused = new Map<string, string>();

  constructor(storage: KeyValueStorage) {
    this.#storage = storage;
  }

  get isWorking(): boolean {
    return this.#refused.size === 0;
  }

  get(key: string): string | undefined {
    try {
      return this.#refused.get(key) ?? this.#storage.get(key) ?? undefined;
    } catch {
      return undefined;
    }
  }

  set(key: string, value: string): void {
    try {
      this.#storage.set(key, value);
      this.#refused.delete(key);
    } catch {
      this.#refused.set(key, value);
    }
  }
}
