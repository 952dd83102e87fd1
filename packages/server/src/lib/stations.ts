// The port by which the stations of the server say what they make of a message, while somebody records. Nobody here knows who
// listens: wiretap/ does. When nobody records, a station asks one boolean, or finds that it was given no trail.
import type { Reader, ResumeRecord, Station, StationRecord, VerdictRecord } from '@wireroom/capture';
import type { AuthorId, Entry, RoomId } from '@wireroom/protocol';

export type { Station } from '@wireroom/capture';

/** When the database thread worked on a batch, on the main thread's clock, and how many operations rode in it. */
export interface BatchTimes {
  readonly begunAt: number;
  readonly committedAt: number;
  readonly size: number;
}

/** What a station adds to its mark. `at` is now unless given. */
export type MarkFacts = Partial<
  Pick<StationRecord, 'at' | 'roomId' | 'seq' | 'draftId' | 'batchSize' | 'message'>
>;

/** One message's way through the server, from its command on. */
export interface Trail {
  mark(station: Station, facts?: MarkFacts): void;
  /** It ends here: the code of the refusal. */
  refused?(code: string): void;
}

/** What is known of a message when its command was decoded. */
export interface Departure {
  /** The recording of the connection that it came on, if that is recorded. */
  readonly recording: ConnectionRecording | undefined;
  readonly gateway: 'native' | 'socketio';
  /** When its message was there, whole and not yet decoded. Default: now. */
  readonly heardAt?: number;
  readonly ref?: string | number;
  readonly draftId?: string;
  readonly message?: StationRecord['message'];
}

/** Who reads on a connection. One object for all that is delivered there, so that keeping it with each costs little. */
export type ReadingEnd = Omit<Reader, 'bufferedBytes' | 'isBehind'>;

/** Whom an entry went to, or was kept back from. */
export interface Delivery {
  readonly entry: Entry;
  readonly end: ReadingEnd;
  readonly recording: ConnectionRecording | undefined;
  readonly bufferedBytes: number;
  readonly isBehind: boolean;
  /** Of a connection that is recorded: which of its outgoing data messages it was. */
  readonly messageIndex: number | undefined;
}

export interface StationMarks {
  /** Does anybody record? */
  readonly isOn: boolean;
  /** Does anybody want to know of each delivery? */
  readonly hasReaders: boolean;
  /** A message sets out: it was decoded. */
  depart(departure: Departure): Trail;
  delivered(delivery: Delivery): void;
}

/** Where nothing is recorded. */
export const NO_MARKS: StationMarks = {
  isOn: false,
  hasReaders: false,
  depart: () => ({ mark: () => undefined }),
  delivered: () => undefined,
};

/** The recording of one connection, as its gateway knows it. */
export interface ConnectionRecording {
  readonly connectionId: string;
  verdict(verdict: Omit<VerdictRecord, 'kind' | 'at'>): void;
  /** Who speaks on the connection. Nobody else gets to see the recording. */
  belongsTo(authorId: AuthorId): void;
  /** The connection reads this room from here on, or does not any more. */
  follows(roomId: RoomId): void;
  unfollows(roomId: RoomId): void;
  resumed(resume: Omit<ResumeRecord, 'kind' | 'at'>): void;
}
