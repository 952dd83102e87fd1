// What is sent compressed: five kinds of data from very compressible to not at all, made here so that nothing has to be
// downloaded, and a window that slides over them. The same bytes in every run.
import { deflateRawSync } from 'node:zlib';

export interface Corpus {
  readonly name: string;
  readonly kind: 'text' | 'binary';
  /** A message of about this size (a text is cut between characters), the next one for each index. */
  cut(index: number, bytes: number): Buffer;
}

const CORPUS_BYTES = 512 * 1024;
/** How far the window moves for each message: prime, so that it comes back late. */
const STEP_BYTES = 1_009;

type Random = () => number;

/** 0 up to 1, always the same row of numbers for a seed. */
function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x297a2d39) >>> 0;
    state = (state ^ (state >>> 12)) >>> 0;
    return state / 2 ** 32;
  };
}

const WORDS = (
  'the of and to in a is that it was for on are with as at be this have from or one had by word but not what all were we when ' +
  'your can said there use an each which she do how their if will up other about out many then them these so some her would ' +
  'make like him into time has look two more write go see number no way could people my than first water been call who oil ' +
  'its now find long down day did get come made may part harbour lantern meadow whisper gravel orchard'
).split(' ');

const NAMES = ['Ada', 'Grace', 'Zoë', 'Jürgen', '明', 'Ольга', 'José'];

const pick = <T>(random: Random, list: readonly T[], fallback: T): T =>
  list[Math.floor(random() * list.length)] ?? fallback;

const sentence = (random: Random): string =>
  `${Array.from({ length: 5 + Math.floor(random() * 12) }, () => pick(random, WORDS, 'the')).join(' ')}. `;

function filled(piece: (random: Random, index: number) => string | Buffer, seed: number): Buffer {
  const random = randomOf(seed);
  const pieces: Buffer[] = [];
  for (let bytes = 0, index = 0; bytes < CORPUS_BYTES; index += 1) {
    const next = Buffer.from(piece(random, index));
    pieces.push(next);
    bytes += next.length;
  }
  return Buffer.concat(pieces);
}

const json = (): Buffer =>
  filled(
    (random, index) =>
      `${JSON.stringify({
        seq: index,
        room: 'lobby',
        from: { name: pick(random, NAMES, 'Ada'), id: Math.floor(random() * 1e6).toString(36) },
        text: sentence(random).trim(),
        sentAt: 1_700_000_000_000 + index * 137,
        tags: [pick(random, WORDS, 'a'), pick(random, WORDS, 'b')],
      })},\n`,
    1,
  );

const html = (): Buffer =>
  filled(
    (random, index) =>
      `<div class="row ${index % 2 === 0 ? 'even' : 'odd'}"><a href="/rooms/${index}#last">${pick(random, NAMES, 'Ada')}</a>` +
      `<p>${sentence(random)}</p><span class="time">${index % 24}:${index % 60}</span></div>\n`,
    2,
  );

/** Rows of grey that change slowly, with large flat parts. */
const bitmap = (): Buffer =>
  filled((random, row) => {
    const grey = Math.floor(127 + 100 * Math.sin(row / 40));
    const pixels = Buffer.alloc(1024, row % 64 < 32 ? 255 : grey);
    for (let x = 0; x < 48; x += 1) pixels[Math.floor(random() * 1024)] = (grey + x) & 255;
    return pixels;
  }, 3);

const prose = (): Buffer => filled((random, index) => sentence(random) + (index % 6 === 5 ? '\n\n' : ''), 4);

/** Like a document whose streams are already compressed, with a little text between them. */
const packed = (): Buffer =>
  filled((random, index) => {
    const noise = Buffer.from(Array.from({ length: 3_000 }, () => Math.floor(random() * 256)));
    const stream = deflateRawSync(noise, { level: 1 });
    return Buffer.concat([
      Buffer.from(`${index} 0 obj\n<< /Length ${stream.length} >>\nstream\n`),
      stream,
      Buffer.from('\nendstream\nendobj\n'),
    ]);
  }, 5);

/** Made when it is first used. */
function corpusOf(name: string, kind: 'text' | 'binary', make: () => Buffer): Corpus {
  let whole: Buffer | undefined;
  return {
    name,
    kind,
    cut(index, bytes) {
      whole ??= make();
      const from = (index * STEP_BYTES) % (whole.length - bytes);
      if (kind === 'binary') return whole.subarray(from, from + bytes);
      return whole.subarray(characterAt(whole, from), characterAt(whole, from + bytes));
    },
  };
}

/** This place, or that of the character which begins next. */
function characterAt(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80) at += 1;
  return at;
}

export const JSON_TEXT = corpusOf('JSON', 'text', json);

export const CORPORA: readonly Corpus[] = [
  JSON_TEXT,
  corpusOf('greyscale bitmap', 'binary', bitmap),
  corpusOf('prose', 'binary', prose),
  corpusOf('HTML', 'text', html),
  corpusOf('document of compressed streams', 'binary', packed),
];
