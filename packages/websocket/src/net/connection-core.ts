// The inside of a connection: parser, assembler and closing state on a pump, the outlet on its other side. It decides nothing
// about the protocol itself; the core does. The application's handlers come next; connection.ts is what the program holds.
import { readClosePayload } from '../core/close-code.ts';
import {
  type Act,
  type CloseEvent,
  type ConnectionState,
  type Happening,
  OPEN,
  step,
} from '../core/connection-state.ts';
import type { FrameParser, FramePart } from '../core/frame-parser.ts';
import { keepMessage, type Message } from '../core/message.ts';
import { isWholeMessage, MessageAssembler, wholeMessage } from '../core/message-assembler.ts';
import { isControlOpcode, OPCODE, opcodeName, RSV1 } from '../core/opcode.ts';
import { WireError } from '../core/wire-error.ts';
import type { Connection } from './connection.ts';
import type { ConnectionHandlers, ConnectionParts, ConnectionSettings } from './connection-parts.ts';
import { ConnectionDeflate } from './deflate.ts';
import { FrameOutlet } from './frame-outlet.ts';
import { Heartbeat } from './heartbeat.ts';
import { giveParserBack, takeParser } from './resting-parsers.ts';
import { RoundTrips } from './round-trips.ts';
import type { PumpOwner, SocketPump } from './socket-pump.ts';
import { type ConnectionTap, FrameRecorder, type SocketInfo } from './tap.ts';
import type { Watched } from './watch.ts';

const NOTHING = Buffer.alloc(0);
const NO_HANDLERS: ConnectionHandlers = {};

export class ConnectionCore implements PumpOwner, Watched {
  watchSeat = -1;
  readonly info: SocketInfo;
  readonly subprotocol: string;
  readonly pump: SocketPump;
  readonly outlet: FrameOutlet;
  readonly deflate: ConnectionDeflate | undefined;

  readonly #connection: Connection;
  readonly #settings: ConnectionSettings;
  readonly #tap: ConnectionTap | undefined;
  readonly #recorder: FrameRecorder | undefined;
  // Only while there is something to parse: between two frames a connection needs none.
  #parser: FrameParser | undefined;
  readonly #heartbeat: Heartbeat;
  // Made for the first message that is cut, compressed, in fragments or wanted in pieces.
  #assembler: MessageAssembler | undefined;
  #roundTrips: RoundTrips | undefined;

  #handlers: ConnectionHandlers = NO_HANDLERS;
  #state: ConnectionState = OPEN;
  #hasBegun = false;
  #isPaused = false;
  #isParsing = false;
  #hasEnded = false;
  #controlPayload: Buffer | undefined;
  #closeDeadlineMs = 0;

  constructor(
    connection: Connection,
    { settings, pump, subprotocol, deflate, info, unread, tap }: ConnectionParts,
  ) {
    const { role, limits, watch } = settings;
    this.#connection = connection;
    this.#settings = settings;
    this.info = info;
    this.subprotocol = subprotocol;
    this.pump = pump;
    this.deflate = deflate && new ConnectionDeflate(role, deflate);
    this.#tap = tap;
    this.#recorder = tap?.frame === undefined ? undefined : new FrameRecorder(tap);
    this.outlet = new FrameOutlet({ role, pump, limits, tap, deflate: this.deflate });
    this.#heartbeat = new Heartbeat(limits, watch.nowMs());
    if (unread.length > 0) this.#needParser().push(Buffer.from(unread));
    pump.give(this);
    watch.add(this);
    tap?.opened?.(pump);
  }

  get phase(): ConnectionState['phase'] {
    return this.#state.phase;
  }

  handle(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
    if (handlers.begin !== undefined) this.#needAssembler();
    if (this.#assembler !== undefined) this.#assembler.begin = beginOf(handlers);
  }

  /** Starts reading, once the handlers had their chance to be set. */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#goOn();
  }

