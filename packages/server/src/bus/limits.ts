// Every bound of the bus, with its unit. What is past one is lost, which a hint may be.

export const BUS_LIMITS = {
  /** Rooms in one notice: with their ids of 24 characters, below the 8,000 bytes that PostgreSQL carries. */
  roomsPerNoticeMax: 250,
  /** Rooms that wait to be told of while a notice is under way. */
  roomsWaitingMax: 10_000,
  /** A listener that was cut off comes back after this, then after twice as long, and so on. In milliseconds. */
  retryMsMin: 250,
  retryMsMax: 10_000,
  /** How often a quiet connection is asked whether it lives, in milliseconds. */
  pulseMs: 15_000,
} as const;
