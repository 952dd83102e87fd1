// One room as this client has it: comes back to it on every connection, reads what is missing, shows what there is.
// Feed, timeline, members, history and outbox know their part; this is where they meet.
import {
  type Author,
  type Epoch,
  LIMITS,
  type Position,
  type ReceivedEntry,
  type ResumedRoom,
  type RoomId,
} from '@wireroom/protocol';
import { type Admission, admissionAfterResume, admissionOf } from './admission.ts';
import { Asking } from './asking.ts';
import { AwaitedEntry } from './awaited-entry.ts';
import type { Tap } from './client-tap.ts';
import type { Clock, Random } from './clock.ts';
import { Feed, type FeedStep } from './feed.ts';
import { History } from './history.ts';
import * as CLIENT_LIMITS from './limits.ts';
import { Members } from './members.ts';
import { MembersReader } from './members-reader.ts';
import type { Outbox } from './outbox.ts';
import { OutboxSender } from './outbox-sender.ts';
import { isForNow } from './refusal.ts';
import { type Answer, type Answered, type Request, retryAfterOf } from './requests.ts';
import { RoomTitle } from './room-title.ts';
import { RoomView } from './room-view.ts';
import type { Refusal, RoomSnapshot } from './snapshot.ts';
import { Timeline } from './timeline.ts';

export interface JoinedRoomParts {
  readonly slug: string;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: Random;
  readonly tap?: Tap | undefined;
  readonly request: (request: Request, answered: Answered) => void;
  /** We are out of it, by our own will, though not from here: another tab has left. */
  readonly left: () => void;
  readonly changed: () => void;
}

/** Where we stand with the server, on this connection. `away`: there is no connection. `left`: for good. */
type Phase = 'away' | 'joining' | 'joined' | 'refused' | 'left';

export class JoinedRoom {
  readonly history: History;
  readonly #parts: JoinedRoomParts;
  readonly #feed = new Feed();
  readonly #timeline = new Timeline();
  readonly #members = new Members();
  readonly #membersReader: MembersReader;
  readonly #sender: OutboxSender;
  readonly #view: RoomView;
  readonly #title: RoomTitle;
  readonly #awaited: AwaitedEntry;
  /** Interrupted by the next join, and when the connection goes. */
  readonly #asking: Asking;
  #phase: Phase = 'away';
  #roomId: RoomId | undefined;
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
  /** The log's position when we were let in last. What was before it is history. */
  #joinedAtSeq = 0;

