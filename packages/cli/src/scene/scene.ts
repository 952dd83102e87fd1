// `wireroom scene`: lists the scenes of the sandbox, or plays one and shows what was on its wires. The scenes are
// @wireroom/sandbox's, the text of a capture is @wireroom/capture's.
import {
  type Capture,
  type CaptureRecord,
  fromHex,
  jsonlHeader,
  jsonlRecord,
  TextRenderer,
} from '@wireroom/capture';
import { noteIn, OWN_BYTES_MAX, playScene, SCENES, type Scene, sceneNamed } from '@wireroom/sandbox';
import { KeptCaptures } from '../inspect/kept-captures.ts';
import { paint } from '../inspect/outlet.ts';
import { readFlags } from '../terminal/flags.ts';
import { type Language, languageOf } from '../terminal/language.ts';
import { hasColor, type Io, processIo, styleFor } from '../terminal/terminal.ts';
import { USAGE_EXIT_CODE, UsageError } from '../usage-error.ts';
import { WORDS } from './words.ts';

const OPTIONS = {
  json: { type: 'boolean' },
  save: { type: 'string' },
  hex: { type: 'string' },
  lang: { type: 'string' },
  'no-color': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof readValues>['values'];

export async function scene(args: readonly string[], io: Io = processIo): Promise<number> {
  try {
    const { values, positionals } = readValues(args);
    const language = languageOf(values.lang, io.env);
    const [name, ...more] = positionals;
    if (more.length > 0) throw new UsageError(`One scene at a time; "${more[0]}" is another one.`);
    if (values.help === true || name === undefined) io.output.write(listing(language, values.help === true));
    else await play(sceneOf(name), values, language, io);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.errors.write(`wireroom scene: ${error.message}\n`);
    return USAGE_EXIT_CODE;
  }
}

function readValues(args: readonly string[]) {
  return readFlags({ args: [...args], options: OPTIONS, allowPositionals: true });
}

function sceneOf(name: string): Scene {
  const found = sceneNamed(name);
  if (found === undefined)
    throw new UsageError(`There is no scene "${name}". "wireroom scene" lists those that there are.`);
  return found;
}

function listing(language: Language, isHelp: boolean): string {
  const words = WORDS[language];
  const width = Math.max(...SCENES.map(({ name }) => name.length));
  const rows = (group: Scene['group']): string[] =>
    SCENES.filter((one) => one.group === group).map(
      ({ name, title }) => `  ${name.padEnd(width)}  ${title[language]}`,
    );
  const help = isHelp ? [words.help, ''] : [];
  return `${[...help, words.tryTitle, ...rows('try'), '', words.faultTitle, ...rows('fault'), '', words.usage].join('\n')}\n`;
}

async function play(one: Scene, values: Values, language: Language, io: Io): Promise<void> {
  const kept = values.save === undefined ? undefined : new KeptCaptures(values.save);
  const bytes = bytesOf(one, values.hex);
  const isJson = values.json === true;
  if (!isJson) io.output.write(introduction(one, language));
  const ending = new AbortController();
  const release = io.onInterrupt(() => ending.abort());
  const { captures } = await playScene(one.name, {
    signal: ending.signal,
    ...(bytes !== undefined && { bytes }),
  }).finally(release);
  const shown = captures.map((capture) => translated(capture, language));
  if (isJson) io.output.write(`${[jsonlHeader(), ...shown.flatMap(jsonLines)].join('\n')}\n`);
  else {
    const style = styleFor(values['no-color'] !== true && hasColor(io));
    for (const capture of shown) {
      const renderer = new TextRenderer({ language, paint: (kind, text) => paint(style, kind, text) });
      const lines = [...capture.records.flatMap((record) => renderer.push(record)), ...renderer.end()];
      io.output.write(`\n${lines.join('\n')}\n`);
    }
  }
  for (const { records } of captures) {
    const keep = kept?.begin();
    for (const record of records) keep?.(record);
  }
  const trouble = kept?.save();
  if (trouble !== undefined) io.errors.write(`${trouble}\n`);
}

const jsonLines = ({ records }: Capture): string[] => records.map(jsonlRecord);

function introduction({ title, summary, rule, takesMs }: Scene, language: Language): string {
  const words = WORDS[language];
  const lines = [title[language], '', summary[language]];
  if (rule !== undefined) lines.push(`${rule.section}${words.colon}${rule.text[language]}`);
  if (takesMs !== undefined) lines.push(words.takes.replace('{s}', String(takesMs / 1000)));
  return `${lines.join('\n')}\n`;
}

/** The remarks in this language; everything else as it was. */
function translated({ records }: Capture, language: Language): Capture {
  const translate = (record: CaptureRecord): CaptureRecord =>
    record.kind === 'note' ? { ...record, text: noteIn(language, record) } : record;
  return { records: records.map(translate) };
}

function bytesOf({ name }: Scene, hex: string | undefined): Uint8Array | undefined {
  if (hex === undefined) return undefined;
  if (name !== 'own-bytes') throw new UsageError('--hex is for the scene own-bytes.');
  const digits = hex.replaceAll(/\s+/g, '');
  if (!/^(?:[\da-f]{2})+$/i.test(digits))
    throw new UsageError(`--hex is "${hex}"; it must be bytes in hex, such as "81 85 …".`);
  if (digits.length / 2 > OWN_BYTES_MAX)
    throw new UsageError(`--hex has ${digits.length / 2} bytes; at most ${OWN_BYTES_MAX} are sent.`);
  return fromHex(digits);
}
