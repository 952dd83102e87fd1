// How connections behind the API of ws differ from the engine's own, for server and client alike. The limits are options.ts's.
import type { Role } from '../core/opcode.ts';
import { tickMsFor } from '../limits.ts';
import type { ConnectionSettings } from '../net/connection.ts';
import { surfaceProgramError } from '../net/program-error.ts';
import { SYSTEM_CLOCK, Watch } from '../net/watch.ts';
import { limitsOf, type SocketOptions } from './options.ts';

export function settingsOf(role: Role, options: SocketOptions): ConnectionSettings {
  const limits = limitsOf(options);
  return {
    role,
    limits,
    watch: new Watch(SYSTEM_CLOCK, tickMsFor(limits)),
    // The WebSocket answers pings, so that it can count the answers.
    autoPong: false,
    deliversWhileClosing: true,
    tellsReasons: false,
    closed: () => undefined,
    report: surfaceProgramError,
  };
}
