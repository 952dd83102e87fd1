// A file instead of a server: what was captured is shown as it would have been, and may be kept in another format.
import { readFileSync, statSync } from 'node:fs';
import { type Capture, CaptureFileError, fromFile } from '@wireroom/capture';
import { UsageError } from '../usage-error.ts';
import { INSPECT_LIMITS } from './limits.ts';
import type { Outlet } from './outlet.ts';

export const isCaptureFile = (typed: string): boolean =>
  !typed.includes('://') && /\.(pcapng|pcap|har|jsonl)$/i.test(typed);

/** Resolves with the exit code: 0, what was broken in the capture is told and no fault of the reading. */
export function readCaptures(file: string, outlet: Outlet): number {
  for (const { records } of capturesIn(file)) {
    const show = outlet.begin();
    for (const record of records) show(record);
  }
  return 0;
}

function capturesIn(file: string): readonly Capture[] {
  try {
    if (statSync(file).size > INSPECT_LIMITS.keptBytesMax)
      throw new UsageError(
        `"${file}" has more than ${INSPECT_LIMITS.keptBytesMax} bytes; save a part of it.`,
      );
    const captures = fromFile(readFileSync(file));
    if (captures.length === 0) throw new UsageError(`"${file}" holds no connection of a WebSocket.`);
    return captures;
  } catch (error) {
    if (error instanceof CaptureFileError) throw new UsageError(`"${file}": ${error.message}`);
    if (error instanceof Error && 'code' in error)
      throw new UsageError(`"${file}" cannot be read (${String(error.code)}).`);
    throw error;
  }
}