  constructor(parts: JoinedRoomParts) {
    const { slug, outbox, clock, random, request } = parts;
    this.#parts = parts;
    this.#title = new RoomTitle(slug);
    this.#asking = new Asking(parts);
    const changed = (): void => this.#changed();
    const isJoined = (): boolean => this.#phase === 'joined';
    const shared = { slug, clock, random, request, changed };
    this.history = new History({
      ...shared,
      timeline: this.#timeline,
      mayAsk: isJoined,
      shown: (entries) => {
        this.#endDrafts(entries);
        this.#send();
      },
    });
    this.#sender = new OutboxSender({
      ...shared,
      outbox,
      maySend: () => isJoined() && !this.#isSomebodyNew,
      acknowledged: (seq) => this.#acknowledged(seq),
      expelled: (refusal) => this.#refuse(refusal),
    });
    this.#membersReader = new MembersReader({
      ...{ members: this.#members, clock, random, isJoined },
      isBusy: () => this.#isReading,
      read: () => this.#askIn(),
    });
    this.#awaited = new AwaitedEntry({
      clock,
      missing: (seq) => {
        this.#feed.learned(seq);
        this.#changed();
        this.#proceed();
      },
    });
    this.#view = new RoomView({
      ...{ slug, outbox, timeline: this.#timeline },
      ...{ members: this.#members, history: this.history, title: this.#title, you: () => this.#you },
    });
  }

  get roomId(): RoomId | undefined {
    return this.#roomId;
  }

  get snapshot(): RoomSnapshot {
    return this.#view.snapshot({ status: this.#status(), roomId: this.#roomId, refusal: this.#refusal });
  }

  /** There is a connection, and it is ours: `join` or `resume` is next. */
  connected(you: Author): void {
    this.#isSomebodyNew ||= this.#you !== undefined && this.#you.authorId !== you.authorId;
    this.#you = you;
    this.#timeline.setMine(you.authorId);
    this.#asking.succeeded();
  }

  /** Without a connection, or out of it altogether. */
  disconnected(phase: 'away' | 'left'): void {
    this.#interrupt();
    this.#phase = phase;
    this.#sender.interrupt();
    this.#changed();
  }

  /** Asks to be let in, from the cursor on if there is one (rule F1). Only with a connection. */
  join(): void {
    this.#begin();
    this.#askIn();
    this.#changed();
  }

  /** Comes back together with other rooms: what to ask for us, and what to do with the answer. Undefined: `join` instead. */
  resume():
    | {
        readonly cursor: [string, Epoch, number];
        readonly answered: (answer: ResumedRoom | undefined) => void;
      }
    | undefined {
    const { cursor } = this.#feed;
    if (cursor === undefined) return undefined;
    this.#begin();
    return {
      cursor: [this.#parts.slug, cursor.epoch, cursor.seq],
      answered: this.#asking.untilInterrupted((answer) => this.#admit(admissionAfterResume(answer))),
    };
  }

  heard(entry: ReceivedEntry): void {
    this.#apply(this.#feed.heard(entry), [entry]);
    this.#proceed();
  }

  /** The server says how far the log is. */
  heardHead(head: Position): void {
    this.#feed.heardHead(head);
    this.#changed();
    this.#proceed();
  }

  /** Something was written, is to be tried again, or was dropped. Whoever writes in a room that refused us asks it again. */
  outboxChanged(): void {
    // Another tab may tell that a draft is in the log after its entry was here.
    this.#passed();
    const drafts = this.#parts.outbox.of(this.#parts.slug);
    if (this.#phase === 'refused' && drafts.some(({ state }) => state === 'queued')) this.join();
    else this.#sender.flush();
  }

  /** Does the reader see the newest? Then the oldest may go. */
  setFollowing(isFollowing: boolean): void {
    this.#isFollowing = isFollowing;
    this.#trim();
    this.#changed();
  }

  #begin(): void {
    this.#interrupt();
    this.#phase = 'joining';
    this.#refusal = undefined;
  }

  #askIn(): void {
    const cursor = this.#feed.cursor;
    this.#asking.ask({ type: 'join', room: this.#parts.slug, ...(cursor && { cursor }) }, (answer) =>
      this.#admit(admissionOf(answer)),
    );
  }

  #admit(admission: Admission): void {
    switch (admission.what) {
      case 'in':
        this.#letIn(admission);
        break;
      case 'join':
        if (admission.isAnew) this.#feed.forget();
        this.join();
        break;
      case 'refused':
        this.#refuse(admission.refusal);
        break;
      case 'later':
        this.#asking.later(() => this.join(), admission.retryAfterMs);
    }
    this.#changed();
  }

  #letIn({ brought, told, joined, jumped }: Extract<Admission, { what: 'in' }>): void {
    if (told !== undefined) this.#title.told(told);
    if (jumped !== undefined) this.#members.jumped(jumped);
    if (joined !== undefined) {
      this.#roomId = joined.room.roomId;
      this.#membersReader.stop();
      this.#members.joined(joined, this.#you);
    }
    this.#phase = 'joined';
    this.#asking.succeeded();
    this.#joinedAtSeq = brought.position.seq;
    this.history.setFillsAll(this.#isSomebodyNew);
    this.#apply(this.#feed.joined(brought), brought.entries);
    this.#proceed();
  }

  #apply({ isRestart, entries }: FeedStep, offered: readonly ReceivedEntry[]): void {
    const { slug, outbox, tap } = this.#parts;
    const seen = this.#feed.cursor?.seq ?? 0;
    tap?.((to) => to.took(offered, entries, seen));
    if (isRestart) {
      this.#timeline.restart();
      this.history.restart();
      outbox.passed(slug, Number.POSITIVE_INFINITY);
    }
    if (entries.length > 0) {
      this.#asking.succeeded();
      this.#timeline.append(entries);
      this.#members.apply(entries);
      this.#title.apply(entries);
      this.#endDrafts(entries);
      this.#trim();
    }
    this.#passed();
    if (this.#hasLeft(entries)) this.#parts.left();
    else if (this.#phase === 'joined') this.#membersReader.readLater();
  }

  #passed(): void {
    this.#parts.outbox.passed(this.#parts.slug, this.#feed.cursor?.seq ?? 0);
    this.#changed();
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

  /** What is in the log is no draft any more. */
  #endDrafts(entries: readonly ReceivedEntry[]): void {
    // By draftId alone: it is random, so nobody who could send it again knew it before this entry was in the log.
    for (const entry of entries) if ('draftId' in entry) this.#parts.outbox.seen(entry);
  }

  #proceed(): void {
    if (this.#phase !== 'joined') return;
    if (!this.#isReading) this.#readOn();
    this.history.proceed();
    this.#send();
  }

  #send(): void {
    if (!this.#feed.isBehind && this.#timeline.gaps.length === 0) this.#isSomebodyNew = false;
    this.#sender.flush();
  }

  #readOn(): void {
    const { cursor, isBehind, isLost } = this.#feed;
    if (isLost) this.#rejoinLater();
    else if (isBehind && cursor !== undefined) {
      this.#isReading = true;
      const { slug } = this.#parts;
      const request = { type: 'page', room: slug, after: cursor.seq, limit: LIMITS.pageEntriesMax } as const;
      this.#asking.ask(request, (answer) => this.#pageAnswered(answer));
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
    this.#asking.later(() => {
      this.#isReading = false;
      this.#proceed();
    }, retryAfterOf(answer));
  }

  /** Nothing is asked on the old footing any more; live entries are still taken. */
  #rejoinLater(): void {
    this.#isReading = true;
    this.#asking.later(() => this.join());
  }

  /** The server's number for a draft. Its entry comes by the feed; if it does not, it is asked for. */
  #acknowledged(seq: number): void {
    this.#passed();
    if (seq > (this.#feed.cursor?.seq ?? 0)) this.#awaited.await(seq);
  }

  #refuse(refusal: Refusal): void {
    this.#phase = 'refused';
    this.#refusal = refusal;
    this.#parts.outbox.allFailed(this.#parts.slug, refusal);
    this.#changed();
  }

  #interrupt(): void {
    this.#asking.interrupt();
    this.#awaited.stop();
    this.#membersReader.stop();
    this.#isReading = false;
    this.history.interrupt();
  }

  #trim(): void {
    const isFollowing = this.#isFollowing;
    this.#timeline.trim(isFollowing ? CLIENT_LIMITS.timelineItemsMax : CLIENT_LIMITS.timelineItemsHardMax);
  }

  #status(): RoomSnapshot['status'] {
    const phase = this.#phase;
    if (phase === 'refused' || phase === 'left') return phase;
    if (this.#feed.cursor === undefined) return 'joining';
    if (phase === 'away') return phase;
    return phase === 'joined' && !this.#feed.isBehind ? 'live' : 'catching-up';
  }

  #changed(): void {
    this.#view.invalidate();
    this.#parts.changed();
  }
}
