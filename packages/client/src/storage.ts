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

/** Never throws. What the storage below refused is kept in memory, and `isWorking` tells. */
export class GuardedStorage implements KeyValueStorage {
  readonly #storage: KeyValueStorage;
  /** Only what could not be stored below, `undefined` for what could not be removed; as many as the SDK has keys. */
  readonly #refused = new Map<string, string | undefined>();

  constructor(storage: KeyValueStorage) {
    this.#storage = storage;
  }

  get isWorking(): boolean {
    return this.#refused.size === 0;
  }

  get(key: string): string | undefined {
    if (this.#refused.has(key)) return this.#refused.get(key);
    try {
      return this.#storage.get(key) ?? undefined;
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

  remove(key: string): void {
    try {
      this.#storage.remove(key);
      this.#refused.delete(key);
    } catch {
      this.#refused.set(key, undefined);
    }
  }
}
