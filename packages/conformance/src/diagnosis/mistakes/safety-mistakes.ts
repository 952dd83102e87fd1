// Compression, what protects a server, and what is only good to know. Data only.
import { type Mistake, say } from '../mistake.ts';

const DEFLATE = {
  severity: 'mistake',
  layer: 'deflate',
  explains: [],
  cases: ['12.', '13.', '17.'],
} as const;
const SAFETY = { severity: 'risk', layer: 'safety', explains: [], cases: [] } as const;

export const SAFETY_MISTAKES = {
  'deflate-answer-unfit': {
    ...{ ...DEFLATE, rfc: 'RFC 7692 5.1, 7.1' },
    title: say(
      'It agrees to compression in a way that was not offered.',
      '它同意的压缩方式不是客户端提出的。',
    ),
    expected: say(
      'An answer that fits one of the offers: what was asked of the server is in it, and nothing that the client did not offer.',
      '回答要符合某一个提议：对服务器的要求都写在里面，客户端没提的都不要写。',
    ),
    why: say(
      'A client must fail the connection at an answer that it did not offer.',
      '回答与提议不符时，客户端必须断开连接。',
    ),
    mend: say(
      'Repeat server_no_context_takeover and server_max_window_bits when they were offered (or decline the offer); write client_max_window_bits only if it was offered.',
      '对方提出了 server_no_context_takeover 或 server_max_window_bits，就要写进回答（或者拒绝这个提议）；client_max_window_bits 只有对方提过才能写。',
    ),
  },
  'deflate-agreed-not-used': {
    ...{
      ...DEFLATE,
      rfc: 'RFC 7692 5, 6, 7.2',
      explains: ['context-kept-though-declined', 'context-not-kept', 'deflate-broken'],
    },
    title: say(
      'It agrees to permessage-deflate and then does not do it.',
      '它同意了 permessage-deflate，却没有照做。',
    ),
    expected: say(
      'A message whose first frame has RSV1 is inflated before it is used; what one sends may be compressed.',
      '首帧带 RSV1 的消息要先解压再使用；自己发送时可以压缩。',
    ),
    why: say(
      'Every browser offers it, and sends compressed messages from the moment it is agreed on.',
      '所有浏览器都会提出它，一旦同意，发来的消息就是压缩的。',
    ),
    mend: say(
      'Either leave Sec-WebSocket-Extensions out of the answer, or: zlib.inflateRawSync(Buffer.concat([payload, Buffer.from([0, 0, 0xff, 0xff])]), { finishFlush: Z_SYNC_FLUSH }).',
      '要么不在响应里写 Sec-WebSocket-Extensions，要么 zlib.inflateRawSync(Buffer.concat([payload, Buffer.from([0, 0, 0xff, 0xff])]), { finishFlush: Z_SYNC_FLUSH })。',
    ),
  },
  'deflate-broken': {
    ...{ ...DEFLATE, rfc: 'RFC 7692 7.2.1' },
    title: say('Its compressed messages cannot be inflated.', '它发出的压缩消息无法解压。'),
    expected: say(
      'Raw DEFLATE (no zlib or gzip header), ended by a sync flush whose last four bytes 00 00 ff ff are left out.',
      '裸 DEFLATE（没有 zlib 或 gzip 头），以 sync flush 结束，并去掉最后四个字节 00 00 ff ff。',
    ),
    why: say(
      'The client fails the connection at the first compressed message.',
      '客户端一收到压缩消息就会断开连接。',
    ),
    mend: say(
      'zlib.deflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4); deflateSync writes a zlib header, gzipSync one of gzip.',
      'zlib.deflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)；deflateSync 会带 zlib 头，gzipSync 会带 gzip 头。',
    ),
  },
  'context-kept-though-declined': {
    ...{ ...DEFLATE, rfc: 'RFC 7692 7.1.1.1, 7.2.1' },
    title: say(
      'It compresses with memory though it agreed to do without.',
      '它答应了不保留上下文，压缩时却还在用之前的内容。',
    ),
    expected: say(
      'After server_no_context_takeover every message can be inflated by itself.',
      '同意 server_no_context_takeover 之后，每条消息都应当能单独解压。',
    ),
    why: say(
      'The client has forgotten the messages before; it cannot inflate the second one.',
      '客户端没有留着之前的消息，第二条就解不开了。',
    ),
    mend: say(
      'Call deflate.reset() after each message, or make a new compressor for each.',
      '每条消息之后调用 deflate.reset()，或者每条都新建一个压缩器。',
    ),
  },
  'context-not-kept': {
    ...{ ...DEFLATE, rfc: 'RFC 7692 7.1.1, 7.2.2' },
    title: say(
      'It forgets what was sent before, though it agreed to remember.',
      '它答应了保留上下文，解压时却忘了之前的内容。',
    ),
    expected: say(
      'Unless it answered client_no_context_takeover, one inflater lives as long as the connection.',
      '除非回答了 client_no_context_takeover，否则同一个解压器要用到连接结束。',
    ),
    why: say(
      'Browsers refer back to earlier messages: the first compressed message works, the second does not.',
      '浏览器会引用之前消息的内容：第一条压缩消息正常，第二条就不行了。',
    ),
    mend: say(
      'Keep one zlib.createInflateRaw() for each connection; or answer "permessage-deflate; client_no_context_takeover".',
      '每条连接保留一个 zlib.createInflateRaw()；或者回答 “permessage-deflate; client_no_context_takeover”。',
    ),
  },
  'engine-io-open-missing': {
    ...{ ...SAFETY, severity: 'mistake', rfc: 'Engine.IO 4, handshake' },
    title: say(
      'It is at an Engine.IO address and sends no open packet.',
      '这是 Engine.IO 的地址，它却没有发 open 包。',
    ),
    expected: say(
      'The first message is 0{"sid":…,"pingInterval":…,"pingTimeout":…}.',
      '第一条消息是 0{"sid":…,"pingInterval":…,"pingTimeout":…}。',
    ),
    why: say('Socket.IO clients wait for it before they say anything.', 'Socket.IO 客户端要等到它才会开口。'),
    mend: say(
      'Let the Engine.IO server handle the connection (io.attach(server)); check that nothing else takes the upgrade first.',
      '把连接交给 Engine.IO 服务器（io.attach(server)）；检查是不是别的代码先处理了 upgrade。',
    ),
  },
  'cases-failed': {
    ...{ ...SAFETY, severity: 'mistake', rfc: 'RFC 6455, RFC 7692' },
    title: say(
      'It fails conformance cases that nothing above explains.',
      '有些一致性用例没有通过，而上面的发现都解释不了。',
    ),
    expected: say('What each case expects stands beside it.', '每个用例期望什么，写在它旁边。'),
    why: say(
      'Each case names the section of the RFC that it tests.',
      '每个用例都注明了它检验的是 RFC 的哪一节。',
    ),
    mend: say(
      'Look at one case alone: npm run conformance -- URL --section ID --verbose.',
      '可以单独看一个用例：npm run conformance -- URL --section ID --verbose。',
    ),
  },
  'message-limit-missing': {
    ...{ ...SAFETY, rfc: 'RFC 6455 10.4, 7.4.1', cases: ['16.'] },
    title: say('It sets no bound to the size of a message.', '它没有限制消息的大小。'),
    expected: say(
      'A bound of your choice, checked when the length is read; beyond it close with 1009.',
      '自己定一个上限，一读到长度就检查；超过就以 1009 关闭。',
    ),
    why: say('One client can fill the memory of the server.', '一个客户端就能占满服务器的内存。'),
    mend: say(
      'if (collectedBytes + length > MESSAGE_BYTES_MAX) return close(1009); before you wait for the payload, and over all fragments of a message.',
      '等负载之前先写 if (collectedBytes + length > MESSAGE_BYTES_MAX) return close(1009)，并且对一条消息的所有分片累计。',
    ),
  },
  'origin-unchecked': {
    ...{ ...SAFETY, rfc: 'RFC 6455 10.2, 4.2.2' },
    title: say('Pages of any other site may connect to it.', '任何其他网站的页面都能连上它。'),
    expected: say(
      'If browsers connect: 403 for an Origin that is not one of your pages. No Origin means a program, not a browser.',
      '如果有浏览器连接：Origin 不是自己的页面就回 403。没有 Origin 说明是程序，不是浏览器。',
    ),
    why: say(
      "A page elsewhere can open a WebSocket with your visitor's cookies and act in their name. Where there are no cookies and all is public, leave it.",
      '别处的页面可以带着访客的 Cookie 打开 WebSocket，以他的名义行事。如果不用 Cookie、内容全是公开的，可以不管。',
    ),
    mend: say(
      "const { origin } = request.headers; if (origin !== undefined && !ALLOWED_ORIGINS.includes(origin)) return end('HTTP/1.1 403 Forbidden\\r\\nConnection: close\\r\\n\\r\\n');",
      "const { origin } = request.headers; if (origin !== undefined && !ALLOWED_ORIGINS.includes(origin)) return end('HTTP/1.1 403 Forbidden\\r\\nConnection: close\\r\\n\\r\\n');",
    ),
  },
  'slow-handshake-never-cut': {
    ...{ ...SAFETY, rfc: 'RFC 6455 10.4' },
    title: say('It waits long for the rest of a handshake.', '握手只来了一半，它会等很久。'),
    expected: say(
      'The connection is cut when the request is not complete within some seconds.',
      '几秒之内请求没有到齐，就断开连接。',
    ),
    why: say(
      'Whoever opens many connections and sends half a request on each uses up the sockets of the server.',
      '有人开很多连接、每条只发半个请求，就能耗尽服务器的 socket。',
    ),
    mend: say(
      'socket.setTimeout(10_000, () => socket.destroy()) until the 101 is written; with node:http: server.headersTimeout = 10_000 and connectionsCheckingInterval: 1_000.',
      '写出 101 之前 socket.setTimeout(10_000, () => socket.destroy())；用 node:http 时设 server.headersTimeout = 10_000 和 connectionsCheckingInterval: 1_000。',
    ),
  },
  'text-as-binary': {
    ...{ ...SAFETY, layer: 'messages', rfc: 'RFC 6455 5.6', cases: ['1.1'] },
    title: say('It gives a text message back as a binary one.', '文本消息回来时成了二进制消息。'),
    expected: say('Text in, text out, if it is meant to be an echo.', '如果是要回显，收到文本就该发出文本。'),
    why: say(
      'A page gets a Blob instead of a string in event.data, and JSON.parse fails.',
      '网页在 event.data 里拿到的是 Blob 而不是字符串，JSON.parse 会失败。',
    ),
    mend: say(
      'Send with the opcode that came. With the package ws: ws.on("message", (data, isBinary) => ws.send(data, { binary: isBinary })).',
      '用收到的 opcode 发送。使用 ws 包时：ws.on("message", (data, isBinary) => ws.send(data, { binary: isBinary }))。',
    ),
  },
  'empty-message-lost': {
    ...{ ...SAFETY, severity: 'remark', layer: 'messages', rfc: 'RFC 6455 5.2', cases: ['1.1.1', '1.2.1'] },
    title: say('An empty message gets no answer.', '空消息没有得到回答。'),
    expected: say(
      'A message may have no payload at all; an echo gives it back.',
      '消息可以没有任何负载；回显应当照样送回。',
    ),
    why: say(
      'Usually a check such as `if (payload.length)` that was meant for something else.',
      '多半是 if (payload.length) 之类本来另有用途的判断。',
    ),
    mend: say(
      'Ask whether the frame is complete, not whether it has bytes: buffer.length >= headBytes + length.',
      '要判断的是帧完不完整，而不是有没有字节：buffer.length >= headBytes + length。',
    ),
  },
  'cases-letter': {
    ...{ ...SAFETY, severity: 'remark', rfc: 'RFC 6455, RFC 7692' },
    title: say('It is less strict than the RFC in some cases.', '有些情况下它不如 RFC 要求的严格。'),
    expected: say(
      'Mostly that the connection is failed, or the request refused; each case names its section.',
      '多数是要求断开连接或拒绝请求；每个用例都注明了是哪一节。',
    ),
    why: say(
      'No honest client notices, and well-known servers do the same in places; it is good to know.',
      '守规矩的客户端不会察觉，有名的服务器在个别地方也是如此；知道就好。',
    ),
    mend: say(
      'Look at one case alone: npm run conformance -- URL --section ID --verbose.',
      '可以单独看一个用例：npm run conformance -- URL --section ID --verbose。',
    ),
  },
} as const satisfies Record<string, Mistake>;
