// What may be a display name, and when two names are the same one. A name is kept and echoed exactly as it was sent, or refused.
import { ChatError } from './chat-error.ts';
import { LIMITS } from './limits.ts';

const FORBIDDEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
/** Invisible and direction-changing characters disguise one name as another; the zero-width joiner stays, emoji need it. */
const DISGUISING = /(?!\u200D)\p{Cf}|[\u115F\u1160\u3164\uFFA0]/u;
const INVISIBLE = /\p{Z}|\u200D|\p{Variation_Selector}/gu;

/** Returns the name unchanged, or throws a ChatError that says what is wrong with it. */
export function checkName(name: string): string {
  if (name.replace(INVISIBLE, '') === '') throw new ChatError('name-empty');
  // A string of more UTF-16 units than twice the limit cannot have few enough code points: refuse before counting.
  if (name.length > LIMITS.nameCharsMax * 2 || [...name].length > LIMITS.nameCharsMax) {
    throw new ChatError('name-too-long');
  }
  if (FORBIDDEN.test(name) || DISGUISING.test(name)) throw new ChatError('name-characters');
  if (name.normalize('NFC') !== name) throw new ChatError('name-not-nfc');
  return name;
}

/** Two people present may not bear names with the same key: case, width, spaces and invisible joiners do not tell people apart. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(INVISIBLE, '').normalize('NFKC');
}
