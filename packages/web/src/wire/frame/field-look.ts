// Which colour and thread a field is drawn in, the same in the bit grid, in the hex dumps and in the legend. The colours are
// those of wires in tokens.css; the thread differs too, so that colour alone tells nothing.
import type { FieldName } from './bit-layout.ts';

export type FieldLook = 'flag' | 'reserved' | 'opcode' | 'mask' | 'length' | 'key' | 'payload';

const LOOKS: Readonly<Record<FieldName, FieldLook>> = {
  fin: 'flag',
  rsv1: 'reserved',
  rsv2: 'reserved',
  rsv3: 'reserved',
  opcode: 'opcode',
  mask: 'mask',
  length: 'length',
  extended: 'length',
  key: 'key',
  payload: 'payload',
};

export const lookOf = (name: FieldName): FieldLook => LOOKS[name];
