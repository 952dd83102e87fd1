// What the engine's core makes of chunks, in the words of wire-model.ts: parser, assembler and the reading of Close frames,
// by the door of the core. For tests only.
import {
  FrameParser,
  isControlOpcode,
  MessageAssembler,
  type MessageBounds,
  type MessageInflater,
  OPCODE,
  type Role,
  RSV1,
  readClosePayload,
  WIRE_ERRORS,
  WireError,
} from '../core/core.ts';
import { nameOf } from './wire-bytes.ts';

/** As `text:hex`, `binary:hex`, `ping:hex`, `pong:hex`, `close:code:reason`, and last the code of the error. */
export function readOutcome(
  role: Role,
  chunks: readonly Buffer[],
  bounds: MessageBounds,
  inflater?: MessageInflater,
): string[] {
  const found: string[] = [];
  try {
    read(role, chunks, new MessageAssembler(bounds, inflater), {
      found,
      rsv: inflater === undefined ? 0 : RSV1,
    });
  } catch (error) {
    found.push(codeOf(error));
  }
  return found;
}

function read(
  role: Role,
  chunks: readonly Buffer[],
  assembler: MessageAssembler,
  { found, rsv }: { found: string[]; rsv: number },
): void {
  const parser = new FrameParser(role, rsv);
  let control = Buffer.alloc(0);
  for (const chunk of chunks) {
    parser.push(chunk);
    for (let part = parser.next(); part !== undefined; part = parser.next()) {
      if (!isControlOpcode(part.opcode)) {
        const message = assembler.add(part);
        if (message !== undefined) found.push(`${message.kind}:${nameOf(message.data)}`);
        continue;
      }
      control = part.isFirst ? Buffer.from(part.payload) : Buffer.concat([control, part.payload]);
      if (!part.isLast) continue;
      if (part.opcode === OPCODE.close) {
        const { code, reason } = readClosePayload(control);
        found.push(`close:${code}:${reason}`);
        return;
      }
      found.push(`${part.opcode === OPCODE.ping ? 'ping' : 'pong'}:${nameOf(control)}`);
    }
  }
}

/** The code of a documented error; anything else is thrown on. */
export function codeOf(error: unknown): string {
  if (error instanceof WireError && error.code in WIRE_ERRORS) return error.code;
  throw error;
}
