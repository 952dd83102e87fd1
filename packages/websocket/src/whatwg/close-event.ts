// The event that says how a WebSocket ended. A class of our own, because Node has none before version 23.

/** What a CloseEvent is made of. */
export interface CloseEventInit {
  readonly wasClean?: boolean;
  readonly code?: number;
  readonly reason?: string;
}

/** The event `close`, as in HTML and the WebSockets standard. */
export class CloseEvent extends Event {
  readonly #wasClean: boolean;
  readonly #code: number;
  readonly #reason: string;

  constructor(type: string, init: CloseEventInit = {}) {
    super(type);
    this.#wasClean = Boolean(init.wasClean ?? false);
    this.#code = Number(init.code ?? 0) & 0xffff;
    this.#reason = `${init.reason ?? ''}`;
  }

  /** Both sides said that they close. */
  get wasClean(): boolean {
    return this.#wasClean;
  }

  /** The other side's close code; 1005 when it gave none, 1006 when it said nothing. */
  get code(): number {
    return this.#code;
  }

  /** What the other side said, '' if nothing. */
  get reason(): string {
    return this.#reason;
  }

  static {
    for (const name of ['wasClean', 'code', 'reason'])
      Object.defineProperty(CloseEvent.prototype, name, { enumerable: true });
    Object.defineProperty(CloseEvent.prototype, Symbol.toStringTag, {
      value: 'CloseEvent',
      configurable: true,
    });
  }
}
