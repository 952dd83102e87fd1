// One socket from its acceptance to the answer of the handshake: read the head, judge it, have the program decide, and
// then accept, refuse or hand the socket on. After the 101 the connection takes over.
import type { Duplex } from 'node:stream';
import { acceptDeflate } from '../core/deflate-offer.ts';
import {
  acceptFor,
  acceptSteps,
  asksForWebSocket,
  type HeaderRecord,
  headersFor,
  pathOf,
  readUpgradeRequest,
  type UpgradeOffer,
  writeAcceptance,
  writeRefusal,
} from '../core/handshake.ts';
import type { HeaderMap } from '../core/header-map.ts';
import { HeadCollector, parseRequestHead, type RequestHead } from '../core/http-head.ts';
import { WireError } from '../core/wire-error.ts';
import type { WebSocketLimits } from '../limits.ts';
import type { DeflateNegotiation, DeflateSettings } from './deflate.ts';
import { handshakeTurns } from './handshake-turns.ts';
import { type PumpOwner, SocketPump } from './socket-pump.ts';
import { bothTaps, type ConnectionTap, type SocketInfo } from './tap.ts';
import {
  assertDecision,
  toUpgradeRequest,
  type UpgradeDecision,
  type UpgradeRequest,
} from './upgrade-request.ts';
import type { Watch, Watched } from './watch.ts';
import type { Wire } from './wire.ts';

/** The first look at a request, when it is only to be told whose it is. */
export interface RequestGlance {
  readonly method: string;
  readonly path: string;
  readonly headers: HeaderMap;
}

/** A handshake that went through. */
export interface Accepted {
  readonly pump: SocketPump;
  readonly request: UpgradeRequest;
  readonly subprotocol: string;
  readonly deflate: DeflateNegotiation | undefined;
  readonly unread: Buffer;
  readonly tap: ConnectionTap | undefined;
  readonly info: SocketInfo;
}

/** What an opening needs of its server. */
export interface OpeningHost {
  readonly limits: WebSocketLimits;
  readonly watch: Watch;
  /** Undefined: permessage-deflate is declined. */
  readonly deflate: DeflateSettings | undefined;
  isForUs(glance: RequestGlance): boolean;
  decide(request: UpgradeRequest): UpgradeDecision | Promise<UpgradeDecision>;
  /** Absent: what is not for us is refused. */
  readonly handOn: ((socket: Duplex) => void) | undefined;
  accepted(accepted: Accepted): void;
  /** The opening is over, however it went. */
  finished(opening: Opening): void;
  report(error: WireError, info: SocketInfo): void;
}

/** A request as it was read. */
interface Asked {
  readonly request: UpgradeRequest;
  readonly offer: UpgradeOffer;
  readonly head: RequestHead;
  readonly rawHead: Buffer;
}

/** `waiting`: the request is here, and its turn is not yet. */
type Phase = 'reading' | 'waiting' | 'deciding' | 'refused' | 'finished';

const NOTHING = Buffer.alloc(0);

export class Opening implements PumpOwner, Watched {
  watchSeat = -1;
  /** Its seat among the openings of its server. */
  seat = -1;
  readonly #host: OpeningHost;
  readonly #info: SocketInfo;
  #tap: ConnectionTap | undefined;
  readonly #carrier: Wire | Duplex;
  readonly #pump: SocketPump;
  readonly #collector: HeadCollector;
  #phase: Phase = 'reading';
  #unread: Buffer = NOTHING;
  /** All that was read, and where one read ended and the next began. */
  #seen: Buffer = NOTHING;
  #cuts: number[] | undefined;
  #deadlineMs: number;

  constructor(host: OpeningHost, wire: Wire | Duplex, info: SocketInfo, tap: ConnectionTap | undefined) {
    this.#host = host;
    this.#info = info;
    this.#tap = tap;
    this.#carrier = wire;
    this.#collector = new HeadCollector(host.limits.headBytesMax);
    this.#deadlineMs = host.watch.nowMs() + host.limits.handshakeTimeoutMs;
    this.#pump = new SocketPump(wire, this, tap);
    host.watch.add(this);
  }

