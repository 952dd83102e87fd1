// Bounds of the gateways, with their units. What clients are told of is in the protocol's limits.

export const GATEWAY_LIMITS = {
  /** Bytes waiting for one connection; past it the reader is not pushed to and its commands wait (rule F3). */
  bufferedBytesMax: 256 * 1024,
  /**
   * A reader with that much waiting that takes nothing at all for this long is closed with 4100, in milliseconds. Less than the
   * heartbeat needs to find it (33 s): whoever wakes finds a code that says what to do.
   */
  stuckMs: 20_000,
  /** Rooms in one `heads` message: with the longest numbers less than 64 KiB. */
  headsPerMessageMax: 500,
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
  /** Rooms that are followed and entered for one `resume` at once. */
  resumeEntersMax: 500,
  /** Rooms that are read for one `resume` at once. */
  resumeReadsMax: 32,
  /** Rooms of one `resume` that a recording tells of. */
  resumesRecordedMax: 100,
  /** Socket.IO CONNECT packets on one connection, over its life. */
  socketIoConnectsMax: 8,
  /** The secret of a Socket.IO session as a client sends it, in characters; ours have 32. */
  pidCharsMax: 64,
  /** Entries that a Socket.IO client may have missed to be recovered: a busy evening. Beyond it starts afresh. */
  recoveredEntriesMax: 5_000,
  /** How long closing waits for clients to answer the Close frame, in milliseconds. */
  closeTimeoutMs: 2_000,
  /** A download on a socket of its own: one message of it, what is asked, and how long one may take to ask. */
  historyMessageBytesMax: 64 * 1024,
  historyCommandBytesMax: 8 * 1024,
  historyAskMs: 10_000,
  /** A stop that expects a restart, see drain.ts. */
  drain: {
    /** Nobody is told to come back sooner after the last was sent away: the process ends, and the next one opens the log. */
    restartMs: 2_000,
    /** How many clients the next process is asked to take back in a second, where DRAIN_WINDOW says nothing. */
    returnsPerSecond: 500,
    /** Even a few clients come one after another. */
    returnWindowMsMin: 1_000,
    /** Connections closed at once, the pause after them, and how many times at most: more clients make larger slices. */
    closesPerSlice: 100,
    closeSliceMs: 20,
    closeSlicesMax: 200,
  },
} as const;
