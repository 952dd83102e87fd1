// A chat server of one's own for a measurement, and a client that speaks its protocol in plain JSON (docs/spec/protocol.md).

import { startTestServer, type TestServer } from '@wireroom/testkit';
import { type Connection, connect } from '@wireroom/websocket';

export type Json = Readonly<Record<string, unknown>>;

export const startChat = (): Promise<TestServer> => startTestServer({ HOST: '127.0.0.1' });

export class ChatClient {
  /** Everything that came, in order. */
  readonly events: Json[] = [];
  readonly #connection: Connection;
  #refs = 0;
  #hear: () => void = () => undefined;

  private constructor(connection: Connection) {
    this.#connection = connection;
    connection.handle({
      message: (message) => {
        const event: unknown = JSON.parse(message.text());
        if (isJson(event)) this.events.push(event);
        this.#hear();
      },
    });
  }

  /** Connects, says who it is, and enters the lobby, from a position where one is given. */
  static async enter(
    server: TestServer,
    who: Json,
    cursor?: unknown,
  ): Promise<{ client: ChatClient; token: unknown; joined: Json }> {
    const client = new ChatClient(await connect(`ws://127.0.0.1:${server.socketPort}/`));
    const { token } = await client.ask({ type: 'hello', ...who });
    const joined = await client.ask({
      type: 'join',
      room: 'lobby',
      ...(cursor === undefined ? {} : { cursor }),
    });
    return { client, token, joined };
  }

  async ask(command: Json): Promise<Json> {
    this.#refs += 1;
    const ref = this.#refs;
    this.#connection.send(JSON.stringify({ ...command, ref }));
    return this.until((event) => event.ref === ref);
  }

  /** Sends a message without waiting for its answer. */
  say(text: string, draftId?: string): void {
    this.#refs += 1;
    this.#connection.send(
      JSON.stringify({
        type: 'post',
        room: 'lobby',
        text,
        ref: this.#refs,
        ...(draftId === undefined ? {} : { draftId }),
      }),
    );
  }

  /** The first event that matches, come already or still to come. */
  async until(matches: (event: Json) => boolean): Promise<Json> {
    for (;;) {
      const found = this.events.find(matches);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#hear = resolve;
      });
    }
  }

  /** The messages that came live, as the room's log has them. */
  get messages(): readonly Json[] {
    return this.events
      .filter((event) => event.type === 'entry')
      .flatMap(({ entry }) => (isMessage(entry) ? [entry] : []));
  }

  /** Ends TCP without a Close frame, as a dead phone battery does. */
  cut(): void {
    this.#connection.terminate();
  }
}

export const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;
export const isMessage = (value: unknown): value is Json => isJson(value) && value.type === 'message';
