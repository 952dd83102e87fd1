// The entrance's state: the name being written, what is wrong with it, and where the server is with it.
import type { ChatSnapshot, Refusal } from '@wireroom/client';
import { ChatError, checkName } from '@wireroom/protocol';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isLanguage } from '../i18n/language.ts';
import { isSuggestedName, suggestName } from './name-suggestion.ts';

export interface NameForm {
  readonly name: string;
  readonly refusal: Refusal | undefined;
  /** The server is being asked. */
  readonly isBusy: boolean;
  /** The server was asked and does not answer. */
  readonly isStuck: boolean;
  change(name: string): void;
  suggest(): void;
  /** The name as it would be sent, or `undefined` where it cannot be. */
  check(): string | undefined;
}

export function useNameForm(snapshot: ChatSnapshot): NameForm {
  const { i18n } = useTranslation();
  const language = isLanguage(i18n.language) ? i18n.language : 'en';
  const [name, setName] = useState(() => snapshot.rememberedName ?? suggestName(language, Math.random));
  /** Found here, before anything was sent. */
  const [fault, setFault] = useState<Refusal>();
  /** A refusal speaks of the name that was sent, not of the one being typed since. */
  const [isEdited, setEdited] = useState(false);

  // Until somebody has written a name of their own, the suggestion speaks the language of the page.
  useEffect(() => {
    setName((current) =>
      isSuggestedName(current) && !isSuggestedName(current, language)
        ? suggestName(language, Math.random)
        : current,
    );
  }, [language]);

  const change = (next: string): void => {
    setName(next);
    setFault(undefined);
    setEdited(true);
  };
  const check = (): string | undefined => {
    const wanted = name.trim().normalize('NFC');
    const found = faultOf(wanted);
    setName(wanted);
    setEdited(false);
    setFault(found);
    return found === undefined ? wanted : undefined;
  };

  const { state } = snapshot.connection;
  // After a refusal the connection rests until the next name is sent.
  const isAsking = fault === undefined && snapshot.refusal === undefined;
  return {
    name,
    refusal: fault ?? (isEdited ? undefined : snapshot.refusal),
    isBusy: isAsking && (state === 'connecting' || state === 'open'),
    isStuck: isAsking && (state === 'waiting' || state === 'stopped'),
    change,
    suggest: () => change(suggestName(language, Math.random, name)),
    check,
  };
}

/** What the server would say to this name, if it would refuse it unseen. */
function faultOf(name: string): Refusal | undefined {
  try {
    checkName(name);
    return undefined;
  } catch (error) {
    if (error instanceof ChatError) return { code: error.code, message: error.message };
    throw error;
  }
}
