// All that scenes say in words, in both languages: the list of scenes, and the remarks in their captures. Data and pure
// functions only: the page imports this file as well. Who plays the scenes is play.ts.
import type { LocalText, Scene } from './scene.ts';
import { FAULT_NOTES } from './texts/fault-notes.ts';
import { FAULT_SCENES } from './texts/fault-scenes.ts';
import { TRY_FRAME_SCENES } from './texts/try-frame-scenes.ts';
import { TRY_LIFE_SCENES } from './texts/try-life-scenes.ts';
import { TRY_NOTES } from './texts/try-notes.ts';

export type { LocalText, Scene } from './scene.ts';

/** Every scene, in the order in which they are shown. */
export const SCENES: readonly Scene[] = [...TRY_FRAME_SCENES, ...TRY_LIFE_SCENES, ...FAULT_SCENES];

const BY_NAME: ReadonlyMap<string, Scene> = new Map(SCENES.map((scene) => [scene.name, scene]));

export const sceneNamed = (name: string): Scene | undefined => BY_NAME.get(name);

/** Remarks in the captures of scenes, by the `id` of their note. `{word}` stands for a value. */
export const NOTES = { ...TRY_NOTES, ...FAULT_NOTES } as const satisfies Readonly<Record<string, LocalText>>;
export type NoteId = keyof typeof NOTES;

const isNoteId = (id: string): id is NoteId => Object.hasOwn(NOTES, id);

/** A remark with its values filled in. */
export function noteText(
  id: NoteId,
  language: keyof LocalText,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return NOTES[id][language].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/**
 * A note of a capture in this language. Captures hold the English sentence; its values are read out of it by the English
 * pattern. A note that is none of ours stays as it is.
 */
export function noteIn(
  language: keyof LocalText,
  { id, text }: { readonly id?: string; readonly text: string },
): string {
  if (language === 'en' || id === undefined || !isNoteId(id)) return text;
  const names: string[] = [];
  const pattern = NOTES[id].en.split(/(\{\w+\})/).map((part) => {
    if (!part.startsWith('{')) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    names.push(part.slice(1, -1));
    return '(.*?)';
  });
  const found = new RegExp(`^${pattern.join('')}$`).exec(text);
  if (found === null) return text;
  return noteText(
    id,
    language,
    Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? ''])),
  );
}
