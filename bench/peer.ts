// What a server in the bench is: how it is started, what it cannot do. The list of them is peers.ts.

/** What a scenario may ask of a server, and what some have not. */
export type Capability = 'handshake' | 'deflate' | 'fragments';
/** permessage-deflate on the server's side: without a history of its messages, or with one. */
export type Deflate = 'shared' | 'takeover';
export type ServerMode = 'echo' | 'bcast';

export interface ServerTask {
  readonly port: number;
  readonly mode: ServerMode;
  readonly deflate?: Deflate | undefined;
}

export interface Peer {
  readonly name: string;
  /** What the load generator speaks to it. */
  readonly protocol: 'ws' | 'sio' | 'raw';
  readonly lacks: readonly Capability[];
  /** The only scenarios in which it says something new. */
  readonly only?: readonly string[];
  /** What must be there for it to run; checked before, so that the report can name what is missing. */
  readonly files: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Program and arguments. One process: its CPU time is what is measured. */
  command(task: ServerTask): readonly string[];
}
