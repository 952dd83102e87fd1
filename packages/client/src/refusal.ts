// What a refusal means for the one who was refused: for now, or for good.
import { CHAT_ERRORS, isChatErrorCode, type RefusedEvent } from '@wireroom/protocol';
import type { Refusal } from './snapshot.ts';

/** May the same command succeed later? A code that only a newer server knows tells it by `retryAfterMs`. */
export function isForNow(event: Pick<RefusedEvent, 'code' | 'retryAfterMs'>): boolean {
  if (isChatErrorCode(event.code)) return CHAT_ERRORS[event.code].retry === 'later';
  return event.retryAfterMs !== undefined;
}

export const refusalOf = ({ code, message }: Refusal): Refusal => ({ code, message });
