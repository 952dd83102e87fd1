// The promises of those who wrote something: each is settled once, when its draft is in the log, has failed for good or was
// cancelled. They do not outlive the page; the drafts do.
import { ChatError, type DraftId, isChatErrorCode } from '@wireroom/protocol';
import type { Refusal } from './snapshot.ts';

/** It is in the log, under this number. */
export interface Posted {
  readonly draftId: DraftId;
  readonly seq: number;
  /** When the server stored it: RFC 3339, UTC. */
  readonly at: string;
}

interface Waiting {
  readonly resolve: (posted: Posted) => void;
  readonly reject: (error: ChatError) => void;
}

export class Postings {
  /** As many as the outbox has drafts. */
  readonly #waiting = new Map<DraftId, Waiting>();

  begin(draftId: DraftId): Promise<Posted> {
    return forgiven(
      new Promise((resolve, reject) => {
        this.#waiting.set(draftId, { resolve, reject });
      }),
    );
  }

  posted(posted: Posted): void {
    this.#take(posted.draftId)?.resolve(posted);
  }

  failed(draftId: DraftId, refusal: Refusal): void {
    this.#take(draftId)?.reject(errorOf(refusal));
  }

  #take(draftId: DraftId): Waiting | undefined {
    const waiting = this.#waiting.get(draftId);
    this.#waiting.delete(draftId);
    return waiting;
  }
}

/** Nobody need await it: what became of a draft shows in the snapshot as well. */
export function forgiven<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}

/** A code that this version does not know travels as the cause. */
function errorOf(refusal: Refusal): ChatError {
  const { code, message } = refusal;
  return isChatErrorCode(code)
    ? new ChatError(code, { message })
    : new ChatError('internal', { message, cause: refusal });
}
