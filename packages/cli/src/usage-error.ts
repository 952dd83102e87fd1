// A command was asked for what it cannot do: a sentence for the person who typed it. The exit code is 2.

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE_EXIT_CODE = 2;
