// Sends one room's drafts, one at a time: the next one goes when the last one is answered. That keeps their order even
// when one is put off (pipelined, the second could pass a first that was too fast), and costs a round trip per message,
// which nobody who types can notice.
import { commandOf, type DraftId } from '@wireroom/protocol';
import { Asking, type AskingParts } from './asking.ts';
import type { Outbox, OutboxDraft } from './outbox.ts';
import { isForNow, refusalOf } from './refusal.ts';
import { type Answer, retryAfterOf } from './requests.ts';
import type { Refusal } from './snapshot.ts';

export interface OutboxSenderParts extends AskingParts {
  readonly slug: string;
  readonly outbox: Outbox;
  readonly maySend: () => boolean;
  /** It is in the log, under this number. */
  readonly acknowledged: (seq: number) => void;
  /** We are no member of the room any more: no draft of it can go, and this one waits again. */
  readonly expelled: (refusal: Refusal) => void;
  readonly changed: () => void;
}

export class OutboxSender {
  readonly #parts: OutboxSenderParts;
  readonly #asking: Asking;
  #isPaused = false;

  constructor(parts: OutboxSenderParts) {
    this.#parts = parts;
    this.#asking = new Asking(parts);
  }

  /** Sends what may be sent now. Harmless at any time. */
  flush(): void {
    const { slug, outbox } = this.#parts;
    if (this.#isPaused || !this.#parts.maySend() || !outbox.isLeading) return;
    const draft = outbox.next(slug);
    if (draft === undefined) return;
    void outbox
      .claim(draft.draftId)
      .then(this.#asking.untilInterrupted((isOurs) => this.#claimed(draft, isOurs)));
    this.#parts.changed();
  }

  /** The connection is gone: what was under way waits for the next one. */
  interrupt(): void {
    this.#asking.interrupt();
    this.#asking.succeeded();
    this.#isPaused = false;
    this.#parts.outbox.interrupted(this.#parts.slug);
  }

  #claimed({ draftId, content }: OutboxDraft, isOurs: boolean): void {
    const { slug, outbox } = this.#parts;
    if (!isOurs) {
      outbox.queued(draftId);
      this.#parts.changed();
      return;
    }
    outbox.sent(draftId);
    this.#asking.ask(commandOf(slug, draftId, content), (answer) => this.#answered(draftId, answer));
  }

  #answered(draftId: DraftId, answer: Answer): void {
    const { outbox } = this.#parts;
    if (answer.type === 'posted') {
      this.#asking.succeeded();
      outbox.acknowledged({ draftId, seq: answer.seq, at: answer.at });
      this.#parts.acknowledged(answer.seq);
    } else if (answer.type === 'refused' && !isForNow(answer)) {
      const refusal = refusalOf(answer);
      if (refusal.code === 'not-joined') {
        outbox.queued(draftId);
        this.#parts.expelled(refusal);
      } else {
        outbox.failed(draftId, refusal);
      }
    } else {
      this.#putOff(draftId, answer);
    }
    this.#parts.changed();
    this.flush();
  }

  #putOff(draftId: DraftId, answer: Answer): void {
    this.#parts.outbox.queued(draftId, answer.type === 'refused' ? refusalOf(answer) : undefined);
    this.#isPaused = true;
    this.#asking.later(() => {
      this.#isPaused = false;
      this.flush();
    }, retryAfterOf(answer));
  }
}
