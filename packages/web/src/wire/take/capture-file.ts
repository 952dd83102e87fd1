// Captures as files and links: which formats there are, what a file is called, and what a file that somebody brings is. Pure.
import { type Capture, fromHar, fromJsonl, fromPcapng, toHar, toJsonl, toPcapng } from '@wireroom/capture';

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

/** The captures in a file, by what it begins with. Throws a CaptureFileError that says what is wrong with it. */
export function fromFile(bytes: Uint8Array): readonly Capture[] {
  // A text begins with a brace; a pcapng or pcap file with its magic number.
  const isText = bytes[0] === 0x7b || bytes[0] === 0xef;
  if (!isText) return fromPcapng(bytes);
  const text = new TextDecoder().decode(bytes);
  // JSONL is one object a line; a HAR is one object with `log`.
  return /^\s*\{\s*"log"/.test(text) ? fromHar(text) : fromJsonl(text);
}
