// UTF-8 as RFC 3629 has it: the text, or where it stops being one. Frames and messages ask; nothing is repaired.

const fatal = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export type Utf8 =
  | { readonly text: string; readonly badAt?: undefined }
  | { readonly text?: undefined; readonly badAt: number };

/** `isWhole` false: the bytes are a beginning, which may end inside a character. */
export function readUtf8(bytes: Uint8Array, { isWhole }: { readonly isWhole: boolean }): Utf8 {
  const end = isWhole ? bytes.length : bytes.length - unfinishedTail(bytes);
  try {
    return { text: fatal.decode(end === bytes.length ? bytes : bytes.subarray(0, end)) };
  } catch {
    return { badAt: badUtf8At(bytes.subarray(0, end)) };
  }
}

/** Index of the first byte with which no valid text goes on; of the length where it ends inside a character. -1: valid. */
export function badUtf8At(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    const length = sequenceLength(lead);
    if (length === 0) return at;
    for (let step = 1; step < length; step++) {
      const byte = bytes[at + step];
      const [low, high] = step === 1 ? secondByteRange(lead) : PLAIN_RANGE;
      if (byte === undefined || byte < low || byte > high) return at + step;
    }
    at += length;
  }
  return -1;
}

const PLAIN_RANGE = [0x80, 0xbf] as const;

/** No overlong forms, no surrogates, nothing above U+10FFFF: the second byte says it. */
function secondByteRange(lead: number): readonly [number, number] {
  if (lead === 0xe0) return [0xa0, 0xbf];
  if (lead === 0xed) return [0x80, 0x9f];
  if (lead === 0xf0) return [0x90, 0xbf];
  if (lead === 0xf4) return [0x80, 0x8f];
  return PLAIN_RANGE;
}

/** 0: no character begins like that. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

/** How many bytes at the end begin a character and do not finish it. */
function unfinishedTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}
