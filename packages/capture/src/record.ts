// The records of a capture: what was seen of one connection, in the order of time. They hold bytes as they were on the
// wire and times; frames, messages and words are found in them by decode/, never stored beside them.

/** `in`: from the client to the server. `out`: from the server to the client. Whoever recorded it. */
export const DIRECTIONS = ['in', 'out'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Microseconds since 1970 on the recording end's clock, which is monotonic within one capture. */
export type Micros = number;

/** The connection that a capture is of. The first record. */
export interface OpenRecord {
  readonly kind: 'open';
  readonly at: Micros;
  /** Names the connection within the server that recorded it. Not a secret. */
  readonly connectionId: string;
  /** Which end recorded: times are its own. */
  readonly recordedBy: 'server' | 'client' | 'between';
  /** What it speaks, where that is known. */
  readonly gateway: 'native' | 'socketio' | 'sandbox' | 'unknown';
  readonly client: Address;
  readonly server: Address;
  /** Absent: no TLS. The bytes in the records are those inside it. */
  readonly tls?: TlsInfo;
}

export interface Address {
  readonly address: string;
  readonly port: number;
}

export interface TlsInfo {
  /** As negotiated, for instance `TLSv1.3`. */
  readonly protocol: string;
  readonly cipher: string;
  /** What ALPN agreed on, if anything. */
  readonly alpn?: string;
  readonly serverName?: string;
}

/** One TCP read, or bytes given to TCP in one go: frames begin and end wherever they like in it. */
export interface BytesRecord {
  readonly kind: 'bytes';
  readonly at: Micros;
  readonly direction: Direction;
  /** How many bytes came before these in this direction. A jump ahead: records between were dropped. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Parts that were secret and are overwritten with `*` (under their mask, where masked), as [from, to) in `bytes`. */
  readonly hidden?: readonly (readonly [number, number])[];
  /** Set by a recorder that follows the frames: where decoding can begin anew when bytes before are missing. */
  readonly anchor?: Anchor;
}

export interface Anchor {
  /** Index in `bytes` of a byte that begins a frame. */
  readonly frameAt: number;
  /** How many frames and data messages began before it, in this direction. */
  readonly frames: number;
  readonly messages: number;
  /** The message before it is not complete: continuations follow. */
  readonly isInMessage: boolean;
}

/** Where the server's judgement of the handshake came from. */
export interface VerdictRecord {
  readonly kind: 'verdict';
  readonly at: Micros;
  readonly about: 'origin' | 'subprotocol' | 'extensions' | 'path' | 'address-limit';
  readonly isAllowed: boolean;
  /** What was judged, as it was sent; absent: the header was not there. */
  readonly value?: string;
  /** The rule that decided, by a stable name such as `same-host`, `no-origin`, `not-offered`. */
  readonly rule: string;
  /** One sentence for people. */
  readonly reason: string;
}

/** The stations of a message in the server, in the order in which it passes them. */
export const STATIONS = [
  /** The command was read from a message and is valid. */
  'decoded',
  /** Author, right and rate were looked at; the draft is on its way to the log. */
  'admitted',
  /** The database thread began the transaction that it rides in. */
  'batched',
  /** The commit is on disk, and the entry has its seq. */
  'committed',
  /** The main thread heard of the commit. */
  'stored',
  /** The hint is on the bus. */
  'published',
  /** The frame for a reader was queued at its connection. */
  'delivered',
  /** The acknowledgement was queued for the author. */
  'acknowledged',
] as const;
export type Station = (typeof STATIONS)[number];

/** What the server made of a message. */
export interface StationRecord {
  readonly kind: 'station';
  readonly at: Micros;
  readonly station: Station;
  /** The chat message it is about; before it has a seq, by its draft. */
  readonly roomId?: string;
  readonly seq?: number;
  readonly draftId?: string;
  /** The client's mark on the command, where there is one. */
  readonly ref?: string | number;
  /** Which data message of the connection it was, counted from 0, in this direction: links to its frames. */
  readonly message?: { readonly direction: Direction; readonly index: number };
  /** Messages that rode in the same commit, for `batched` and `committed`. */
  readonly batchSize?: number;
  /** For `delivered`: to whom. */
  readonly reader?: Reader;
}

export interface Reader {
  readonly connectionId?: string;
  readonly authorId?: string;
  readonly name?: string;
  readonly gateway: 'native' | 'socketio';
  /** Bytes that waited for that reader when the frame was queued. */
  readonly bufferedBytes: number;
  /** Too slow to be pushed to: it will read the log by itself. */
  readonly isBehind: boolean;
}

/** How a resume was answered (rule F1). */
export interface ResumeRecord {
  readonly kind: 'resume';
  readonly at: Micros;
  readonly roomId: string;
  /** The cursor that was sent; absent: none. */
  readonly cursor?: { readonly epoch: string; readonly seq: number };
  readonly position: { readonly epoch: string; readonly seq: number };
  readonly answer: 'fresh' | 'caught-up' | 'gap' | 'reset';
  readonly entriesReplayed: number;
}

/** What the chat saw at the browser's or the program's end, recorded by the SDK. Times are that end's own. */
export const CLIENT_MOMENTS = [
  'connecting',
  'opened',
  'closed',
  /** post() was called: the message is in the outbox. */
  'composed',
  /** send() was called; `bufferedAmount` is what waited in the browser after it. */
  'sent',
  /** A message event fired; `bytes` is its length. */
  'heard',
  /** The acknowledgement was understood. */
  'acknowledged',
  /** The entry was understood: it is the next one. */
  'entered',
  /** An entry that was known already was dropped. */
  'duplicate',
  /** The entry's row was on the screen. */
  'painted',
  /** The page was hidden or seen again. */
  'visibility',
] as const;
export type ClientMoment = (typeof CLIENT_MOMENTS)[number];

export interface ClientRecord {
  readonly kind: 'client';
  readonly at: Micros;
  readonly moment: ClientMoment;
  readonly roomId?: string;
  readonly seq?: number;
  readonly draftId?: string;
  readonly ref?: string | number;
  readonly bytes?: number;
  readonly bufferedAmount?: number;
  readonly isVisible?: boolean;
  readonly code?: number;
  readonly reason?: string;
  /** Which data message of the connection it was, counted from 0, in this direction. */
  readonly message?: { readonly direction: Direction; readonly index: number };
}

/** The client's clock compared with the recorder's: add it to a client's time to get the recorder's. */
export interface ClockRecord {
  readonly kind: 'clock';
  readonly at: Micros;
  readonly offset: number;
  /** Half of the shortest round trip: the offset may be wrong by this much. */
  readonly uncertainty: number;
}

/** Requests of a Socket.IO connection before its upgrade: polling is HTTP. */
export interface PollRecord {
  readonly kind: 'poll';
  readonly at: Micros;
  readonly direction: Direction;
  readonly method: 'GET' | 'POST';
  readonly status?: number;
  /** Head and body as they were on the wire, without secrets. */
  readonly head: string;
  readonly body: string;
}

/** Records were dropped to stay within the bound, or were not seen. */
export interface DroppedRecord {
  readonly kind: 'dropped';
  readonly at: Micros;
  readonly records: number;
  readonly bytes: number;
}

/** A remark of whoever made the capture: what happens next and why, in the reader's language. */
export interface NoteRecord {
  readonly kind: 'note';
  readonly at: Micros;
  /** A stable name that a translation may be found by. */
  readonly id?: string;
  readonly text: string;
}

/** The end of the connection, as the recording end saw it. */
export interface CloseRecord {
  readonly kind: 'close';
  readonly at: Micros;
  /** What the program is told; 1005 and 1006 are never on the wire. */
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  /** Who began the closing handshake, where there was one. */
  readonly begunBy?: 'client' | 'server';
  /** The rule that was broken, by the engine's code, and its sentence. */
  readonly error?: { readonly code: string; readonly message: string };
}

export type CaptureRecord =
  | OpenRecord
  | BytesRecord
  | VerdictRecord
  | StationRecord
  | ResumeRecord
  | ClientRecord
  | ClockRecord
  | PollRecord
  | DroppedRecord
  | NoteRecord
  | CloseRecord;

/** Everything seen of one connection, in the order of time; the first record is the `open`. */
export interface Capture {
  readonly records: readonly CaptureRecord[];
}
