// Records a connection at the server, by the engine's own tap: what TCP brought and took, how it ended, and for which
// error. Makes recordings where the stage wants one; judges nothing.
import type { CloseRecord } from '@wireroom/capture';
import { type ConnectionTap, OPCODE, type SocketInfo, type Tap, type WireError } from '@wireroom/websocket';
import type { Recording } from './recording.ts';

export interface RecordingTap {
  readonly tap: Tap;
  /** Goes into the server's `onError`: a refused handshake tells its reason only there. */
  onError(error: WireError, info: SocketInfo): void;
}

/** @param open makes the recording of a connection, or leaves it alone */
export function recordingTap(open: (info: SocketInfo) => Recording | undefined): RecordingTap {
  const errors = new WeakMap<SocketInfo, WireError>();
  return {
    onError: (error, info) => {
      errors.set(info, error);
    },
    tap: {
      open: (info) => {
        const recording = open(info);
        return recording && connectionTap(recording, () => errors.get(info));
      },
    },
  };
}

function connectionTap(recording: Recording, refusal: () => WireError | undefined): ConnectionTap {
  let begunBy: CloseRecord['begunBy'];
  return {
    read: (chunk) => recording.bytes('in', chunk),
    wrote: (chunk) => recording.bytes('out', chunk),
    frame: (direction, { opcode }) => {
      if (opcode === OPCODE.close) begunBy ??= direction === 'in' ? 'client' : 'server';
    },
    close: (event) => {
      const { code, reason, wasClean } = event ?? { code: 1006, reason: '', wasClean: false };
      const error = event === undefined ? refusal() : event.error;
      recording.close({
        code,
        reason,
        wasClean,
        ...(begunBy !== undefined && { begunBy }),
        ...(error !== undefined && { error: { code: error.code, message: error.message } }),
      });
    },
  };
}
