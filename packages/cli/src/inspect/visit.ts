// One visit to a server: connects, talks, and waits for the end. The exit code is what became of it.
import type { Connection, Message } from '@wireroom/websocket';
import { type Io, isInteractive, openTerminal, type Terminal } from '../terminal/terminal.ts';
import type { Address } from './address.ts';
import type { InspectOptions } from './arguments.ts';
import { Attempt } from './attempt.ts';
import { Conversation } from './conversation.ts';
import { type Dialect, plainDialect, socketIoDialect } from './dialect.ts';
import { describeFailure } from './failure.ts';
import { ORDER_HELP, orderOf } from './order.ts';
import { ordersWithoutPerson } from './orders.ts';
import type { Outlet } from './outlet.ts';

const ORDERLY_CODES: ReadonlySet<number> = new Set([1000, 1001, 1005]);
const FAILED = 1;

export async function visit(
  address: Address,
  options: InspectOptions,
  io: Io,
  outlet: Outlet,
): Promise<number> {
  for (const remark of address.remarks) outlet.remark(remark);
  const attempt = new Attempt(address, options, () => outlet.begin());
  const stopInterrupts = io.onInterrupt(() => attempt.giveUp());
  let connection: Connection;
  try {
    connection = await attempt.connect();
  } catch (error) {
    const body = await attempt.failed(error);
    if (body !== '') outlet.showBody(body);
    outlet.complain(describeFailure(error, attempt.url));
    return FAILED;
  } finally {
    stopInterrupts();
  }
  return new Visit(connection, attempt, { address, options, io, outlet }).run();
}

interface VisitParts {
  readonly address: Address;
  readonly options: InspectOptions;
  readonly io: Io;
  readonly outlet: Outlet;
}

class Visit {
  readonly #connection: Connection;
  readonly #attempt: Attempt;
  readonly #parts: VisitParts;
  readonly #dialect: Dialect;
  readonly #closed: Promise<number>;
  #isInterrupted = false;

  constructor(connection: Connection, attempt: Attempt, parts: VisitParts) {
    this.#connection = connection;
    this.#attempt = attempt;
    this.#parts = parts;
    const { address, options } = parts;
    this.#dialect = address.dialect === 'socketio' ? socketIoDialect(options.socketIoEvent) : plainDialect;
    this.#closed = new Promise((resolve) => this.#listen(resolve));
  }

  async run(): Promise<number> {
    const talk = isInteractive(this.#parts.io) ? this.#withPerson() : this.#withoutPerson();
    const [code] = await Promise.all([this.#closed, talk]);
    return code;
  }

  #listen(closed: (exitCode: number) => void): void {
    const { outlet } = this.#parts;
    this.#connection.handle({
      message: (message) => this.#heard(message),
      ping: (payload) => outlet.control('ping', payload),
      pong: (payload) => outlet.control('pong', payload),
      close: ({ code, reason, wasClean, error }) => {
        this.#attempt.recorder?.ended({ code, reason, wasClean }, error);
        const isOrderly = wasClean && ORDERLY_CODES.has(code);
        if (error !== undefined && !this.#isInterrupted)
          outlet.complain(describeFailure(error, this.#attempt.url));
        closed(isOrderly || this.#isInterrupted ? 0 : FAILED);
      },
    });
  }

  #heard(message: Message): void {
    const text = message.kind === 'text' ? message.text() : undefined;
    this.#parts.outlet.message(text ?? message.data);
    const answer = text === undefined ? undefined : this.#dialect.answer(text);
    if (answer !== undefined) this.#connection.send(answer);
  }

  async #withoutPerson(): Promise<void> {
    const { io, options, outlet } = this.#parts;
    const conversation = this.#conversation();
    const isOver = this.#closed.then(() => 'over' as const);
    const stopInterrupts = io.onInterrupt(() => this.#interrupt());
    const talk = async (): Promise<void> => {
      await this.#dialect.ready;
      for await (const order of ordersWithoutPerson(options, io.input)) {
        const refusal = await conversation.perform(order);
        if (refusal !== undefined) outlet.complain(refusal);
        if (this.#connection.state !== 'open') return;
      }
      if (options.waitMs === undefined) return;
      const cancel = after(options.waitMs, () => this.#connection.close());
      void isOver.then(cancel);
    };
    await Promise.race([talk(), isOver]);
    await isOver;
    stopInterrupts();
    io.input.destroy();
  }

  async #withPerson(): Promise<void> {
    const { io, options, outlet } = this.#parts;
    const isScripted = options.execute.length > 0 || options.file !== undefined;
    if (isScripted) {
      await this.#withoutPerson();
      return;
    }
    const conversation = this.#conversation();
    let queue = this.#dialect.ready;
    const terminal: Terminal = openTerminal(io, {
      line: (text) => {
        if (text === '') return;
        queue = queue.then(() => this.#perform(conversation, text));
      },
      ended: () => this.#interrupt(),
      interrupted: () => this.#interrupt(),
    });
    terminal.setPrompt('> ');
    outlet.printAbove(terminal);
    outlet.remark('Lines that you type are sent. /help lists the commands, Ctrl-C leaves.');
    await this.#closed;
    terminal.close();
  }

  async #perform(conversation: Conversation, text: string): Promise<void> {
    const { outlet } = this.#parts;
    const order = orderOf(text, true);
    if (order.do === 'help') {
      for (const [form, meaning] of ORDER_HELP) outlet.remark(`${form.padEnd(24)} ${meaning}`);
      return;
    }
    const refusal = await conversation.perform(order);
    if (refusal !== undefined) outlet.complain(refusal);
  }

  /** The first time in order, the second time at once. */
  #interrupt(): void {
    if (this.#isInterrupted || this.#connection.state !== 'open') this.#connection.terminate();
    else this.#connection.close();
    this.#isInterrupted = true;
  }

  #conversation(): Conversation {
    const { line, recorder } = this.#attempt;
    return new Conversation({
      connection: this.#connection,
      dialect: this.#dialect,
      isBinary: this.#parts.options.isBinary,
      writeRaw: (bytes) => {
        line?.writePast(bytes);
        recorder?.wrote(bytes);
      },
    });
  }
}

function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}
