// What a field of a frame is called, what it says here, and what that means: the words of the bit grid.
import { type DecodedFrame, opcodeText } from '@wireroom/capture';
import type { Say } from '../words/words.ts';
import type { Field } from './bit-layout.ts';
import { charOf, hexByte } from './mask-player.ts';

/** As the program that reads it knows it: `key[2]`. */
export function fieldName(say: Say, { name, byte }: Field): string {
  switch (name) {
    case 'fin':
    case 'rsv1':
    case 'rsv2':
    case 'rsv3':
    case 'mask':
      return name.toUpperCase();
    case 'key':
      return say('field.key', { at: byte ?? 0 });
    case 'payload':
      return say('field.payload', { at: byte ?? 0 });
    default:
      return say(`field.${name}`);
  }
}

export interface FieldValue {
  /** What stands in the cell. */
  readonly shown: string;
  /** What a screen reader says. */
  readonly spoken: string;
}

export function fieldValue(say: Say, field: Field, frame: DecodedFrame): FieldValue {
  const same = (text: string): FieldValue => ({ shown: text, spoken: text });
  const { byte = 0 } = field;
  switch (field.name) {
    case 'fin':
      return same(frame.fin ? '1' : '0');
    case 'rsv1':
    case 'rsv2':
    case 'rsv3':
      return same(frame[field.name] ? '1' : '0');
    case 'mask':
      return same(frame.masked ? '1' : '0');
    case 'opcode':
      return same(`0x${frame.opcode.toString(16)} ${opcodeName(say, frame.opcode)}`);
    case 'length':
      return same(String(shortLength(frame)));
    case 'extended':
      return same(String(frame.payloadLength));
    case 'key':
      return same(hexByte(frame.maskingKey?.[byte] ?? 0));
    case 'payload':
      return payloadValue(say, frame, byte);
  }
}

function payloadValue(say: Say, frame: DecodedFrame, byte: number): FieldValue {
  const raw = frame.raw[byte] ?? 0;
  const bare = frame.payload[byte] ?? 0;
  if (!frame.masked) {
    const shown = `${hexByte(raw)} ${charOf(raw)}`;
    return { shown, spoken: shown };
  }
  return {
    shown: `${hexByte(raw)} → ${hexByte(bare)} ${charOf(bare)}`,
    spoken: say('field.payload.spoken', { raw: hexByte(raw), bare: hexByte(bare), char: charOf(bare) }),
  };
}

/** What the seven bits say: the length itself, or 126 and 127, which send the reader on. */
export const shortLength = (frame: Pick<DecodedFrame, 'lengthForm' | 'payloadLength'>): number =>
  ({ 7: frame.payloadLength, 16: 126, 64: 127 })[frame.lengthForm];

export function opcodeName(say: Say, opcode: number): string {
  const { name, nameZh } = opcodeText(opcode);
  return say.of({ en: name, zh: nameZh });
}

/** One or two sentences about the field as it stands in this frame. */
export function fieldExplanation(say: Say, field: Field, frame: DecodedFrame): string {
  const { byte = 0 } = field;
  switch (field.name) {
    case 'fin':
      return say(frame.fin ? 'about.fin.1' : 'about.fin.0');
    case 'rsv1':
      return say(frame.rsv1 ? 'about.rsv1.1' : 'about.rsv1.0');
    case 'rsv2':
    case 'rsv3':
      return say(frame[field.name] ? 'about.rsv.1' : 'about.rsv.0');
    case 'opcode':
      return say.of(opcodeText(frame.opcode));
    case 'mask':
      if (frame.direction === 'in') return say(frame.masked ? 'about.mask.in.1' : 'about.mask.in.0');
      return say(frame.masked ? 'about.mask.out.1' : 'about.mask.out.0');
    case 'length':
      return say(`about.length.${frame.lengthForm}`, { length: frame.payloadLength });
    case 'extended':
      return say(frame.isShortestForm ? 'about.extended' : 'about.extended.long', {
        bytes: frame.lengthForm / 8,
        length: frame.payloadLength,
      });
    case 'key':
      return say('about.key', { at: byte, second: byte + 4, third: byte + 8 });
    case 'payload':
      return payloadExplanation(say, frame, byte);
  }
}

function payloadExplanation(say: Say, frame: DecodedFrame, byte: number): string {
  const raw = frame.raw[byte] ?? 0;
  if (!frame.masked) return say('about.payload.plain', { at: byte, raw: hexByte(raw), char: charOf(raw) });
  const key = frame.maskingKey?.[byte % 4] ?? 0;
  const bare = frame.payload[byte] ?? 0;
  return say('about.payload.masked', {
    ...{ at: byte, slot: byte % 4, raw: hexByte(raw) },
    ...{ key: hexByte(key), bare: hexByte(bare), char: charOf(bare) },
  });
}
