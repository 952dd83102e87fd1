// Which screen stands before the reader: pure, from the snapshot and from whether they came back to a remembered name.
import type { ChatSnapshot } from '@wireroom/client';

export type Screen =
  /** Choosing a name; also while the server looks at it. */
  | 'entrance'
  /** Coming back: the connection is being made. */
  | 'opening'
  /** Coming back, and nobody answers. */
  | 'unreachable'
  | 'room';

export function screenOf(snapshot: ChatSnapshot, isReturning: boolean): Screen {
  if (snapshot.you !== undefined) return 'room';
  if (!isReturning || snapshot.refusal !== undefined) return 'entrance';
  switch (snapshot.connection.state) {
    case 'idle':
      return 'entrance';
    case 'connecting':
    case 'open':
      return 'opening';
    case 'waiting':
    case 'stopped':
      return 'unreachable';
  }
}
