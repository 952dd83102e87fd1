// What is being written: kept in this tab's storage while it is typed, handed to the outbox when it is sent.
import type { Refusal } from '@wireroom/client';
import { ChatError } from '@wireroom/protocol';
import { useState } from 'react';
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
  const { client, tabStorage } = usePage();
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
    try {
      client.post(slug, text);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      setFault({ code: error.code, message: error.message });
      return false;
    }
    change('');
    return true;
  };
  return { text, fault, change, send };
}
