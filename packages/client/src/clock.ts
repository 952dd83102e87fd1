// Time and chance as ports, so that a test can hold both in its hand.

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after `ms`. The returned function cancels; it may be called at any time, also after. */
  after(ms: number, callback: () => void): () => void;
}

export interface Random {
  /** 0 <= fraction < 1. Spreads retries; not secret. */
  fraction(): number;
  /** Unguessable bytes. */
  bytes(count: number): Uint8Array;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = {
  fraction: () => Math.random(),
  // Not randomUUID: a page on http:// with a LAN host name does not have it.
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
};

/** Two digits for each byte. */
export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
