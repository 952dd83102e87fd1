// What a scene of the sandbox looks like as text, for the `capture` blocks of the course: played anew each time.
// The scenes are in @wireroom/sandbox, their words in @wireroom/capture; here is what of them a unit shows.
import { type Capture, textOf } from '@wireroom/capture';
import { noteIn, type Played, playScene } from '@wireroom/sandbox';
import type { Block, Language } from './course-blocks.ts';

/** A long text is shown as far as one can read it; the rest is counted. */
const textCharactersMax = 120;

/** A scene is played once for all blocks that show it. */
const plays = new Map<string, Promise<Played>>();

/** The text of all connections of the scene, or of one; with `part=frames` without their beginnings, up to the answer of the handshake. */
export async function captureOf({ attributes }: Block, language: Language): Promise<string> {
  const { scene = '', connection } = attributes;
  const playing = plays.get(scene) ?? playScene(scene);
  plays.set(scene, playing);
  const { captures } = await playing;
  const wanted = captures.filter((_, index) => connection === undefined || index + 1 === Number(connection));
  const texts = wanted.map((capture) =>
    textOf(translated(capture, language), { times: false, language, textCharactersMax }),
  );
  const shown = attributes.part === 'frames' ? texts.map(framesOf) : texts;
  return shown.map((text) => text.trimEnd()).join('\n\n');
}

/** Notes have a text of their own in each language; the rest is translated by whoever renders it. */
const translated = (capture: Capture, language: Language): Capture => ({
  ...capture,
  records: capture.records.map((record) =>
    record.kind === 'note' ? { ...record, text: noteIn(language, record) } : record,
  ),
});

/** Behind the headers of the 101, which are the last lines that begin with two blanks. */
function framesOf(text: string): string {
  const lines = text.split('\n');
  const answer = lines.findIndex((line) => line.startsWith('← HTTP/1.1 101'));
  const behind = lines.findIndex((line, index) => index > answer && !line.startsWith('  '));
  return lines.slice(answer < 0 ? 0 : behind).join('\n');
}

/** The text without what chance decides: payloads of pings that the engine makes up, and counts of what did not fit. */
export const steadyCapture = (text: string): string =>
  text
    .replaceAll(/^ {2}(?:[0-9a-f]{2} ){7}[0-9a-f]{2}$/gm, '  …')
    .replaceAll(/\b\d{5,}\b/g, '#')
    .replaceAll(/\d+ records with # bytes not kept/g, 'records not kept')
    .replaceAll(/\d+ 毫秒/g, '# 毫秒')
    .replaceAll(/(?:\d+ ){9}\d+/g, 'so many');
