// Every bound of the SDK, in one place, with its unit. The protocol's own bounds are in @wireroom/protocol.

export const CLIENT_LIMITS = {
  /** Full-jitter back-off between two attempts to connect, or to send again what was refused for now. */
  backoffBaseMs: 500,
  /** Its ceiling in a short outage, such as a restart of the server: people wait for it. */
  backoffMaxMs: 4_000,
  /** After so many attempts, half a minute or so, the outage is a long one, and this is the ceiling. */
  backoffShortAttempts: 16,
  backoffLongMaxMs: 20_000,
  /** A wait that the server asks for is kept up to here. */
  retryAfterMaxMs: 60_000,
  /** From opening the transport to the welcome. */
  greetTimeoutMs: 10_000,
  /** Hellos on one connection: a refused token is followed by one without. */
  hellosMax: 4,
  /** A command without an answer for this long: the connection is taken for dead. */
  answerTimeoutMs: 30_000,
  /** Commands under way on one connection. Beyond it a caller is at fault: each room has at most a handful. */
  requestsMax: 512,
  /** A connection that lasted this long ends the growth of the back-off. */
  steadyAfterMs: 5_000,
  /** `exit` waits this long for the rooms to confirm. */
  exitTimeoutMs: 2_000,

  /** Rooms joined at once. */
  roomsMax: 64,
  /** Live entries kept while the hole before them is being filled; later ones are read again by page. */
  bufferedEntriesMax: 500,
  /** A longer hole is not filled: the room starts again from its newest page, and the rest is scrolled up to. */
  gapEntriesMax: 1_000,
  /** An entry that was acknowledged and has not come by itself is asked for after this time. */
  entryGraceMs: 3_000,
  /** A list of members that was cut is read again after at most this time, once it fits. At least half of it. */
  membersAgainMs: 2_000,
  /** Fruitless page reads in a row before the room is joined again. */
  stallsMax: 3,

  /** Items of a timeline kept in memory while its reader follows the newest, and at the very most. */
  timelineItemsMax: 5_000,
  timelineItemsHardMax: 20_000,
  /** Trimmed at once, so that not every new entry moves the list. */
  timelineTrimItems: 250,

  /** Drafts that wait, over all rooms, and the bytes of their text. */
  outboxDraftsMax: 200,
  outboxBytesMax: 512 * 1024,

  /** Moments kept of one connection, where they are recorded, and connections that are kept. */
  tapRecordsMax: 5_000,
  tappedLinksMax: 6,
  /** Records of one connection that a wire watcher keeps. The server keeps fewer. */
  watchedRecordsMax: 40_000,
  /** Connections that are followed at once on the wire feed; the one asked for first gives way. */
  followedMax: 8,
  /** Questions on the wire feed without an answer for this long have failed. */
  wireAnswerTimeoutMs: 10_000,
  /** Comparisons of the clocks: so many at the start, so far apart, then one now and then. The shortest round trip counts. */
  clockProbes: 8,
  clockProbeMs: 40,
  clockAgainMs: 30_000,

  /** Names whose token is remembered. */
  guestsRememberedMax: 8,
  /** Listeners are told at most once in this time, at the start of it and again at its end. */
  notifyIntervalMs: 16,
} as const;
