// Where a WireError goes that nobody asked for. Errors of the wire are news for a log; errors of the program that uses
// the engine must not be swallowed when nobody listens.
import type { WireError, WireErrorCode } from '../core/wire-error.ts';

const PROGRAM_CODES: ReadonlySet<WireErrorCode> = new Set(['handler-failed', 'decision-failed']);

/** Surfaces a mistake of the program as an uncaught exception; leaves errors of the wire alone. */
export function surfaceProgramError(error: WireError): void {
  if (!PROGRAM_CODES.has(error.code)) return;
  queueMicrotask(() => {
    throw error.cause ?? error;
  });
}
