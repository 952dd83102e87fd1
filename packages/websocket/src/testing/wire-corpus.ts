// The corpus: streams of bytes with what they must lead to, one text file each in corpus/. Its lines: `# what it is`; whom it
// comes to (`to server`, then `deflate` or `no takeover` where that was agreed on); hex; `= outcome` in the words of
// wire-model.ts, the last one being the end. A stream that once failed stays here. For tests only.
import { readdirSync, readFileSync } from 'node:fs';
import type { Role } from '../core/core.ts';

export interface CorpusEntry {
  readonly name: string;
  readonly comment: string;
  readonly role: Role;
  /** As in the handshake; undefined: no compression. */
  readonly extensions: string | undefined;
  readonly bytes: Buffer;
  readonly outcome: readonly string[];
}

/** What the streams are held against. */
export const CORPUS_LIMITS = { messageBytesMax: 1200, fragmentsPerMessageMax: 4 };

const folder = new URL('corpus/', import.meta.url);
const EXTENSIONS: Readonly<Record<string, string | undefined>> = {
  '': undefined,
  deflate: 'permessage-deflate',
  'no takeover': 'permessage-deflate; client_no_context_takeover; server_no_context_takeover',
};

export function readCorpus(): CorpusEntry[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.hex'))
    .sort()
    .map((file) => parseEntry(file, readFileSync(new URL(file, folder), 'utf8')));
}

function parseEntry(name: string, text: string): CorpusEntry {
  const lines = text.trimEnd().split('\n');
  const behind = (mark: string): string[] =>
    lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length));
  const [comment = ''] = behind('# ');
  const [role = '', how = ''] = (behind('to ')[0] ?? '').split(', ');
  if (comment === '' || (role !== 'server' && role !== 'client') || !(how in EXTENSIONS))
    throw new Error(`${name} does not say what it is and whom it comes to`);
  const hex = lines.filter((line) => /^[0-9a-f ]*$/.test(line)).join('');
  return {
    name,
    comment,
    role,
    extensions: EXTENSIONS[how],
    bytes: Buffer.from(hex.replaceAll(' ', ''), 'hex'),
    outcome: behind('= '),
  };
}
