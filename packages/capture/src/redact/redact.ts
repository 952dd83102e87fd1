// Hides what is secret in a capture: cookies and proofs of identity in heads, tokens and passwords in queries and in JSON.
// Bytes are overwritten with `*` (under their mask), so lengths stay and frames still decode; the records say where.
// A recorder sends each record through a Redactor before anybody sees it; nothing is held back.
import { toUtf8 } from '../bytes.ts';
import type { Capture, CaptureRecord, PollRecord } from '../record.ts';
import { HeaderScanner } from './header-scanner.ts';
import { JsonScanner } from './json-scanner.ts';
import { QueryScanner } from './query-scanner.ts';
import { type Agreement, RedactStream } from './redact-stream.ts';
import type { RedactionMemo } from './redaction-memo.ts';

export interface RedactOptions {
  /** The session ids of Engine.IO as well: with one, a polling session can be taken over while it lives. */
  readonly sids?: boolean;
}

/** For a recorder, whose bytes belong to somebody else. */
export interface RedactorOptions extends RedactOptions {
  /** Bytes that come in are changed afterwards: what goes out is a copy of them. */
  readonly isLent?: boolean;
  /** Of all connections that may be sent the same bytes; of the same options. */
  readonly memo?: RedactionMemo;
}

export function redact(capture: Capture, options: RedactOptions = {}): Capture {
  const redactor = new Redactor(options);
  return { records: capture.records.map((record) => redactor.push(record)) };
}

/** Of one connection, its records in their order. */
export class Redactor {
  readonly #sids: boolean;
  readonly #in: RedactStream;
  readonly #out: RedactStream;

  constructor({ sids = false, isLent = false, memo }: RedactorOptions = {}) {
    const agreement: Agreement = { isAnswered: false };
    this.#sids = sids;
    // What a client sends goes to one server.
    this.#in = new RedactStream('in', agreement, { sids, isLent, memo: undefined });
    this.#out = new RedactStream('out', agreement, { sids, isLent, memo });
  }

  /** The record without secrets; a bytes record in which a frame begins also gets its anchor. */
  push(record: CaptureRecord): CaptureRecord {
    switch (record.kind) {
      case 'bytes':
        return (record.direction === 'in' ? this.#in : this.#out).push(record);
      case 'poll':
        return this.#poll(record);
      case 'verdict':
        return {
          ...record,
          reason: this.#text(record.reason),
          ...(record.value !== undefined && { value: this.#text(record.value) }),
        };
      case 'note':
        return { ...record, text: this.#text(record.text) };
      case 'close': {
        const { error } = record;
        return {
          ...record,
          reason: this.#text(record.reason),
          ...(error && { error: { ...error, message: this.#text(error.message) } }),
        };
      }
      case 'client':
        return record.reason === undefined ? record : { ...record, reason: this.#text(record.reason) };
      case 'open':
      case 'station':
      case 'resume':
      case 'clock':
      case 'dropped':
        return record;
    }
  }

  #poll(record: PollRecord): PollRecord {
    const headers = new HeaderScanner();
    const query = new QueryScanner(this.#sids);
    const head = starred(record.head, (byte) => {
      const isInHeader = headers.next(byte);
      return query.next(byte) || isInHeader;
    });
    return { ...record, head, body: this.#text(record.body) };
  }

  #text(text: string): string {
    const json = new JsonScanner(this.#sids);
    const query = new QueryScanner(this.#sids);
    return starred(text, (byte) => {
      const isInJson = json.next(byte);
      return query.next(byte) || isInJson;
    });
  }
}

const lenient = new TextDecoder();

/** A `*` for every byte of UTF-8 that is secret. */
function starred(text: string, isSecret: (byte: number) => boolean): string {
  let isChanged = false;
  const bytes = toUtf8(text).map((byte) => {
    if (!isSecret(byte)) return byte;
    isChanged = true;
    return 42;
  });
  return isChanged ? lenient.decode(bytes) : text;
}
