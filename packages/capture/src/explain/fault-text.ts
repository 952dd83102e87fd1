// What can be against the RFCs on a wire: a code, the section, and a sentence in our own words. The decoder finds faults by
// these codes; pages and terminals find the sentence of their language.
import type { WireFault } from '../decoded.ts';
import { type Bilingual, filled, type Values } from './text.ts';

interface FaultText extends Bilingual {
  readonly rule: string;
}

const ws = (section: string): string => `RFC 6455 section ${section}`;
const deflate = (section: string): string => `RFC 7692 section ${section}`;

const HANDSHAKE_FAULTS = {
  'not-http': {
    rule: ws('4.1'),
    en: 'The connection does not begin with an HTTP/1.1 head, so there is no opening handshake.',
    zh: '连接不是以 HTTP/1.1 头部开始的，因此没有握手。',
  },
  'head-too-large': {
    rule: 'RFC 9112 section 3',
    en: 'The head does not end within {limit} bytes; it is not read further.',
    zh: '头部在 {limit} 字节之内没有结束，不再继续读取。',
  },
  'line-end': {
    rule: 'RFC 9112 section 2.2',
    en: 'A line of the head ends with LF alone; lines must end with CR LF.',
    zh: '头部有一行只以 LF 结尾；每行必须以 CR LF 结尾。',
  },
  'header-line': {
    rule: 'RFC 9112 section 5',
    en: 'Line {line} of the head is no header field: it needs a name, at once a colon, and a value.',
    zh: '头部第 {line} 行不是合法的首部字段：应为名称，紧跟冒号，再跟值。',
  },
  'headers-too-many': {
    rule: 'RFC 9112 section 5',
    en: 'The head has more than {limit} fields; later ones are not shown.',
    zh: '头部超过 {limit} 个字段，后面的不再显示。',
  },
  'request-method': {
    rule: ws('4.1'),
    en: 'The method is {method}; an opening handshake is a GET.',
    zh: '请求方法是 {method}；握手请求必须是 GET。',
  },
  'request-version': {
    rule: ws('4.1'),
    en: 'The request says {version}; the opening handshake needs HTTP/1.1.',
    zh: '请求的协议版本是 {version}；握手要求 HTTP/1.1。',
  },
  'request-host': {
    rule: ws('4.1'),
    en: 'The request has {count} Host fields; it needs exactly one.',
    zh: '请求中有 {count} 个 Host 字段；必须正好一个。',
  },
  'request-upgrade': {
    rule: ws('4.1'),
    en: 'Upgrade does not name websocket.',
    zh: 'Upgrade 字段没有写 websocket。',
  },
  'request-connection': {
    rule: ws('4.1'),
    en: 'Connection does not name Upgrade.',
    zh: 'Connection 字段没有包含 Upgrade。',
  },
  'request-key': {
    rule: ws('4.1'),
    en: 'Sec-WebSocket-Key must be there once: Base64 of 16 bytes.',
    zh: 'Sec-WebSocket-Key 必须正好出现一次，内容是 16 个字节的 Base64。',
  },
  'request-websocket-version': {
    rule: ws('4.1'),
    en: 'Sec-WebSocket-Version must be 13.',
    zh: 'Sec-WebSocket-Version 必须是 13。',
  },
  'answer-version': {
    rule: ws('4.2.2'),
    en: 'The answer says {version}; a 101 of the handshake is HTTP/1.1.',
    zh: '应答的协议版本是 {version}；握手的 101 应答必须是 HTTP/1.1。',
  },
  'answer-upgrade': {
    rule: ws('4.2.2'),
    en: 'The 101 lacks `Upgrade: websocket`.',
    zh: '101 应答缺少 `Upgrade: websocket`。',
  },
  'answer-connection': {
    rule: ws('4.2.2'),
    en: 'The 101 lacks `Connection: Upgrade`.',
    zh: '101 应答缺少 `Connection: Upgrade`。',
  },
  'answer-accept-missing': {
    rule: ws('4.2.2'),
    en: 'The 101 has no Sec-WebSocket-Accept, or more than one.',
    zh: '101 应答没有 Sec-WebSocket-Accept，或不止一个。',
  },
  'answer-accept-wrong': {
    rule: ws('4.2.2'),
    en: 'Sec-WebSocket-Accept is {sent}; for this key it must be {right}.',
    zh: 'Sec-WebSocket-Accept 是 {sent}；对应这个 key 应该是 {right}。',
  },
  'answer-subprotocol': {
    rule: ws('4.2.2'),
    en: 'The answer chooses the subprotocol {value}, which was not offered.',
    zh: '应答选择了子协议 {value}，而客户端没有提出过它。',
  },
  'answer-extension': {
    rule: ws('9.1'),
    en: 'The answer agrees on the extension {value}, which was not offered.',
    zh: '应答同意了扩展 {value}，而客户端没有提出过它。',
  },
  'answer-parameter': {
    rule: deflate('7.1'),
    en: 'The answer gives permessage-deflate the parameter {value}, which it may not bear here.',
    zh: '应答给 permessage-deflate 带上了参数 {value}，这里不允许。',
  },
  'second-answer': {
    rule: ws('1.3'),
    en: 'HTTP again at byte {position}, after the switch: from the 101 on, only frames may be sent.',
    zh: '切换协议之后在第 {position} 字节处又出现了 HTTP：101 之后只能发送帧。',
  },
} as const satisfies Record<string, FaultText>;

