// What the server was taken for, in a sentence.
import { say, type Text } from './mistake.ts';
import type { Known } from './probe.ts';

const DATA: Readonly<Record<Known['data'], Text>> = {
  echo: say('an echo server', '回显服务器'),
  garbled: say('an echo server that garbles what it echoes', '回显内容被弄乱的回显服务器'),
  taken: say('a server that takes text and does not echo it', '接收文本但不回显的服务器'),
  refused: say(
    'a server that closes the connection at text that it does not know',
    '遇到不认识的文本就关闭连接的服务器',
  ),
  unknown: say('a server that answers neither text nor pings', '既不回答文本也不回答 ping 的服务器'),
};

export function kindText({ data, protocol, speaksFirst, broadcasts }: Known): Text {
  if (protocol === 'engine.io')
    return say('an Engine.IO server, as under Socket.IO', 'Engine.IO 服务器（Socket.IO 的底层）');
  const { en, zh } = DATA[data];
  const more: Text[] = [];
  if (speaksFirst) more.push(say('it speaks first', '连上后它先说话'));
  if (broadcasts) more.push(say('it hands on to others what one says', '它会把一个人说的话转给其他人'));
  if (more.length === 0) return say(en, zh);
  return say(
    `${en}; ${more.map((one) => one.en).join('; ')}`,
    `${zh}；${more.map((one) => one.zh).join('；')}`,
  );
}
