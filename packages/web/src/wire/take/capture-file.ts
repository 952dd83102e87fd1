// Captures as files: which formats there are, and what a file is called. Pure.
import { type Capture, toHar, toJsonl, toPcapng } from '@wireroom/capture';

export const FORMATS = ['pcapng', 'har', 'jsonl'] as const;
export type Format = (typeof FORMATS)[number];

/** What is opened of a file. */
export const FILE_BYTES_MAX = 64 * 1024 * 1024;

const TYPES: Readonly<Record<Format, string>> = {
  pcapng: 'application/x-pcapng',
  har: 'application/json',
  jsonl: 'application/x-ndjson',
};

export function toFile(captures: readonly Capture[], format: Format): Blob {
  const content = { pcapng: toPcapng, har: toHar, jsonl: toJsonl }[format](captures);
  return new Blob([typeof content === 'string' ? content : Uint8Array.from(content)], {
    type: TYPES[format],
  });
}

/** `wireroom-2026-11-26-1434.pcapng` */
export function fileName([capture]: readonly Capture[], format: Format): string {
  const at = new Date((capture?.records[0]?.at ?? 0) / 1000).toISOString();
  return `wireroom-${at.slice(0, 10)}-${at.slice(11, 16).replace(':', '')}.${format}`;
}
