// A network in a test's hand: what the client sends is collected, what it hears is said by the test, and a connection opens
// and ends when the test says so.
import { type Command, decodeCommand, encodeEvent, type ServerEvent } from '@wireroom/protocol';
import type { OpenTransport, TransportHandlers } from './transport.ts';

export class FakeLink {
  readonly url: string;
  /** All that the client has sent. */
  readonly sent: Command[] = [];
  readonly #handlers: TransportHandlers;
  closedWith: { readonly code: number; readonly reason: string } | undefined;
  #taken = 0;

  constructor(url: string, handlers: TransportHandlers) {
    this.url = url;
    this.#handlers = handlers;
  }

  send(text: string): void {
    const decoded = decodeCommand(text);
    if (!decoded.ok) throw decoded.error;
    this.sent.push(decoded.command);
  }

  close(code: number, reason: string): void {
    this.closedWith ??= { code, reason };
  }

  open(): void {
    this.#handlers.open();
  }

  say(event: ServerEvent): void {
    this.sayText(encodeEvent(event));
  }

  sayText(text: string): void {
    this.#handlers.message(text);
  }

  end(code = 1006, reason = ''): void {
    this.#handlers.close(code, reason);
  }

  /** The oldest command that the test has not looked at yet. */
  take(): Command | undefined {
    const command = this.sent[this.#taken];
    if (command !== undefined) this.#taken += 1;
    return command;
  }

  /** As `take`, and it must be of this type. */
  next<Type extends Command['type']>(type: Type): Extract<Command, { type: Type }> {
    const command = this.take();
    if (command === undefined || !isOfType(command, type)) {
      throw new Error(`expected ${type}, but the client sent ${JSON.stringify(command)}`);
    }
    return command;
  }
}

function isOfType<Type extends Command['type']>(
  command: Command,
  type: Type,
): command is Extract<Command, { type: Type }> {
  return command.type === type;
}

export class FakeNetwork {
  readonly links: FakeLink[] = [];

  readonly openTransport: OpenTransport = (url, handlers) => {
    const link = new FakeLink(url, handlers);
    this.links.push(link);
    return link;
  };

  get latest(): FakeLink {
    const link = this.links.at(-1);
    if (link === undefined) throw new Error('nobody has connected');
    return link;
  }
}
