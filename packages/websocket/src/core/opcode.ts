// The opcodes of RFC 6455 section 5.2 and 11.8, their names, and the two roles.

/** Which end of the connection we are. Clients mask, servers do not (RFC 6455 section 5.1). */
export type Role = 'server' | 'client';

/** The opcodes of RFC 6455 section 5.2; all others are reserved. */
export const OPCODE = {
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const;

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(OPCODE).map(([name, code]) => [code, name]),
);

/** Whether the RFC gives the opcode a meaning. */
export function isDefinedOpcode(opcode: number): boolean {
  return opcode <= 0x2 || (opcode >= 0x8 && opcode <= 0xa);
}

/** RSV1 where the parser reports reserved bits as 4, 2, 1: the message is compressed (RFC 7692 section 6). */
export const RSV1 = 4;

/** Control frames live at 8 and above: at most 125 bytes, never fragmented (section 5.5). */
export function isControlOpcode(opcode: number): boolean {
  return opcode >= 0x8;
}

/** `text`, `ping` …; `reserved 0x3` for a code without a name. */
export function opcodeName(opcode: number): string {
  return NAMES.get(opcode) ?? `reserved 0x${opcode.toString(16)}`;
}
