// What RFC 6455 asks of a single frame: faults out of its header, and the code and reason of a Close.
import type { WireFault } from '../decoded.ts';
import { fault } from '../explain/fault-text.ts';
import type { Direction } from '../record.ts';
import type { HeaderBits } from './frame-header.ts';
import { badUtf8At } from './utf8.ts';

/** What RSV1 may mean: compression was agreed on, was not, or the handshake is not known. */
export type Rsv1 = 'agreed' | 'not-agreed' | 'unknown';

export const isControl = (opcode: number): boolean => opcode >= 8;
const isReserved = (opcode: number): boolean => (opcode > 2 && opcode < 8) || opcode > 10;

export function headerFaults(bits: HeaderBits, direction: Direction, rsv1: Rsv1): WireFault[] {
  const faults: WireFault[] = [];
  const { opcode, payloadLength: length } = bits;
  const wrongBits = [
    bits.rsv1 && rsv1 === 'not-agreed' ? 'RSV1' : '',
    bits.rsv2 ? 'RSV2' : '',
    bits.rsv3 ? 'RSV3' : '',
  ].filter((name) => name !== '');
  if (wrongBits.length > 0) faults.push(fault('rsv-not-agreed', { bits: wrongBits.join(', ') }));
  if (bits.rsv1 && rsv1 === 'agreed' && (isControl(opcode) || opcode === 0))
    faults.push(fault('rsv1-misplaced', { kind: opcode === 0 ? 'continuation' : 'control' }));
  if (isReserved(opcode))
    faults.push(fault('opcode-reserved', { opcode: `0x${opcode.toString(16).toUpperCase()}` }));
  if (direction === 'in' && !bits.masked) faults.push(fault('client-unmasked'));
  if (direction === 'out' && bits.masked) faults.push(fault('server-masked'));
  if (isControl(opcode) && !bits.fin) faults.push(fault('control-fragmented'));
  if (isControl(opcode) && length > 125) faults.push(fault('control-too-long', { length }));
  if (!bits.isShortestForm) faults.push(fault('length-not-shortest', { length, form: bits.lengthForm }));
  if (bits.hasTopBit) faults.push(fault('length-top-bit'));
  return faults;
}

const lenient = new TextDecoder();

export function readClose(payload: Uint8Array): {
  readonly code: number | undefined;
  readonly reason: string;
} {
  if (payload.length < 2) return { code: undefined, reason: '' };
  return { code: codeOf(payload), reason: lenient.decode(payload.subarray(2)) };
}

const codeOf = (payload: Uint8Array): number => ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);

/** `length`: of the whole payload, of which only the beginning may be at hand. */
export function closeFaults(payload: Uint8Array, length: number): WireFault[] {
  if (length === 1) return [fault('close-one-byte')];
  if (payload.length < 2) return [];
  const faults: WireFault[] = [];
  const code = codeOf(payload);
  if (!isCloseCodeAllowed(code)) faults.push(fault('close-code', { code }));
  const position = length === payload.length ? badUtf8At(payload.subarray(2)) : -1;
  if (position >= 0) faults.push(fault('close-reason-utf8', { position }));
  return faults;
}

/** Which codes may stand on the wire: the registered ones, and those for libraries and programs (section 7.4.2). */
export function isCloseCodeAllowed(code: number): boolean {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}
