// Looks on at one connection by the engine's tap and makes a capture's records of it: the bytes of each TCP read and
// write, and the end. What they mean is found by @wireroom/capture.
import type { Address, BytesRecord, CaptureRecord, Direction, Micros, TlsInfo } from '@wireroom/capture';
import { type CloseEvent, type ConnectionTap, type FrameInfo, OPCODE } from '@wireroom/websocket';

export interface RecorderFacts {
  readonly connectionId: string;
  readonly recordedBy: 'client' | 'server';
  readonly gateway: 'socketio' | 'unknown';
  readonly client: Address;
  readonly server: Address;
  readonly tls: TlsInfo | undefined;
}

export class Recorder implements ConnectionTap {
  readonly #facts: RecorderFacts;
  readonly #take: (record: CaptureRecord) => void;
  readonly #offsets = { in: 0, out: 0 };
  #begunBy: 'client' | 'server' | undefined;
  #isClosed = false;
  /** The server answered with something else than 101. */
  isRefused = false;

  constructor(facts: RecorderFacts, take: (record: CaptureRecord) => void) {
    this.#facts = facts;
    this.#take = take;
    const { tls, ...rest } = facts;
    take({ kind: 'open', at: microsNow(), ...rest, ...(tls && { tls }) });
  }

  read(chunk: Uint8Array): void {
    this.#bytes(this.#facts.recordedBy === 'client' ? 'out' : 'in', chunk);
  }

  wrote(chunk: Uint8Array): void {
    this.#bytes(this.#facts.recordedBy === 'client' ? 'in' : 'out', chunk);
  }

  response(_rawHead: Buffer, steps: unknown): void {
    this.isRefused = steps === undefined;
  }

  frame(direction: 'in' | 'out', { opcode }: FrameInfo): void {
    if (opcode !== OPCODE.close) return;
    const { recordedBy } = this.#facts;
    const other = recordedBy === 'client' ? 'server' : 'client';
    this.#begunBy ??= direction === 'out' ? recordedBy : other;
  }

  /** The end, as the program was told it. Only the first one counts. */
  ended(
    event: Pick<CloseEvent, 'code' | 'reason' | 'wasClean'>,
    error?: { readonly code: string; readonly message: string },
  ): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { code, reason, wasClean } = event;
    this.#take({
      kind: 'close',
      at: microsNow(),
      ...{ code, reason, wasClean },
      ...(this.#begunBy && { begunBy: this.#begunBy }),
      ...(error && { error: { code: error.code, message: error.message } }),
    });
  }

  #bytes(direction: Direction, chunk: Uint8Array): void {
    // Copied: the engine unmasks in place.
    const bytes = Uint8Array.from(chunk);
    const record: BytesRecord = {
      kind: 'bytes',
      at: microsNow(),
      direction,
      offset: this.#offsets[direction],
      bytes,
    };
    this.#offsets[direction] += bytes.length;
    this.#take(record);
  }
}

/** Never runs backwards, whatever is done to the clock of the machine. */
export function microsNow(): Micros {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}
