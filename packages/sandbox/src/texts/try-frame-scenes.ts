// The texts of the "Try it" scenes about frames: what is done, what to look at, and the rule behind it. Data only.
import type { Scene } from '../scene.ts';

export const TRY_FRAME_SCENES: readonly Scene[] = [
  {
    name: 'masking',
    group: 'try',
    title: { en: 'One text message', zh: '发一条文本消息' },
    summary: {
      en: 'The client sends one short text, the server sends it back. Compare the two frames: the one from the client is masked with four random bytes, the one from the server is not.',
      zh: '客户端发一小段文本，服务器原样返回。对比这两帧：客户端发出的帧用四个随机字节做了掩码，服务器发出的没有。',
    },
    rule: {
      section: 'RFC 6455 section 5.3',
      text: {
        en: 'A client masks every frame with a fresh key that cannot be guessed: byte i of the payload is XORed with byte i mod 4 of the key.',
        zh: '客户端的每一帧都要用新的、不可预测的密钥做掩码：载荷的第 i 个字节与密钥的第 i mod 4 个字节异或。',
      },
    },
  },
  {
    name: 'fragmented-message',
    group: 'try',
    title: { en: 'A message in three frames', zh: '一条消息分三帧' },
    summary: {
      en: 'The client sends one text message in three frames, with a ping between them. Look at FIN and at the opcodes: only the first frame says "text", only the last one has FIN set, and the ping does not belong to the message.',
      zh: '客户端把一条文本消息分成三帧发送，中间还插了一个 ping。留意 FIN 和操作码：只有第一帧写着“文本”，只有最后一帧的 FIN 为 1，而 ping 不属于这条消息。',
    },
    rule: {
      section: 'RFC 6455 section 5.4',
      text: {
        en: 'A message may be cut into frames: the first bears its type, the others opcode 0, the last one FIN. Control frames may stand in between, other messages may not.',
        zh: '消息可以分片：第一帧带类型，其余各帧操作码为 0，最后一帧置 FIN。分片之间可以插入控制帧，不能插入别的消息。',
      },
    },
  },
  {
    name: 'ping',
    group: 'try',
    title: { en: 'Ping and pong', zh: 'ping 与 pong' },
    summary: {
      en: 'First the client pings, then the server. Each pong carries the same bytes as its ping; the time between them is the round trip.',
      zh: '先由客户端发 ping，再由服务器发。每个 pong 都带回与 ping 相同的字节，两者的时间差就是往返时延。',
    },
    rule: {
      section: 'RFC 6455 section 5.5.3',
      text: {
        en: 'Whoever gets a ping answers as soon as it can with a pong that carries the same bytes.',
        zh: '收到 ping 的一端要尽快用 pong 回应，并带上同样的字节。',
      },
    },
  },
  {
    name: 'two-frames-one-write',
    group: 'try',
    title: { en: 'Two frames in one write', zh: '一次写入两帧' },
    summary: {
      en: 'Two messages leave the client in a single write and arrive in a single TCP read. The server answers both: a read is not a frame.',
      zh: '两条消息一次写出，服务器一次 TCP 读取就全部收到。服务器对两条都作了回应：一次读取不等于一帧。',
    },
    rule: {
      section: 'RFC 6455 section 5.2',
      text: {
        en: 'Where a frame ends is said by its own header, never by where TCP happened to cut.',
        zh: '帧在哪里结束由它自己的头部决定，与 TCP 在哪里切开无关。',
      },
    },
  },
  {
    name: 'frame-in-three-writes',
    group: 'try',
    title: { en: 'One frame in three writes', zh: '一帧分三次写入' },
    summary: {
      en: 'One frame arrives in three TCP reads; the first cut is inside its two-byte header. Look at the marks of the reads inside the frame: the server has to keep what it has and wait.',
      zh: '一帧分三次 TCP 读取才到齐，第一刀就切在两个字节的头部中间。看帧里标出的读取边界：服务器只能先存着，等后面的到来。',
    },
    rule: {
      section: 'RFC 6455 section 5.2',
      text: {
        en: 'TCP is a stream of bytes. A frame may arrive in any number of pieces.',
        zh: 'TCP 是字节流，一帧可能分成任意多段到达。',
      },
    },
  },
  {
    name: 'compressed',
    group: 'try',
    title: { en: 'Compressed messages', zh: '压缩的消息' },
    summary: {
      en: 'Both ends agree on permessage-deflate, and the same line is sent twice. The second time it takes only a few bytes: the compressor refers to what it has already sent (context takeover).',
      zh: '双方协商启用 permessage-deflate，同一行文字发送两次。第二次只用几个字节：压缩器引用了之前发过的内容（上下文接管）。',
    },
    rule: {
      section: 'RFC 7692 section 7.2',
      text: {
        en: 'RSV1 on the first frame says that the message is compressed. The empty block at the end of each message (00 00 ff ff) is not sent.',
        zh: '第一帧的 RSV1 表示这条消息经过压缩。每条消息末尾的空块（00 00 ff ff）不发送。',
      },
    },
  },
  {
    name: 'bad-utf8',
    group: 'try',
    title: { en: 'Text that is not UTF-8', zh: '不是 UTF-8 的文本' },
    summary: {
      en: 'A text message with the bytes c3 28, which no UTF-8 text can contain. The server closes with 1007.',
      zh: '一条文本消息里含有 c3 28 这两个字节，合法的 UTF-8 不可能出现这种组合。服务器以 1007 关闭。',
    },
    rule: {
      section: 'RFC 6455 section 8.1',
      text: {
        en: 'A text message whose bytes are not UTF-8 ends the connection.',
        zh: '文本消息的字节不是合法的 UTF-8 时，必须终止连接。',
      },
    },
  },
  {
    name: 'unmasked-frame',
    group: 'try',
    title: { en: 'An unmasked frame', zh: '没有掩码的帧' },
    summary: {
      en: 'The client forgets the mask. The payload is readable on the wire, and the server closes with 1002.',
      zh: '客户端忘了做掩码，载荷在线路上直接可读。服务器以 1002 关闭。',
    },
    rule: {
      section: 'RFC 6455 section 5.1',
      text: {
        en: 'A server closes the connection when a frame from a client is not masked.',
        zh: '服务器收到客户端未掩码的帧时，必须关闭连接。',
      },
    },
  },
  {
    name: 'reserved-bit',
    group: 'try',
    title: { en: 'A reserved bit', zh: '保留位被置 1' },
    summary: {
      en: 'A frame with RSV2 set, though no extension was agreed on that would give it a meaning. The server closes with 1002.',
      zh: '帧的 RSV2 为 1，但双方没有协商过任何赋予它含义的扩展。服务器以 1002 关闭。',
    },
    rule: {
      section: 'RFC 6455 section 5.2',
      text: {
        en: 'RSV1 to RSV3 are 0 unless an extension that was agreed on says otherwise.',
        zh: '除非协商好的扩展另有规定，RSV1 到 RSV3 必须为 0。',
      },
    },
  },
  {
    name: 'reserved-opcode',
    group: 'try',
    title: { en: 'An unknown opcode', zh: '未定义的操作码' },
    summary: {
      en: 'A frame with opcode 3, which has no meaning so far. The server closes with 1002.',
      zh: '操作码为 3 的帧，这个值至今没有定义。服务器以 1002 关闭。',
    },
    rule: {
      section: 'RFC 6455 section 5.2',
      text: {
        en: 'Opcodes 3 to 7 and 11 to 15 are reserved; whoever gets one ends the connection.',
        zh: '操作码 3–7 和 11–15 为保留值；收到的一端要终止连接。',
      },
    },
  },
  {
    name: 'giant-length',
    group: 'try',
    title: { en: 'A giant length', zh: '巨大的长度' },
    summary: {
      en: 'Fourteen bytes that announce a message of one tebibyte. The server reads the claim, keeps nothing, and closes with 1009 before a byte of payload has come.',
      zh: '十四个字节，声称后面有 1 TiB 的消息。服务器看到长度就拒绝，一个字节也不预留；载荷还没到，连接已以 1009 关闭。',
    },
    rule: {
      section: 'RFC 6455 section 10.4',
      text: {
        en: 'Every end needs a limit for the size of frames and of the messages made from them.',
        zh: '每一端都要限制单帧的大小，以及由多帧拼成的消息的大小。',
      },
    },
  },
  {
    name: 'length-not-shortest',
    group: 'try',
    title: { en: 'A length written too long', zh: '长度没用最短写法' },
    summary: {
      en: 'Five bytes of payload, whose length is written with 16 bits where 7 would do. The server closes with 1002.',
      zh: '载荷只有 5 个字节，长度却用了 16 位写法，本来 7 位就够。服务器以 1002 关闭。',
    },
    rule: {
      section: 'RFC 6455 section 5.2',
      text: {
        en: 'The length is written in the shortest of its three forms.',
        zh: '长度必须用三种写法中最短的一种。',
      },
    },
  },
  {
    name: 'control-too-long',
    group: 'try',
    title: { en: 'A ping that is too long', zh: '过长的 ping' },
    summary: {
      en: 'A ping with 126 bytes of payload, one more than a control frame may carry. The server closes with 1002.',
      zh: 'ping 带了 126 字节的载荷，比控制帧允许的多一个。服务器以 1002 关闭。',
    },
    rule: {
      section: 'RFC 6455 section 5.5',
      text: {
        en: 'Control frames carry at most 125 bytes and are never fragmented.',
        zh: '控制帧最多带 125 字节，且不得分片。',
      },
    },
  },
  {
    name: 'own-bytes',
    group: 'try',
    title: { en: 'Your own bytes', zh: '发送自己的字节' },
    summary: {
      en: 'After a proper handshake the client sends exactly the bytes that you give. See what the server makes of them.',
      zh: '正常握手之后，客户端原样发送你给的字节。看看服务器如何处理。',
    },
  },
];
