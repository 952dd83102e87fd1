// What close codes and opcodes mean, in both languages.
import type { Bilingual } from './text.ts';

export interface CloseCodeText extends Bilingual {
  /** Short, for instance `normal closure`. */
  readonly name: Bilingual;
  readonly rule: string;
  /** False: programs are told it, but it never stands in a frame. */
  readonly isOnWire: boolean;
}

const row = (
  name: readonly [string, string],
  text: readonly [string, string],
  isOnWire = true,
): CloseCodeText => ({
  name: { en: name[0], zh: name[1] },
  en: text[0],
  zh: text[1],
  rule: 'RFC 6455 section 7.4.1',
  isOnWire,
});

const CLOSE_CODES: Readonly<Record<number, CloseCodeText>> = {
  1000: row(['normal closure', '正常关闭'], ['What the connection was for is done.', '连接的目的已经完成。']),
  1001: row(
    ['going away', '离开'],
    ['The page is being left, or the server shuts down.', '页面正在离开，或服务器正在关闭。'],
  ),
  1002: row(
    ['protocol error', '协议错误'],
    ['The other end broke a rule of the protocol.', '对方违反了协议。'],
  ),
  1003: row(
    ['unsupported data', '不支持的数据'],
    [
      'A kind of data came that this end does not take, for instance binary.',
      '收到了本端不接受的数据类型，例如二进制。',
    ],
  ),
  1004: row(
    ['reserved', '保留'],
    ['Has no meaning yet and must not be sent.', '尚无含义，不允许发送。'],
    false,
  ),
  1005: row(
    ['no code', '没有关闭码'],
    ['A Close without a code came; never on the wire.', '收到的 Close 没有关闭码；不会出现在线路上。'],
    false,
  ),
  1006: row(
    ['abnormal closure', '异常关闭'],
    [
      'The connection ended without a Close: cut, reset, refused or timed out. Never on the wire; the end that sees it makes it up.',
      '连接没有经过 Close 就结束：被切断、重置、拒绝或超时。不会出现在线路上，由看到的一端自己得出。',
    ],
    false,
  ),
  1007: row(
    ['invalid payload', '无效数据'],
    [
      'A message did not fit its type, for instance text that is no UTF-8.',
      '消息内容与类型不符，例如文本不是 UTF-8。',
    ],
  ),
  1008: row(['policy violation', '违反策略'], ['Against a rule of the application.', '违反了应用的规定。']),
  1009: row(
    ['message too big', '消息太大'],
    ['The message is larger than this end takes.', '消息超过本端接受的大小。'],
  ),
  1010: row(
    ['extension missing', '缺少扩展'],
    ['The client needs an extension that the server did not agree on.', '客户端需要的扩展服务器没有同意。'],
  ),
  1011: row(['internal error', '内部错误'], ['The server met a fault of its own.', '服务器自身出错。']),
  1012: row(
    ['service restart', '服务重启'],
    ['The server restarts: connect again soon.', '服务器正在重启：稍后重连。'],
  ),
  1013: row(['try again later', '稍后再试'], ['The server is overloaded.', '服务器过载。']),
  1014: row(
    ['bad gateway', '网关错误'],
    ['A proxy got no valid answer from the server behind it.', '代理没有从后面的服务器得到有效应答。'],
  ),
  1015: row(
    ['TLS failed', 'TLS 失败'],
    ['The TLS handshake failed; never on the wire.', 'TLS 握手失败；不会出现在线路上。'],
    false,
  ),
};

export function closeCodeText(code: number): CloseCodeText {
  const known = CLOSE_CODES[code];
  if (known) return known;
  if (code >= 4000 && code <= 4999)
    return {
      ...row(['private', '私有'], ['The two ends have agreed on its meaning.', '含义由双方自行约定。']),
      rule: 'RFC 6455 section 7.4.2',
    };
  if (code >= 3000 && code <= 3999)
    return {
      ...row(
        ['registered', '已登记'],
        ['For libraries and frameworks, registered at IANA.', '给库和框架使用，在 IANA 登记。'],
      ),
      rule: 'RFC 6455 section 7.4.2',
    };
  return {
    ...row(['unknown', '未知'], ['Has no meaning and must not be sent.', '没有定义，不允许发送。'], false),
    rule: 'RFC 6455 section 7.4.2',
  };
}

export interface OpcodeText extends Bilingual {
  readonly name: string;
  readonly nameZh: string;
  readonly rule: string;
}

const opcodes: Readonly<Record<number, OpcodeText>> = {
  0: {
    name: 'continuation',
    nameZh: '延续',
    en: 'The next fragment of the message that is open.',
    zh: '未完成消息的下一个分片。',
    rule: 'RFC 6455 section 5.4',
  },
  1: {
    name: 'text',
    nameZh: '文本',
    en: 'A text message, or its first fragment. Text is UTF-8.',
    zh: '文本消息或它的第一个分片，编码为 UTF-8。',
    rule: 'RFC 6455 section 5.6',
  },
  2: {
    name: 'binary',
    nameZh: '二进制',
    en: 'A message of bytes, or its first fragment.',
    zh: '二进制消息或它的第一个分片。',
    rule: 'RFC 6455 section 5.6',
  },
  8: {
    name: 'close',
    nameZh: '关闭',
    en: 'Begins or answers the closing handshake.',
    zh: '开始或应答关闭握手。',
    rule: 'RFC 6455 section 5.5.1',
  },
  9: {
    name: 'ping',
    nameZh: 'ping',
    en: 'Are you there? Answered by a pong with the same payload.',
    zh: '还在吗？对方用相同负载的 pong 回答。',
    rule: 'RFC 6455 section 5.5.2',
  },
  10: {
    name: 'pong',
    nameZh: 'pong',
    en: 'The answer to a ping, or a sign of life nobody asked for.',
    zh: '对 ping 的回答，也可以是主动的心跳。',
    rule: 'RFC 6455 section 5.5.3',
  },
};

export function opcodeText(opcode: number): OpcodeText {
  const known = opcodes[opcode];
  if (known) return known;
  return {
    name: `reserved ${opcode}`,
    nameZh: `保留 ${opcode}`,
    en: 'Has no meaning yet: who receives it must fail the connection.',
    zh: '尚未定义：收到它的一端必须断开连接。',
    rule: 'RFC 6455 section 5.2',
  };
}
