// One WebSocket connection after its handshake, server's or client's side: parser, assembler and closing state on a
// pump. It decides nothing about the protocol itself; the core does. The application's handlers come next.
import {
  CLOSE_CODE,
  CLOSE_REASON_BYTES_MAX,
  isSendableCloseCode,
  readClosePayload,
} from '../core/close-code.ts';
import {
  type Act,
  type CloseEvent,
  type ConnectionState,
  type Happening,
  OPEN,
  step,
} from '../core/connection-state.ts';
import type { DeflateAgreement } from '../core/deflate-offer.ts';
import { FrameParser, type FramePart } from '../core/frame-parser.ts';
import { keepMessage, type Message } from '../core/message.ts';
import { MessageAssembler } from '../core/message-assembler.ts';
import { isControlOpcode, OPCODE, opcodeName, RSV1 } from '../core/opcode.ts';
import { WireError } from '../core/wire-error.ts';
import type { ConnectionHandlers, ConnectionParts, SendOptions } from './connection-parts.ts';
import { ConnectionDeflate } from './deflate.ts';
import { type Flushed, FrameOutlet, type MessagePart, type Sendable } from './frame-outlet.ts';
import { Heartbeat } from './heartbeat.ts';
import { PreparedMessage } from './prepared-message.ts';
import { RoundTrips } from './round-trips.ts';
import type { PumpOwner } from './socket-pump.ts';
import { FrameRecorder } from './tap.ts';
import type { Watched } from './watch.ts';

export type { ConnectionHandlers, ConnectionParts, SendOptions } from './connection-parts.ts';

let lastId = 0;

/** Starts reading, once the handlers had their chance to be set. For server and client only. */
export let beginReading: (connection: Connection) => void;
/** Gives a connection up for an error of the program. For server and client only. */
export let failConnection: (connection: Connection, error: WireError) => void;
// The same for the inlet below: what the pump and the watch may do to a connection, and nobody else.
let take: (connection: Connection, memory: Buffer, end: number) => void;
let happen: (connection: Connection, happening: Happening | 'fin' | 'wrote') => void;
let tick: (connection: Connection, nowMs: number) => void;

/** Where a connection hears from its socket and from its clock. */
class Inlet implements PumpOwner, Watched {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  read(memory: Buffer, end: number): void {
    take(this.#connection, memory, end);
  }

