// What a scene of the sandbox looks like as text, for the `capture` blocks of the course: played anew in each run.
// The scenes are in @wireroom/sandbox, their words in @wireroom/capture; here is what of them a unit shows.
import { TextRenderer } from '@wireroom/capture';
import { noteIn, type Played, playScene } from '@wireroom/sandbox';
import type { Block, Language } from './course-blocks.ts';

const textCharactersMax = 120;

/** One connection of the scene, the first unless told; with `frames` without what belongs to the handshake. */
export async function captureOf({ attributes }: Block, language: Language): Promise<string> {
  const { scene = '', connection = '1' } = attributes;
  const capture = (await playedOnce(scene)).captures[Number(connection) - 1];
  if (capture === undefined) throw new Error(`the scene ${scene} has no connection ${connection}`);
  const renderer = new TextRenderer({ times: false, language, textCharactersMax });
  const lines = capture.records.flatMap((record) => {
    // Notes have a text of their own in each language.
    const isNote = record.kind === 'note';
    const made = renderer.push(isNote ? { ...record, text: noteIn(language, record) } : record);
    const isHead = record.kind === 'bytes' && record.offset === 0;
    return record.kind === 'open' || (isHead && 'frames' in attributes) ? [] : made;
  });
  return [...lines, ...renderer.end()].join('\n').trimEnd();
}

/** A scene is played once for all blocks that show it. */
const playing = new Map<string, Promise<Played>>();

function playedOnce(scene: string): Promise<Played> {
  const known = playing.get(scene);
  if (known !== undefined) return known;
  const played = playScene(scene);
  playing.set(scene, played);
  return played;
}

/** The text without what chance decides: payloads of pings that the engine makes up, and counts of what did not fit. */
export const steadyCapture = (text: string): string =>
  text
    .replaceAll(/^ {2}(?:[0-9a-f]{2} ){7}[0-9a-f]{2}$/gm, '  …')
    .replaceAll(/\b\d{5,}\b/g, '#')
    .replaceAll(/\d+ records with # bytes not kept/g, 'records not kept')
    .replaceAll(/有 \d+ 条记录、# 字节没有保留/g, '有记录没有保留')
    .replaceAll(/(?:\d+ ){9}\d+/g, 'so many');
