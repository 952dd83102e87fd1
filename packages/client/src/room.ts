// One room as this client has it: joins it on every connection, reads what is missing, shows what there is.
// Feed, timeline, members, history and outbox know their part; this is where they meet.
import { type Author, LIMITS, type ReceivedEntry, type RoomId } from '@wireroom/protocol';
import { retryDelayMs } from './backoff.ts';
import type { TapRecorder } from './client-tap.ts';
import type { Clock, Random } from './clock.ts';
import { Feed, type FeedStep } from './feed.ts';
import { History } from './history.ts';
import { CLIENT_LIMITS } from './limits.ts';
import { Members } from './members.ts';
import type { Outbox } from './outbox.ts';
import { OutboxSender } from './outbox-sender.ts';
import { isForNow, refusalOf } from './refusal.ts';
import type { Answer, Answered, Request } from './requests.ts';
import { RoomView } from './room-view.ts';
import type { Refusal, RoomSnapshot } from './snapshot.ts';
import { Timeline } from './timeline.ts';

export interface RoomParts {
  readonly slug: string;
  readonly historyUrl: string;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: Random;
  readonly tap?: TapRecorder | undefined;
  readonly request: (request: Request, answered: Answered) => void;
  /** We are out of it, by our own will, though not from here: another tab has left. */
  readonly left: () => void;
  readonly changed: () => void;
}

/** Where we stand with the server, on this connection. `away`: there is no connection. */
type Phase = 'away' | 'joining' | 'joined' | 'refused';

export class Room {
  readonly #parts: RoomParts;
  readonly #feed = new Feed();
  readonly #timeline = new Timeline();
  readonly #members = new Members();
  readonly #history: History;
  readonly #sender: OutboxSender;
  readonly #view: RoomView;
  #phase: Phase = 'away';
  #roomId: RoomId | undefined;
  #title: string;
  #refusal: Refusal | undefined;
  #isFollowing = true;
  #you: Author | undefined;
  /**
   * What we sent as somebody else may be in the log already, where a repetition under a new author would not be known
   * for one: nothing is sent before the feed has shown what is there.
   */
  #isSomebodyNew = false;
  /** A page after the cursor is under way, or the pause before the next attempt. */
  #isReading = false;
  /** Answers to what was asked before the last join, or before the connection went, are not for us any more. */
  #generation = 0;
  #attempt = 0;
  #cancelRetry: () => void = () => {};
  #cancelGrace: (() => void) | undefined;
  #cancelMembers: (() => void) | undefined;
  #acknowledgedSeq = 0;
  /** The log's position when we were let in last. What was before it is history. */
  #joinedAtSeq = 0;

