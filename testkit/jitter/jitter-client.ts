// The port to one client of a peer, whatever library it is: it connects by itself, again and again, posts, and shows what it has.
// Adapters: sdk-client.ts, socketio-client.ts. generator.ts has hundreds of them.

export interface ClientEvents {
  /** Connected, and known to the server; each time. */
  readonly opened: () => void;
  /** Not connected any more; each time. */
  readonly closed: () => void;
  /** A message is here, seen for the first time or again. */
  readonly arrived: (text: string) => void;
  /** The server has said that it has it. */
  readonly acknowledged: (text: string) => void;
}

export interface JitterClient {
  readonly isOpen: boolean;
  /** By the means of the library, which does what it does when there is no connection. */
  post(text: string): void;
  /** All that it has, in the order in which it shows it. */
  shown(): readonly string[];
  close(): void;
}

export interface ClientOptions {
  readonly port: number;
  readonly name: string;
  readonly events: ClientEvents;
}

export type OpenClient = (options: ClientOptions) => JitterClient;
