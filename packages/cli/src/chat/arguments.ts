// The words after `wireroom chat`, read.

import { readFlags } from '../terminal/flags.ts';
import { type Language, languageOf } from '../terminal/language.ts';
import { UsageError } from '../usage-error.ts';

export interface ChatArguments {
  /** `ws:` or `wss:` */
  readonly url: string;
  readonly name: string | undefined;
  readonly room: string;
  readonly forgets: boolean;
  readonly isColorWanted: boolean;
  readonly language: Language;
}

const DEFAULT_URL = 'ws://localhost:3000/ws';
/** Where a Wireroom has its WebSocket, on all of its ports. */
const PATH = '/ws';
const SCHEMES: Readonly<Record<string, string>> = {
  'http:': 'ws:',
  'https:': 'wss:',
  'ws:': 'ws:',
  'wss:': 'wss:',
};

const OPTIONS = {
  name: { type: 'string', short: 'n' },
  room: { type: 'string', short: 'r' },
  forget: { type: 'boolean' },
  lang: { type: 'string' },
  'no-color': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads them, or throws a UsageError. */
export function readArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ChatArguments | 'help' {
  const { values, positionals } = readValues(args);
  if (values.help === true) return 'help';
  const [typed = DEFAULT_URL, surplus] = positionals;
  if (surplus !== undefined) throw new UsageError(`One server at a time; "${surplus}" is another one.`);
  return {
    url: urlOf(typed),
    name: values.name,
    room: values.room ?? 'lobby',
    forgets: values.forget === true,
    isColorWanted: values['no-color'] !== true,
    language: languageOf(values.lang, env),
  };
}

function readValues(args: readonly string[]) {
  return readFlags({ args: [...args], options: OPTIONS, allowPositionals: true });
}

/** What is typed as an address, as that of the server's WebSocket. Throws a UsageError. */
export function urlOf(typed: string): string {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `ws://${typed}`;
  const given = URL.canParse(text) ? new URL(text) : undefined;
  const scheme = given && SCHEMES[given.protocol];
  if (given === undefined || scheme === undefined || given.hostname === '') {
    throw new UsageError(`"${typed}" is no address of a Wireroom; one looks like ${DEFAULT_URL}.`);
  }
  const path = given.pathname === '/' ? PATH : given.pathname;
  return `${scheme}//${given.host}${path}`;
}