  pause(): void {
    if (this.#state.phase !== 'open') return;
    this.#isPaused = true;
    this.pump.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.pump.resume();
    // What lies here comes before what will be read, and after the caller's turn.
    queueMicrotask(() => this.#parse());
  }

  /** What `send` returns, for what the outlet said. */
  sent(isTaken: boolean): boolean {
    this.#heartbeat.countMessage();
    if (!isTaken) this.#fail('outgoing-overflow');
    return this.outlet.hasRoom;
  }

  sendPingOrPong(opcode: number, payload: string | Uint8Array): void {
    const bytes = Buffer.from(payload);
    if (bytes.length > 125) {
      throw new RangeError(`a ${opcodeName(opcode)} carries 125 bytes at most, not ${bytes.length}`);
    }
    if (this.#state.phase === 'open') this.#sendControl(opcode, bytes);
  }

  roundTripMs(): Promise<number> {
    if (this.#state.phase !== 'open') return Promise.reject(new WireError('connection-lost'));
    this.#roundTrips ??= new RoundTrips();
    const { payload, promise } = this.#roundTrips.begin(this.#settings.watch.nowMs());
    this.#sendControl(OPCODE.ping, payload);
    return promise;
  }

  read(memory: Buffer, end: number): void {
    this.#heartbeat.heard();
    if (!this.#isListening()) return;
    this.#needParser().push(memory, end);
    this.#parse();
    // The memory goes back to the pump.
    if (this.#parser?.hasUnread) this.#parser.keep();
  }

  ended(): void {
    this.#hasEnded = true;
    this.#parse();
  }

  wrote(): void {
    if (this.outlet.wrote() && this.#state.phase === 'open') this.#call(() => this.#handlers.drain?.());
  }

  gone(cause: Error | undefined): void {
    this.happen(cause === undefined ? { type: 'gone' } : { type: 'gone', cause });
  }

  tick(nowMs: number): void {
    if (this.#state.phase !== 'open') {
      if (nowMs >= this.#closeDeadlineMs) this.happen({ type: 'deadline' });
      return;
    }
    const isInside = this.#parser?.isInsideFrame === true || this.#assembler?.isInsideMessage === true;
    const finding = this.#heartbeat.tick(nowMs, this.#isPaused, isInside);
    if (finding === 'ping') this.#sendControl(OPCODE.ping, NOTHING);
    else if (finding === 'pong-timeout') this.happen({ type: 'terminated', error: new WireError(finding) });
    else if (finding !== undefined) this.#fail(finding);
  }

  happen(happening: Happening): void {
    const before = this.#state;
    const { state, acts } = step(before, happening, this.#settings.role);
    this.#state = state;
    if (before.phase === 'open') this.#tapClosing(state.phase);
    for (const act of acts) this.#do(act);
    if (state.phase === 'failed' && before.phase !== 'failed') {
      this.#orReport(() => this.#handlers.failed?.(state.error));
    }
    if (before.phase === 'open' && state.phase !== 'open' && state.phase !== 'closed') this.#leaveOpen();
  }

  #tapClosing(phase: ConnectionState['phase']): void {
    if (phase === 'agreed') this.#tap?.closing?.('them');
    else if (phase === 'asked' || phase === 'failed') this.#tap?.closing?.('us');
  }

  /** Takes up what was left lying, then reads on. */
  #goOn(): void {
    this.#parse();
    if (!this.#isPaused) this.pump.resume();
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
      if (this.#parser !== undefined) this.#parseWith(this.#parser);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.happen({ type: 'failed', error });
    } finally {
      this.#isParsing = false;
    }
    // FIN counts after everything that came before it.
    if (this.#hasEnded && !(this.#isPaused && this.#parser?.hasUnread)) this.happen({ type: 'ended' });
  }

  #parseWith(parser: FrameParser): void {
    while (!this.#isPaused && this.#isListening()) {
      const part = parser.next();
      if (part === undefined) break;
      this.#recorder?.add(part);
      if (isControlOpcode(part.opcode)) this.#takeControlPart(part);
      else this.#takeDataPart(part);
    }
    if (parser.isInsideFrame || parser.hasUnread) return;
    this.#parser = undefined;
    giveParserBack(parser);
  }

  #needParser(): FrameParser {
    this.#parser ??= takeParser(this.#settings.role, this.deflate === undefined ? 0 : RSV1);
    return this.#parser;
  }

  #takeDataPart(part: FramePart): void {
    const message = this.#assemble(part);
    if (message === undefined) return;
    this.#heartbeat.countMessage();
    const { phase } = this.#state;
    if (phase !== 'open' && !(phase === 'asked' && this.#settings.deliversWhileClosing === true)) return;
    try {
      this.#handlers.message?.(message);
    } catch (cause) {
      this.#failHandler(cause);
    }
    keepMessage(message);
  }

  #assemble(part: FramePart): Message | undefined {
    if (this.#assembler === undefined && isWholeMessage(part))
      return wholeMessage(part, this.#settings.limits);
    try {
      return this.#needAssembler().add(part);
    } catch (cause) {
      if (cause instanceof WireError) throw cause;
      // The program's sink has thrown it.
      throw new WireError('handler-failed', undefined, { cause });
    }
  }

  #needAssembler(): MessageAssembler {
    this.#assembler ??= new MessageAssembler(this.#settings.limits, this.deflate);
    return this.#assembler;
  }

  #takeControlPart(part: FramePart): void {
    if (part.isFirst) this.#heartbeat.countControlFrame();
    if (!part.isLast || this.#controlPayload !== undefined) {
      this.#controlPayload = Buffer.concat([this.#controlPayload ?? NOTHING, part.payload]);
      if (!part.isLast) return;
    }
    const payload = this.#controlPayload ?? part.payload;
    this.#controlPayload = undefined;
    if (part.opcode === OPCODE.close) {
      this.happen({ type: 'close-received', frame: readClosePayload(payload) });
    } else if (this.#state.phase === 'open') {
      this.#takePingOrPong(part.opcode, payload);
    }
  }

  #takePingOrPong(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.pong) {
      this.#roundTrips?.end(payload, this.#settings.watch.nowMs());
      this.#call(() => this.#handlers.pong?.(Buffer.from(payload)));
      return;
    }
    if (this.#settings.autoPong !== false) this.#sendControl(OPCODE.pong, payload);
    this.#call(() => this.#handlers.ping?.(Buffer.from(payload)));
  }

  #sendControl(opcode: number, payload: Uint8Array): void {
    if (!this.outlet.control(opcode, payload)) this.#fail('outgoing-overflow');
  }

  #fail(code: 'outgoing-overflow' | 'partial-frame-timeout' | 'idle-timeout'): void {
    this.happen({ type: 'failed', error: new WireError(code) });
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
    this.happen({ type: 'failed', error: new WireError('handler-failed', undefined, { cause }) });
  }

  /** What the program gives as reason is told anyway. */
  #isReasonTold(): boolean {
    return this.phase !== 'failed' || this.#settings.tellsReasons !== false;
  }

  #do(act: Act): void {
    switch (act.act) {
      case 'send-close':
        this.outlet.close(act.code, this.#isReasonTold() ? act.reason : '');
        return;
      case 'end':
        this.pump.end();
        return;
      case 'destroy':
        this.pump.destroy();
        return;
      case 'announce':
        this.#announce(act.event);
    }
  }

  /** The owner hears of the end even when the application's handler throws. */
  #announce(event: CloseEvent): void {
    const { watch, report, closed } = this.#settings;
    watch.delete(this);
    this.outlet.giveUp();
    this.#roundTrips?.giveUp();
    this.#orReport(() => this.#assembler?.abort());
    this.deflate?.close();
    this.#tap?.close?.(event);
    if (event.error !== undefined) report(event.error, this.info);
    this.#orReport(() => this.#handlers.close?.(event));
    closed(this.#connection);
  }

  /** Runs a handler after which there is nothing left to close. */
  #orReport(handler: () => void): void {
    try {
      handler();
    } catch (cause) {
      this.#settings.report(new WireError('handler-failed', undefined, { cause }), this.info);
    }
  }

  /** Closing has a deadline, and reads on whatever was paused: only so the peer's Close frame and FIN are seen. */
  #leaveOpen(): void {
    const { watch, limits } = this.#settings;
    this.#closeDeadlineMs = watch.nowMs() + limits.closeTimeoutMs;
    this.#hasBegun = true;
    this.#isPaused = false;
    this.#goOn();
  }
}

function beginOf(handlers: ConnectionHandlers): MessageAssembler['begin'] {
  return handlers.begin === undefined ? undefined : (kind) => handlers.begin?.(kind);
}
