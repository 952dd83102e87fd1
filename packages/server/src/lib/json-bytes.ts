// How long a value is as JSON, in bytes of UTF-8: what bounds of answers count in.

export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
