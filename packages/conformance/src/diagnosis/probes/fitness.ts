// Which servers a probe makes sense with, and the sentence for the report where it does not.
import { say, type Text } from '../mistake.ts';
import type { Known } from '../probe.ts';

const WHY = {
  echo: say(
    'the server does not echo, so one cannot see what it makes of a message',
    '服务器不回显，看不出它把消息读成了什么',
  ),
  garbled: say('what it echoes is garbled already', '它回显的内容本来就是乱的'),
  text: say('it closes the connection at text that it does not know', '遇到不认识的文本它就关闭连接'),
  pong: say('it answers no ping', '它不回答 ping'),
};

export const noEcho = ({ data }: Known): Text | undefined => {
  if (data === 'echo') return undefined;
  return data === 'garbled' ? WHY.garbled : WHY.echo;
};

export const noPong = ({ marker }: Known): Text | undefined => (marker === 'pong' ? undefined : WHY.pong);

/** Neither an echo nor a pong after a text message that it bears. */
export const noText = ({ data, marker }: Known): Text | undefined => {
  if (data === 'echo') return undefined;
  if (data === 'refused') return WHY.text;
  if (data === 'garbled') return WHY.garbled;
  return marker === 'pong' ? undefined : WHY.pong;
};
