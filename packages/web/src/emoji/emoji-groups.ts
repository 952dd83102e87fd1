// The emoji that the picker offers, by group: few enough to be looked over, all of them such as the server takes. Loaded with the
// picker. Screen readers know their names.

/** Columns of the picker. Each group fills its rows, so that up and down stay in the column. */
export const COLUMNS = 8;

export const EMOJI_GROUPS = {
  faces: [
    ...['😀', '😄', '😂', '🤣', '🙂', '😉', '😍', '🥰'],
    ...['😎', '🤔', '😮', '😅', '😢', '😭', '😴', '😡'],
    ...['🤯', '🥳', '😇', '🙃', '😬', '🙄', '🤗', '🫡'],
  ],
  hands: [
    ...['👍', '👎', '👌', '👏', '🙏', '🙌', '💪', '👋'],
    ...['🤝', '✌️', '🤞', '👀', '🫶', '☝️', '👉', '🤷'],
  ],
  signs: [
    ...['❤️', '🧡', '💛', '💚', '💙', '💜', '💔', '💯'],
    ...['✅', '❌', '❓', '❗', '⭐', '🔥', '✨', '🎉'],
  ],
  things: [
    ...['☕', '🍵', '🍺', '🍎', '🍜', '🎂', '🍉', '🥟'],
    ...['🐱', '🐶', '🐼', '🦆', '🌱', '🌈', '☀️', '🌧️'],
    ...['🚀', '🐛', '🔧', '📌', '📎', '📚', '💡', '🏆'],
  ],
} as const satisfies Record<string, readonly string[]>;

export type EmojiGroup = keyof typeof EMOJI_GROUPS;

export const GROUP_NAMES = ['faces', 'hands', 'signs', 'things'] as const satisfies readonly EmojiGroup[];
