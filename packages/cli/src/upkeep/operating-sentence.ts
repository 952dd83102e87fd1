// What the commands that open the database themselves tell of an error: its sentence, where it is meant for the person at the
// terminal. Anything else is a fault of the program, and is thrown on.
import { ConfigError } from '@wireroom/server';
import { UsageError } from '../usage-error.ts';

/** The sentence of an error that is nobody's fault in here. */
export function sentenceOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const isTold = error instanceof UsageError || error instanceof ConfigError || 'isOperating' in error;
  return isTold ? error.message : undefined;
}
