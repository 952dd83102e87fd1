// What each header field of a handshake is for, who sets it, and whether a script in a page can. Data for pages, terminals
// and the course.
import type { Bilingual } from './text.ts';

export interface HeaderExplanation {
  /** As it is usually written. */
  readonly name: string;
  readonly setBy: 'browser' | 'script' | 'server' | 'proxy';
  /** Whether JavaScript in a page decides its value, and how. */
  readonly canScriptSet: boolean;
  readonly text: Bilingual;
  /** The section that defines it; absent: it is not the WebSocket's. */
  readonly rule?: string;
}

const ws = (section: string): string => `RFC 6455 section ${section}`;
type Row = Omit<HeaderExplanation, 'name' | 'canScriptSet'> & { readonly canScriptSet?: true };

const HEADERS: Readonly<Record<string, Row>> = {
  Host: {
    setBy: 'browser',
    rule: ws('4.1'),
    text: {
      en: 'The host and port of the URL. One address may serve many names; the server also compares it with Origin.',
      zh: 'URL 中的主机名和端口。同一地址可以服务多个域名；服务器也拿它和 Origin 比较。',
    },
  },
  Upgrade: {
    setBy: 'browser',
    rule: ws('4.1'),
    text: {
      en: 'Asks to leave HTTP for `websocket` on this same TCP connection; in the answer: agreed.',
      zh: '请求在同一条 TCP 连接上从 HTTP 切换到 `websocket`；在应答中表示同意。',
    },
  },
  Connection: {
    setBy: 'browser',
    rule: ws('4.1'),
    text: {
      en: 'Says that Upgrade is meant for the next hop only. A proxy that does not know this drops both, and the handshake fails.',
      zh: '说明 Upgrade 只对下一跳有效。不认识它的代理会把两者都丢掉，握手就失败。',
    },
  },
  'Sec-WebSocket-Key': {
    setBy: 'browser',
    rule: ws('4.1'),
    text: {
      en: '16 random bytes in Base64, new for each connection. No secret: it makes the server prove that it read a WebSocket handshake.',
      zh: '16 个随机字节的 Base64，每次连接都不同。它不是密钥，只是让服务器证明自己读懂了 WebSocket 握手。',
    },
  },
  'Sec-WebSocket-Version': {
    setBy: 'browser',
    rule: ws('4.1'),
    text: {
      en: 'The version of the protocol: 13, the only one in use. A server that refuses it answers 426 and names its own.',
      zh: '协议版本：13，目前唯一使用的版本。不支持时服务器用 426 应答并写出自己支持的版本。',
    },
  },
  'Sec-WebSocket-Protocol': {
    setBy: 'script',
    canScriptSet: true,
    rule: ws('1.9'),
    text: {
      en: 'Languages to speak inside the messages. The client offers (second argument of `new WebSocket`), the server chooses at most one of them.',
      zh: '消息内部使用的子协议。客户端提出（`new WebSocket` 的第二个参数），服务器最多选一个。',
    },
  },
  'Sec-WebSocket-Extensions': {
    setBy: 'browser',
    rule: ws('9.1'),
    text: {
      en: 'Changes to the framing that the client offers and the server agrees on, in practice permessage-deflate: compression per message.',
      zh: '客户端提出、服务器同意的帧层扩展，实际使用的是 permessage-deflate：按消息压缩。',
    },
  },
  'Sec-WebSocket-Accept': {
    setBy: 'server',
    rule: ws('4.2.2'),
    text: {
      en: 'Base64 of the SHA-1 of the key and a fixed GUID. Shows that the answer is to this handshake, not an old or an unrelated one.',
      zh: 'key 与固定 GUID 拼接后 SHA-1 的 Base64。证明这个应答针对的是本次握手，而不是缓存或无关的应答。',
    },
  },
  Origin: {
    setBy: 'browser',
    rule: ws('10.2'),
    text: {
      en: 'Scheme, host and port of the page whose script connects. WebSockets are not bound by the same-origin policy: the server must look at it.',
      zh: '发起连接的页面的协议、主机和端口。WebSocket 不受同源策略限制，所以服务器必须自己检查它。',
    },
  },
  Cookie: {
    setBy: 'browser',
    text: {
      en: 'The cookies of this host go along by themselves. A server that trusts them must check Origin, or any page can act as the user.',
      zh: '浏览器会自动带上该主机的 Cookie。信任它的服务器必须检查 Origin，否则任何页面都能冒用用户身份。',
    },
  },
  Authorization: {
    setBy: 'browser',
    text: {
      en: 'Proof of identity. A script in a page cannot set it on a WebSocket; programs can. Pages send a token in the first message instead.',
      zh: '身份凭证。网页脚本无法给 WebSocket 设置它，程序可以。网页通常在第一条消息里发送令牌。',
    },
  },
  'Proxy-Authorization': {
    setBy: 'browser',
    text: {
      en: 'Proof of identity towards a proxy on the way.',
      zh: '向途中的代理证明身份。',
    },
  },
  'User-Agent': {
    setBy: 'browser',
    text: { en: 'Which browser or program connects.', zh: '发起连接的浏览器或程序。' },
  },
  'Accept-Encoding': {
    setBy: 'browser',
    text: {
      en: 'Compressions of HTTP bodies. It has nothing to do with the compression of WebSocket messages.',
      zh: 'HTTP 正文的压缩方式，与 WebSocket 消息的压缩无关。',
    },
  },
  'Accept-Language': {
    setBy: 'browser',
    text: { en: 'Languages that the person reads.', zh: '用户使用的语言。' },
  },
  'Cache-Control': {
    setBy: 'browser',
    text: { en: 'No cache on the way may answer this.', zh: '要求途中的缓存不要应答。' },
  },
  Pragma: {
    setBy: 'browser',
    text: {
      en: 'The same as Cache-Control, for caches of HTTP/1.0.',
      zh: '与 Cache-Control 相同，给 HTTP/1.0 的缓存看。',
    },
  },
  'Sec-Fetch-Dest': {
    setBy: 'browser',
    text: { en: 'What the browser wants it for: `websocket`.', zh: '浏览器请求的用途：`websocket`。' },
  },
  'Sec-Fetch-Mode': {
    setBy: 'browser',
    text: { en: 'How the browser asks: `websocket`.', zh: '浏览器的请求方式：`websocket`。' },
  },
  'Sec-Fetch-Site': {
    setBy: 'browser',
    text: {
      en: 'How the page is related to this server: same-origin, same-site or cross-site.',
      zh: '页面与服务器的关系：同源、同站或跨站。',
    },
  },
  'Set-Cookie': {
    setBy: 'server',
    text: {
      en: 'A cookie for the browser to keep; a 101 may set one too.',
      zh: '让浏览器保存的 Cookie；101 应答也可以设置。',
    },
  },
  Date: { setBy: 'server', text: { en: 'When the server answered.', zh: '服务器应答的时间。' } },
  Server: { setBy: 'server', text: { en: 'Which program serves.', zh: '服务器程序的名称。' } },
  'Content-Length': {
    setBy: 'server',
    text: {
      en: 'Bytes of the body. A 101 has none: what follows are frames.',
      zh: '正文字节数。101 没有正文，后面就是帧。',
    },
  },
  'Content-Type': {
    setBy: 'server',
    text: { en: 'What the body of a refusal is.', zh: '拒绝应答的正文类型。' },
  },
  Location: {
    setBy: 'server',
    text: {
      en: 'Where else to ask. Browsers do not follow it for a WebSocket.',
      zh: '另一个地址。浏览器的 WebSocket 不会跟随重定向。',
    },
  },
  'X-Forwarded-For': {
    setBy: 'proxy',
    text: {
      en: 'Whom the proxy speaks for. Anybody can write it: trust it from a known proxy only.',
      zh: '代理所代表的客户端地址。谁都能伪造，只能相信已知代理写的。',
    },
  },
  'X-Forwarded-Proto': {
    setBy: 'proxy',
    text: {
      en: 'Whether the client spoke http or https to the proxy.',
      zh: '客户端与代理之间是 http 还是 https。',
    },
  },
  Via: {
    setBy: 'proxy',
    text: { en: 'A proxy on the way names itself.', zh: '途中的代理写下自己的名字。' },
  },
};

const BY_LOWER_NAME: ReadonlyMap<string, HeaderExplanation> = new Map(
  Object.entries(HEADERS).map(([name, row]) => [
    name.toLowerCase(),
    { name, ...row, canScriptSet: row.canScriptSet ?? false },
  ]),
);

/** Undefined: we have nothing to say about it. The case of the name does not matter. */
export const explainHeader = (name: string): HeaderExplanation | undefined =>
  BY_LOWER_NAME.get(name.toLowerCase());

export const EXPLAINED_HEADERS: readonly string[] = Object.keys(HEADERS);
