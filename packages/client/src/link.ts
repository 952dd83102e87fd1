// One transport from its opening to its end: hello and welcome, commands and answers, signs of life. Never reconnects:
// it says how it ended, and connection.ts decides what comes next.
import {
  type CloseAction,
  closeAction,
  decodeEvent,
  encodeCommand,
  LIMITS,
  type ReceivedEntry,
  type RefusedEvent,
  type WelcomeEvent,
} from '@wireroom/protocol';
import type { TapRecorder } from './client-tap.ts';
import type { Clock } from './clock.ts';
import { Heartbeat } from './heartbeat.ts';
import { CLIENT_LIMITS } from './limits.ts';
import { type Answer, type Answered, type Request, Requests } from './requests.ts';
import type { OpenTransport, Transport } from './transport.ts';

export interface Greeting {
  readonly name: string;
  readonly token?: string;
}

/** What to do about a refused hello: say it again (the greeting is asked for anew), on a later connection, or never. */
export type HelloDecision = 'again' | 'later' | 'never';

export interface LinkEnd {
  /** `refused`: the hello was, for good. The others: rule C2. */
  readonly action: CloseAction | 'refused';
  readonly reason: string;
  readonly retryAfterMs: number | undefined;
  /** How long it was open; `undefined` if it never was. */
  readonly openForMs: number | undefined;
}

export interface LinkParts {
  readonly url: string;
  readonly openTransport: OpenTransport;
  readonly clock: Clock;
  readonly tap?: TapRecorder | undefined;
  /** Asked before every hello. */
  readonly greeting: () => Greeting;
  readonly helloRefused: (event: RefusedEvent, greeting: Greeting) => HelloDecision;
  readonly welcomed: (event: WelcomeEvent) => void;
  readonly heard: (entry: ReceivedEntry) => void;
  /** Once, unless `close` was called first. */
  readonly ended: (end: LinkEnd) => void;
}

/** Our own close codes: the server has no use for the difference, a trace does. */
const GOODBYE = 1000;
const GIVEN_UP = 4000;

export class Link {
  readonly #parts: LinkParts;
  readonly #transport: Transport;
  readonly #requests: Requests;
  readonly #cancelGreetTimeout: () => void;
  #heartbeat: Heartbeat | undefined;
  #hellos = 0;
  #openedAt: number | undefined;
  #isEnded = false;
  /** The last refusal that was no answer: servers say so before they close. */
  #complaint: RefusedEvent | undefined;

  /** Throws what the transport throws: a URL that cannot be, a page that may not. */
  constructor(parts: LinkParts) {
    this.#parts = parts;
    parts.tap?.connecting();
    this.#requests = new Requests(parts.clock, () => this.#giveUp('The server did not answer in time.'));
    this.#transport = parts.openTransport(parts.url, {
      open: () => {
        parts.tap?.opened();
        this.#greet();
      },
      message: (text) => this.#hear(text),
      close: (code, reason) => this.#closed(code, reason),
    });
    this.#cancelGreetTimeout = parts.clock.after(CLIENT_LIMITS.greetTimeoutMs, () =>
      this.#giveUp('The server did not greet in time.'),
    );
  }

  request(request: Request, answered: Answered): void {
    if (this.#isEnded) return;
    const command = this.#requests.add(request, answered);
    const text = encodeCommand(command);
    this.#transport.send(text);
    this.#parts.tap?.sent(command, text, this.#transport.bufferedAmount);
  }

  /** Finds out now whether anybody is there, for instance after the machine slept. */
  probe(): void {
    this.#heartbeat?.probe();
  }

  /** Ends it without a word to its owner. */
  close(): void {
    if (!this.#end()) return;
    this.#transport.close(GOODBYE, '');
    this.#parts.tap?.closed(GOODBYE, '');
  }

  #greet(): void {
    if (this.#isEnded) return;
    const greeting = this.#parts.greeting();
    this.#hellos += 1;
    this.request({ type: 'hello', ...greeting }, (answer) => this.#greeted(answer, greeting));
  }

  #greeted(answer: Answer, greeting: Greeting): void {
    if (answer.type === 'welcome') this.#welcome(answer);
    else if (answer.type === 'refused') this.#turnedAway(answer, greeting);
    else this.#giveUp('The server answered something else than a greeting.');
  }

  #turnedAway(refusal: RefusedEvent, greeting: Greeting): void {
    const decision = this.#parts.helloRefused(refusal, greeting);
    // The owner may have closed this link in the meantime.
    if (this.#isEnded) return;
    if (decision === 'again' && this.#hellos < CLIENT_LIMITS.hellosMax) {
      this.#greet();
      return;
    }
    const action = decision === 'never' ? 'refused' : 'back-off';
    this.#finish({ action, reason: refusal.message, retryAfterMs: refusal.retryAfterMs });
    this.#transport.close(GOODBYE, '');
  }

  #welcome(event: WelcomeEvent): void {
    const { clock } = this.#parts;
    this.#cancelGreetTimeout();
    this.#openedAt = clock.now();
    this.#heartbeat = new Heartbeat({
      clock,
      intervalMs: within(event.limits.pingIntervalMs, LIMITS.pingIntervalMs),
      timeoutMs: within(event.limits.pongTimeoutMs, LIMITS.pongTimeoutMs),
      ping: () => this.request({ type: 'ping' }, () => {}),
      dead: () => this.#giveUp('The connection has gone silent.'),
    });
    this.#parts.welcomed(event);
  }

  #hear(text: string): void {
    if (this.#isEnded) return;
    this.#heartbeat?.heard();
    const event = decodeEvent(text);
    this.#parts.tap?.heard(text, event);
    if (event === undefined) return;
    if (event.type === 'entry') {
      if (this.#openedAt !== undefined) this.#parts.heard(event.entry);
    } else if (!this.#requests.settle(event) && event.type === 'refused') {
      this.#complaint = event;
    }
  }

  #closed(code: number, reason: string): void {
    const complaint = this.#complaint;
    if (!this.#isEnded) this.#parts.tap?.closed(code, reason);
    const why = reason || complaint?.message || `The connection was closed (code ${code}).`;
    this.#finish({ action: closeAction(code), reason: why, retryAfterMs: complaint?.retryAfterMs });
  }

  #giveUp(reason: string): void {
    if (this.#isEnded) return;
    this.#parts.tap?.closed(GIVEN_UP, reason);
    this.#finish({ action: 'back-off', reason, retryAfterMs: undefined });
    this.#transport.close(GIVEN_UP, reason);
  }

  #finish(end: Omit<LinkEnd, 'openForMs'>): void {
    if (!this.#end()) return;
    const openForMs = this.#openedAt === undefined ? undefined : this.#parts.clock.now() - this.#openedAt;
    this.#parts.ended({ ...end, openForMs });
  }

  #end(): boolean {
    if (this.#isEnded) return false;
    this.#isEnded = true;
    this.#cancelGreetTimeout();
    this.#heartbeat?.stop();
    this.#requests.drop();
    return true;
  }
}

/** What the server asks for, unless it is out of all proportion. */
function within(ms: number | undefined, otherwise: number): number {
  return ms !== undefined && ms >= 1_000 && ms <= 600_000 ? ms : otherwise;
}