  constructor(parts: RoomParts) {
    const { slug, outbox, clock, random, request } = parts;
    this.#parts = parts;
    this.#title = slug;
    const changed = (): void => this.#changed();
    const isJoined = (): boolean => this.#phase === 'joined';
    const shared = { slug, clock, random, request, changed };
    this.#history = new History({
      ...shared,
      timeline: this.#timeline,
      mayAsk: isJoined,
      shown: (entries) => this.#endDrafts(entries),
    });
    this.#sender = new OutboxSender({
      ...shared,
      outbox,
      maySend: () => isJoined() && !this.#isSomebodyNew,
      acknowledged: (seq) => this.#acknowledged(seq),
      expelled: (refusal) => this.#refuse(refusal),
    });
    this.#view = new RoomView(parts, this.#timeline, this.#members, this.#history);
  }

  get roomId(): RoomId | undefined {
    return this.#roomId;
  }

  get snapshot(): RoomSnapshot {
    const status = this.#status();
    return this.#view.snapshot({ status, roomId: this.#roomId, title: this.#title, refusal: this.#refusal });
  }

  /** There is a connection, and it is ours. */
  connected(you: Author): void {
    this.#isSomebodyNew ||= this.#you !== undefined && this.#you.authorId !== you.authorId;
    this.#you = you;
    this.#timeline.setMine(you.authorId);
    this.#attempt = 0;
    this.join();
  }

  disconnected(): void {
    this.#interrupt();
    this.#phase = 'away';
    this.#sender.interrupt();
    this.#changed();
  }

  /** Asks to be let in, from the cursor on if there is one (rule F1). Only with a connection. */
  join(): void {
    this.#interrupt();
    this.#phase = 'joining';
    this.#refusal = undefined;
    this.#askIn();
    this.#changed();
  }

  #askIn(): void {
    const cursor = this.#feed.cursor;
    this.#ask({ type: 'join', room: this.#parts.slug, ...(cursor && { cursor }) }, (answer) =>
      this.#joinAnswered(answer),
    );
  }

  /** The list of members comes with a join. Not at once: many may be leaving, and everybody here reads it. */
  #readMembersLater(): void {
    if (this.#cancelMembers !== undefined || !this.#members.isWorthReading) return;
    const { clock, random } = this.#parts;
    const waitMs = (CLIENT_LIMITS.membersAgainMs / 2) * (1 + random.fraction());
    this.#cancelMembers = clock.after(waitMs, () => {
      const isWanted = this.#phase === 'joined' && this.#members.isWorthReading;
      // Under way until it is answered: no second one in the meantime.
      if (isWanted && !this.#isReading) {
        this.#askIn();
        return;
      }
      this.#cancelMembers = undefined;
      if (isWanted) this.#readMembersLater();
    });
  }

  heard(entry: ReceivedEntry): void {
    this.#apply(this.#feed.heard(entry), [entry]);
    this.#proceed();
  }

  /** Something was written, is to be tried again, or was dropped. Whoever writes in a room that refused us asks it again. */
  outboxChanged(): void {
    this.#changed();
    const isWaiting = this.#parts.outbox.next(this.#parts.slug) !== undefined;
    if (this.#phase === 'refused' && isWaiting) this.join();
    else this.#sender.flush();
  }

  loadOlder(): void {
    this.#history.load();
  }

  /** Does the reader see the newest? Then the oldest may go. */
  setFollowing(isFollowing: boolean): void {
    this.#isFollowing = isFollowing;
    this.#trim();
    this.#changed();
  }

  #joinAnswered(answer: Answer): void {
    if (answer.type === 'joined') {
      this.#phase = 'joined';
      this.#attempt = 0;
      this.#roomId = answer.room.roomId;
      this.#title = answer.room.title;
      this.#cancelMembers?.();
      this.#cancelMembers = undefined;
      this.#joinedAtSeq = answer.position.seq;
      this.#members.joined(answer, this.#you);
      this.#apply(this.#feed.joined(answer), answer.entries);
      this.#proceed();
    } else if (answer.type === 'refused' && !isForNow(answer)) {
      this.#refuse(refusalOf(answer));
    } else {
      this.#later(() => this.join(), answer);
    }
    this.#changed();
  }

  /** Takes the feed's next entries to where they belong. */
  #apply({ isRestart, entries }: FeedStep, offered: readonly ReceivedEntry[]): void {
    const { slug, outbox, tap } = this.#parts;
    tap?.took(offered, entries, this.#feed.cursor?.seq ?? 0);
    if (isRestart) {
      this.#timeline.restart();
      this.#history.restart();
      outbox.passed(slug, Number.POSITIVE_INFINITY);
    }
    if (entries.length > 0) {
      this.#attempt = 0;
      this.#timeline.append(entries);
      this.#members.apply(entries);
      this.#endDrafts(entries);
      this.#trim();
    }
    outbox.passed(slug, this.#feed.cursor?.seq ?? 0);
    this.#changed();
    if (this.#hasLeft(entries)) this.#parts.left();
    else if (this.#phase === 'joined') this.#readMembersLater();
  }

  /** Is the last that they say of our own coming and going that we went? On the way in, it is not: we have asked. */
  #hasLeft(entries: readonly ReceivedEntry[]): boolean {
    if (this.#phase === 'away' || this.#phase === 'joining') return false;
    const own = entries.findLast(
      (entry) =>
        (entry.type === 'join' || entry.type === 'leave') &&
        entry.author.authorId === this.#you?.authorId &&
        entry.seq > this.#joinedAtSeq,
    );
    return own?.type === 'leave';
  }

  /** A message that is shown is no draft any more. */
  #endDrafts(entries: readonly ReceivedEntry[]): void {
    const { slug, outbox } = this.#parts;
    // By draftId alone: it is random, so nobody who could send it again knew it before this entry was in the log.
    for (const entry of entries) if (entry.type === 'message') outbox.seen(slug, entry.draftId);
  }

  /** Asks for what is missing, and sends what waits. */
  #proceed(): void {
    if (this.#phase !== 'joined') return;
    if (!this.#isReading) this.#readOn();
    if (!this.#feed.isBehind) this.#isSomebodyNew = false;
    this.#sender.flush();
  }

  #readOn(): void {
    const { cursor, isBehind, isLost } = this.#feed;
    if (isLost) {
      this.#rejoinLater();
    } else if (isBehind && cursor !== undefined) {
      this.#isReading = true;
      const { slug } = this.#parts;
      const request = { type: 'page', room: slug, after: cursor.seq, limit: LIMITS.pageEntriesMax } as const;
      this.#ask(request, (answer) => this.#pageAnswered(answer));
    }
  }

  #pageAnswered(answer: Answer): void {
    if (answer.type === 'page') {
      const step = this.#feed.paged(answer.entries);
      this.#apply(step, answer.entries);
      if (step.entries.length > 0 || !this.#feed.isBehind) {
        this.#isReading = false;
        this.#proceed();
        return;
      }
    } else if (answer.type === 'refused' && !isForNow(answer)) {
      this.#rejoinLater();
      return;
    }
    // Nothing came of it: once more, but not at once.
    this.#later(() => {
      this.#isReading = false;
      this.#proceed();
    }, answer);
  }

  /** Nothing is asked on the old footing any more; live entries are still taken. */
  #rejoinLater(): void {
    this.#isReading = true;
    this.#later(() => this.join());
  }

  /** The server's number for a draft. Its entry comes by the feed; if it does not, it is asked for. */
  #acknowledged(seq: number): void {
    const seen = this.#feed.cursor?.seq ?? 0;
    this.#parts.outbox.passed(this.#parts.slug, seen);
    this.#acknowledgedSeq = Math.max(this.#acknowledgedSeq, seq);
    if (seq <= seen || this.#cancelGrace !== undefined) return;
    this.#cancelGrace = this.#parts.clock.after(CLIENT_LIMITS.entryGraceMs, () => {
      this.#cancelGrace = undefined;
      this.#feed.learned(this.#acknowledgedSeq);
      this.#changed();
      this.#proceed();
    });
  }

  #refuse(refusal: Refusal): void {
    const { slug, outbox } = this.#parts;
    this.#phase = 'refused';
    this.#refusal = refusal;
    for (const { draftId, state } of outbox.of(slug)) {
      if (state === 'waiting') outbox.failed(slug, draftId, refusal);
    }
    this.#changed();
  }

  #later(act: () => void, answer?: Answer): void {
    const { clock, random } = this.#parts;
    const retryAfterMs = answer?.type === 'refused' ? answer.retryAfterMs : undefined;
    this.#cancelRetry();
    this.#cancelRetry = clock.after(retryDelayMs(retryAfterMs, this.#attempt, random), act);
    this.#attempt += 1;
  }

  #ask(request: Request, answered: Answered): void {
    const generation = this.#generation;
    this.#parts.request(request, (answer) => {
      if (generation === this.#generation) answered(answer);
    });
  }

  #interrupt(): void {
    this.#generation += 1;
    this.#cancelRetry();
    this.#cancelGrace?.();
    this.#cancelGrace = undefined;
    this.#cancelMembers?.();
    this.#cancelMembers = undefined;
    this.#acknowledgedSeq = 0;
    this.#isReading = false;
    this.#history.interrupt();
  }

  #trim(): void {
    const { timelineItemsMax, timelineItemsHardMax } = CLIENT_LIMITS;
    this.#timeline.trim(this.#isFollowing ? timelineItemsMax : timelineItemsHardMax);
  }

  #status(): RoomSnapshot['status'] {
    if (this.#phase === 'refused') return 'refused';
    if (this.#feed.cursor === undefined) return 'joining';
    return this.#phase === 'joined' && !this.#feed.isBehind ? 'live' : 'catching-up';
  }

  #changed(): void {
    this.#view.invalidate();
    this.#parts.changed();
  }
}
