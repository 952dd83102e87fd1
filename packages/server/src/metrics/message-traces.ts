// One message as one trace: the marks that stations make of it (lib/stations.ts) become spans when its way is over, with the times
// that were marked. Nothing is open meanwhile: a message that never arrives costs nothing. Knows no exporter; otlp.ts has one.
import type { Delivery, Departure, MarkFacts, Station, StationMarks, Trail } from '../lib/stations.ts';

export type AttributeValue = string | number | boolean;

/** Times in microseconds since 1970. */
export interface TracedSpan {
  readonly name: string;
  readonly beganAt: number;
  readonly endedAt: number;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

export interface MessageTrace extends TracedSpan {
  /** Why it was not stored: the code of the refusal. */
  readonly refused: string | undefined;
  readonly children: readonly TracedSpan[];
}

export interface MessageTracesParts {
  /** Of all messages, which part is traced: from 0 to 1. */
  readonly ratio: number;
  readonly random: () => number;
  /** Microseconds since 1970. */
  readonly now: () => number;
  readonly afterWrites: (callback: () => void) => void;
  readonly emit: (trace: MessageTrace) => void;
}

/** Messages that are on their way to readers at once, at most; of more than that the deliveries are not counted. */
const FANNING_OUT_MAX = 1_000;

const UNTRACED: Trail = { mark: () => undefined };

export class MessageTraces implements StationMarks {
  readonly isOn: boolean;
  /** Only while a traced message goes out: at other times readers are written to without a word. */
  hasReaders = false;
  readonly #parts: MessageTracesParts;
  readonly #fanningOut = new Map<string, TracedMessage>();

  constructor(parts: MessageTracesParts) {
    this.#parts = parts;
    this.isOn = parts.ratio > 0;
  }

  depart(departure: Departure): Trail {
    const { ratio, random, now, emit } = this.#parts;
    if (random() >= ratio) return UNTRACED;
    return new TracedMessage({ departure, now, emit, onPublished: (message) => this.#fanOut(message) });
  }

  delivered({ entry, end, isBehind }: Delivery): void {
    this.#fanningOut.get(keyOf(entry))?.deliveredTo(end.gateway, isBehind);
  }

  #fanOut(message: TracedMessage): void {
    const { afterWrites } = this.#parts;
    const key = keyOf(message);
    if (this.#fanningOut.size < FANNING_OUT_MAX) this.#fanningOut.set(key, message);
    this.hasReaders = true;
    // The hint is on its way to the readers when what the commit has set going is through; then all is written.
    process.nextTick(() =>
      afterWrites(() => {
        if (this.#fanningOut.get(key) === message) this.#fanningOut.delete(key);
        this.hasReaders = this.#fanningOut.size > 0;
        message.fannedOut();
      }),
    );
  }
}

const keyOf = ({ roomId, seq }: { readonly roomId: string; readonly seq: number }): string =>
  `${roomId} ${seq}`;

/** What each part of the way is called, and between which stations it lies. */
const PARTS: readonly (readonly [name: string, from: Station | 'heard', to: Station | 'written'])[] = [
  ['decode', 'heard', 'decoded'],
  ['admit', 'decoded', 'admitted'],
  ['queue', 'admitted', 'batched'],
  ['commit', 'batched', 'committed'],
  ['return', 'committed', 'stored'],
  ['acknowledge', 'stored', 'acknowledged'],
  ['deliver', 'published', 'written'],
];

interface TracedMessageParts {
  readonly departure: Departure;
  readonly now: () => number;
  readonly emit: (trace: MessageTrace) => void;
  readonly onPublished: (message: TracedMessage) => void;
}

class TracedMessage implements Trail {
  readonly #given: TracedMessageParts;
  readonly #at = new Map<string, number>();
  readonly #delivered = { native: 0, socketio: 0, keptBack: 0 };
  #batchSize = 0;
  #isOver = false;
  roomId = '';
  seq = 0;

  constructor(given: TracedMessageParts) {
    this.#given = given;
    const now = given.now();
    this.#at.set('heard', given.departure.heardAt ?? now).set('decoded', now);
  }

  mark(station: Station, { at, roomId, seq, batchSize }: MarkFacts = {}): void {
    this.#at.set(station, at ?? this.#given.now());
    if (roomId !== undefined) this.roomId = roomId;
    if (seq !== undefined) this.seq = seq;
    if (batchSize !== undefined) this.#batchSize = batchSize;
    if (station === 'published') this.#given.onPublished(this);
    // A draft that was repeated goes to nobody.
    if (station === 'acknowledged' && !this.#at.has('published')) this.#end();
  }

  refused(code: string): void {
    this.#end(code);
  }

  deliveredTo(gateway: 'native' | 'socketio', isBehind: boolean): void {
    this.#delivered[isBehind ? 'keptBack' : gateway] += 1;
  }

  fannedOut(): void {
    this.#at.set('written', this.#given.now());
    this.#end();
  }

  #end(refused?: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const beganAt = this.#at.get('heard') ?? 0;
    const children = PARTS.flatMap(([name, from, to]) => {
      const [began, ended] = [this.#at.get(from), this.#at.get(to)];
      if (began === undefined || ended === undefined) return [];
      return [
        { name, beganAt: began, endedAt: Math.max(began, ended), attributes: this.#attributesOf(name) },
      ];
    });
    const endedAt = Math.max(this.#given.now(), ...children.map((child) => child.endedAt));
    const attributes = {
      'wireroom.gateway': this.#given.departure.gateway,
      ...(this.roomId !== '' && { 'wireroom.room_id': this.roomId }),
      ...(this.seq > 0 && { 'wireroom.seq': this.seq }),
      ...(refused !== undefined && { 'wireroom.refused': refused }),
    };
    this.#given.emit({ name: 'message', beganAt, endedAt, attributes, refused, children });
  }

  #attributesOf(name: string): Readonly<Record<string, AttributeValue>> {
    if (name === 'commit') return { 'wireroom.batch_size': this.#batchSize };
    if (name !== 'deliver') return {};
    const { native, socketio, keptBack } = this.#delivered;
    return {
      'wireroom.readers.native': native,
      'wireroom.readers.socketio': socketio,
      'wireroom.readers.kept_back': keptBack,
    };
  }
}
