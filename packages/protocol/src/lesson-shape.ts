// The shapes of the lesson's Socket.IO chat: what travels in `message` events between its page and the Socket.IO gateway.
import type { Entry } from './entry.ts';

export const LESSON_COMMAND_TYPES = ['LOGIN', 'CHAT', 'LEAVE'] as const;

/** What a client of the lesson receives. `sender` is there on what people wrote, absent on notices. */
export type LessonMessage =
  | { readonly type: 'LOGIN' | 'LEAVE'; readonly message: string }
  | { readonly type: 'CHAT'; readonly message: string; readonly sender: string }
  | { readonly type: 'TOKEN'; readonly token: string }
  | { readonly type: 'ERROR'; readonly code: string; readonly message: string };

/** An entry as the lesson's page understands it. */
export function lessonMessage(entry: Entry): LessonMessage {
  switch (entry.type) {
    case 'message':
      return { type: 'CHAT', message: entry.text, sender: entry.author.name };
    case 'join':
      return { type: 'LOGIN', message: `${entry.author.name}加入了聊天` };
    case 'leave':
      return { type: 'LEAVE', message: `${entry.author.name}离开了聊天` };
  }
}
