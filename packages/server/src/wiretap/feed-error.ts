// What the wire feed refuses, by stable codes with a sentence for people: the one table of them. docs/spec/wire-feed.md shows it.

export const FEED_ERRORS = {
  'bad-command': 'This is no command of the wire feed. Send JSON, one object per text message.',
  'watch-first': 'The first command is watch, with the token of the guest whose connections are to be shown.',
  'already-watching': 'This connection watches already. Open another one for another guest.',
  'bad-token': 'This token belongs to nobody.',
  'too-many-watchers': 'Too many watch already. Close another inspector first.',
  'rate-limited': 'Too fast. Wait a little and send it again.',
  'no-connection': 'You have no recorded connection of this name. It may have ended too long ago.',
  'already-following': 'This connection is followed already.',
  'too-many-followed': 'Too many connections are followed at once. Unfollow one first.',
  'not-a-member': 'Receipts are given to members of the room alone.',
  'not-open': 'The connection is not open any more: nothing can be done to it.',
  'no-scene': 'There is no scene of this name here.',
  'bad-bytes': 'Bytes are written in hexadecimal, two digits each, and only the scene own-bytes takes them.',
  'already-playing': 'A scene is being played already. Stop it first.',
  'too-many-plays': 'Too many scenes are being played on this server. Try again in a moment.',
  'no-play': 'No scene of this name is being played.',
  internal: 'Something failed inside the server; it has been logged.',
} as const;

export type FeedErrorCode = keyof typeof FEED_ERRORS;

export class FeedError extends Error {
  readonly code: FeedErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: FeedErrorCode,
    options: { readonly message?: string; readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(options.message ?? FEED_ERRORS[code], { cause: options.cause });
    this.name = 'FeedError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}
