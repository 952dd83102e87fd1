// What the client itself sees of its connections, for the wire inspector: moments with their times, kept in a bounded ring for
// each connection. Loaded where `record` is asked for (client-tap.ts). wire-watcher.ts lays it beside what the server has recorded.
import type { ClientMoment, ClientRecord } from '@wireroom/capture';
import { type Command, type ReceivedEntry, type ServerEvent, utf8Bytes } from '@wireroom/protocol';
import { type ClientTap, clientMicros, type EarlyMoment } from './client-tap.ts';
import * as TAP_LIMITS from './tap-limits.ts';

/** One connection, as the client saw it. */
export interface TappedLink {
  /** Its name on the server, once the welcome has told it. */
  readonly connectionId: string | undefined;
  /** Oldest first; the oldest may be gone. */
  readonly records: readonly ClientRecord[];
}

class LinkTap implements TappedLink {
  connectionId: string | undefined;
  readonly records: ClientRecord[] = [];
  sent = 0;
  heard = 0;
}

type Facts = Omit<ClientRecord, 'kind' | 'at' | 'moment'>;

export class TapRecorder implements ClientTap {
  readonly #now: () => number;
  /** When what is told now has happened, if that was earlier. */
  #then: number | undefined;
  readonly #links: LinkTap[] = [];
  readonly #painted = new Set<string>();
  readonly #listeners = new Set<() => void>();

  constructor(now: () => number = clientMicros) {
    this.#now = now;
  }

  /** Oldest first. The last one is the connection that there is, or was. */
  get links(): readonly TappedLink[] {
    return this.#links;
  }

  /** Tells of every record, and of names. Returns what ends it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** What was told before this code was there. */
  catchUp(told: readonly EarlyMoment[]): void {
    for (const { at, tell } of told) {
      this.#then = at;
      tell(this);
    }
    this.#then = undefined;
  }

  painted(roomId: string, seq: number): void {
    const key = `${roomId} ${seq}`;
    if (this.#painted.has(key)) return;
    if (this.#painted.size >= TAP_LIMITS.tapRecordsMax) this.#painted.clear();
    this.#painted.add(key);
    this.#record('painted', { roomId, seq });
  }

  visibility(isVisible: boolean): void {
    this.#record('visibility', { isVisible });
  }

  connecting(): void {
    this.#links.push(new LinkTap());
    if (this.#links.length > TAP_LIMITS.tappedLinksMax) this.#links.shift();
    this.#record('connecting', {});
  }

  opened(): void {
    this.#record('opened', {});
  }

  closed(code: number, reason: string): void {
    this.#record('closed', { code, reason });
  }

  composed(draftId: string, roomId: string | undefined): void {
    this.#record('composed', { draftId, ...(roomId !== undefined && { roomId }) });
  }

  /** `bufferedAmount`: what waits in the browser after it. */
  sent(command: Command, text: string, bufferedAmount: number | undefined): void {
    const link = this.#links.at(-1);
    if (link === undefined) return;
    link.sent += 1;
    const draftId = command.type === 'post' ? command.draftId : undefined;
    this.#record('sent', {
      ref: command.ref,
      bytes: utf8Bytes(text),
      ...(draftId !== undefined && { draftId }),
      ...(bufferedAmount !== undefined && { bufferedAmount }),
      message: { direction: 'in', index: link.sent - 1 },
    });
  }

  /** `event`: what it says, where it could be understood. */
  heard(text: string, event: ServerEvent | undefined): void {
    const link = this.#links.at(-1);
    if (link === undefined) return;
    link.heard += 1;
    const message = { direction: 'out', index: link.heard - 1 } as const;
    const names = event === undefined ? {} : namesOf(event);
    this.#record('heard', { bytes: utf8Bytes(text), ...names, message });
    if (event?.type === 'welcome') link.connectionId = event.connectionId;
    if (event?.type === 'posted') this.#record('acknowledged', names);
  }

  /** Of what came for a room, these are the next entries. What the cursor had passed already came twice. */
  took(offered: readonly ReceivedEntry[], taken: readonly ReceivedEntry[], cursorSeq: number): void {
    for (const entry of taken) this.#record('entered', entryNames(entry));
    for (const entry of offered) {
      if (entry.seq <= cursorSeq && !taken.includes(entry)) this.#record('duplicate', entryNames(entry));
    }
  }

  #record(moment: ClientMoment, facts: Facts): void {
    const records = this.#links.at(-1)?.records;
    if (records === undefined) return;
    records.push({ kind: 'client', at: this.#then ?? this.#now(), moment, ...facts });
    // Dropped together, so that not every new record moves all of them.
    if (records.length > TAP_LIMITS.tapRecordsMax) records.splice(0, TAP_LIMITS.tapRecordsMax / 10);
    for (const listener of this.#listeners) listener();
  }
}

function namesOf(event: ServerEvent): Facts {
  switch (event.type) {
    case 'entry':
      return entryNames(event.entry);
    case 'posted':
      return { ref: event.ref, roomId: event.roomId, draftId: event.draftId, seq: event.seq };
    case 'heads':
    case 'restarting':
      return {};
    default:
      return event.ref === null ? {} : { ref: event.ref };
  }
}

function entryNames(entry: ReceivedEntry): Facts {
  const draftId = 'draftId' in entry ? { draftId: entry.draftId } : {};
  return { roomId: entry.roomId, seq: entry.seq, ...draftId };
}
