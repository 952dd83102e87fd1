// Every bound of the protocol, in one place, with its unit. The engine's own bounds are in @wireroom/websocket.

export const LIMITS = {
  /** One WebSocket message from a client, in bytes. A larger one closes the connection with 1009. */
  messageBytesMax: 64 * 1024,
  /** One message text, in bytes of UTF-8. */
  textBytesMax: 16 * 1024,
  /** A display name, in Unicode code points. */
  nameCharsMax: 64,
  /** History in one answer on a chat socket, in bytes of JSON (rule H1). More goes over HTTP. */
  answerBytesMax: 64 * 1024,
  /** Entries in one page, and how many a join brings when nothing else is asked. */
  pageEntriesMax: 200,
  pageEntriesDefault: 50,
  /** Names listed in the answer to a join; `memberCount` tells how many there are. */
  membersListedMax: 100,
  /** A client proves its connection alive with `ping` after this much silence, and gives up on it after that much more. */
  pingIntervalMs: 25_000,
  pongTimeoutMs: 8_000,
} as const;
