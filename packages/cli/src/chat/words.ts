// What `wireroom chat` says, in both languages.
import type { NoticeItem } from '@wireroom/client';
import type { Language } from '../terminal/language.ts';

export interface Words {
  readonly yourName: (remembered: string | undefined) => string;
  readonly nameNeeded: string;
  readonly entered: (room: string, people: number) => string;
  readonly hint: string;
  readonly joined: (name: string) => string;
  readonly left: (name: string) => string;
  readonly renamed: (name: string, title: string) => string;
  readonly topicSet: (name: string, topic: string) => string;
  readonly connecting: string;
  readonly offline: (seconds: number) => string;
  readonly catchingUp: string;
  readonly joining: string;
  readonly sending: string;
  readonly waiting: string;
  readonly failed: (why: string) => string;
  readonly moreWaiting: (count: number) => string;
  readonly older: (from: number, to: number) => string;
  readonly olderEnd: string;
  readonly noOlder: string;
  readonly startsAgain: string;
  readonly leftOut: (count: number) => string;
  readonly names: (count: number, names: string) => string;
  readonly namesMore: (count: number) => string;
  readonly noCommand: (name: string) => string;
  readonly nothingFailed: string;
  readonly backAgain: string;
  readonly stopped: (why: string) => string;
  readonly unsent: (count: number) => string;
  readonly forgotten: (url: string) => string;
  readonly nothingRemembered: (url: string) => string;
  readonly notKept: string;
  readonly help: readonly (readonly [command: string, meaning: string])[];
}

const en: Words = {
  yourName: (remembered) =>
    remembered === undefined ? 'Your name: ' : `Your name (Enter for ${remembered}): `,
  nameNeeded: 'Who speaks? Give a name: wireroom chat --name Ada',
  entered: (room, people) => `${room} · ${people === 1 ? 'you are alone here' : `${people} people here`}`,
  hint: '/help lists the commands, /older shows what was said before, /quit leaves',
  joined: (name) => `${name} joined`,
  left: (name) => `${name} left`,
  renamed: (name, title) => `${name} named the room “${title}”`,
  topicSet: (name, topic) => `${name} set the topic: ${topic}`,
  connecting: 'connecting …',
  offline: (seconds) =>
    `offline; trying again ${seconds <= 0 ? 'now' : `in ${seconds} s (Enter: now)`}. You can go on writing.`,
  catchingUp: 'catching up …',
  joining: 'entering the room …',
  sending: 'sending …',
  waiting: 'waits',
  failed: (why) => `not sent: ${why} /retry or /discard`,
  moreWaiting: (count) => `and ${count} more`,
  older: (from, to) => `earlier: #${from} to #${to}`,
  olderEnd: 'back to now',
  noOlder: 'There is nothing earlier.',
  startsAgain: 'the room starts again',
  leftOut: (count) => `${count} left out here; /older shows them`,
  names: (count, names) => `${count} here: ${names}`,
  namesMore: (count) => `and ${count} more`,
  noCommand: (name) => `There is no /${name}; /help lists what there is. To say it as it is, begin with //.`,
  nothingFailed: 'Everything was sent, or is on its way.',
  backAgain: 'connected again',
  stopped: (why) => `The server ended the visit: ${why}`,
  unsent: (count) => `${count === 1 ? 'One message was' : `${count} messages were`} not sent.`,
  forgotten: (url) => `Name and token for ${url} are forgotten.`,
  nothingRemembered: (url) => `Nothing was remembered about ${url}.`,
  notKept: 'Your token cannot be kept on this disk: next time you are somebody else.',
  help: [
    ['/older', 'shows what was said before'],
    ['/names', 'who is here'],
    ['/retry', 'sends again what failed'],
    ['/discard', 'drops what failed or waits'],
    ['/quit', 'leaves; so does Ctrl-D. Ctrl-C only disconnects: come back soon and nobody notices'],
    ['//text', 'says /text'],
  ],
};

const zh: Words = {
  yourName: (remembered) =>
    remembered === undefined ? '你的名字：' : `你的名字（直接回车就用 ${remembered}）：`,
  nameNeeded: '用什么名字发言？请指定：wireroom chat --name 小明',
  entered: (room, people) => `${room} · ${people === 1 ? '目前只有你一个人' : `${people} 人在线`}`,
  hint: '/help 查看命令，/older 查看更早的消息，/quit 离开',
  joined: (name) => `${name} 加入了聊天`,
  left: (name) => `${name} 离开了聊天`,
  renamed: (name, title) => `${name} 把房间改名为“${title}”`,
  topicSet: (name, topic) => `${name} 更新了话题：${topic}`,
  connecting: '正在连接……',
  offline: (seconds) =>
    `连接断开，${seconds <= 0 ? '正在重连' : `${seconds} 秒后重连（按回车立即重试）`}。可以继续输入。`,
  catchingUp: '正在补齐消息……',
  joining: '正在进入房间……',
  sending: '发送中……',
  waiting: '待发送',
  failed: (why) => `发送失败：${why} /retry 重发，/discard 丢弃`,
  moreWaiting: (count) => `还有 ${count} 条`,
  older: (from, to) => `更早的消息：#${from} 至 #${to}`,
  olderEnd: '回到现在',
  noOlder: '没有更早的消息了。',
  startsAgain: '房间的记录已重新开始',
  leftOut: (count) => `中间有 ${count} 条未显示，/older 可以查看`,
  names: (count, names) => `${count} 人在线：${names}`,
  namesMore: (count) => `另有 ${count} 人`,
  noCommand: (name) => `没有 /${name} 这个命令，/help 查看全部命令。想原样发送，请以 // 开头。`,
  nothingFailed: '没有发送失败的消息。',
  backAgain: '已重新连接',
  stopped: (why) => `服务器结束了这次会话：${why}`,
  unsent: (count) => `有 ${count} 条消息没有发出。`,
  forgotten: (url) => `已删除 ${url} 的名字和令牌。`,
  nothingRemembered: (url) => `没有保存过 ${url} 的任何信息。`,
  notKept: '令牌无法保存到磁盘，下次进来会被当作另一个人。',
  help: [
    ['/older', '查看更早的消息'],
    ['/names', '谁在线'],
    ['/retry', '重发失败的消息'],
    ['/discard', '丢弃失败或待发送的消息'],
    ['/quit', '离开房间（Ctrl-D 也一样）；Ctrl-C 只断开连接，一分钟内回来别人不会察觉'],
    ['//文字', '发送 /文字'],
  ],
};

export const WORDS: Readonly<Record<Language, Words>> = { en, zh };

/** What a notice says, in one line. Its words are somebody's: `harmless` makes them fit to print. */
export function noticeOf(item: NoticeItem, words: Words, harmless: (text: string) => string): string {
  const name = harmless(item.author.name);
  const text = harmless(item.text ?? '');
  switch (item.what) {
    case 'join':
      return words.joined(name);
    case 'leave':
      return words.left(name);
    case 'rename':
      return words.renamed(name, text);
    case 'topic':
      return words.topicSet(name, text);
  }
}
