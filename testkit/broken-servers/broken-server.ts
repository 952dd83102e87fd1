// What a broken server is: a name, the mistake that `wireroom check` must name first, a sentence, and its connections.
import type { ConnectionClass } from './base-server.ts';

export interface BrokenServer {
  /** For the command line. */
  readonly name: string;
  /** The id of the mistake, as in docs/check.md. */
  readonly mistake: string;
  readonly what: string;
  readonly kind: ConnectionClass;
}

/** A server whose name is that of its mistake. */
export const slip = (mistake: string, what: string, kind: ConnectionClass): BrokenServer => ({
  ...{ name: mistake, mistake, what, kind },
});

/** One of several with the same mistake. */
export const another = (
  name: string,
  mistake: string,
  what: string,
  kind: ConnectionClass,
): BrokenServer => ({
  ...{ name, mistake, what, kind },
});
