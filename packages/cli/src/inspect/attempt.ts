// From the URL to the open connection, over the redirects that are followed; each hop is recorded. Talks to nobody.
import { type Connection, type ConnectOptions, connect, type Tap, WireError } from '@wireroom/websocket';
import type { Address } from './address.ts';
import type { InspectOptions } from './arguments.ts';
import { INSPECT_LIMITS } from './limits.ts';
import { type Line, lineConnector } from './line.ts';
import type { Sink } from './outlet.ts';
import { Recorder } from './recorder.ts';
import { RefusalBody } from './refusal-body.ts';

export class Attempt {
  readonly #address: Address;
  readonly #options: InspectOptions;
  readonly #begin: () => Sink;
  readonly #abort = new AbortController();
  #hops = 0;
  #line: Line | undefined;
  #recorder: Recorder | undefined;
  #body = new RefusalBody();

  constructor(address: Address, options: InspectOptions, begin: () => Sink) {
    this.#address = address;
    this.#options = options;
    this.#begin = begin;
  }

  get url(): URL {
    return this.#address.url;
  }

  get line(): Line | undefined {
    return this.#line;
  }

  get recorder(): Recorder | undefined {
    return this.#recorder;
  }

  /** Set as the engine asks for it: handlers in the turn in which it resolves. */
  connect(): Promise<Connection> {
    return connect(this.url, this.#connectOptions());
  }

  giveUp(): void {
    this.#abort.abort();
  }

  /** The rest of a refusal's body is waited for, and the records say how it ended. Resolves with the body, '' for none. */
  async failed(error: unknown): Promise<string> {
    const line = this.#line;
    if (line !== undefined && !line.closed) await new Promise((resolve) => line.once('close', resolve));
    const known = error instanceof WireError ? error : undefined;
    this.#recorder?.ended({ code: 1006, reason: '', wasClean: false }, known);
    return known?.code === 'response-refused' || known?.code === 'redirect-refused' ? this.#body.text() : '';
  }

  #connectOptions(): ConnectOptions {
    const { headers, subprotocols, tls, deflate, redirectsMax } = this.#options;
    const { credentials } = this.#address;
    const authorization =
      credentials === undefined
        ? {}
        : { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
    return {
      subprotocols,
      headers: { ...authorization, ...headers },
      tls,
      redirectsMax,
      perMessageDeflate: deflate,
      limits: { messageBytesMax: INSPECT_LIMITS.messageBytesMax, closeTimeoutMs: INSPECT_LIMITS.closeMs },
      timeoutMs: INSPECT_LIMITS.connectTimeoutMs,
      signal: this.#abort.signal,
      tap: this.#tap(),
      connector: lineConnector((line) => {
        this.#line = line;
        line.on('error', () => {});
      }),
    };
  }

  #tap(): Tap {
    return {
      open: () => {
        const line = this.#line;
        if (line === undefined) return undefined;
        this.#recorder?.ended({ code: 1006, reason: '', wasClean: false });
        this.#hops += 1;
        const recorder = new Recorder(
          {
            connectionId: `inspect-${this.#hops}`,
            recordedBy: 'client',
            gateway: this.#address.dialect === 'socketio' ? 'socketio' : 'unknown',
            ...{ client: line.client, server: line.server, tls: line.tls },
          },
          this.#begin(),
        );
        this.#recorder = recorder;
        const body = new RefusalBody();
        this.#body = body;
        const read = (chunk: Buffer): void => {
          if (!isSwitched) body.add(chunk);
          recorder.read(chunk);
        };
        let isSwitched = false;
        return {
          read,
          wrote: (chunk) => recorder.wrote(chunk),
          frame: (direction, frame) => recorder.frame(direction, frame),
          // With a 101 there are steps. Without, the engine is about to let go, and the body may still be on its way.
          response: (_rawHead, steps) => {
            isSwitched = steps !== undefined;
            if (isSwitched || body.isWhole) return;
            line.takeLate = (chunk) => {
              read(chunk);
              return !body.isWhole;
            };
          },
        };
      },
    };
  }
}
