// What went wrong, in the reader's language: sentences of captures and of the wire feed come in both; any other as it came.
import { CaptureFileError, refusalText } from '@wireroom/capture';
import type { Say } from './words/words.ts';

export function problemText(error: unknown, say: Say): string {
  if (error instanceof CaptureFileError) return say.of(error.text);
  if (!(error instanceof Error)) return String(error);
  const isCoded = 'code' in error && typeof error.code === 'string';
  return isCoded ? say.of(refusalText({ code: String(error.code), message: error.message })) : error.message;
}
