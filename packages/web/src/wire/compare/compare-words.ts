// The few sentences of the comparison that are the page's own. All others come with the figures.

export interface CompareWords {
  readonly repeat: string;
  readonly own: string;
  readonly ownHandshake: (up: number, down: number) => string;
  readonly ownSent: (bytes: number) => string;
  readonly ownReceived: (bytes: number) => string;
  readonly ownNothing: string;
}

export const COMPARE_WORDS: Readonly<Record<'en' | 'zh', CompareWords>> = {
  en: {
    repeat: 'Repeat it on your machine:',
    own: 'Your own connection, right now',
    ownHandshake: (up, down) =>
      `Its handshake took ${up} bytes up and ${down} down; a browser says more about itself than a program does.`,
    ownSent: (bytes) => `The last line that you sent: ${bytes} bytes.`,
    ownReceived: (bytes) => `The last line that came: ${bytes} bytes.`,
    ownNothing: 'Write a line in the room, and its bytes stand here.',
  },
  zh: {
    repeat: '在你的机器上重测：',
    own: '你此刻的连接',
    ownHandshake: (up, down) => `握手发出 ${up} 字节，收到 ${down} 字节；浏览器介绍自己的话比程序多。`,
    ownSent: (bytes) => `你最近发出的一条消息：${bytes} 字节。`,
    ownReceived: (bytes) => `最近收到的一条消息：${bytes} 字节。`,
    ownNothing: '在房间里说句话，它的字节数就会出现在这里。',
  },
};
