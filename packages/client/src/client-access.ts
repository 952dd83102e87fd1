// What the parts of the SDK that are loaded later may know of a client and programs may not: the token above all.
import type { Clock, Random } from './clock.ts';
import type { TapRecorder } from './tap-recorder.ts';
import type { OpenTransport } from './transport.ts';

export interface ClientAccess {
  readonly url: string;
  readonly openTransport: OpenTransport;
  readonly clock: Clock;
  readonly random: Random;
  /** Secret. Undefined: nobody has entered. */
  readonly token: () => string | undefined;
  /** Undefined: the client does not record. */
  readonly recorder: Promise<TapRecorder> | undefined;
}

const accesses = new WeakMap<object, ClientAccess>();

export function grantAccess(client: object, access: ClientAccess): void {
  accesses.set(client, access);
}

/** Throws for a client that is none of ours. */
export function accessTo(client: object): ClientAccess {
  const access = accesses.get(client);
  if (access === undefined) throw new TypeError('This is no client of createChat.');
  return access;
}
