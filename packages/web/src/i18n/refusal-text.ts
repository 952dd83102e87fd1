// A refusal in the reader's language. Every code of the protocol has its sentence; a newer server's is shown as it came.
import type { Refusal } from '@wireroom/client';
import { isChatErrorCode } from '@wireroom/protocol';
import type { TFunction } from 'i18next';

export function refusalText(t: TFunction, refusal: Refusal): string {
  return isChatErrorCode(refusal.code) ? t(`refusal.${refusal.code}`) : refusal.message;
}
