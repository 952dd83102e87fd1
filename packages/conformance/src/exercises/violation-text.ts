// What a server must not send, in Chinese: the sentences of wire/frame-reader.ts, which knows English only.
import { type Words, words } from './grade.ts';

/** Numbers in the English are taken over, in their order. */
const CHINESE: readonly (readonly [english: string, chinese: string])[] = [
  ['bytes after the Close frame', 'Close 帧之后还有字节'],
  ['a masked frame', '带掩码的帧（服务器发的不许带）'],
  ['a frame without a mask', '没有掩码的帧'],
  ['a length that is not in its shortest form', '长度没有用最短的写法'],
  ['a frame of # bytes', '一个 # 字节的帧'],
  ['a frame with opcode #', '操作码为 # 的帧'],
  ['reserved bits # on opcode #', '保留位为 #、操作码为 # 的帧'],
  ['a control frame in fragments', '分片的控制帧'],
  ['a control frame of more than 125 bytes', '超过 125 个字节的控制帧'],
  ['a continuation of nothing', '没有开头的后续帧'],
  ['a message inside another', '上一条消息没有完就开始的新消息'],
  ['a Close frame of one byte', '只有一个字节的 Close 帧'],
  ['a reason for closing that is not UTF-8', '不是 UTF-8 的关闭理由'],
  ['close code #', '不能上线路的关闭代码 #'],
  ['a message without end', '没完没了的消息'],
  ['a text message that is not UTF-8', '不是 UTF-8 的文本消息'],
];

/** The same violation in both languages; what is not known stays English. */
export function violationText(what: string): Words {
  const found = CHINESE.find(([english]) => patternOf(english).test(what));
  if (found === undefined) return words(what, what);
  const [, ...numbers] = patternOf(found[0]).exec(what) ?? [];
  return words(
    found[1].replaceAll('#', () => numbers.shift() ?? ''),
    what,
  );
}

const patternOf = (english: string): RegExp => new RegExp(`^${english.replaceAll('#', '(\\d+)')}$`);
