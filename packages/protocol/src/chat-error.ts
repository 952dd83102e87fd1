// The one table of refusals. A code is stable: programs may branch on it; the sentence is for people and may change.

interface ChatErrorKind {
  /** Status where the refusal travels over HTTP. */
  readonly httpStatus: number;
  /** May the same command be sent again unchanged? `later`: after `retryAfterMs` or a back-off. */
  readonly retry: 'no' | 'later';
  readonly message: string;
}

export const CHAT_ERRORS = {
  'bad-json': {
    httpStatus: 400,
    retry: 'no',
    message: 'A command is one JSON object in one text message.',
  },
  'bad-command': {
    httpStatus: 400,
    retry: 'no',
    message: 'A field of the command is missing or has the wrong shape.',
  },
  'unknown-type': { httpStatus: 400, retry: 'no', message: 'There is no command of this type.' },
  'binary-message': { httpStatus: 400, retry: 'no', message: 'Commands are text messages, not binary ones.' },
  'hello-first': { httpStatus: 401, retry: 'no', message: 'Say who you are first.' },
  'already-greeted': { httpStatus: 409, retry: 'no', message: 'This connection already has an author.' },
  'bad-token': {
    httpStatus: 401,
    retry: 'no',
    message: 'This token belongs to nobody here. Say hello without it to get a new one.',
  },
  'name-empty': { httpStatus: 400, retry: 'no', message: 'A name has at least one visible character.' },
  'name-too-long': { httpStatus: 400, retry: 'no', message: 'A name has at most 64 characters.' },
  'name-characters': {
    httpStatus: 400,
    retry: 'no',
    message: 'A name has no control, formatting or unpaired surrogate characters.',
  },
  'name-not-nfc': {
    httpStatus: 400,
    retry: 'no',
    message: 'A name is in Unicode normalisation form NFC.',
  },
  'name-taken': {
    httpStatus: 409,
    retry: 'later',
    message:
      'Somebody present already bears this name. Choose another, or bring the token that it was given with.',
  },
  'name-differs': {
    httpStatus: 409,
    retry: 'later',
    message:
      'The author of this token is here under another name. Use that one, or close the other connection first.',
  },
  'no-room': { httpStatus: 404, retry: 'no', message: 'There is no such room.' },
  'not-joined': { httpStatus: 403, retry: 'no', message: 'Join the room before you write in it.' },
  'text-empty': { httpStatus: 400, retry: 'no', message: 'A message has at least one visible character.' },
  'text-too-long': {
    httpStatus: 413,
    retry: 'no',
    message: 'A message text has at most 16384 bytes of UTF-8 (16 KiB).',
  },
  'text-characters': { httpStatus: 400, retry: 'no', message: 'A message text is well-formed Unicode.' },
  'draft-conflict': {
    httpStatus: 409,
    retry: 'no',
    message: 'This draftId was used for another text. A draftId names one message for ever.',
  },
  'no-target': { httpStatus: 404, retry: 'no', message: 'There is no message with this seq in the room.' },
  'not-yours': { httpStatus: 403, retry: 'no', message: 'Only its author may change a message.' },
  'target-deleted': { httpStatus: 410, retry: 'no', message: 'The message has been deleted.' },
  'bad-emoji': { httpStatus: 400, retry: 'no', message: 'A reaction is exactly one emoji.' },
  'too-many-reactions': {
    httpStatus: 409,
    retry: 'no',
    message: 'The message has as many different reactions as it can bear. Use one of those.',
  },
  'bad-title': {
    httpStatus: 400,
    retry: 'no',
    message: 'A title is one line of 1 to 128 bytes of UTF-8.',
  },
  'bad-topic': {
    httpStatus: 400,
    retry: 'no',
    message: 'A topic is one line of at most 1024 bytes of UTF-8.',
  },
  'room-fixed': {
    httpStatus: 403,
    retry: 'no',
    message: 'Title and topic of rooms are fixed on this server.',
  },
  'bad-query': { httpStatus: 400, retry: 'no', message: 'A query parameter has the wrong shape.' },
  'history-changed': {
    httpStatus: 409,
    retry: 'no',
    message:
      'What you have is not what the room says now: something in it was deleted since, or the log was restored. Download it anew.',
  },
  'too-many-downloads': {
    httpStatus: 429,
    retry: 'later',
    message: 'Too many downloads are under way. Wait for one to end.',
  },
  'no-job': {
    httpStatus: 404,
    retry: 'no',
    message: 'There is no such download of yours. Those that are made to be fetched are kept for 24 hours.',
  },
  cancelled: {
    httpStatus: 410,
    retry: 'no',
    message: 'It was taken back before it was sent.',
  },
  'rate-limited': { httpStatus: 429, retry: 'later', message: 'Too fast. Wait a little and send it again.' },
  busy: {
    httpStatus: 503,
    retry: 'later',
    message: 'The server has too much to write. Send it again shortly.',
  },
  'storage-failed': {
    httpStatus: 503,
    retry: 'later',
    message: 'The server could not store this, and nothing of it was kept. Send it again.',
  },
  'shutting-down': {
    httpStatus: 503,
    retry: 'later',
    message: 'The server is restarting. Reconnect in a moment.',
  },
  internal: {
    httpStatus: 500,
    retry: 'later',
    message: 'Something failed inside the server; it has been logged.',
  },
} as const satisfies Record<string, ChatErrorKind>;

export type ChatErrorCode = keyof typeof CHAT_ERRORS;

export const isChatErrorCode = (code: string): code is ChatErrorCode => Object.hasOwn(CHAT_ERRORS, code);

/** An operating error of the chat: somebody asked for what cannot be had now, or at all. */
export class ChatError extends Error {
  readonly code: ChatErrorCode;
  /** For `retry: 'later'`: how long to wait, in milliseconds, when the server knows. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ChatErrorCode,
    options: { message?: string; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(options.message ?? CHAT_ERRORS[code].message, { cause: options.cause });
    this.name = 'ChatError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}
