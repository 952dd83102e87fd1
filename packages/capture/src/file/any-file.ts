// A file of captures, whatever its format: known by what it begins with, not by its name.
import type { Capture } from '../record.ts';
import { fromHar } from './har.ts';
import { fromJsonl } from './jsonl.ts';
import { fromPcapng } from './pcapng-reader.ts';

/** The captures in a JSONL, HAR, pcapng or pcap file. Throws a CaptureFileError that says what is wrong with it. */
export function fromFile(bytes: Uint8Array): readonly Capture[] {
  // A text begins with a brace, or with the mark of UTF-8; a pcapng or pcap file with its magic number.
  const isText = bytes[0] === 0x7b || bytes[0] === 0xef;
  if (!isText) return fromPcapng(bytes);
  const text = new TextDecoder().decode(bytes);
  // JSONL is one object a line; a HAR is one object with `log`.
  return /^\s*\{\s*"log"/.test(text) ? fromHar(text) : fromJsonl(text);
}
