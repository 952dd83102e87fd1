// What is being written: kept in this tab's storage while it is typed, handed to the outbox when it is sent.
import type { Refusal } from '@wireroom/client';
import { ChatError, checkText } from '@wireroom/protocol';
import { useState } from 'react';
import { useThisRoom } from '../actions/this-room.ts';
import { usePage } from '../app/page.ts';

export interface Draft {
  readonly text: string;
  /** Why it could not be sent. */
  readonly fault: Refusal | undefined;
  change(text: string): void;
  /** Empties the draft and tells whether it did. */
  send(): boolean;
}

export function useDraft(slug: string): Draft {
  const { tabStorage } = usePage();
  const { room } = useThisRoom();
  const key = `wireroom.typed.${slug}`;
  const [text, setText] = useState(() => tabStorage.get(key) ?? '');
  const [fault, setFault] = useState<Refusal>();
  const change = (next: string): void => {
    setText(next);
    setFault(undefined);
    if (next === '') tabStorage.remove(key);
    else tabStorage.set(key, next);
  };
  const send = (): boolean => {
    if (text.trim() === '') return false;
    const problem = problemOf(text);
    setFault(problem);
    if (problem !== undefined) return false;
    change('');
    room.post(text).catch((error: unknown) => {
      // The outbox is full: nothing was taken. What else becomes of it shows in its row.
      if (!(error instanceof ChatError) || error.code !== 'busy') return;
      change(text);
      setFault(error);
    });
    return true;
  };
  return { text, fault, change, send };
}

/** Why this cannot be a message's text. */
export function problemOf(text: string): Refusal | undefined {
  try {
    checkText(text);
    return undefined;
  } catch (error) {
    if (error instanceof ChatError) return { code: error.code, message: error.message };
    throw error;
  }
}
