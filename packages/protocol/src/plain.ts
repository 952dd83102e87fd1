// An entry of its own: errors and bounds, for threads that check nothing of what comes from outside. The schemas of the main entry, and
// zod with them, take some ten MiB in each thread that loads them.
export { CHAT_ERRORS, ChatError, type ChatErrorCode } from './chat-error.ts';
export { LIMITS } from './limits.ts';
