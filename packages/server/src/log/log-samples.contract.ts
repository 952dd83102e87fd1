// Authors, drafts and ranges that the suites of the log are written with.
import {
  type Author,
  authorIdSchema,
  type ChatErrorCode,
  type DraftContent,
  draftIdSchema,
  type Room,
} from '@wireroom/protocol';
import { expect } from 'vitest';
import type { Draft } from './log.ts';

export const EVERYTHING = { limit: 1_000, bytesMax: 10_000_000 } as const;

export function authorNamed(name: string, number = name): Author {
  const hex = Buffer.from(number).toString('hex').padStart(20, '0');
  return { authorId: authorIdSchema.parse(`a_${hex}`), name };
}

export function draftOf(room: Room, author: Author, text: string, id = text): Draft {
  return changeOf(room, author, { type: 'message', text }, id);
}

/** Equal contents are equal drafts, unless an id says otherwise. */
export function changeOf(
  room: Room,
  author: Author,
  content: DraftContent,
  id = Object.values(content).join('-'),
): Draft {
  const draftId = draftIdSchema.parse(id.replace(/[^a-z0-9-]/gi, '-').padStart(12, '_'));
  return { roomId: room.roomId, author, draftId, content };
}

export async function refusedWith(code: ChatErrorCode, attempt: Promise<unknown>): Promise<void> {
  await expect(attempt).rejects.toMatchObject({ name: 'ChatError', code });
}
