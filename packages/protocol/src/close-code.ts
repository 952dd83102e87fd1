// What a client does when its connection was closed (rule C2). The code decides, not the sentence beside it.

export type CloseAction =
  /** Connect again at once: nothing is wrong with the server. */
  | 'reconnect'
  /** Connect again after a growing, jittered pause. */
  | 'back-off'
  /** Do not connect again: the same would happen. Say why. */
  | 'stop';

/** Close codes that the chat server sends beyond RFC 6455's own use of them. */
export const CLOSE_CODES = {
  /** The server restarts or stops. */
  restarting: 1012,
  /** Too many connections, or too much waiting: try again later. */
  tryAgainLater: 1013,
  /** The reader did not keep up; its cursor finds the rest on the next connection. */
  tooSlow: 4100,
} as const;

/** Codes after which the same client would only be closed again: it broke the protocol. */
const STOP_CODES: ReadonlySet<number> = new Set([1002, 1003, 1007, 1008, 1009, 1010]);

export function closeAction(code: number): CloseAction {
  if (code === CLOSE_CODES.tooSlow) return 'reconnect';
  if (STOP_CODES.has(code) || (code >= 4500 && code < 5000)) return 'stop';
  return 'back-off';
}