  read(memory: Buffer, end: number): void {
    const chunk = Buffer.from(memory.subarray(0, end));
    if (this.#phase === 'deciding') {
      this.#cut(this.#seen.length);
      this.#seen = Buffer.concat([this.#seen, chunk]);
      this.#unread = Buffer.concat([this.#unread, chunk]);
    }
    if (this.#phase !== 'reading' && this.#phase !== 'waiting') return;
    this.#cut(this.#collector.received.length);
    if (this.#phase === 'waiting') {
      this.#collector.pushBehind(chunk);
      return;
    }
    this.#orRefuse(() => {
      const headLength = this.#collector.push(chunk);
      if (headLength !== undefined) this.#inTurn(() => this.#judge(headLength));
    });
  }

  ended(): void {
    if (this.#phase === 'refused') return;
    if (this.#phase !== 'reading' || this.#collector.received.length > 0) {
      this.#host.report(new WireError('head-cut'), this.#info);
    }
    this.#pump.destroy();
  }

  wrote(): void {
    // A refusal is a single write; nothing waits for it.
  }

  gone(): void {
    this.#tap?.close?.(undefined);
    this.#finish();
  }

  tick(nowMs: number): void {
    if (nowMs < this.#deadlineMs) return;
    if (this.#phase === 'reading') this.refuse(new WireError('head-timeout'));
    else if (this.#isUndecided) this.refuse(new WireError('decision-timeout'));
    else this.#pump.destroy();
  }

  /** Takes a request whose head somebody else has read. */
  takeRequest(head: RequestHead, rawHead: Buffer, unread: Buffer): void {
    this.#unread = unread;
    // Where its reads were cut is not known any more.
    this.#seen = unread.length === 0 ? rawHead : Buffer.concat([rawHead, unread]);
    this.#inTurn(() => this.#open(head, rawHead));
  }

  /** Answers with the error's status and sentence, and ends the connection. */
  refuse(error: WireError): void {
    if (this.#phase !== 'reading' && !this.#isUndecided) return;
    this.#host.report(error, this.#info);
    this.#answer(error.httpStatus ?? 400, error.message, headersFor(error));
  }

  /** Cuts the socket off, whatever it was at. */
  abandon(): void {
    this.#pump.destroy();
  }

  get #isUndecided(): boolean {
    return this.#phase === 'waiting' || this.#phase === 'deciding';
  }

  /** Reading a request and deciding on it takes a while, and many may have come at once. */
  #inTurn(act: () => void): void {
    this.#phase = 'waiting';
    const hasRun = handshakeTurns.take(() => {
      // It may have ended while it waited.
      if (this.#phase === 'waiting') this.#orRefuse(act);
    });
    if (!hasRun) this.#pump.pause();
  }

  #judge(headLength: number): void {
    const { received } = this.#collector;
    const rawHead = received.subarray(0, headLength);
    const head = parseRequestHead(rawHead, this.#host.limits.headersMax);
    if (!this.#isForUs(head)) {
      this.#handOn(head, received);
      return;
    }
    this.#seen = received;
    this.#unread = received.subarray(headLength);
    this.#open(head, rawHead);
  }

  #handOn(head: RequestHead, received: Buffer): void {
    const { handOn } = this.#host;
    if (handOn === undefined) {
      throw new WireError(asksForWebSocket(head) ? 'not-for-us' : 'upgrade-missing');
    }
    this.#tap?.handedOn?.();
    this.#finish();
    const socket = this.#pump.release(received);
    try {
      handOn(socket);
    } catch (cause) {
      socket.destroy();
      this.#host.report(new WireError('handler-failed', undefined, { cause }), this.#info);
      return;
    }
    // A fresh socket flows as soon as somebody listens; this one had to be stopped, so that nothing gets lost.
    if (socket.listenerCount('data') > 0) socket.resume();
  }

  #open(head: RequestHead, rawHead: Buffer): void {
    this.#tap?.request?.(head, rawHead);
    const offer = readUpgradeRequest(head);
    const request = toUpgradeRequest(head, offer, { info: this.#info, carrier: this.#carrier });
    this.#phase = 'deciding';
    this.#ask({ request, offer, head, rawHead });
  }

  #ask(asked: Asked): void {
    const decision = this.#decide(asked.request);
    if (!(decision instanceof Promise)) {
      this.#follow(decision, asked);
      return;
    }
    this.#pump.pause();
    decision.then(
      (decided) => this.#orRefuse(() => this.#follow(decided, asked)),
      (cause: unknown) => this.refuse(new WireError('decision-failed', undefined, { cause })),
    );
  }

  #isForUs({ method, target, headers }: RequestHead): boolean {
    try {
      return this.#host.isForUs({ method, path: pathOf(target) ?? target, headers });
    } catch (cause) {
      throw new WireError('decision-failed', undefined, { cause });
    }
  }

  #decide(request: UpgradeRequest): UpgradeDecision | Promise<UpgradeDecision> {
    try {
      return this.#host.decide(request);
    } catch (cause) {
      throw new WireError('decision-failed', undefined, { cause });
    }
  }

  #follow(decision: UpgradeDecision, asked: Asked): void {
    if (this.#phase !== 'deciding') return;
    const { request, offer } = asked;
    try {
      assertDecision(decision, request);
    } catch (cause) {
      throw new WireError('decision-failed', undefined, { cause });
    }
    if (!decision.accept) {
      this.#answer(decision.status, decision.reason, decision.headers ?? {});
      return;
    }
    if (decision.tap !== undefined) this.#tapBy(decision.tap, asked);
    const subprotocol = decision.subprotocol ?? '';
    const { deflate: settings } = this.#host;
    const deflate = settings && acceptDeflate(offer.extensions, settings.wishes);
    const answer = writeAcceptance(acceptFor(offer.key), subprotocol, decision.headers, deflate?.header);
    this.#pump.write(answer);
    if (this.#tap?.response !== undefined) this.#tap.response(answer, acceptSteps(offer.key));
    this.#finish();
    this.#host.accepted({
      pump: this.#pump,
      request,
      subprotocol,
      deflate: settings && deflate && { agreement: deflate.agreement, settings },
      unread: this.#unread,
      tap: this.#tap,
      info: this.#info,
    });
  }

  /** The decision brought somebody who looks on: shown what has been read already, and everything from here on. */
  #tapBy(tap: ConnectionTap, { head, rawHead }: Asked): void {
    let from = 0;
    for (const to of [...(this.#cuts ?? []), this.#seen.length]) {
      if (to > from) tap.read?.(this.#seen.subarray(from, to));
      from = to;
    }
    tap.request?.(head, rawHead);
    this.#tap = bothTaps(this.#tap, tap);
    this.#pump.tapBy(this.#tap);
  }

  #cut(at: number): void {
    if (at === 0) return;
    this.#cuts ??= [];
    this.#cuts.push(at);
  }

  /** Whatever the wire did wrong becomes its answer. */
  #orRefuse(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.refuse(error);
    }
  }

  /** After a refusal we read on, so that the answer is not lost in a reset, but not for long. */
  #answer(status: number, sentence: string, headers: HeaderRecord): void {
    this.#phase = 'refused';
    this.#unread = NOTHING;
    this.#deadlineMs = this.#host.watch.nowMs() + this.#host.limits.closeTimeoutMs;
    const answer = writeRefusal(status, sentence, headers);
    this.#pump.write(answer);
    this.#tap?.response?.(answer, undefined);
    this.#pump.end();
    this.#pump.resume();
  }

  #finish(): void {
    if (this.#phase === 'finished') return;
    this.#phase = 'finished';
    this.#host.watch.delete(this);
    this.#host.finished(this);
  }
}
