// What is to be said about taking a capture along, however it was done: from the menu, or by dropping files.
import { useState } from 'react';
import type { NamedCapture } from '../use-sources.ts';
import { useSay } from '../words/words.ts';
import { openFiles } from './open-files.ts';

export interface TakeNote {
  readonly text: string;
  readonly isBad: boolean;
  /** To be copied by the reader. */
  readonly link?: string;
}

export interface TakeNotes {
  readonly note: TakeNote | undefined;
  setNote(note: TakeNote | undefined): void;
  /** Opens what can be read, and says what cannot. */
  open(files: readonly File[]): void;
}

export function useTakeNote(onOpened: (captures: readonly NamedCapture[]) => void): TakeNotes {
  const say = useSay();
  const [note, setNote] = useState<TakeNote>();
  const open = async (files: readonly File[]): Promise<void> => {
    const { captures, problem } = await openFiles(files, say);
    if (captures.length > 0) onOpened(captures);
    setNote(problem === undefined ? undefined : { text: problem, isBad: true });
  };
  return { note, setNote, open: (files) => void open(files) };
}
