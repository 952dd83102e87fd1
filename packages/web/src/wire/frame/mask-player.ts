// Which byte of a payload is being unmasked, and whether it goes on by itself: the state of the masking player. Pure;
// MaskPlayer.tsx draws it and has the clock.

export interface MaskPlayer {
  /** Bytes that are done: the byte with this index is next. From 0 to `length`. */
  readonly done: number;
  readonly length: number;
  readonly isPlaying: boolean;
}

export type MaskAction =
  | { readonly type: 'play' }
  | { readonly type: 'pause' }
  | { readonly type: 'step'; readonly by: 1 | -1 }
  | { readonly type: 'seek'; readonly to: number }
  /** The clock: one more byte. Nothing while it stands. */
  | { readonly type: 'tick' };

export const maskPlayer = (length: number): MaskPlayer => ({ done: 0, length, isPlaying: false });

export function playMask(player: MaskPlayer, action: MaskAction): MaskPlayer {
  switch (action.type) {
    case 'play':
      if (player.length === 0) return player;
      // From the end it begins again.
      return { ...player, isPlaying: true, done: player.done === player.length ? 0 : player.done };
    case 'pause':
      return { ...player, isPlaying: false };
    case 'step':
      return { ...player, isPlaying: false, done: clamp(player.done + action.by, player.length) };
    case 'seek':
      return { ...player, isPlaying: false, done: clamp(action.to, player.length) };
    case 'tick': {
      if (!player.isPlaying) return player;
      const done = clamp(player.done + 1, player.length);
      return { ...player, done, isPlaying: done < player.length };
    }
  }
}

const clamp = (value: number, length: number): number => Math.max(0, Math.min(length, value));

/** The eight bits of a byte, as text. */
export const binary = (byte: number): string => byte.toString(2).padStart(8, '0');

export const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');

/** How a byte is shown as a character: itself if it is printable ASCII, else a dot. */
export const charOf = (byte: number): string =>
  byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
