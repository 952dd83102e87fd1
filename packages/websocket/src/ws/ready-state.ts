// The four states of a WebSocket under the numbers that browsers give them, and what browsers show of a WebSocket when its
// properties are listed.

export const CONNECTING = 0;
export const OPEN = 1;
export const CLOSING = 2;
export const CLOSED = 3;
/** 0 connecting, 1 open, 2 closing, 3 closed. */
export type ReadyState = 0 | 1 | 2 | 3;

/** By their numbers. */
export const STATE_NAMES = ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED'] as const;

const ATTRIBUTES = [
  ...['binaryType', 'bufferedAmount', 'extensions', 'isPaused', 'protocol', 'readyState', 'url'],
  ...['onclose', 'onerror', 'onmessage', 'onopen'],
];

/** Constants that cannot be changed, on the class and on its objects; attributes that are enumerable. */
export function describeAsBrowsersDo(type: { readonly prototype: object }): void {
  for (const [value, name] of STATE_NAMES.entries()) {
    const constant = { value, enumerable: true, writable: false, configurable: false };
    Object.defineProperty(type.prototype, name, constant);
    Object.defineProperty(type, name, constant);
  }
  for (const name of ATTRIBUTES) Object.defineProperty(type.prototype, name, { enumerable: true });
}
