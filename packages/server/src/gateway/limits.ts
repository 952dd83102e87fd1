// Bounds of the gateways, with their units. What clients are told of is in the protocol's limits.

export const GATEWAY_LIMITS = {
  /** Bytes waiting for one connection; past it the reader is not pushed to and its commands wait (rule F3). */
  bufferedBytesMax: 256 * 1024,
  /** Commands read from one connection and not yet begun; past it the connection is not read from. */
  commandsWaitingMax: 64,
  /** Posts of one connection on their way to the disk at once. */
  postsUnderWayMax: 256,
  /** Commands other than posts and pings, per connection. */
  commandRate: { burst: 60, perSecond: 20 },
  /** One Socket.IO message, in bytes: generous, so that a text too long is answered with ERROR and not by a cut. */
  socketIoMessageBytesMax: 1024 * 1024,
  /** Commands of one Socket.IO connection that wait or are under way; past it they are refused with `busy`. */
  lessonCommandsWaitingMax: 4096,
  /** Socket.IO packets waiting for one connection. */
  socketIoPacketsMax: 512,
  /** Socket.IO CONNECT packets on one connection, over its life. */
  socketIoConnectsMax: 8,
  /** How long closing waits for clients to answer the Close frame, in milliseconds. */
  closeTimeoutMs: 2_000,
} as const;
