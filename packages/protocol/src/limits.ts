// Every bound of the protocol, in one place, with its unit. The engine's own bounds are in @wireroom/websocket.

export const LIMITS = {
  /**
   * One WebSocket message from a client, in bytes: ten thousand cursors fit (`resume`), 100 MB do not. A larger one closes
   * the connection with 1009.
   */
  messageBytesMax: 1024 * 1024,
  /** One message text, in bytes of UTF-8. */
  textBytesMax: 16 * 1024,
  /** A room's title and its topic, in bytes of UTF-8. */
  titleBytesMax: 128,
  topicBytesMax: 1024,
  /** Different emoji on one message. */
  reactionsMax: 20,
  /** Those who reacted whose names a state lists; `count` tells how many there are. */
  reactionAuthorsMax: 10,
  /** A display name, in Unicode code points. */
  nameCharsMax: 64,
  /** History in one answer on a chat socket, in bytes of JSON (rule H1). More goes over HTTP. */
  answerBytesMax: 64 * 1024,
  /** Entries in one page, and how many a join brings when nothing else is asked. */
  pageEntriesMax: 200,
  pageEntriesDefault: 50,
  /** Rooms in one `resume`. */
  resumeRoomsMax: 10_000,
  /** Entries that the parts of one answer to `resume` carry at most, in bytes of JSON; the rooms beyond it get a `gap`. */
  resumeBytesMax: 1024 * 1024,
  /** Names listed in the answer to a join; `memberCount` tells how many there are. */
  membersListedMax: 100,
  /** A client proves its connection alive with `ping` after this much silence, and gives up on it after that much more. */
  pingIntervalMs: 25_000,
  pongTimeoutMs: 8_000,
} as const;
