// The life of a connection after the handshake (RFC 6455 section 7), as a pure step: state and happening in, state
// and acts out. Knows no socket and no clock; net/connection.ts does what the acts say.
import { CLOSE_CODE, type CloseFrame } from './close-code.ts';
import type { Role } from './opcode.ts';
import { WireError, withoutStack } from './wire-error.ts';

/** How a connection ended. `code` is 1006 when no Close frame came and we sent none for an error of our own. */
export interface CloseEvent {
  readonly code: number;
  readonly reason: string;
  /** Both Close frames crossed. */
  readonly wasClean: boolean;
  readonly error?: WireError;
}

export type ConnectionState =
  | { readonly phase: 'open' }
  /** Our Close frame is sent, theirs is awaited. */
  | { readonly phase: 'asked' }
  /** Both Close frames are sent; TCP is about to end, from the server's side first. */
  | { readonly phase: 'agreed'; readonly received: CloseFrame }
  /** We gave the connection up and said why. */
  | { readonly phase: 'failed'; readonly error: WireError }
  /** It ends without a closing handshake. */
  | { readonly phase: 'cut'; readonly error: WireError | undefined }
  | { readonly phase: 'closed'; readonly event: CloseEvent };

export type Happening =
  | { readonly type: 'close-asked'; readonly code: number; readonly reason: string }
  | { readonly type: 'close-received'; readonly frame: CloseFrame }
  | { readonly type: 'failed'; readonly error: WireError }
  /** The other side sent FIN. */
  | { readonly type: 'ended' }
  /** We give up at once, without a word. */
  | { readonly type: 'terminated'; readonly error?: WireError }
  /** The closing has taken too long. */
  | { readonly type: 'deadline' }
  /** The socket is no more. */
  | { readonly type: 'gone'; readonly cause?: Error };

export type Act =
  | { readonly act: 'send-close'; readonly code: number; readonly reason: string }
  /** Send what is waiting, then FIN. */
  | { readonly act: 'end' }
  | { readonly act: 'destroy' }
  | { readonly act: 'announce'; readonly event: CloseEvent };

export interface Step {
  readonly state: ConnectionState;
  readonly acts: readonly Act[];
}

export const OPEN: ConnectionState = { phase: 'open' };
const END: Act = { act: 'end' };
const DESTROY: Act = { act: 'destroy' };

export function step(state: ConnectionState, happening: Happening, role: Role): Step {
  if (state.phase === 'closed') return { state, acts: [] };
  switch (happening.type) {
    case 'close-asked':
      if (state.phase !== 'open') return { state, acts: [] };
      return { state: { phase: 'asked' }, acts: [sendClose(happening.code, happening.reason)] };
    case 'close-received':
      return closeReceived(state, happening.frame, role);
    case 'failed':
      return failed(state, happening.error);
    case 'ended':
      return ended(state);
    case 'terminated':
      return cut(state, happening.error, DESTROY);
    case 'deadline':
      if (state.phase !== 'asked') return { state, acts: [DESTROY] };
      return cut(state, new WireError('close-timeout'), DESTROY);
    case 'gone': {
      const event = closeEvent(state, happening.cause);
      return { state: { phase: 'closed', event }, acts: [{ act: 'announce', event }] };
    }
  }
}

function closeReceived(state: ConnectionState, frame: CloseFrame, role: Role): Step {
  if (state.phase !== 'open' && state.phase !== 'asked') return { state, acts: [] };
  const acts: Act[] = [];
  if (state.phase === 'open') acts.push(sendClose(frame.code, ''));
  // Section 7.1.1: the server ends TCP first, so that TIME_WAIT stays with it and the client's port is free.
  if (role === 'server') acts.push(END);
  return { state: { phase: 'agreed', received: frame }, acts };
}

function failed(state: ConnectionState, error: WireError): Step {
  if (state.phase !== 'open' && state.phase !== 'asked') return { state, acts: [] };
  const acts: Act[] = [];
  if (state.phase === 'open')
    acts.push(sendClose(error.closeCode ?? CLOSE_CODE.protocolError, error.message));
  acts.push(END);
  return { state: { phase: 'failed', error }, acts };
}

function ended(state: ConnectionState): Step {
  if (state.phase !== 'open' && state.phase !== 'asked') return { state, acts: [END] };
  return cut(state, new WireError('ended-without-close'), END);
}

/** A connection that was closing properly already keeps what it knows about its end. */
function cut(state: ConnectionState, error: WireError | undefined, act: Act): Step {
  const isUndecided = state.phase === 'open' || state.phase === 'asked';
  return { state: isUndecided ? { phase: 'cut', error } : state, acts: [act] };
}

function closeEvent(
  state: Exclude<ConnectionState, { phase: 'closed' }>,
  cause: Error | undefined,
): CloseEvent {
  switch (state.phase) {
    case 'agreed':
      return { ...state.received, wasClean: true };
    case 'failed':
      return {
        code: state.error.closeCode ?? CLOSE_CODE.lost,
        reason: state.error.message,
        wasClean: false,
        error: state.error,
      };
    case 'cut':
      return lost(state.error);
    case 'open':
    case 'asked':
      return lost(
        withoutStack(
          () => new WireError('connection-lost', cause?.message, cause === undefined ? {} : { cause }),
        ),
      );
  }
}

function lost(error: WireError | undefined): CloseEvent {
  const event = { code: CLOSE_CODE.lost, reason: '', wasClean: false };
  return error === undefined ? event : { ...event, error };
}

function sendClose(code: number, reason: string): Act {
  return { act: 'send-close', code, reason };
}
