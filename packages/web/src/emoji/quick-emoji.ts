// What one reacts with mostly, at hand without the picker.

export const QUICK_EMOJI = ['👍', '❤️', '😂', '🎉', '😮', '🙏'] as const;

/** So many of them beside a row; the menu has all. */
export const QUICK_IN_BAR = 3;
