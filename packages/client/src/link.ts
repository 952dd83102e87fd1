// One transport from its opening to its end: hello and welcome, commands and answers, signs of life. Never reconnects:
// it says how it ended, and connection.ts decides what comes next.
import {
  type CloseAction,
  closeAction,
  decodeEvent,
  encodeCommand,
  type HeadsEvent,
  LIMITS,
  type ReceivedEntry,
  type RefusedEvent,
  type WelcomeEvent,
} from '@wireroom/protocol';
import type { Tap } from './client-tap.ts';
import type { Clock } from './clock.ts';
import { type Heartbeat, heartbeat } from './heartbeat.ts';
import * as CLIENT_LIMITS from './limits.ts';
import { type Answer, type Answered, type Request, Requests } from './requests.ts';
import type { OpenTransport, Transport } from './transport.ts';

export interface Greeting {
  readonly name: string;
  readonly token?: string;
  /** Without a token: the one that a new guest is to have (rule C4). */
  readonly newToken?: string;
}

/** What to do about a refused hello: say it again (the greeting is asked for anew), on a later connection, or never. */
export type HelloDecision = 'again' | 'later' | 'never';

export interface LinkEnd {
  /** `refused`: the hello was, for good. The others: rule C2. */
  readonly action: CloseAction | 'refused';
  readonly reason: string;
  readonly retryAfterMs: number | undefined;
  /** The server said that it restarts: `retryAfterMs` is to be kept exactly, since everybody was told another time. */
  readonly isRestart: boolean;
  /** How long it was open; `undefined` if it never was. */
  readonly openForMs: number | undefined;
}

export interface LinkParts {
  readonly url: string;
  readonly openTransport: OpenTransport;
  readonly clock: Clock;
  readonly tap?: Tap | undefined;
  /** Asked before every hello. */
  readonly greeting: () => Greeting;
  readonly helloRefused: (event: RefusedEvent, greeting: Greeting) => HelloDecision;
  readonly welcomed: (event: WelcomeEvent) => void;
  readonly heard: (entry: ReceivedEntry) => void;
  /** How far the logs of rooms are that we follow. */
  readonly heardHeads: (heads: HeadsEvent['heads']) => void;
  /** Once, unless `close` was called first. */
  readonly ended: (end: LinkEnd) => void;
}

/** As much of it as each of its reasons knows. */
type OwnEnd = Omit<LinkEnd, 'openForMs' | 'isRestart'>;

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
  /** When the server wants us back, once it has said that it restarts. */
  #restartAfterMs: number | undefined;
  /** The last refusal that was no answer: servers say so before they close. */
  #complaint: RefusedEvent | undefined;

  /** Throws what the transport throws: a URL that cannot be, a page that may not. */
  constructor(parts: LinkParts) {
    this.#parts = parts;
    parts.tap?.((to) => to.connecting());
    this.#requests = new Requests(parts.clock, () => this.#fail('The server did not answer in time.'));
    this.#transport = parts.openTransport(parts.url, {
      open: () => {
        parts.tap?.((to) => to.opened());
        this.#greet();
      },
      message: (text) => this.#hear(text),
      close: (code, reason) => this.#closed(code, reason),
    });
    this.#cancelGreetTimeout = parts.clock.after(CLIENT_LIMITS.greetTimeoutMs, () =>
      this.#fail('The server did not greet in time.'),
    );
  }

  request(request: Request, answered: Answered): void {
    if (this.#isEnded) return;
    const command = this.#requests.add(request, answered);
    const text = encodeCommand(command);
    this.#transport.send(text);
    const { bufferedAmount } = this.#transport;
    this.#parts.tap?.((to) => to.sent(command, text, bufferedAmount));
  }

  /** Finds out now whether anybody is there, for instance after the machine slept. */
  probe(): void {
    this.#heartbeat?.probe();
  }

  /** Ends it without a word to its owner. */
  close(): void {
    if (this.#end(GOODBYE, '')) this.#transport.close(GOODBYE, '');
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
    else this.#fail('The server did not greet.');
  }

  #turnedAway(refusal: RefusedEvent, greeting: Greeting): void {
    const decision = this.#parts.helloRefused(refusal, greeting);
    // The owner may have closed this link in the meantime.
    if (this.#isEnded) return;
    if (decision === 'again' && this.#hellos < CLIENT_LIMITS.hellosMax) {
      this.#greet();
      return;
    }
    const { message, retryAfterMs } = refusal;
    this.#giveUp(
      { action: decision === 'never' ? 'refused' : 'back-off', reason: message, retryAfterMs },
      GOODBYE,
      '',
    );
  }

  #welcome(event: WelcomeEvent): void {
    const { clock } = this.#parts;
    this.#cancelGreetTimeout();
    this.#openedAt = clock.now();
    this.#heartbeat = heartbeat({
      clock,
      intervalMs: within(event.limits.pingIntervalMs, LIMITS.pingIntervalMs),
      timeoutMs: within(event.limits.pongTimeoutMs, LIMITS.pongTimeoutMs),
      isServerBeating: event.capabilities.includes('heads'),
      ping: () => this.request({ type: 'ping' }, () => {}),
      dead: () => this.#fail('The connection has gone silent.'),
    });
    this.#parts.welcomed(event);
  }

  #hear(text: string): void {
    if (this.#isEnded) return;
    this.#heartbeat?.heard();
    const event = decodeEvent(text);
    this.#parts.tap?.((to) => to.heard(text, event));
    if (event === undefined) return;
    if (event.type === 'entry') {
      if (this.#openedAt !== undefined) this.#parts.heard(event.entry);
    } else if (event.type === 'heads') {
      if (this.#openedAt !== undefined) this.#parts.heardHeads(event.heads);
    } else if (event.type === 'restarting') {
      this.#restartAfterMs = event.reconnectAfterMs;
    } else if (!this.#requests.settle(event) && event.type === 'refused') {
      this.#complaint = event;
    }
  }

  #closed(code: number, reason: string): void {
    if (!this.#end(code, reason)) return;
    const complaint = this.#complaint;
    const why = reason || complaint?.message || `The connection was closed (code ${code}).`;
    this.#tell({ action: closeAction(code), reason: why, retryAfterMs: complaint?.retryAfterMs });
  }

  /** The server has not kept to its part. */
  #fail(reason: string): void {
    this.#giveUp({ action: 'back-off', reason, retryAfterMs: undefined }, GIVEN_UP, reason);
  }

  #giveUp(end: OwnEnd, code: number, reason: string): void {
    if (!this.#end(code, reason)) return;
    this.#tell(end);
    this.#transport.close(code, reason);
  }

  #tell(end: OwnEnd): void {
    const openedAt = this.#openedAt;
    this.#parts.ended({
      ...end,
      retryAfterMs: this.#restartAfterMs ?? end.retryAfterMs,
      isRestart: this.#restartAfterMs !== undefined,
      openForMs: openedAt && this.#parts.clock.now() - openedAt,
    });
  }

  /** Only the first end counts: tells whether this is it. */
  #end(code: number, reason: string): boolean {
    if (this.#isEnded) return false;
    this.#isEnded = true;
    this.#parts.tap?.((to) => to.closed(code, reason));
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
