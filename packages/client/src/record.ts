// What was stored, or came from another tab, may be anything: the first question to ask of it.

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
