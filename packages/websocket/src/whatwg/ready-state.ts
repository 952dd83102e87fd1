// The four states of a WebSocket, and what browsers show of the class when its properties are listed.

export const CONNECTING = 0;
export const OPEN = 1;
export const CLOSING = 2;
export const CLOSED = 3;
/** 0 connecting, 1 open, 2 closing, 3 closed. */
export type ReadyState = 0 | 1 | 2 | 3;

const CONSTANTS = { CONNECTING, OPEN, CLOSING, CLOSED };
const MEMBERS = [
  ...['url', 'readyState', 'bufferedAmount', 'extensions', 'protocol', 'binaryType', 'send', 'close'],
  ...['onopen', 'onerror', 'onclose', 'onmessage'],
];

/** Constants that cannot be changed, on the class and on its objects; members that are enumerable (Web IDL section 3.7). */
export function describeAsBrowsersDo(type: { readonly prototype: object }): void {
  for (const [name, value] of Object.entries(CONSTANTS)) {
    const constant = { value, enumerable: true, writable: false, configurable: false };
    Object.defineProperty(type.prototype, name, constant);
    Object.defineProperty(type, name, constant);
  }
  for (const name of MEMBERS) Object.defineProperty(type.prototype, name, { enumerable: true });
  Object.defineProperty(type.prototype, Symbol.toStringTag, { value: 'WebSocket', configurable: true });
}
