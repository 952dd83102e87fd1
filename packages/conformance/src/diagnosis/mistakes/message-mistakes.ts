// Mistakes with messages, control frames and closing. Data only.
import { type Mistake, say } from '../mistake.ts';

const MESSAGES = { severity: 'mistake', layer: 'messages', explains: [], cases: [] } as const;
const CONTROL = { severity: 'mistake', layer: 'control', explains: [], cases: [] } as const;
const CLOSING = { severity: 'mistake', layer: 'closing', explains: [], cases: ['7.'] } as const;

export const MESSAGE_MISTAKES = {
  'text-not-utf8': {
    ...{
      ...MESSAGES,
      rfc: 'RFC 6455 5.6, 8.1',
      cases: ['6.'],
      explains: ['utf8-cut-at-chunk', 'binary-as-text', 'utf8-unchecked'],
    },
    title: say('Text beyond ASCII does not come through.', 'ASCII 以外的文本传不过去。'),
    expected: say(
      'The payload of a text message is UTF-8, read and written as such.',
      '文本消息的负载是 UTF-8，读写都要按 UTF-8。',
    ),
    why: say(
      'Everybody who writes 你好, é or an emoji sees garbage, or loses the connection.',
      '只要有人写“你好”、é 或表情，看到的就是乱码，或者掉线。',
    ),
    mend: say(
      "payload.toString('utf8') and Buffer.from(text, 'utf8'); not 'latin1', 'binary' or 'ascii', and not String.fromCharCode byte by byte.",
      "用 payload.toString('utf8') 和 Buffer.from(text, 'utf8')；不要用 'latin1'、'binary'、'ascii'，也不要逐字节 String.fromCharCode。",
    ),
  },
  'utf8-cut-at-chunk': {
    ...{ ...MESSAGES, rfc: 'RFC 6455 5.6, 8.1', cases: ['6.', '5.'] },
    title: say(
      'It decodes UTF-8 piece by piece, and breaks characters at the cut.',
      '它分段解码 UTF-8，把切口处的字符弄坏了。',
    ),
    expected: say(
      'A fragment, and a TCP read, may end in the middle of a character; the message as a whole is UTF-8.',
      '一个分片、一次 TCP 读取都可能在字符中间结束；整条消息合起来才是 UTF-8。',
    ),
    why: say(
      'A 好 has three bytes. Cut after the first, each piece alone decodes to U+FFFD (�), or is refused.',
      '“好” 有三个字节。在第一个字节之后切开，每一段单独解码都会变成 U+FFFD（�），或者被拒绝。',
    ),
    mend: say(
      'Collect the bytes: Buffer.concat(parts).toString() when the message is complete; or one TextDecoder for the message with { stream: true }.',
      '先收集字节：消息完整了再 Buffer.concat(parts).toString()；或者一条消息用同一个 TextDecoder，带 { stream: true }。',
    ),
  },
  'fragments-joined-wrongly': {
    ...{
      ...MESSAGES,
      rfc: 'RFC 6455 5.4',
      cases: ['5.', '6.', '9.', '10.'],
      explains: ['control-inside-message', 'fragment-order-unchecked', 'utf8-cut-at-chunk'],
    },
    title: say('It joins the fragments of a message wrongly.', '它把消息的分片拼错了。'),
    expected: say(
      'A message is the payloads of a frame with opcode 1 or 2 and of all frames with opcode 0 after it, in order, up to the one with FIN.',
      '一条消息由 opcode 为 1 或 2 的帧和其后所有 opcode 为 0 的帧的负载按顺序拼成，直到带 FIN 的那一帧。',
    ),
    why: say(
      'Large messages and streaming clients arrive in fragments; they come out cut, doubled or in pieces.',
      '大消息和流式发送的客户端会分片；到你这里就会缺、重复或者变成几条。',
    ),
    mend: say(
      'parts.push(payload); if (fin) { deliver(Buffer.concat(parts)); parts = []; }, and remember the opcode of the first frame: a continuation has 0.',
      'parts.push(payload); if (fin) { deliver(Buffer.concat(parts)); parts = []; }，并记住第一帧的 opcode：后续帧的 opcode 是 0。',
    ),
  },
  'control-inside-message': {
    ...{ ...MESSAGES, rfc: 'RFC 6455 5.4, 5.5', cases: ['5.'] },
    title: say('A ping between two fragments confuses it.', '两个分片之间来了 ping，它就乱了。'),
    expected: say(
      'Control frames may stand between the fragments of a message; they are answered at once and do not belong to it.',
      '控制帧可以插在一条消息的分片之间；它要立刻得到回答，而且不属于那条消息。',
    ),
    why: say(
      'A client that keeps the connection alive while it sends something large breaks it.',
      '客户端一边发大消息一边保活，就会弄坏这条消息。',
    ),
    mend: say(
      'if (opcode >= 8) { handleControl(); continue; } before you touch the parts of the message.',
      '在处理消息分片之前先写 if (opcode >= 8) { handleControl(); continue; }。',
    ),
  },
  'message-altered': {
    ...{ ...MESSAGES, rfc: 'RFC 6455 5.6', cases: ['1.'] },
    title: say('A message comes back changed.', '消息回来时变了样。'),
    expected: say('An echo gives back the same bytes.', '回显应当送回同样的字节。'),
    why: say(
      'Somewhere between reading the frame and writing the answer bytes are lost or changed.',
      '在读帧和写回答之间的某个地方，字节丢了或者变了。',
    ),
    mend: say(
      'Print the bytes of the payload after unmasking and before writing, and compare them.',
      '把去掩码之后、写出之前的负载字节打印出来比较。',
    ),
  },
  'binary-as-text': {
    ...{ ...MESSAGES, rfc: 'RFC 6455 5.6', cases: ['1.2'] },
    title: say('Binary messages are treated as text.', '二进制消息被当成文本处理。'),
    expected: say(
      'A message keeps its kind: opcode 2 in, opcode 2 out, and the same bytes.',
      '消息的类型要保持：收到 opcode 2 就用 opcode 2 发出，字节不变。',
    ),
    why: say(
      'Bytes that are no UTF-8 are replaced by U+FFFD (ef bf bd) in a string; and as text they make the client fail the connection.',
      '不是 UTF-8 的字节一进字符串就被换成 U+FFFD（ef bf bd）；作为文本发出去，客户端还会断开连接。',
    ),
    mend: say(
      'Keep the payload a Buffer, never toString() it for opcode 2, and send with the opcode that came: first = 0x80 | opcode.',
      '负载一直保持为 Buffer，opcode 2 时不要 toString()，用收到的 opcode 发出：first = 0x80 | opcode。',
    ),
  },
  'ping-unanswered': {
    ...{
      ...CONTROL,
      rfc: 'RFC 6455 5.5.2, 5.5.3',
      cases: ['2.', '5.', '10.'],
      explains: ['pong-without-payload', 'control-inside-message'],
    },
    title: say('It does not answer pings.', '它不回答 ping。'),
    expected: say(
      'A ping (opcode 9) is answered with a pong (opcode 10) that carries the same payload, as soon as is practical.',
      '收到 ping（opcode 9）要尽快回一个 pong（opcode 10），负载相同。',
    ),
    why: say(
      'Clients and proxies use pings to learn whether the other side lives; without a pong they cut the connection.',
      '客户端和代理靠 ping 判断对方是否还活着；没有 pong 就会断开连接。',
    ),
    mend: say(
      'if (opcode === 0x9) socket.write(frame(0xa, payload)), that is [0x8a, payload.length, …payload], with the payload unmasked.',
      'if (opcode === 0x9) socket.write(frame(0xa, payload))，也就是 [0x8a, payload.length, …payload]，负载要先去掩码。',
    ),
  },
  'pong-without-payload': {
    ...{ ...CONTROL, rfc: 'RFC 6455 5.5.3', cases: ['2.', '5.'] },
    title: say('Its pong does not carry the payload of the ping.', '它的 pong 没有带上 ping 的负载。'),
    expected: say(
      'A pong has exactly the application data of the ping that it answers.',
      'pong 的数据必须与它回答的 ping 完全相同。',
    ),
    why: say(
      'Clients put a number or a time into the ping to tell which one was answered and how long it took.',
      '客户端会在 ping 里放编号或时间，用来判断回答的是哪一个、花了多久。',
    ),
    mend: say(
      'Write [0x8a, payload.length, …payload] with the unmasked payload of the ping, instead of [0x8a, 0x00].',
      '写 [0x8a, payload.length, …payload]，用 ping 去掩码后的负载，而不是 [0x8a, 0x00]。',
    ),
  },
  'pong-answered': {
    ...{ ...CONTROL, rfc: 'RFC 6455 5.5.3', cases: ['2.'] },
    title: say('It does not bear a pong that it did not ask for.', '它受不了没有要求过的 pong。'),
    expected: say(
      'An unsolicited pong is a heartbeat in one direction: it is read and forgotten.',
      '不请自来的 pong 是单向心跳：读掉就行，不用回答。',
    ),
    why: say(
      'Some clients send pongs as heartbeats; two ends that answer pongs with pongs never stop.',
      '有些客户端用 pong 作心跳；两端都用 pong 回答 pong，就永远停不下来。',
    ),
    mend: say('if (opcode === 0xa) return; do nothing else.', 'if (opcode === 0xa) return；别的什么都不做。'),
  },
  'control-frame-fragmented': {
    ...{ ...CONTROL, rfc: 'RFC 6455 5.4, 5.5', cases: ['5.'] },
    title: say('It sends, or takes, control frames in fragments.', '它发出或接受了分片的控制帧。'),
    expected: say(
      'Ping, pong and Close always have FIN and come in one frame; one without FIN fails the connection (1002).',
      'ping、pong、Close 必须带 FIN、只占一帧；没有 FIN 就要以 1002 断开连接。',
    ),
    why: say(
      'The other side must fail the connection; and whoever collects them can be made to collect for ever.',
      '对方必须断开连接；而去拼接控制帧的一方，可以被骗着一直拼下去。',
    ),
    mend: say(
      'Writing: first = 0x80 | opcode for every control frame. Reading: if (opcode >= 8 && !fin) close(1002).',
      '写：控制帧一律 first = 0x80 | opcode。读：if (opcode >= 8 && !fin) close(1002)。',
    ),
  },
  'control-frame-too-long': {
    ...{ ...CONTROL, rfc: 'RFC 6455 5.5', cases: ['2.5', '7.3'] },
    title: say(
      'It sends, or takes, control frames of more than 125 bytes.',
      '它发出或接受了超过 125 字节的控制帧。',
    ),
    expected: say(
      'At most 125 bytes of payload; more fails the connection (1002).',
      '负载最多 125 字节；超过就要以 1002 断开连接。',
    ),
    why: say(
      'Control frames may come in the middle of a message and must fit without extra memory.',
      '控制帧可能插在消息中间，必须不另占内存就放得下。',
    ),
    mend: say(
      'if (opcode >= 8 && length > 125) close(1002). Cut a reason for closing to 123 bytes.',
      'if (opcode >= 8 && length > 125) close(1002)。关闭原因截到 123 字节以内。',
    ),
  },
  'close-unanswered': {
    ...{
      ...CLOSING,
      rfc: 'RFC 6455 5.5.1, 7.1.2',
      explains: ['tcp-left-open', 'data-after-close-processed', 'close-code-invalid-accepted'],
      cases: [''],
    },
    title: say('It does not answer a Close frame.', '它不回答 Close 帧。'),
    expected: say(
      'A Close frame is answered with a Close frame, usually with the same code; then the server ends TCP.',
      '收到 Close 帧要回一个 Close 帧，通常带同样的状态码；然后由服务器结束 TCP。',
    ),
    why: say(
      'The client sees 1006, "closed abnormally", instead of the code that it sent, and some wait for minutes.',
      '客户端看到的是 1006“异常关闭”，而不是自己发的状态码；有的还要等上几分钟。',
    ),
    mend: say(
      'if (opcode === 0x8) { socket.write(frame(0x8, payload.subarray(0, 2))); socket.end(); }',
      'if (opcode === 0x8) { socket.write(frame(0x8, payload.subarray(0, 2))); socket.end(); }',
    ),
  },
  'tcp-left-open': {
    ...{ ...CLOSING, rfc: 'RFC 6455 7.1.1', cases: ['7.', '18.', '2.', '5.', '1.'] },
    title: say('It leaves TCP open after the closing handshake.', '关闭握手之后，它没有结束 TCP。'),
    expected: say(
      'When both Close frames are through, the server ends TCP at once.',
      '双方的 Close 帧都发完之后，服务器应当立刻结束 TCP。',
    ),
    why: say(
      'The client waits for it, and the server keeps a socket for each visitor who has left.',
      '客户端在等它断开；而服务器会为每个离开的访客一直留着一个 socket。',
    ),
    mend: say('socket.end() after the Close frame was written.', '写完 Close 帧之后调用 socket.end()。'),
  },
  'code-1006-on-wire': {
    ...{ ...CLOSING, rfc: 'RFC 6455 7.4.1' },
    title: say(
      'It sends a close code that must never be on the wire.',
      '它在网络上发送了绝不允许出现的状态码。',
    ),
    expected: say(
      '1005, 1006 and 1015 are only names for what an end saw: no code, no Close frame, no TLS. Send 1000, 1001, 1002, 1003, 1007 to 1011, or 3000 to 4999.',
      '1005、1006、1015 只是一端对所见情况的叫法：没有状态码、没有 Close 帧、TLS 失败。能发送的是 1000、1001、1002、1003、1007–1011 或 3000–4999。',
    ),
    why: say('The client must treat it as an error in the protocol.', '客户端必须把它当作协议错误。'),
    mend: say(
      'Answer with the code that you received, or with 1000; for a Close frame without a code send one without a code: [0x88, 0x00].',
      '用收到的状态码或 1000 回答；对方的 Close 没有状态码，就回一个同样没有的：[0x88, 0x00]。',
    ),
  },
  'close-code-invalid-sent': {
    ...{ ...CLOSING, rfc: 'RFC 6455 5.5.1, 7.4' },
    title: say('Its Close frame carries no valid code.', '它的 Close 帧里没有有效的状态码。'),
    expected: say(
      'Nothing, or two bytes of code in network byte order (1000 is 03 e8) and then a reason in UTF-8.',
      '要么什么都没有，要么先是两个字节的状态码（网络字节序，1000 写作 03 e8），再是 UTF-8 的原因。',
    ),
    why: say('The client must treat it as an error in the protocol.', '客户端必须把它当作协议错误。'),
    mend: say(
      'payload.writeUInt16BE(1000, 0); codes from 1000 to 1003, 1007 to 1014, 3000 to 4999.',
      'payload.writeUInt16BE(1000, 0)；可用的是 1000–1003、1007–1014、3000–4999。',
    ),
  },
  'frames-after-close-sent': {
    ...{ ...CLOSING, rfc: 'RFC 6455 5.5.1' },
    title: say('It goes on sending after its Close frame.', '发出 Close 帧之后，它还在继续发送。'),
    expected: say('A Close frame is the last frame that an end sends.', 'Close 帧是一端发送的最后一个帧。'),
    why: say('The client no longer reads, or fails the connection.', '客户端不会再读，或者会断开连接。'),
    mend: say(
      'Set isClosing = true where the Close frame is written, and let send() do nothing from then on.',
      '写出 Close 帧时设 isClosing = true，此后 send() 什么都不做。',
    ),
  },
  'data-after-close-processed': {
    ...{ ...CLOSING, rfc: 'RFC 6455 5.5.1, 1.4' },
    title: say('It still handles frames that come behind a Close frame.', '它还在处理 Close 帧之后的帧。'),
    expected: say(
      'After a Close frame whatever else comes is thrown away.',
      '收到 Close 帧之后，再来的东西一律丢弃。',
    ),
    why: say(
      'What comes behind a goodbye is not part of the conversation; a message handled then may be posted by somebody who has left.',
      '道别之后的内容不属于这次对话；此时处理的消息，可能出自一个已经离开的人。',
    ),
    mend: say(
      'In the loop over the frames: if (opcode === 0x8) { answer, socket.end(); buffer = EMPTY; return; }',
      '在处理帧的循环里：if (opcode === 0x8) { 回答，socket.end(); buffer = EMPTY; return; }',
    ),
  },
} as const satisfies Record<string, Mistake>;
