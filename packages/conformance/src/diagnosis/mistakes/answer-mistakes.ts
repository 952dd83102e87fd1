// Mistakes in the answer to the handshake: with them no client, or no browser, gets a connection. Data only.
import { type Mistake, say } from '../mistake.ts';
import { ALL_FRAMES } from './consequences.ts';

const ANSWER = { severity: 'mistake', layer: 'handshake', explains: [], cases: ['14.'] } as const;

export const ANSWER_MISTAKES = {
  'server-crashed': {
    ...{ severity: 'mistake', layer: 'server', rfc: 'RFC 6455 7.2.1', cases: [''] },
    explains: ALL_FRAMES,
    title: say('The server stopped while it was being tested.', '服务器在检查过程中停止了。'),
    expected: say(
      'Whatever a peer sends, and however it vanishes, only its own connection may end.',
      '不管对方发什么、怎么消失，结束的只能是它自己的那条连接。',
    ),
    why: say(
      'One phone that loses its network, or one bad frame, throws out everybody else.',
      '一部手机断网、一个坏帧，就会让其他所有人掉线。',
    ),
    mend: say(
      "In Node: every socket needs socket.on('error', () => socket.destroy()), since an 'error' event without a listener ends the process. Put try/catch around the parsing of a connection's bytes and end that connection in it.",
      "Node 里每个 socket 都要有 socket.on('error', () => socket.destroy())：没有监听器的 'error' 事件会让进程退出。解析某条连接的字节时用 try/catch 包住，出错只结束那条连接。",
    ),
  },
  'second-101': {
    ...{ ...ANSWER, rfc: 'RFC 6455 4.2.2, 5.2', cases: [''] },
    explains: ALL_FRAMES,
    title: say(
      'It answers frames with HTTP: the connection never becomes a WebSocket.',
      '它用 HTTP 回答帧：连接没有真正切换成 WebSocket。',
    ),
    expected: say(
      'After the 101 both sides speak frames only. HTTP is over on this connection.',
      '101 之后双方只用帧说话，这条连接上的 HTTP 到此为止。',
    ),
    why: say(
      'The client reads "HTTP/1.1 …" as a frame: 0x48 is an opcode 8 with a reserved bit, so it fails the connection.',
      '客户端会把 “HTTP/1.1 …” 当成帧来读：0x48 是 opcode 8 加一个保留位，于是连接失败。',
    ),
    mend: say(
      "Keep a state for each socket. socket.on('data', chunk => isOpen ? readFrames(chunk) : readHandshake(chunk)), and set isOpen once the 101 is written.",
      "每个 socket 记一个状态：socket.on('data', chunk => isOpen ? readFrames(chunk) : readHandshake(chunk))，写出 101 之后把 isOpen 设为 true。",
    ),
  },
  'head-unterminated': {
    ...{
      ...ANSWER,
      rfc: 'RFC 6455 4.2.2; RFC 9112 2.1',
      explains: ['lf-instead-of-crlf', 'bytes-after-head'],
    },
    title: say('The answer to the handshake has no end.', '握手的响应没有结束。'),
    expected: say(
      'An empty line ends the head: the last field, CRLF, and CRLF once more.',
      '首部以一个空行结束：最后一个字段之后是 CRLF，再来一个 CRLF。',
    ),
    why: say(
      'A client waits for the empty line; its onopen never fires.',
      '客户端一直在等那个空行，onopen 永远不会触发。',
    ),
    mend: say(
      "Write lines.join('\\r\\n') + '\\r\\n\\r\\n'. One \\r\\n ends the last field, the other one is the empty line.",
      "写 lines.join('\\r\\n') + '\\r\\n\\r\\n'：第一个 \\r\\n 结束最后一个字段，第二个就是空行。",
    ),
  },
  'lf-instead-of-crlf': {
    ...{ ...ANSWER, rfc: 'RFC 6455 4.2.2; RFC 9112 2.2', explains: ['head-unterminated'] },
    title: say('The answer ends its lines with LF instead of CRLF.', '响应的行尾用了 LF，而不是 CRLF。'),
    expected: say(
      'Every line of the head ends with CRLF, the bytes 0d 0a.',
      '首部的每一行都以 CRLF（字节 0d 0a）结尾。',
    ),
    why: say(
      'Strict clients wait for 0d 0a 0d 0a, which never comes, or refuse the answer.',
      '严格的客户端会一直等 0d 0a 0d 0a，或者干脆拒绝这个响应。',
    ),
    mend: say(
      "Write '\\r\\n' after each line. In a template literal a line break in the source is an LF: use ['HTTP/1.1 101 …', …].join('\\r\\n').",
      "每行之后写 '\\r\\n'。模板字符串里的换行只是 LF：改用 ['HTTP/1.1 101 …', …].join('\\r\\n')。",
    ),
  },
  'bytes-after-head': {
    ...{ ...ANSWER, rfc: 'RFC 6455 4.2.2', cases: [''] },
    explains: ALL_FRAMES,
    title: say('Stray bytes follow the answer to the handshake.', '握手响应后面多出了字节。'),
    expected: say(
      'The first byte after the empty line is the first byte of a frame.',
      '空行之后的第一个字节就是帧的第一个字节。',
    ),
    why: say(
      'The client reads 0d 0a as the beginning of a frame (opcode 13) and fails the connection.',
      '客户端把 0d 0a 当成帧的开头（opcode 13），于是连接失败。',
    ),
    mend: say(
      "End the head with exactly '\\r\\n\\r\\n'. If you join lines with '\\r\\n', add one empty element for the empty line and one for its end, no more. A 101 has no body.",
      "首部恰好以 '\\r\\n\\r\\n' 结尾。用 '\\r\\n' 连接各行时不要多加空元素。101 没有消息体。",
    ),
  },
  'wrong-status-line': {
    ...{ ...ANSWER, rfc: 'RFC 6455 4.2.2' },
    title: say(
      'The first line of the answer is not "HTTP/1.1 101 Switching Protocols".',
      '响应的第一行不是 “HTTP/1.1 101 Switching Protocols”。',
    ),
    expected: say(
      'HTTP/1.1, a blank, 101, a blank, and a reason phrase.',
      'HTTP/1.1、空格、101、空格，再加一段说明文字。',
    ),
    why: say(
      'Any status but 101 means to a client that the protocol was not switched.',
      '状态码只要不是 101，客户端就认为协议没有切换。',
    ),
    mend: say(
      "socket.write('HTTP/1.1 101 Switching Protocols\\r\\n' + …). With node:http listen to 'upgrade' and write to its socket, instead of using response.writeHead(200).",
      "socket.write('HTTP/1.1 101 Switching Protocols\\r\\n' + …)。用 node:http 时监听 'upgrade' 事件、往它给的 socket 里写，不要用 response.writeHead(200)。",
    ),
  },
  'upgrade-header-missing': {
    ...{ ...ANSWER, rfc: 'RFC 6455 4.2.2' },
    title: say('The answer lacks "Upgrade: websocket".', '响应缺少 “Upgrade: websocket”。'),
    expected: say('Upgrade: websocket', 'Upgrade: websocket'),
    why: say(
      'Section 4.1 obliges the client to fail the connection without it; browsers do.',
      '第 4.1 节规定，没有它客户端必须放弃连接；浏览器正是这样做的。',
    ),
    mend: say(
      "Add the line 'Upgrade: websocket\\r\\n' to the 101.",
      "在 101 里加上一行 'Upgrade: websocket\\r\\n'。",
    ),
  },
  'connection-header-missing': {
    ...{ ...ANSWER, rfc: 'RFC 6455 4.2.2' },
    title: say('The answer lacks "Connection: Upgrade".', '响应缺少 “Connection: Upgrade”。'),
    expected: say('Connection: Upgrade', 'Connection: Upgrade'),
    why: say(
      'Section 4.1 obliges the client to fail the connection without it, and proxies drop the Upgrade field without it.',
      '第 4.1 节规定，没有它客户端必须放弃连接；代理也会因此丢掉 Upgrade 字段。',
    ),
    mend: say(
      "Add the line 'Connection: Upgrade\\r\\n' to the 101.",
      "在 101 里加上一行 'Connection: Upgrade\\r\\n'。",
    ),
  },
  'accept-missing': {
    ...{ ...ANSWER, rfc: 'RFC 6455 4.2.2' },
    title: say('The answer lacks Sec-WebSocket-Accept.', '响应缺少 Sec-WebSocket-Accept。'),
    expected: say(
      'Sec-WebSocket-Accept with the Base64 of SHA-1(key + GUID).',
      'Sec-WebSocket-Accept，值为 SHA-1(键 + GUID) 的 Base64。',
    ),
    why: say(
      'The accept value proves that the server has read this very request as a WebSocket handshake; without it every client gives up.',
      'accept 值证明服务器确实把这个请求当成 WebSocket 握手读了；没有它，所有客户端都会放弃。',
    ),
    mend: say(
      "createHash('sha1').update(key + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64')",
      "createHash('sha1').update(key + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64')",
    ),
  },
  'accept-constant': {
    ...{ ...ANSWER, rfc: 'RFC 6455 4.2.2' },
    title: say('The accept value is the same for every key.', '不管键是什么，accept 值都一样。'),
    expected: say('A value computed from the key of this request.', '用本次请求的键算出来的值。'),
    why: say(
      'Each connection brings a fresh random key, so a value that was copied from an example fits none of them.',
      '每条连接的键都是新的随机数，从例子里抄来的值对谁都不合适。',
    ),
    mend: say(
      "Read the key from the request: createHash('sha1').update(request.headers['sec-websocket-key'] + GUID).digest('base64'). If the value is the hash of \"undefined\", the key was not found in the headers.",
      "从请求里读键：createHash('sha1').update(request.headers['sec-websocket-key'] + GUID).digest('base64')。如果得到的是 “undefined” 的哈希，说明没有从首部里取到键。",
    ),
  },
  'wrong-guid': {
    ...{ ...ANSWER, rfc: 'RFC 6455 1.3, 4.2.2' },
    title: say('The accept value is made with a wrong GUID.', 'accept 值用了错误的 GUID。'),
    expected: say(
      'The GUID is 258EAFA5-E914-47DA-95CA-C5AB0DC85B11, in upper case, 36 characters.',
      'GUID 是 258EAFA5-E914-47DA-95CA-C5AB0DC85B11，大写，36 个字符。',
    ),
    why: say(
      'Every client computes the value itself and compares; one wrong letter and it gives up ("Incorrect Sec-WebSocket-Accept header value").',
      '每个客户端都会自己算一遍再比较；错一个字母就放弃（“Incorrect Sec-WebSocket-Accept header value”）。',
    ),
    mend: say(
      "Copy it from RFC 6455 section 1.3: const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'. Test: the key dGhlIHNhbXBsZSBub25jZQ== must give s3pPLMBiTxaQ9kYGzzhZRbK+xOo=.",
      "从 RFC 6455 第 1.3 节复制：const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'。自测：键 dGhlIHNhbXBsZSBub25jZQ== 应得到 s3pPLMBiTxaQ9kYGzzhZRbK+xOo=。",
    ),
  },
  'accept-over-wrong-string': {
    ...{ ...ANSWER, rfc: 'RFC 6455 4.2.2' },
    title: say('The accept value is computed over the wrong string.', 'accept 值是对错误的字符串计算的。'),
    expected: say(
      'SHA-1 over the key exactly as it stands in the request (24 characters, not decoded, nothing around it), directly followed by the GUID.',
      '对请求里原样的键（24 个字符，不解码，前后没有别的东西）直接接上 GUID，做 SHA-1。',
    ),
    why: say(
      'Every client computes the value itself and compares; another string gives another value.',
      '每个客户端都会自己算一遍再比较；字符串不同，结果就不同。',
    ),
    mend: say(
      'sha1(key.trim() + GUID), with the key as text. Test: the key dGhlIHNhbXBsZSBub25jZQ== must give s3pPLMBiTxaQ9kYGzzhZRbK+xOo=.',
      'sha1(key.trim() + GUID)，键按文本处理。自测：键 dGhlIHNhbXBsZSBub25jZQ== 应得到 s3pPLMBiTxaQ9kYGzzhZRbK+xOo=。',
    ),
  },
  'accept-wrong-digest': {
    ...{ ...ANSWER, rfc: 'RFC 6455 4.2.2' },
    title: say('The accept value has the wrong hash or encoding.', 'accept 值用错了哈希或编码。'),
    expected: say(
      'The 20 raw bytes of the SHA-1 in Base64: 28 characters with one "=" at the end.',
      'SHA-1 的 20 个原始字节做 Base64：28 个字符，末尾一个 “=”。',
    ),
    why: say('Every client computes the value itself and compares.', '每个客户端都会自己算一遍再比较。'),
    mend: say(
      "createHash('sha1').update(key + GUID).digest('base64'): the Base64 is made of the bytes, not of their hex text.",
      "createHash('sha1').update(key + GUID).digest('base64')：Base64 是对字节做的，不是对十六进制文本做的。",
    ),
  },
  'subprotocol-not-offered': {
    ...{ ...ANSWER, rfc: 'RFC 6455 4.2.2, 4.1' },
    title: say('It chooses a subprotocol that the client did not offer.', '它选了客户端没有提出的子协议。'),
    expected: say(
      'One of the names in the request, spelled the same, or no Sec-WebSocket-Protocol field at all.',
      '请求里列出的名字之一，写法相同；或者根本不写 Sec-WebSocket-Protocol。',
    ),
    why: say(
      'A client must fail the connection; browsers do so at once.',
      '客户端必须放弃连接；浏览器会立刻这样做。',
    ),
    mend: say(
      'const chosen = offered.find(name => supported.includes(name)); write the field only if there is one.',
      'const chosen = offered.find(name => supported.includes(name))；找到了才写这个字段。',
    ),
  },
  'subprotocol-list-echoed': {
    ...{ ...ANSWER, rfc: 'RFC 6455 4.2.2, 11.3.4' },
    title: say(
      'It sends the whole list of subprotocols back instead of choosing one.',
      '它把整个子协议列表送了回来，而不是选一个。',
    ),
    expected: say(
      'Exactly one of the offered names, or no field.',
      '提出的名字里恰好一个，或者不写这个字段。',
    ),
    why: say(
      'The list as a whole is a name that nobody offered: browsers fail the connection when a page offers two.',
      '整个列表作为一个名字没人提出过：页面提出两个子协议时，浏览器会放弃连接。',
    ),
    mend: say(
      "offered = value.split(',').map(name => name.trim()); answer with the first one that you support.",
      "offered = value.split(',').map(name => name.trim())；回答其中第一个你支持的。",
    ),
  },
  'extension-not-offered': {
    ...{ ...ANSWER, rfc: 'RFC 6455 4.2.2, 9.1', explains: ['deflate-answer-unfit'] },
    title: say('It accepts an extension that the client did not offer.', '它接受了客户端没有提出的扩展。'),
    expected: say(
      'Only extensions from the request, or no Sec-WebSocket-Extensions field.',
      '只能是请求里提出的扩展，或者不写 Sec-WebSocket-Extensions。',
    ),
    why: say(
      'A client must fail the connection: it would not understand the frames.',
      '客户端必须放弃连接：那样的帧它看不懂。',
    ),
    mend: say(
      'Do not copy the field of the request into the answer, and write none if you implement no extension.',
      '不要把请求里的这个字段抄进响应；没有实现扩展就不要写它。',
    ),
  },
} as const satisfies Record<string, Mistake>;
