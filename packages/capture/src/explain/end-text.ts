// Why a connection ended, and what the wire feed refused, for people. Both come with an English sentence of whoever ended or
// refused; here are the Chinese ones, by their codes. A code that this version does not know keeps its sentence.
import type { Bilingual } from './text.ts';

/** What an end or a refusal comes with. */
export interface Coded {
  readonly code: string;
  readonly message: string;
}

const HANDSHAKE_ENDS = {
  'head-malformed': '这些字节不是 HTTP/1.1 消息的头部。',
  'head-too-large': '请求头超过长度上限。',
  'head-too-many-headers': '请求的首部字段超过数量上限。',
  'head-timeout': '请求头没有及时到达。',
  'head-cut': '对方在握手中途离开了。',
  'http-version': 'WebSocket 要求 HTTP/1.1。',
  'method-not-get': 'WebSocket 握手必须是 GET 请求。',
  'target-invalid': '请求目标既不是路径，也不是 http 地址。',
  'host-invalid': 'Host 首部缺失、重复或格式不对。',
  'upgrade-missing': '请求没有要求升级到 websocket。',
  'connection-missing': 'Connection 首部没有写 upgrade。',
  'version-unsupported': 'Sec-WebSocket-Version 不是 13。',
  'version-repeated': 'Sec-WebSocket-Version 出现了不止一次。',
  'key-invalid': 'Sec-WebSocket-Key 不是 16 字节的单个 Base64 值。',
  'subprotocols-malformed': 'Sec-WebSocket-Protocol 不是由记号组成的列表。',
  'extensions-malformed': 'Sec-WebSocket-Extensions 不是扩展列表。',
  'request-has-body': 'WebSocket 握手请求不能带正文。',
  'not-for-us': '这个端口上没有程序应答此请求。',
  'decision-failed': '程序未能对请求作出决定。',
  'decision-timeout': '程序没有及时对请求作出决定。',
  'too-many-handshakes': '正在进行的握手太多。',
  'shutting-down': '服务器正在关闭。',
  'tls-failed': 'TLS 握手失败。',
  'accept-failed': '系统无法接受新的连接。',
  'connect-failed': '无法连接到服务器。',
  'connect-timeout': '服务器没有及时完成握手。',
  'connect-aborted': '调用方放弃了连接。',
  'response-refused': '服务器的应答不是 101。',
  'redirect-refused': '服务器要求重定向，这里不跟随。',
  'redirect-invalid': '服务器重定向到的不是 WebSocket 地址。',
  'redirects-exceeded': '重定向次数超过上限。',
  'response-invalid': '服务器应答了 101，却没有表明使用 WebSocket。',
  'accept-mismatch': 'Sec-WebSocket-Accept 与发出的 key 不匹配。',
  'subprotocol-unoffered': '服务器选了一个客户端没有提出的子协议。',
  'extension-unoffered': '服务器选了一个客户端没有提出的扩展。',
  'extension-acceptance-invalid': '服务器接受扩展的方式与客户端提出的不一致。',
} as const;

const OPEN_ENDS = {
  'reserved-bits': '保留位被置 1，而没有扩展赋予它含义。',
  'opcode-reserved': '操作码没有定义。',
  'control-fragmented': '控制帧的 FIN 为 0。',
  'control-too-long': '控制帧的负载超过 125 字节。',
  'mask-missing': '客户端发来的帧没有加掩码。',
  'mask-unexpected': '服务器发来的帧加了掩码。',
  'length-not-shortest': '长度没有用最短的形式表示。',
  'length-impossible': '64 位长度的最高位被置 1。',
  'continuation-unexpected': '延续帧前面没有可延续的消息。',
  'continuation-missing': '上一条消息还没结束，就开始了新的消息。',
  'message-too-large': '消息超过大小上限。',
  'frame-too-large': '帧超过大小上限。',
  'too-many-fragments': '消息的分片超过数量上限。',
  'deflate-data-invalid': '压缩消息的负载不是 DEFLATE 数据。',
  'inflation-too-steep': '消息解压后膨胀的倍数超过上限。',
  'utf8-invalid': '文本消息不是 UTF-8。',
  'close-payload-invalid': 'Close 帧的负载只有一个字节。',
  'close-code-invalid': 'Close 帧里的状态码不允许发送。',
  'close-reason-invalid': 'Close 帧里的原因不是 UTF-8。',
  'too-many-control-frames': '每秒的控制帧超过上限。',
  'partial-frame-timeout': '帧或消息只开了头，没有继续。',
  'idle-timeout': '超过时限没有任何消息往来。',
  'outgoing-overflow': '对方读得太慢。',
  'handler-failed': '程序处理消息时出错。',
  'close-timeout': '对方没有及时应答 Close 帧。',
  'pong-timeout': '发出 ping 之后没有任何回音。',
  'ended-without-close': '对方没有发 Close 帧就结束了 TCP。',
  'not-open': '连接已经不再打开。',
  'connection-lost': 'TCP 连接断了。',
} as const;

const ENDS: Readonly<Record<string, string>> = { ...HANDSHAKE_ENDS, ...OPEN_ENDS };

const REFUSALS: Readonly<Record<string, string>> = {
  'bad-command': '这不是线路观察的命令。请发送 JSON，每条文本消息一个对象。',
  'watch-first': '第一个命令必须是 watch，并带上要观察其连接的访客的令牌。',
  'already-watching': '这条连接已经在观察。要观察另一位访客，请另开一条连接。',
  'bad-token': '这个令牌不属于任何人。',
  'too-many-watchers': '同时观察的太多。请先关闭另一个检视器。',
  'rate-limited': '太快了。请稍等再发。',
  'no-connection': '你没有这个名字的已记录连接，也许它早已结束。',
  'already-following': '这条连接已经在跟随。',
  'too-many-followed': '同时跟随的连接太多。请先取消跟随一条。',
  'not-a-member': '回执只给房间的成员。',
  'not-open': '连接已经关闭，不能再对它操作。',
  'no-scene': '这里没有这个名字的场景。',
  'bad-bytes': '字节用十六进制写，每个两位；只有 own-bytes 场景接受它们。',
  'already-playing': '已有一个场景在播放，请先停止它。',
  'too-many-plays': '这台服务器上正在播放的场景太多，请稍后再试。',
  'no-play': '没有这个名字的场景在播放。',
  internal: '服务器内部出错，已记入日志。',
  'connection-lost': '与记录的连接断开了。',
  'no-answer': '服务器没有及时应答。',
};

/** Of the error in a close record, by the engine's codes. */
export const endText = (error: Coded): Bilingual => inBoth(ENDS, error);

/** Of a refusal of the wire feed, or of the client that could not ask it. */
export const refusalText = (refusal: Coded): Bilingual => inBoth(REFUSALS, refusal);

const inBoth = (texts: Readonly<Record<string, string>>, { code, message }: Coded): Bilingual => ({
  en: message,
  zh: Object.hasOwn(texts, code) ? (texts[code] ?? message) : message,
});
