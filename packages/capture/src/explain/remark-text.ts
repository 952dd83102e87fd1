// Why something could not be shown though nobody broke a rule: bytes are missing, a limit of ours was met.
import type { Remark } from '../decoded.ts';
import type { Bilingual } from './text.ts';

export const REMARKS = {
  'bytes-missing': {
    en: 'Bytes are missing from here on; where the next frame begins is not known.',
    zh: '从这里开始缺少字节，无法知道下一帧从哪里开始。',
  },
  'payload-missing': {
    en: 'A part of the payload is missing from the capture.',
    zh: '记录中缺少一部分负载。',
  },
  'payload-cut': {
    en: 'Only the beginning of the payload is kept; its length counts all of it.',
    zh: '只保留了负载的开头；长度按全部计算。',
  },
  'context-lost': {
    en: 'It is compressed with the bytes of earlier messages, which are not known.',
    zh: '它依赖之前消息的字节来压缩，而那些字节不可知。',
  },
  'compressed-hidden': {
    en: 'It held a secret, so what it was compressed to is hidden.',
    zh: '其中含有机密，所以压缩后的内容被隐藏。',
  },
  'agreement-unknown': {
    en: 'Whether compression was agreed on is not known, for the handshake is not in the capture.',
    zh: '记录里没有握手，无法知道是否商定了压缩。',
  },
  'inflated-too-large': {
    en: 'It inflates to more than is kept; what is shown is its beginning.',
    zh: '解压后的内容超过保留上限，只显示开头。',
  },
  'length-impossible': {
    en: 'No stream is as long as this length says, so no later frame can be found.',
    zh: '没有哪个流会有这个长度，因此无法找到后面的帧。',
  },
  'no-http': {
    en: 'These bytes are no HTTP head and no frames.',
    zh: '这些字节既不是 HTTP 头部，也不是帧。',
  },
} as const satisfies Record<string, Bilingual>;
export type RemarkCode = keyof typeof REMARKS;

export const remark = (code: RemarkCode): Remark => ({ code, message: REMARKS[code].en });

export function remarkText({ code, message }: Remark): Bilingual {
  return Object.hasOwn(REMARKS, code) ? REMARKS[code as RemarkCode] : { en: message, zh: message };
}