  ended(): void {
    happen(this.#connection, 'fin');
  }

  wrote(): void {
    happen(this.#connection, 'wrote');
  }

  gone(cause: Error | undefined): void {
    happen(this.#connection, cause === undefined ? { type: 'gone' } : { type: 'gone', cause });
  }

  tick(nowMs: number): void {
    tick(this.#connection, nowMs);
  }
}

export class Connection {
  /** Counts up in this process. */
  readonly id: number = ++lastId;
  /** The subprotocol agreed on, '' for none. */
  readonly subprotocol: string;
  readonly remoteAddress: string;

  readonly #parts: ConnectionParts;
  readonly #parser: FrameParser;
  readonly #assembler: MessageAssembler;
  readonly #deflate: ConnectionDeflate | undefined;
  readonly #outlet: FrameOutlet;
  readonly #heartbeat: Heartbeat;
  readonly #recorder: FrameRecorder | undefined;
  readonly #inlet = new Inlet(this);
  #roundTrips: RoundTrips | undefined;

  #handlers: ConnectionHandlers = {};
  #state: ConnectionState = OPEN;
  #hasBegun = false;
  #isPaused = false;
  #isParsing = false;
  #hasEnded = false;
  #controlPayload: Buffer | undefined;
  #closeDeadlineMs = 0;

  static {
    beginReading = (connection) => connection.#begin();
    failConnection = (connection, error) => connection.#happen({ type: 'failed', error });
    take = (connection, memory, end) => connection.#take(memory, end);
    happen = (connection, happening) => connection.#hear(happening);
    tick = (connection, nowMs) => connection.#tick(nowMs);
  }

  constructor(parts: ConnectionParts) {
    const { role, limits, pump, watch } = parts;
    this.#parts = parts;
    this.subprotocol = parts.subprotocol;
    this.remoteAddress = parts.remoteAddress;
    this.#deflate = parts.deflate && new ConnectionDeflate(role, parts.deflate);
    this.#parser = new FrameParser(role, this.#deflate === undefined ? 0 : RSV1);
    this.#assembler = new MessageAssembler(limits, this.#deflate);
    this.#outlet = new FrameOutlet({ role, pump, limits, tap: parts.tap, deflate: this.#deflate });
    this.#heartbeat = new Heartbeat(limits, watch.nowMs());
    this.#recorder = parts.tap?.frame === undefined ? undefined : new FrameRecorder(parts.tap);
    if (parts.unread.length > 0) this.#parser.push(Buffer.from(parts.unread));
    pump.give(this.#inlet);
    watch.add(this.#inlet);
  }

  get state(): 'open' | 'closing' | 'closed' {
    const { phase } = this.#state;
    return phase === 'open' || phase === 'closed' ? phase : 'closing';
  }

  /** What was agreed on about permessage-deflate; undefined when it is off. */
  get compression(): DeflateAgreement | undefined {
    return this.#deflate?.agreement;
  }

  /** Bytes given to `send` that are not yet with the kernel. */
  get bufferedBytes(): number {
    return this.#parts.pump.bufferedBytes;
  }

  /** Sets what happens with what comes, in place of the handlers set before. */
  handle(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
    const { begin } = handlers;
    this.#assembler.begin = begin === undefined ? undefined : (kind) => begin.call(handlers, kind);
  }

  /**
   * Sends a message: a string as text, bytes as binary, a message that came as what it is. Bytes may be sent without being
   * copied, so leave them as they are until `flushed`. Returns false when more than the high-water mark is waiting: go on
   * after `drain`. After `close`, and once the peer has closed, nothing is sent and the answer is false. Where
   * permessage-deflate was agreed on, what is at its threshold or above is compressed.
   */
  send(data: Sendable | PreparedMessage, options?: SendOptions): boolean {
    if (data instanceof PreparedMessage) return this.sendPrepared(data, options);
    if (this.#state.phase !== 'open') return false;
    const isCompressible = options?.compress !== false;
    return this.#sent(isCompressible ? this.#outlet.message(data) : this.#outlet.plainMessage(data));
  }

  /** Sends a message that `prepare` made. It is framed, and where that was agreed on deflated, once for all connections. */
  sendPrepared(message: PreparedMessage, options?: SendOptions): boolean {
    if (this.#state.phase !== 'open') return false;
    return this.#sent(this.#outlet.preparedMessage(message, options?.compress !== false));
  }

  /**
   * Sends one frame of a message, for those that come to be bit by bit; until the last part only parts may be sent.
   * Bytes of a text are not checked to be UTF-8. Compressed as one message where that was agreed on and the first part is at
   * the threshold or above, or as the first part says. Returns what `send` returns.
   */
  sendPart(data: string | Uint8Array, part: MessagePart): boolean {
    return this.#state.phase === 'open' && this.#sent(this.#outlet.part(data, part));
  }

  /** Sends frames that were encoded elsewhere, as they are: whole, valid and, from a client, masked. Returns as `send`. */
  sendFrames(frames: readonly Uint8Array[]): boolean {
    return this.#state.phase === 'open' && this.#sent(this.#outlet.frames(frames));
  }

  /** Resolves when all that was sent so far is with the kernel; rejects with a WireError if that cannot be any more. */
  flushed(): Promise<void> {
    return this.#outlet.flushed();
  }

  /** As `flushed`, for a callback; it is never called inside this call. */
  whenFlushed(done: Flushed): void {
    this.#outlet.whenFlushed(done);
  }

  /** Sends a ping with up to 125 bytes. */
  ping(payload: string | Uint8Array = ''): void {
    this.#sendPingOrPong(OPCODE.ping, payload);
  }

  /**
   * Sends a ping and resolves with the milliseconds until its pong. Rejects with a WireError when the connection ends first.
   */
  roundTripMs(): Promise<number> {
    if (this.#state.phase !== 'open') return Promise.reject(new WireError('connection-lost'));
    this.#roundTrips ??= new RoundTrips();
    const { payload, promise } = this.#roundTrips.begin(this.#parts.watch.nowMs());
    this.#sendControl(OPCODE.ping, payload);
    return promise;
  }

  /** Sends a pong that no ping has asked for, or the answer to one where `autoPong` is off. */
  pong(payload: string | Uint8Array = ''): void {
    this.#sendPingOrPong(OPCODE.pong, payload);
  }

  /**
   * Starts the closing handshake; what was sent before leaves first. Messages that still come are dropped. Throws for a
   * code that must not be sent and for a reason above 123 bytes. 'none' says neither code nor reason.
   */
  close(code: number | 'none' = CLOSE_CODE.normal, reason = ''): void {
    if (code !== 'none' && !isSendableCloseCode(code))
      throw new RangeError(`close code ${code} must not be sent`);
    if (Buffer.byteLength(reason) > CLOSE_REASON_BYTES_MAX) {
      throw new RangeError(`a close reason has ${CLOSE_REASON_BYTES_MAX} bytes at most`);
    }
    this.#happen({ type: 'close-asked', code: code === 'none' ? CLOSE_CODE.noneGiven : code, reason });
  }

  /** Cuts the connection at once; what is still waiting is lost. */
  terminate(): void {
    this.#happen({ type: 'terminated' });
  }

  /** Delivers nothing more and lets TCP slow the peer down, until `resume`. */
  pause(): void {
    if (this.#state.phase !== 'open') return;
    this.#isPaused = true;
    this.#parts.pump.pause();
  }

  /** Goes on after `pause`; what waits is delivered after the caller's turn, not inside this call. */
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    queueMicrotask(() => this.#goOn());
  }

  #begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#goOn();
  }

  /** Takes up what was left lying, then reads on. */
  #goOn(): void {
    this.#parse();
    if (!this.#isPaused) this.#parts.pump.resume();
  }

  #take(memory: Buffer, end: number): void {
    this.#heartbeat.heard();
    if (!this.#isListening()) return;
    this.#parser.push(memory, end);
    this.#parse();
    // The memory goes back to the pump.
    if (this.#parser.hasUnread) this.#parser.keep();
  }

  #hear(happening: Happening | 'fin' | 'wrote'): void {
    if (happening === 'fin') {
      this.#hasEnded = true;
      this.#parse();
    } else if (happening !== 'wrote') {
      this.#happen(happening);
    } else if (this.#outlet.wrote() && this.#state.phase === 'open') {
      this.#call(() => this.#handlers.drain?.());
    }
  }

  /** Whether frames still count: until a Close frame has come, or we have given up. */
  #isListening(): boolean {
    const { phase } = this.#state;
    return phase === 'open' || phase === 'asked';
  }

  #parse(): void {
    if (this.#isParsing || !this.#hasBegun) return;
    this.#isParsing = true;
    try {
      while (!this.#isPaused && this.#isListening()) {
        const part = this.#parser.next();
        if (part === undefined) break;
        this.#recorder?.add(part);
        if (isControlOpcode(part.opcode)) this.#takeControlPart(part);
        else this.#takeDataPart(part);
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#happen({ type: 'failed', error });
    } finally {
      this.#isParsing = false;
    }
    // FIN counts after everything that came before it.
    if (this.#hasEnded && !(this.#isPaused && this.#parser.hasUnread)) this.#happen({ type: 'ended' });
  }

  #takeDataPart(part: FramePart): void {
    const message = this.#assemble(part);
    if (message === undefined) return;
    this.#heartbeat.countMessage();
    const { phase } = this.#state;
    if (phase !== 'open' && !(phase === 'asked' && this.#parts.deliversWhileClosing === true)) return;
    try {
      this.#handlers.message?.(message);
    } catch (cause) {
      this.#failHandler(cause);
    }
    keepMessage(message);
  }

  /** What is no WireError has been thrown by the program's sink. */
  #assemble(part: FramePart): Message | undefined {
    try {
      return this.#assembler.add(part);
    } catch (cause) {
      if (cause instanceof WireError) throw cause;
      throw new WireError('handler-failed', undefined, { cause });
    }
  }

  #takeControlPart(part: FramePart): void {
    if (part.isFirst) this.#heartbeat.countControlFrame();
    if (!part.isLast || this.#controlPayload !== undefined) {
      this.#controlPayload = Buffer.concat([this.#controlPayload ?? Buffer.alloc(0), part.payload]);
      if (!part.isLast) return;
    }
    const payload = this.#controlPayload ?? part.payload;
    this.#controlPayload = undefined;
    if (part.opcode === OPCODE.close) {
      this.#happen({ type: 'close-received', frame: readClosePayload(payload) });
    } else if (this.#state.phase === 'open') {
      this.#takePingOrPong(part.opcode, payload);
    }
  }

  #takePingOrPong(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.pong) {
      this.#roundTrips?.end(payload, this.#parts.watch.nowMs());
      this.#call(() => this.#handlers.pong?.(Buffer.from(payload)));
      return;
    }
    if (this.#parts.autoPong !== false) this.#sendControl(OPCODE.pong, payload);
    this.#call(() => this.#handlers.ping?.(Buffer.from(payload)));
  }

  #sent(isTaken: boolean): boolean {
    this.#heartbeat.countMessage();
    if (!isTaken) this.#fail('outgoing-overflow');
    return this.#outlet.hasRoom;
  }

  #sendPingOrPong(opcode: number, payload: string | Uint8Array): void {
    const bytes = Buffer.from(payload);
    if (bytes.length > 125) {
      throw new RangeError(`a ${opcodeName(opcode)} carries 125 bytes at most, not ${bytes.length}`);
    }
    if (this.#state.phase === 'open') this.#sendControl(opcode, bytes);
  }

  #sendControl(opcode: number, payload: Uint8Array): void {
    if (!this.#outlet.control(opcode, payload)) this.#fail('outgoing-overflow');
  }

  #fail(code: 'outgoing-overflow' | 'partial-frame-timeout' | 'idle-timeout'): void {
    this.#happen({ type: 'failed', error: new WireError(code) });
  }

  /** Runs a handler; what it throws is the program's mistake, and this connection's end. */
  #call(handler: () => void): void {
    try {
      handler();
    } catch (cause) {
      this.#failHandler(cause);
    }
  }

  #failHandler(cause: unknown): void {
    this.#happen({ type: 'failed', error: new WireError('handler-failed', undefined, { cause }) });
  }

  #happen(happening: Happening): void {
    const before = this.#state;
    const { state, acts } = step(before, happening, this.#parts.role);
    this.#state = state;
    for (const act of acts) this.#do(act);
    if (state.phase === 'failed' && before.phase !== 'failed') {
      this.#orReport(() => this.#handlers.failed?.(state.error));
    }
    if (before.phase === 'open' && state.phase !== 'open' && state.phase !== 'closed') this.#leaveOpen();
  }

  #do(act: Act): void {
    const { pump, watch, tellsReasons = true } = this.#parts;
    switch (act.act) {
      case 'send-close':
        this.#outlet.close(act.code, this.#state.phase !== 'failed' || tellsReasons ? act.reason : '');
        return;
      case 'end':
        pump.end();
        return;
      case 'destroy':
        pump.destroy();
        return;
      case 'announce':
        watch.delete(this.#inlet);
        this.#outlet.giveUp();
        this.#roundTrips?.giveUp();
        this.#orReport(() => this.#assembler.abort());
        this.#deflate?.close();
        this.#parts.tap?.close?.(act.event);
        this.#announce(act.event);
    }
  }

  /** The owner hears of the end even when the application's handler throws. */
  #announce(event: CloseEvent): void {
    const { report, closed, info } = this.#parts;
    if (event.error !== undefined) report(event.error, info);
    this.#orReport(() => this.#handlers.close?.(event));
    closed(this);
  }

  /** Runs a handler after which there is nothing left to close. */
  #orReport(handler: () => void): void {
    try {
      handler();
    } catch (cause) {
      this.#parts.report(new WireError('handler-failed', undefined, { cause }), this.#parts.info);
    }
  }

  /** Closing has a deadline, and reads on whatever was paused: only so the peer's Close frame and FIN are seen. */
  #leaveOpen(): void {
    this.#closeDeadlineMs = this.#parts.watch.nowMs() + this.#parts.limits.closeTimeoutMs;
    this.#hasBegun = true;
    this.#isPaused = false;
    this.#goOn();
  }

  #tick(nowMs: number): void {
    if (this.#state.phase !== 'open') {
      if (nowMs >= this.#closeDeadlineMs) this.#happen({ type: 'deadline' });
      return;
    }
    const isInside = this.#parser.isInsideFrame || this.#assembler.isInsideMessage;
    const finding = this.#heartbeat.tick(nowMs, this.#isPaused, isInside);
    if (finding === 'ping') this.#sendControl(OPCODE.ping, Buffer.alloc(0));
    else if (finding === 'partial-frame-timeout' || finding === 'idle-timeout') this.#fail(finding);
    else if (finding === 'pong-timeout') this.#happen({ type: 'terminated', error: new WireError(finding) });
  }
}
