// The end of the HTTP connections when the server stops: those that wait for a request end at once, answers under way get a
// moment. Upgraded connections are the gateways' business; what is left of them in the end is cut here.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export interface HttpDrain {
  /** Connections are given to them; they do not listen themselves. */
  readonly servers: readonly Server[];
  /** All that were given, while they are open. */
  readonly sockets: ReadonlySet<Socket>;
  readonly graceMs: number;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/** How often it is looked who has become idle. */
const LOOK_MS = 25;

export async function drainHttp({ servers, sockets, graceMs, now, pause }: HttpDrain): Promise<void> {
  const deadline = now() + graceMs;
  for (;;) {
    for (const server of servers) server.closeIdleConnections();
    if (sockets.size === 0 || now() >= deadline) break;
    await pause(LOOK_MS);
  }
  for (const socket of sockets) socket.destroy();
}
