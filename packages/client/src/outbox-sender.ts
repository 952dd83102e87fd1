// Sends one room's drafts, one at a time: the next one goes when the last one is answered. That keeps their order even
// when one is put off (pipelined, the second could pass a first that was too fast), and costs a round trip per message,
// which nobody who types can notice.
import type { DraftId } from '@wireroom/protocol';
import { retryDelayMs } from './backoff.ts';
import type { Clock, Random } from './clock.ts';
import type { Outbox, OutboxDraft } from './outbox.ts';
import { isForNow, refusalOf } from './refusal.ts';
import type { Answer, Answered, Request } from './requests.ts';
import type { Refusal } from './snapshot.ts';

export interface OutboxSenderParts {
  readonly slug: string;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: Random;
  readonly maySend: () => boolean;
  readonly request: (request: Request, answered: Answered) => void;
  /** It is in the log, under this number. */
  readonly acknowledged: (seq: number) => void;
  /** We are no member of the room any more: no draft of it can go. */
  readonly expelled: (refusal: Refusal) => void;
  readonly changed: () => void;
}

export class OutboxSender {
  readonly #parts: OutboxSenderParts;
  #attempt = 0;
  /** Answers to what was sent before an interruption are not for us any more. */
  #generation = 0;
  #isPaused = false;
  #cancelPause: () => void = () => {};

  constructor(parts: OutboxSenderParts) {
    this.#parts = parts;
  }

  /** Sends what may be sent now. Harmless at any time. */
  flush(): void {
    const { slug, outbox } = this.#parts;
    if (this.#isPaused || !this.#parts.maySend()) return;
    const draft = outbox.next(slug);
    if (draft === undefined) return;
    const { draftId, text } = draft;
    outbox.sending(slug, draftId);
    const generation = this.#generation;
    this.#parts.request({ type: 'post', room: slug, draftId, text }, (answer) => {
      if (generation === this.#generation) this.#answered(draft, answer);
    });
    this.#parts.changed();
  }

  /** The connection is gone: what was under way waits for the next one. */
  interrupt(): void {
    this.#generation += 1;
    this.#cancelPause();
    this.#isPaused = false;
    this.#attempt = 0;
    this.#parts.outbox.interrupted(this.#parts.slug);
  }

  #answered({ draftId }: OutboxDraft, answer: Answer): void {
    const { slug, outbox } = this.#parts;
    if (answer.type === 'posted') {
      this.#attempt = 0;
      outbox.acknowledged(slug, draftId, answer.seq);
      this.#parts.acknowledged(answer.seq);
    } else if (answer.type === 'refused' && !isForNow(answer)) {
      this.#failed(draftId, refusalOf(answer));
    } else {
      this.#putOff(draftId, answer);
    }
    this.#parts.changed();
    this.flush();
  }

  #failed(draftId: DraftId, refusal: Refusal): void {
    this.#parts.outbox.failed(this.#parts.slug, draftId, refusal);
    if (refusal.code === 'not-joined') this.#parts.expelled(refusal);
  }

  #putOff(draftId: DraftId, answer: Answer): void {
    const { slug, outbox, clock, random } = this.#parts;
    const isRefusal = answer.type === 'refused';
    outbox.waiting(slug, draftId, isRefusal ? refusalOf(answer) : undefined);
    this.#isPaused = true;
    const delayMs = retryDelayMs(isRefusal ? answer.retryAfterMs : undefined, this.#attempt, random);
    this.#attempt += 1;
    this.#cancelPause = clock.after(delayMs, () => {
      this.#isPaused = false;
      this.flush();
    });
  }
}
