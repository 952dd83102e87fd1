// The words after `wireroom compare`, read.

import { readFlags } from '../terminal/flags.ts';
import { type Language, languageOf } from '../terminal/language.ts';
import { UsageError } from '../usage-error.ts';
import { COMPARE_LIMITS } from './limits.ts';

export interface CompareOptions {
  /** A server that runs already, by its port on this machine; otherwise one of our own is started. */
  readonly port: number | undefined;
  readonly idleSeconds: number;
  readonly isQuick: boolean;
  readonly isJson: boolean;
  readonly language: Language;
  /** A folder for the documents and their figures. */
  readonly outFolder: string | undefined;
}

const OPTIONS = {
  url: { type: 'string' },
  idle: { type: 'string' },
  quick: { type: 'boolean' },
  json: { type: 'boolean' },
  lang: { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const IDLE_SECONDS = 60;

export function readArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CompareOptions | 'help' {
  const values = readValues(args);
  if (values.help === true) return 'help';
  return {
    port: values.url === undefined ? undefined : portOf(values.url),
    idleSeconds: values.idle === undefined ? IDLE_SECONDS : secondsOf(values.idle),
    isQuick: values.quick === true,
    isJson: values.json === true,
    language: languageOf(values.lang, env),
    outFolder: values.out,
  };
}

function readValues(args: readonly string[]) {
  return readFlags({ args: [...args], options: OPTIONS }).values;
}

/** The proxies are on the loopback, and so must be what they lead to: figures of somebody else's network are no use. */
function portOf(text: string): number {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHere = url !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url === undefined || !isHere || !['http:', 'ws:'].includes(url.protocol) || url.port === '') {
    throw new UsageError(
      `--url is "${text}"; it must be a Wireroom on this machine without TLS: http://localhost:3000.`,
    );
  }
  return Number(url.port);
}

function secondsOf(text: string): number {
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= COMPARE_LIMITS.idleSecondsMax) return seconds;
  throw new UsageError(`--idle is "${text}"; it must be seconds from 1 to ${COMPARE_LIMITS.idleSecondsMax}.`);
}
