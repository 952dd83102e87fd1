// What a scene of the sandbox looks like as text, for the `capture` blocks of the course: played anew each time.
// The scenes are in @wireroom/sandbox, their words in @wireroom/capture; here is what of them a unit shows.
import { type Capture, textOf } from '@wireroom/capture';
import { noteIn, playScene } from '@wireroom/sandbox';
import type { Block, Language } from './course-blocks.ts';

/** The text of all connections of the scene; with `part=frames` without their beginnings, up to the answer of the handshake. */
export async function captureOf({ attributes }: Block, language: Language): Promise<string> {
  const { captures } = await playScene(attributes.scene ?? '');
  const texts = captures.map((capture) => textOf(translated(capture, language), { times: false, language }));
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
  text.replaceAll(/^ {2}(?:[0-9a-f]{2} ){7}[0-9a-f]{2}$/gm, '  …').replaceAll(/\b\d{5,}\b/g, '#');
