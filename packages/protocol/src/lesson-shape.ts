// The shapes of the lesson's Socket.IO chat: what travels in `message` events between its page and the Socket.IO gateway.
import type { Author, Entry } from './entry.ts';

export const LESSON_COMMAND_TYPES = ['LOGIN', 'CHAT', 'LEAVE'] as const;

/**
 * What a client of the lesson receives. `sender` is there on what people wrote, absent on notices: a page that knows only those
 * two shows whatever else happens as a notice.
 */
export type LessonMessage =
  | {
      readonly type: 'LOGIN' | 'LEAVE' | 'EDIT' | 'DELETE' | 'RENAME' | 'TOPIC';
      readonly message: string;
    }
  | { readonly type: 'CHAT'; readonly message: string; readonly sender: string }
  | { readonly type: 'TOKEN'; readonly token: string }
  | { readonly type: 'ERROR'; readonly code: string; readonly message: string };

export const joinNotice = ({ name }: Author): LessonMessage => ({
  type: 'LOGIN',
  message: `${name}加入了聊天`,
});

/** An entry as the lesson's page understands it; `undefined` for what the lesson has no words for. */
export function lessonMessage(entry: Entry): LessonMessage | undefined {
  const { name } = entry.author;
  switch (entry.type) {
    case 'message':
      // What was deleted before this reader came to it, like the edits of it, has no text to show.
      return entry.deleted ? undefined : { type: 'CHAT', message: entry.text, sender: name };
    case 'edit':
      return entry.deleted ? undefined : { type: 'EDIT', message: `${name}修改了一条消息：${entry.text}` };
    case 'delete':
      return { type: 'DELETE', message: `${name}删除了一条消息` };
    case 'rename':
      return { type: 'RENAME', message: `${name}把房间改名为：${entry.title}` };
    case 'topic':
      return { type: 'TOPIC', message: topicNotice(name, entry.topic) };
    case 'join':
      return joinNotice(entry.author);
    case 'leave':
      return { type: 'LEAVE', message: `${name}离开了聊天` };
    case 'react':
    case 'unreact':
      return undefined;
  }
}

const topicNotice = (name: string, topic: string): string =>
  topic === '' ? `${name}清除了话题` : `${name}把话题改为：${topic}`;
