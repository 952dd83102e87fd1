// The line that stands before an answer and says what is answered: rooms have no threads.
import { IMPORT_LIMITS } from './limits.ts';
import { lineOf } from './text-parts.ts';

export function quoteOf(name: string, text: string): string {
  const first = text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('> ')) ?? '';
  const characters = [...lineOf(first, 4 * IMPORT_LIMITS.quoteCharsMax)];
  const short = characters.slice(0, IMPORT_LIMITS.quoteCharsMax).join('');
  const isCut = characters.length > IMPORT_LIMITS.quoteCharsMax;
  return `> ${lineOf(name, 4 * IMPORT_LIMITS.quoteCharsMax)}: ${short}${isCut ? '…' : ''}\n`;
}
