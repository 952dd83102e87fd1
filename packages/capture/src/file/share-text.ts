// A capture in a link: the fragment `#wire=…`, which browsers do not send to servers. Always without secrets; small, for a
// link is pasted into chats and mails.
import { deflateRaw, Inflate } from 'pako';
import { concat, fromBase64, toBase64, toUtf8 } from '../bytes.ts';
import type { Address, Capture, CaptureRecord } from '../record.ts';
import { redact } from '../redact/redact.ts';
import { CaptureFileError } from './file-error.ts';
import { fromJsonl, toJsonl } from './jsonl.ts';

/** Longer links are cut by programs that pass them on. */
export const SHARE_CHARACTERS_MAX = 32_000;
/** What a link may inflate to. */
const SHARED_BYTES_MAX = 4 * 1024 * 1024;
const MARK = 'wire=';

/** Without `#`. Throws a CaptureFileError where the capture is too large for a link. */
export function toShareText(capture: Capture): string {
  const records = redact(capture, { sids: true }).records.map(withoutAddress);
  const text = MARK + toBase64Url(deflateRaw(toUtf8(toJsonl([{ records }])), { level: 9 }));
  if (text.length > SHARE_CHARACTERS_MAX)
    throw new CaptureFileError('link-too-large', { length: text.length, limit: SHARE_CHARACTERS_MAX });
  return text;
}

/** Where people connect from is nobody's business. */
function withoutAddress(record: CaptureRecord): CaptureRecord {
  if (record.kind !== 'open') return record;
  return { ...record, client: hidden(record.client) };
}

const hidden = (address: Address): Address =>
  /^(127\.|::1$|localhost$)/.test(address.address) ? address : { ...address, address: '192.0.2.1' };

/** Takes a whole link as well, and a fragment with its `#`. */
export function fromShareText(text: string): Capture {
  const at = text.lastIndexOf(MARK);
  const packed = at < 0 ? undefined : fromBase64Url(text.slice(at + MARK.length).trim());
  if (!packed) throw new CaptureFileError('not-a-link');
  const [capture] = fromJsonl(new TextDecoder().decode(inflated(packed)));
  if (!capture) throw new CaptureFileError('link-empty');
  return capture;
}

/** Thrown through the library: it has no other way to stop. */
class TooLarge extends Error {}

class BoundedInflate extends Inflate {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  get whole(): Uint8Array {
    return concat(this.#pieces);
  }

  override onData(chunk: Uint8Array): void {
    this.#length += chunk.length;
    if (this.#length > SHARED_BYTES_MAX) throw new TooLarge();
    this.#pieces.push(chunk);
  }

  override onEnd(): void {}
}

function inflated(packed: Uint8Array): Uint8Array {
  const inflate = new BoundedInflate({ raw: true });
  try {
    if (!inflate.push(packed, true)) throw new CaptureFileError('link-damaged');
  } catch (error) {
    if (error instanceof TooLarge) throw new CaptureFileError('link-bomb', { limit: SHARED_BYTES_MAX });
    throw error;
  }
  return inflate.whole;
}

const toBase64Url = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

function fromBase64Url(text: string): Uint8Array | undefined {
  const plain = text.replaceAll('-', '+').replaceAll('_', '/');
  return fromBase64(plain.padEnd(Math.ceil(plain.length / 4) * 4, '='));
}
