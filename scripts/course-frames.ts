// Whether bytes are whole, well-formed WebSocket frames (RFC 6455 section 5), for the `bytes` blocks of the course.
// Small on purpose, and no code of the engine: it looks at what a reader of the course would look at.
import { isUtf8 } from 'node:buffer';

/** What is wrong with these bytes as a sequence of frames; undefined when nothing is. */
export function objectionToFrames(bytes: Buffer): string | undefined {
  if (bytes.length === 0) return 'there are no bytes';
  for (let at = 0; at < bytes.length; ) {
    const frame = sizeOfFrame(bytes.subarray(at));
    if (typeof frame === 'string') return `at byte ${at}: ${frame}`;
    at += frame;
  }
  return undefined;
}

function sizeOfFrame(bytes: Buffer): number | string {
  if (bytes.length < 2) return 'the head is cut off';
  const [first, second] = [bytes.readUInt8(0), bytes.readUInt8(1)];
  const [isFinal, opcode, isMasked, form] = [first >= 0x80, first & 0x0f, second >= 0x80, second & 0x7f];
  if ((first & 0x70) !== 0) return 'a reserved bit is set';
  if (![0, 1, 2, 8, 9, 10].includes(opcode)) return `opcode ${opcode} has no meaning`;
  if (opcode >= 8 && (!isFinal || form > 125)) return 'a control frame is whole and has at most 125 bytes';
  const lengthEnd = form < 126 ? 2 : form === 126 ? 4 : 10;
  if (bytes.length < lengthEnd) return 'the length is cut off';
  const length = form < 126 ? form : form === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if ((form === 126 && length < 126) || (form === 127 && length < 65_536))
    return 'the length has a shorter form';
  const payloadAt = lengthEnd + (isMasked ? 4 : 0);
  const end = payloadAt + length;
  if (bytes.length < end) return `the payload has ${bytes.length - payloadAt} of ${length} bytes`;
  const key = isMasked ? bytes.subarray(lengthEnd, payloadAt) : Buffer.alloc(4);
  const payload = bytes.subarray(payloadAt, end).map((byte, index) => byte ^ (key[index % 4] ?? 0));
  if (opcode === 1 && isFinal && !isUtf8(payload)) return 'the text is not UTF-8';
  return end;
}
