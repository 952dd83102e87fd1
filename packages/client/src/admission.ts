// What the answer to a join, or one room's part of the answer to a resume, means for the room: the two say the same in two forms.
// Pure; joined-room.ts does it.
import type { JoinedEvent, ResumedRoom } from '@wireroom/protocol';
import { isForNow, refusalOf } from './refusal.ts';
import type { Answer } from './requests.ts';
import type { Refusal } from './snapshot.ts';

/** As much of an answer as the feed needs. */
export type Brought = Pick<JoinedEvent, 'position' | 'resume' | 'entries'>;

/** What is new besides the entries. Where nothing is missing, the entries tell it. */
export interface Told {
  readonly title?: string | undefined;
  readonly topic?: string | undefined;
}

export type Admission =
  | {
      readonly what: 'in';
      readonly brought: Brought;
      readonly told?: Told;
      /** With the list of members. */
      readonly joined?: JoinedEvent;
      /** Over a gap: how many members there are, not who they are. */
      readonly jumped?: Pick<JoinedEvent, 'memberCount' | 'position' | 'entries'>;
    }
  /** To be asked for by a join; `isAnew`: without a cursor, since the log is another one. */
  | { readonly what: 'join'; readonly isAnew: boolean }
  | { readonly what: 'refused'; readonly refusal: Refusal }
  | { readonly what: 'later'; readonly retryAfterMs?: number | undefined };

export function admissionOf(answer: Answer): Admission {
  if (answer.type !== 'joined') return answer.type === 'refused' ? refused(answer) : { what: 'later' };
  const isWhole = answer.resume === 'caught-up';
  return { what: 'in', brought: answer, joined: answer, ...(!isWhole && { told: answer.room }) };
}

/** `undefined`: the server has left the room out. */
export function admissionAfterResume(answer: ResumedRoom | undefined): Admission {
  if (answer === undefined || answer.resume === 'reset')
    return { what: 'join', isAnew: answer !== undefined };
  if (answer.resume === 'refused') return refused(answer);
  return { what: 'in', brought: answer, ...(answer.resume === 'gap' && { told: answer, jumped: answer }) };
}

const refused = (answer: Refusal & { readonly retryAfterMs?: number | undefined }): Admission =>
  isForNow(answer)
    ? { what: 'later', retryAfterMs: answer.retryAfterMs }
    : { what: 'refused', refusal: refusalOf(answer) };
