// What an attempt comes to that a download survives: it is tried again, or by another way. What it does not survive is a
// DownloadError. Here is also which of the two a refusal of the server is.
import { CHAT_ERRORS, isChatErrorCode } from '@wireroom/protocol';
import { isRecord } from '../record.ts';
import { DownloadError } from './download-options.ts';
import { DOWNLOAD_LIMITS } from './limits.ts';

export interface SetbackOptions {
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

export class Setback extends Error {
  /** `other-way`: what stood in the way may stand in this way only, a proxy for instance. `at-once`: nothing was wrong. */
  readonly kind: 'later' | 'other-way' | 'at-once';
  readonly code: string;
  readonly retryAfterMs: number | undefined;

  constructor(kind: Setback['kind'], code: string, message: string, options: SetbackOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'Setback';
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The server's `{code, message}`. Undefined: it is none of ours. `not-found`: a server, or a port, that knows no such address. */
export function refusalIn(error: unknown, retryAfterMs?: number): DownloadError | Setback | undefined {
  if (!isRecord(error)) return undefined;
  const { code, message } = error;
  if (typeof code !== 'string' || typeof message !== 'string') return undefined;
  const sentence = message.slice(0, DOWNLOAD_LIMITS.sentenceCharsMax);
  if (code === 'not-found') return new Setback('other-way', code, sentence);
  // One that only a newer server knows is for now if it says after how long.
  const isForNow = isChatErrorCode(code) ? CHAT_ERRORS[code].retry === 'later' : retryAfterMs !== undefined;
  return isForNow
    ? new Setback('later', code, sentence, { retryAfterMs })
    : new DownloadError(code, sentence);
}
