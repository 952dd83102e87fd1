// All mistakes that the diagnosis knows by name, in the order in which one mends them: what stops every client first, what
// stops some clients then, then missing checks, then safety. What a mistake is: mistake.ts.
import type { Mistake } from './mistake.ts';
import { ANSWER_MISTAKES } from './mistakes/answer-mistakes.ts';
import { FRAME_MISTAKES } from './mistakes/frame-mistakes.ts';
import { MESSAGE_MISTAKES } from './mistakes/message-mistakes.ts';
import { REQUEST_MISTAKES } from './mistakes/request-mistakes.ts';
import { SAFETY_MISTAKES } from './mistakes/safety-mistakes.ts';
import { UNCHECKED_MISTAKES } from './mistakes/unchecked-mistakes.ts';

const ALL = {
  ...ANSWER_MISTAKES,
  ...FRAME_MISTAKES,
  ...MESSAGE_MISTAKES,
  ...REQUEST_MISTAKES,
  ...UNCHECKED_MISTAKES,
  ...SAFETY_MISTAKES,
} as const;

export type MistakeId = keyof typeof ALL;

export const MISTAKES: Readonly<Record<MistakeId, Mistake>> = ALL;

export const isMistakeId = (id: string): id is MistakeId => Object.hasOwn(ALL, id);

export const MISTAKE_IDS: readonly MistakeId[] = Object.keys(ALL).filter(isMistakeId);
