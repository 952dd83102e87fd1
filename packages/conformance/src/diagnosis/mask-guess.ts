// How a payload came to be garbled: looks for the key and the place in the frame that give the bytes that came back.
// Values in, a description out.
import { masked } from '../wire/frame.ts';
import { say, type Text } from './mistake.ts';
import type { MistakeId } from './mistakes.ts';

export interface MaskGuess {
  readonly id: MistakeId;
  readonly how: Text;
}

/** Bytes that must agree before a guess is one. */
const COMPARED_BYTES_MIN = 6;

/**
 * The frame as it was sent, where its payload begins, and what came back for it. `cutAt`: where the payload was cut into
 * two writes. Undefined where no slip with the mask gives these bytes.
 */
export function guessMask(
  frame: Buffer,
  payloadAt: number,
  back: Buffer,
  cutAt?: number,
): MaskGuess | undefined {
  const key = frame.subarray(payloadAt - 4, payloadAt);
  const sent = frame.subarray(payloadAt);
  if (back.length < COMPARED_BYTES_MIN || back.equals(masked(sent, key))) return undefined;
  if (agrees(back, sent)) {
    return {
      id: 'mask-not-removed',
      how: say('The bytes that came back are still masked.', '回来的字节仍然带着掩码。'),
    };
  }
  return (
    cutMask(sent, key, back, cutAt) ??
    firstFour(sent, key, back) ??
    rotated(sent, key, back) ??
    misplaced(frame, payloadAt, back)
  );
}

/** As many bytes as there are in both, but enough of them. */
function agrees(back: Buffer, guess: Buffer): boolean {
  const length = Math.min(back.length, guess.length);
  return length >= COMPARED_BYTES_MIN && back.subarray(0, length).equals(guess.subarray(0, length));
}

const wrongOffset = (en: string, zh: string): MaskGuess => ({ id: 'wrong-mask-offset', how: say(en, zh) });

function cutMask(sent: Buffer, key: Buffer, back: Buffer, cutAt?: number): MaskGuess | undefined {
  if (cutAt === undefined) return undefined;
  const guess = Buffer.concat([masked(sent.subarray(0, cutAt), key), masked(sent.subarray(cutAt), key)]);
  if (!back.equals(guess)) return undefined;
  return wrongOffset(
    `The payload came in two reads, and after byte ${cutAt} the key started again with its first byte.`,
    `负载分两次读到，而在第 ${cutAt} 个字节之后，掩码键又从头开始用了。`,
  );
}

function firstFour(sent: Buffer, key: Buffer, back: Buffer): MaskGuess | undefined {
  const guess = Buffer.concat([masked(sent.subarray(0, 4), key), sent.subarray(4)]);
  if (!agrees(back, guess)) return undefined;
  return wrongOffset(
    'The first four bytes are right, the rest is still masked: the key is used once instead of over and over (byte i with key[i], not with key[i % 4]).',
    '前四个字节正确，其余仍然带着掩码：键只用了一遍，没有循环使用（第 i 个字节用了 key[i]，而不是 key[i % 4]）。',
  );
}

function rotated(sent: Buffer, key: Buffer, back: Buffer): MaskGuess | undefined {
  for (const shift of [1, 2, 3]) {
    const turned = Buffer.from([0, 1, 2, 3].map((i) => key[(i + shift) % 4] ?? 0));
    if (agrees(back, masked(sent, turned)))
      return wrongOffset(
        `Byte i was combined with key[(i + ${shift}) % 4] instead of key[i % 4].`,
        `第 i 个字节用了 key[(i + ${shift}) % 4]，而不是 key[i % 4]。`,
      );
  }
  for (const at of [0, 1, 2, 3]) {
    if (agrees(back, masked(sent, Buffer.alloc(4, key[at]))))
      return wrongOffset(`Every byte was combined with key[${at}] only.`, `每个字节都只用了 key[${at}]。`);
  }
  if (agrees(back, masked(sent, Buffer.from(key).reverse())))
    return wrongOffset('The key was used in the reverse order.', '掩码键的字节顺序用反了。');
  return undefined;
}

function misplaced(frame: Buffer, payloadAt: number, back: Buffer): MaskGuess | undefined {
  for (let keyAt = 0; keyAt <= payloadAt; keyAt += 1) {
    for (let at = 2; at <= payloadAt + 4; at += 1) {
      if (!agrees(back, masked(frame.subarray(at), frame.subarray(keyAt, keyAt + 4)))) continue;
      return wrongOffset(
        `Bytes ${keyAt} to ${keyAt + 3} of the frame were taken for the key and the payload from byte ${at} on; the key is bytes ${payloadAt - 4} to ${payloadAt - 1}, the payload begins at byte ${payloadAt} (counted from 0).`,
        `把帧的第 ${keyAt}–${keyAt + 3} 字节当成了掩码键，负载从第 ${at} 字节算起；其实键在第 ${payloadAt - 4}–${payloadAt - 1} 字节，负载从第 ${payloadAt} 字节开始（从 0 数起）。`,
      );
    }
  }
  return undefined;
}
