// Remarks in the captures of the "Try it" scenes: what happens next and why. `{word}` stands for a value. Data only.
import type { LocalText } from '../scene.ts';

export const TRY_NOTES = {
  'fragments-sent': {
    en: 'Now the client sends one text message in three frames.',
    zh: '接下来客户端把一条文本消息分成三帧发送。',
  },
  'ping-between': {
    en: 'Between two fragments it sends a ping. It may: control frames do not wait for the message to end.',
    zh: '两个分片之间它发了一个 ping。这是允许的：控制帧不必等消息结束。',
  },
  'client-pings': {
    en: 'Now the client pings. The server answers with the same bytes.',
    zh: '接下来客户端发 ping，服务器用同样的字节回应。',
  },
  'server-pings': {
    en: 'Now the server pings, with bytes of its own. The client answers masked, as all that it sends.',
    zh: '轮到服务器发 ping，带着它自己的字节。客户端的回应同样做了掩码。',
  },
  'two-in-one': {
    en: 'Now the client writes two frames to TCP in one go.',
    zh: '接下来客户端把两帧一次写入 TCP。',
  },
  'cut-in-header': {
    en: 'Now the client sends the first byte of a frame, and no more.',
    zh: '接下来客户端只发送一帧的第一个字节。',
  },
  'cut-in-payload': {
    en: 'Now the rest of the header, the masking key and the beginning of the payload.',
    zh: '然后是头部的其余部分、掩码密钥和载荷的开头。',
  },
  'rest-of-frame': {
    en: 'Now the rest. Only with its last byte does the server have a message.',
    zh: '最后是剩下的部分。收到最后一个字节，服务器才得到完整的消息。',
  },
  'masked-text': {
    en: 'Now the client sends a text. On the wire it is unreadable: the mask is on it.',
    zh: '接下来客户端发送一段文本。在线路上不能直接读懂，因为加了掩码。',
  },
  'compressed-first': {
    en: 'Now the client sends a line, compressed. RSV1 is set.',
    zh: '接下来客户端发送一行压缩过的文字，RSV1 为 1。',
  },
  'compressed-again': {
    en: 'Now the same line again. Both ends still have the first one in their windows.',
    zh: '同一行再发一次。双方的窗口里都还留着第一次的内容。',
  },
  'bad-utf8-sent': {
    en: 'Now the client sends a text message that is not UTF-8.',
    zh: '接下来客户端发送一条不是 UTF-8 的文本消息。',
  },
  'unmasked-sent': {
    en: 'Now the client sends a text frame without a mask.',
    zh: '接下来客户端发送一个没有掩码的文本帧。',
  },
  'reserved-bit-sent': {
    en: 'Now the client sends a text frame with RSV2 set.',
    zh: '接下来客户端发送一个 RSV2 为 1 的文本帧。',
  },
  'reserved-opcode-sent': {
    en: 'Now the client sends a frame with opcode 3.',
    zh: '接下来客户端发送一个操作码为 3 的帧。',
  },
  'giant-claimed': {
    en: 'Now the client sends the header of a frame of one tebibyte, and not a byte of payload.',
    zh: '接下来客户端只发送帧头，声称长度为 1 TiB，载荷一个字节都没有。',
  },
  'long-form-sent': {
    en: 'Now the client sends five bytes and writes their length with 16 bits.',
    zh: '接下来客户端发送 5 个字节，却用 16 位写它的长度。',
  },
  'long-ping-sent': {
    en: 'Now the client sends a ping with 126 bytes.',
    zh: '接下来客户端发送一个 126 字节的 ping。',
  },
  'close-1006-sent': {
    en: 'Now the client sends a Close frame with code 1006.',
    zh: '接下来客户端发送代码为 1006 的 Close 帧。',
  },
  'own-bytes-sent': {
    en: 'Now the client sends your {bytes} bytes.',
    zh: '接下来客户端发送你的 {bytes} 个字节。',
  },
  'own-bytes-unfinished': {
    en: 'Your bytes end inside a frame. A Close frame would be taken for its payload, so the client hangs up.',
    zh: '你的字节停在一帧中间。这时再发 Close 帧会被当成载荷，所以客户端直接断开。',
  },
  'close-begun': {
    en: 'Now the client begins the closing handshake.',
    zh: '接下来客户端发起关闭握手。',
  },
  'reader-stops': {
    en: 'From here on the client does not read. It asks the server for much.',
    zh: '从这里起客户端不再读取，却向服务器要了很多数据。',
  },
  'reader-given-up': {
    en: 'The server has given up: {kibibytes} KiB waited in its memory, behind what the kernel had taken. Now the client reads again and finds the Close frame after all that had been under way.',
    zh: '服务器放弃了：除内核已收下的之外，还有 {kibibytes} KiB 留在它的内存里。现在客户端重新读取，在之前发出的数据之后看到 Close 帧。',
  },
  'cut-in-frame': {
    en: 'Now the client sends half a frame and resets TCP.',
    zh: '接下来客户端发送半帧，然后重置 TCP。',
  },
  'traffic-dropped': {
    en: 'From here on the proxy swallows everything for {ms} ms. What you see came as far as the proxy and no further.',
    zh: '从这里起，代理在 {ms} 毫秒内吞掉所有流量。你看到的内容只到了代理，没有再往前走。',
  },
  'server-gave-up': {
    en: 'The server has heard nothing since its ping and gives the connection up. Nor does the end of TCP pass the proxy.',
    zh: '服务器从 ping 之后什么也没收到，放弃了这条连接。TCP 的断开同样过不了代理。',
  },
  'traffic-back': {
    en: 'Traffic flows again. The server had given the connection up, and now the client learns of it.',
    zh: '流量恢复。服务器早已放弃这条连接，客户端现在才知道。',
  },
  'half-request': {
    en: 'Now the client sends half a request. The server waits {ms} ms for the rest.',
    zh: '接下来客户端只发半个请求。服务器等待其余部分 {ms} 毫秒。',
  },
  'old-version-asked': {
    en: 'Now the client asks for version 8.',
    zh: '接下来客户端请求版本 8。',
  },
  'key-left-out': {
    en: 'Now the client asks without a Sec-WebSocket-Key.',
    zh: '接下来客户端发出的请求没有 Sec-WebSocket-Key。',
  },
} as const satisfies Readonly<Record<string, LocalText>>;
