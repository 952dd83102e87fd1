// Every bound of the SDK, in one place, with its unit. The protocol's own bounds are in @wireroom/protocol. To programs, and in the
// files beside this one, they are CLIENT_LIMITS: a namespace, so that a page has only those that it uses.

/** Full-jitter back-off between two attempts to connect, or to send again what was refused for now. */
export const backoffBaseMs = 500;
/**
 * Each ceiling is so many times the one before. On average the next wait is then a quarter of the time that has gone by: after an
 * outage of two seconds most are back within one. Doubling would make them wait as long as the outage was.
 */
export const backoffGrowth = 1.25;
/** Its ceiling in a short outage, such as a restart of the server: people wait for it. */
export const backoffMaxMs = 4_000;
/** After so many attempts, half a minute or so, the outage is a long one, and this is the ceiling. */
export const backoffShortAttempts = 24;
export const backoffLongMaxMs = 20_000;
/** A wait that the server asks for is kept up to here. */
export const retryAfterMaxMs = 60_000;
/** From opening the transport to the welcome. */
export const greetTimeoutMs = 10_000;
/** Hellos on one connection: a refused token is followed by one without. */
export const hellosMax = 4;
/** A command without an answer for this long: the connection is taken for dead. */
export const answerTimeoutMs = 30_000;
/** A timer that fires later than this was asleep with its machine, or the clock was set. */
export const lateTimerMs = 2_000;
/** Commands under way on one connection. Beyond it a caller is at fault: each room has at most a handful. */
export const requestsMax = 512;
/** A connection that lasted this long ends the growth of the back-off. Short: on a bad Wi-Fi few last longer than some seconds. */
export const steadyAfterMs = 2_000;
/** `exit` waits this long for the rooms to confirm. */
export const exitTimeoutMs = 2_000;

/** Rooms joined at once. */
export const roomsMax = 64;
/** Live entries kept while a few that should have come before them are read; later ones are read again by page. */
export const bufferedEntriesMax = 500;
/** Missing at the end by more than this, a room is joined again by its cursor: its newest entries come first, the rest is a gap. */
export const behindEntriesMax = 1_000;
/** A gap of so many entries is filled at once, a page of the protocol's; a longer one when somebody scrolls to it. */
export const gapAtOnceMax = 200;
/** Gaps in one timeline: beyond it the oldest goes, with what is before it. */
export const gapsMax = 32;
/** Edits, deletions and reactions kept for pages that were read before them. Beyond it such a page is read again. */
export const recentChangesMax = 1_000;
/** An entry that was acknowledged and has not come by itself is asked for after this time. */
export const entryGraceMs = 3_000;
/** A list of members that was cut is read again after at most this time, once it fits. At least half of it. */
export const membersAgainMs = 2_000;
/** Fruitless page reads in a row before the room is joined again. */
export const stallsMax = 3;

/** Items of a timeline kept in memory while its reader follows the newest, and at the very most. */
export const timelineItemsMax = 5_000;
export const timelineItemsHardMax = 20_000;
/** Trimmed at once, so that not every new entry moves the list. */
export const timelineTrimItems = 250;

/** Drafts that wait, over all rooms, and the bytes of what they say. */
export const outboxDraftsMax = 200;
export const outboxBytesMax = 512 * 1024;
/** The browser's outbox is code of its own: later than that, this tab goes on in memory. */
export const outboxLoadTimeoutMs = 10_000;

/** Records of one connection that a wire watcher keeps. The server keeps fewer. */
export const watchedRecordsMax = 40_000;
/** Connections that are followed at once on the wire feed; the one asked for first gives way. */
export const followedMax = 8;
/** Questions on the wire feed without an answer for this long have failed. */
export const wireAnswerTimeoutMs = 10_000;
/** Comparisons of the clocks: so many at the start, so far apart, then one now and then. The shortest round trip counts. */
export const clockProbes = 8;
export const clockProbeMs = 40;
export const clockAgainMs = 30_000;

/** Names whose token is remembered. */
export const guestsRememberedMax = 8;
/** Listeners are told at most once in this time, at the start of it and again at its end. */
export const notifyIntervalMs = 16;

export * from './tab-limits.ts';
export * from './tap-limits.ts';