const FRAME_FAULTS = {
  'client-unmasked': {
    rule: ws('5.1'),
    en: 'A frame from a client must be masked; this one is not.',
    zh: '客户端发出的帧必须加掩码，这一帧没有。',
  },
  'server-masked': {
    rule: ws('5.1'),
    en: 'A frame from a server must not be masked; this one is.',
    zh: '服务器发出的帧不能加掩码，这一帧加了。',
  },
  'rsv-not-agreed': {
    rule: ws('5.2'),
    en: '{bits} is set, and no extension was agreed on that gives it a meaning.',
    zh: '{bits} 被置位，但没有商定任何赋予它含义的扩展。',
  },
  'rsv1-misplaced': {
    rule: deflate('6.1'),
    en: 'RSV1 is set on a {kind} frame; it belongs on the first frame of a message only.',
    zh: 'RSV1 出现在{kind}帧上；它只能出现在消息的第一帧。',
  },
  'opcode-reserved': {
    rule: ws('5.2'),
    en: 'The opcode {opcode} has no meaning yet.',
    zh: '操作码 {opcode} 尚未定义。',
  },
  'control-fragmented': {
    rule: ws('5.5'),
    en: 'A control frame must not be fragmented, but FIN is 0.',
    zh: '控制帧不能分片，但这一帧的 FIN 是 0。',
  },
  'control-too-long': {
    rule: ws('5.5'),
    en: 'A control frame carries at most 125 bytes; this one claims {length}.',
    zh: '控制帧最多带 125 字节；这一帧声称有 {length} 字节。',
  },
  'length-not-shortest': {
    rule: ws('5.2'),
    en: 'The length {length} is written in {form} bits, though a shorter form would do.',
    zh: '长度 {length} 用了 {form} 位来写，其实更短的写法就够了。',
  },
  'length-top-bit': {
    rule: ws('5.2'),
    en: 'The top bit of the 64-bit length is 1; it must be 0.',
    zh: '64 位长度的最高位是 1；它必须是 0。',
  },
  'continuation-without-start': {
    rule: ws('5.4'),
    en: 'A continuation frame, though no message is open.',
    zh: '出现了延续帧，但没有未完成的消息。',
  },
  'message-inside-message': {
    rule: ws('5.4'),
    en: 'A new message begins before the fragments of the one before it have ended.',
    zh: '上一条消息的分片还没结束，就开始了新的消息。',
  },
  'close-one-byte': {
    rule: ws('5.5.1'),
    en: 'A Close payload of one byte: it is empty, or begins with a code of two bytes.',
    zh: 'Close 帧的负载只有 1 字节：要么为空，要么以 2 字节的关闭码开头。',
  },
  'close-code': {
    rule: ws('7.4'),
    en: 'The close code {code} must not be sent.',
    zh: '关闭码 {code} 不允许出现在线路上。',
  },
  'close-reason-utf8': {
    rule: ws('5.5.1'),
    en: 'The reason of the Close is no valid UTF-8: byte {position} of it is wrong.',
    zh: 'Close 的原因不是合法的 UTF-8：第 {position} 个字节有误。',
  },
  'after-close': {
    rule: ws('5.5.1'),
    en: 'A frame after the Close of the same end: nothing may follow it.',
    zh: '同一端发出 Close 之后又发了帧：Close 之后不能再发。',
  },
} as const satisfies Record<string, FaultText>;

const MESSAGE_FAULTS = {
  'text-utf8': {
    rule: ws('8.1'),
    en: 'The text is no valid UTF-8: byte {position} of the message is wrong.',
    zh: '文本不是合法的 UTF-8：消息的第 {position} 个字节有误。',
  },
  'inflate-failed': {
    rule: deflate('7.2.2'),
    en: 'The compressed payload cannot be inflated: {why}.',
    zh: '压缩的负载无法解压：{why}。',
  },
} as const satisfies Record<string, FaultText>;

export const FAULTS = { ...HANDSHAKE_FAULTS, ...FRAME_FAULTS, ...MESSAGE_FAULTS } as const;
export type FaultCode = keyof typeof FAULTS;

export const isFaultCode = (code: string): code is FaultCode => Object.hasOwn(FAULTS, code);

export function fault(code: FaultCode, values?: Values): WireFault {
  const { rule, en } = FAULTS[code];
  return { code, rule, message: filled(en, values), ...(values && { values }) };
}

/** The sentence in both languages; a code that this version does not know keeps the sentence that it came with. */
export function faultText({ code, message, values }: WireFault): Bilingual {
  if (!isFaultCode(code)) return { en: message, zh: message };
  return { en: filled(FAULTS[code].en, values), zh: filled(FAULTS[code].zh, zhValues(values)) };
}

const ZH_KINDS: Readonly<Record<string, string>> = { control: '控制', continuation: '延续' };

function zhValues(values: Values | undefined): Values | undefined {
  const kind = values && ZH_KINDS[String(values.kind)];
  return kind === undefined ? values : { ...values, kind };
}
