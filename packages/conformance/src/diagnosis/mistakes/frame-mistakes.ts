// Mistakes in reading and writing frames: masks, lengths, where one frame ends and the next begins. Data only.
import { type Mistake, say } from '../mistake.ts';
import { ALL_FRAMES } from './consequences.ts';

const READING = { severity: 'mistake', layer: 'reading', explains: [], cases: [] } as const;
const WRITING = { severity: 'mistake', layer: 'writing', explains: [], cases: [''] } as const;

export const FRAME_MISTAKES = {
  'mask-not-removed': {
    ...{ ...READING, rfc: 'RFC 6455 5.3', explains: ALL_FRAMES, cases: [''] },
    title: say('It does not take the mask off.', '它没有去掉掩码。'),
    expected: say(
      'payload[i] = masked[i] XOR key[i % 4], for every frame of a client.',
      '客户端的每个帧都要：payload[i] = masked[i] XOR key[i % 4]。',
    ),
    why: say(
      'Every frame of a client is masked, so every message is garbage.',
      '客户端的每个帧都带掩码，不去掉的话所有消息都是乱码。',
    ),
    mend: say(
      'for (let i = 0; i < payload.length; i += 1) payload[i] ^= key[i & 3];',
      'for (let i = 0; i < payload.length; i += 1) payload[i] ^= key[i & 3];',
    ),
  },
  'wrong-mask-offset': {
    ...{ ...READING, rfc: 'RFC 6455 5.3', explains: ALL_FRAMES, cases: [''] },
    title: say('It takes the mask off at the wrong place.', '去掩码的位置错了。'),
    expected: say(
      'The key is the four bytes after the length, whichever form the length has; byte i of the payload, counted from its beginning, goes with key[i % 4].',
      '掩码键是长度之后的四个字节，不管长度用哪种写法；负载从头数的第 i 个字节对应 key[i % 4]。',
    ),
    why: say('The text is garbled, wholly or from some byte on.', '文本会整个变乱，或者从某个字节起变乱。'),
    mend: say(
      'keyAt = 2 + (0, 2 or 8 bytes of extended length), payloadAt = keyAt + 4. If you unmask piece by piece, count i on over the pieces of one frame and begin at 0 in the next frame.',
      'keyAt = 2 +（扩展长度的 0、2 或 8 字节），payloadAt = keyAt + 4。如果分段去掩码，同一帧内 i 要接着数，到下一帧再从 0 开始。',
    ),
  },
  'one-frame-per-read': {
    ...{ ...READING, rfc: 'RFC 6455 5.2', cases: [''] },
    explains: [
      ...[
        'second-frame-lost',
        'length16-byte-order',
        'length16-unread',
        'length64-as-32',
        'length64-byte-order',
      ],
      ...['utf8-cut-at-chunk', 'message-altered', 'text-not-utf8', 'message-limit-missing', 'server-crashed'],
      ...['wrong-mask-offset', 'mask-not-removed', 'layer:deflate'],
    ],
    title: say('It takes one read of TCP for one frame.', '它把一次 TCP 读取当成一个帧。'),
    expected: say(
      'TCP is a stream of bytes: a frame may come in many reads, many frames in one.',
      'TCP 是字节流：一个帧可能分多次读到，一次也可能读到多个帧。',
    ),
    why: say(
      'On your machine it seems to work; over a real network, or with larger messages, frames are cut anywhere.',
      '在自己的机器上好像没问题；到了真实网络上，或者消息大一点，帧会在任何地方被切开。',
    ),
    mend: say(
      'Keep what is not yet a whole frame: buffer = Buffer.concat([buffer, chunk]); while (buffer holds a whole frame) { take it off the front }.',
      '把还不够一个帧的字节留着：buffer = Buffer.concat([buffer, chunk])；while（buffer 里有完整的帧）{ 从前面取下来 }。',
    ),
  },
  'second-frame-lost': {
    ...{
      ...READING,
      rfc: 'RFC 6455 5.2',
      cases: [''],
      explains: ['message-limit-missing', 'utf8-cut-at-chunk'],
    },
    title: say(
      'It loses the second of two frames that arrive together.',
      '两个帧一起到达时，它丢掉了第二个。',
    ),
    expected: say('Every frame in what was read is handled, in order.', '读到的每一个帧都要按顺序处理。'),
    why: say(
      'Messages that are sent quickly one after the other arrive in one read, and vanish.',
      '很快连发的消息会在一次读取里到达，于是就消失了。',
    ),
    mend: say(
      'Loop: while a whole frame is there, handle it and keep buffer.subarray(frameLength); an `if` instead of the `while`, or buffer = Buffer.alloc(0) after the first frame, loses the rest.',
      '用循环：只要有完整的帧就处理，并保留 buffer.subarray(frameLength)；把 while 写成 if，或者处理完第一帧就 buffer = Buffer.alloc(0)，都会丢掉后面的。',
    ),
  },
  'length16-byte-order': {
    ...{ ...READING, rfc: 'RFC 6455 5.2', cases: ['1.', '9.', '10.', '12.', '13.'] },
    explains: ['length64-as-32', 'length64-byte-order', 'layer:deflate', 'message-limit-missing'],
    title: say('The length of 16 bits has its bytes in the wrong order.', '16 位长度的字节顺序反了。'),
    expected: say(
      'Network byte order, the more significant byte first: 300 is 01 2c.',
      '网络字节序，高位字节在前：300 写作 01 2c。',
    ),
    why: say(
      'Messages from 126 bytes on get another length: the reader waits for bytes that never come, or cuts the message short.',
      '从 126 字节起，消息的长度就变了：读的一方会等永远不来的字节，或者把消息截短。',
    ),
    mend: say(
      'buffer.readUInt16BE(2) and writeUInt16BE(length, 2); not LE.',
      '用 buffer.readUInt16BE(2) 和 writeUInt16BE(length, 2)，不要用 LE。',
    ),
  },
  'length16-unread': {
    ...{ ...READING, rfc: 'RFC 6455 5.2', cases: ['1.', '9.', '10.', '12.', '13.'] },
    explains: [
      'length64-as-32',
      'length64-byte-order',
      'layer:deflate',
      'message-limit-missing',
      'binary-as-text',
    ],
    title: say(
      'Messages of 126 bytes and more do not work: the extended length is missing.',
      '126 字节以上的消息不行：没有处理扩展长度。',
    ),
    expected: say(
      'Up to 125 the second byte holds the length; 126 there means that the length is in the next two bytes, 127 in the next eight.',
      '不超过 125 时第二个字节就是长度；那里写 126 表示长度在后面两个字节里，127 表示在后面八个字节里。',
    ),
    why: say(
      'Short messages work, the first longer one breaks the connection.',
      '短消息没问题，第一条长一点的消息就会弄坏连接。',
    ),
    mend: say(
      'let length = second & 127; if (length === 126) length = readUInt16BE(2); else if (length === 127) length = Number(readBigUInt64BE(2)). The same for writing.',
      'let length = second & 127; if (length === 126) length = readUInt16BE(2); else if (length === 127) length = Number(readBigUInt64BE(2))。写的时候同理。',
    ),
  },
  'length64-byte-order': {
    ...{
      ...READING,
      rfc: 'RFC 6455 5.2',
      cases: ['1.', '9.', '12.', '13.'],
      explains: ['message-limit-missing'],
    },
    title: say('The length of 64 bits has its bytes in the wrong order.', '64 位长度的字节顺序反了。'),
    expected: say(
      'Network byte order, the most significant byte first: 70000 is 00 00 00 00 00 01 11 70.',
      '网络字节序，最高位字节在前：70000 写作 00 00 00 00 00 01 11 70。',
    ),
    why: say(
      'Messages from 65,536 bytes on get an absurd length.',
      '从 65536 字节起，消息的长度会变得离谱。',
    ),
    mend: say(
      'readBigUInt64BE and writeBigUInt64BE(BigInt(length)); not LE.',
      '用 readBigUInt64BE 和 writeBigUInt64BE(BigInt(length))，不要用 LE。',
    ),
  },
  'length64-as-32': {
    ...{
      ...READING,
      rfc: 'RFC 6455 5.2',
      cases: ['1.', '9.', '12.', '13.'],
      explains: ['message-limit-missing', 'length64-byte-order'],
    },
    title: say(
      'The length of 64 bits is handled as one of 32 bits, or not at all.',
      '64 位长度被当成 32 位处理，或者根本没有处理。',
    ),
    expected: say(
      'After 127 the length takes eight bytes, the most significant first: 70000 is 00 00 00 00 00 01 11 70.',
      '127 之后长度占八个字节，最高位在前：70000 写作 00 00 00 00 00 01 11 70。',
    ),
    why: say(
      'From 65,536 bytes on (a picture, a long paste) the reader is four bytes off and takes payload for headers.',
      '从 65536 字节起（一张图、一大段粘贴），读的位置错了四个字节，会把负载当成帧头。',
    ),
    mend: say(
      'readBigUInt64BE(2) and a header that is 8 bytes longer (10 with the first two, 14 with the key); when writing: head[1] = 127, writeBigUInt64BE(BigInt(length), 2).',
      '用 readBigUInt64BE(2)，帧头长 8 字节（连前两个字节共 10，加上键共 14）；写的时候 head[1] = 127，writeBigUInt64BE(BigInt(length), 2)。',
    ),
  },
  'length-in-characters': {
    ...{ ...WRITING, rfc: 'RFC 6455 5.2', cases: ['6.'] },
    explains: [
      'text-not-utf8',
      'utf8-cut-at-chunk',
      'layer:writing',
      'layer:closing',
      'layer:messages',
      'message-altered',
      'layer:deflate',
      'pong-without-payload',
      'wrong-rsv',
      'masked-server-frames',
      'reserved-opcode-sent',
      'length-not-shortest',
      'control-frame-fragmented',
      'control-frame-too-long',
      'code-1006-on-wire',
      'close-code-invalid-sent',
    ],
    title: say(
      'It writes the number of characters as the length instead of the number of bytes.',
      '它把字符数当成长度写进帧里，而不是字节数。',
    ),
    expected: say(
      'The length counts bytes of UTF-8: "好" has 3, "é" 2, "😀" 4.',
      '长度数的是 UTF-8 的字节：“好” 是 3，“é” 是 2，“😀” 是 4。',
    ),
    why: say(
      'ASCII works; the first 好 or é leaves bytes over, which the client takes for the next frame.',
      'ASCII 没问题；一出现 “好” 或 “é” 就多出字节来，客户端会把它们当成下一个帧。',
    ),
    mend: say(
      'const payload = Buffer.from(text); use payload.length (or Buffer.byteLength(text)), not text.length.',
      'const payload = Buffer.from(text)；用 payload.length（或 Buffer.byteLength(text)），不要用 text.length。',
    ),
  },
  'masked-server-frames': {
    ...{ ...WRITING, rfc: 'RFC 6455 5.1', explains: ['frames-after-close-sent'] },
    title: say('It masks its frames.', '它给自己的帧加了掩码。'),
    expected: say(
      'A server must not mask: the second byte of its frames is below 0x80.',
      '服务器不得加掩码：它的帧的第二个字节小于 0x80。',
    ),
    why: say(
      'A client must fail the connection at a masked frame; browsers do ("A server must not mask any frames").',
      '客户端收到带掩码的帧必须断开连接；浏览器正是这样做的（“A server must not mask any frames”）。',
    ),
    mend: say(
      'Leave the 0x80 out of the second byte, and write no key: [0x81, length, …payload]. Only clients mask.',
      '第二个字节不要加 0x80，也不写键：[0x81, length, …payload]。只有客户端才加掩码。',
    ),
  },
  'wrong-rsv': {
    ...{ ...WRITING, rfc: 'RFC 6455 5.2', explains: ['layer:deflate'] },
    title: say('It sets reserved bits in its frames.', '它的帧里设置了保留位。'),
    expected: say(
      'RSV1 to RSV3 are 0 unless an extension was agreed on: a whole text frame begins with 0x81, not with 0xc1.',
      '没有协商扩展时 RSV1–RSV3 必须是 0：完整的文本帧以 0x81 开头，而不是 0xc1。',
    ),
    why: say(
      'A client must fail the connection; RSV1 says "this is compressed" to it.',
      '客户端必须断开连接；RSV1 对它来说意味着“这是压缩的”。',
    ),
    mend: say(
      'first = 0x80 | opcode. Set 0x40 only on a message that is compressed after permessage-deflate was agreed on.',
      'first = 0x80 | opcode。只有协商了 permessage-deflate、消息确实压缩了，才设置 0x40。',
    ),
  },
  'reserved-opcode-sent': {
    ...{ ...WRITING, rfc: 'RFC 6455 5.2, 11.8' },
    title: say('It sends opcodes that have no meaning.', '它发出了没有定义的 opcode。'),
    expected: say(
      '0 continuation, 1 text, 2 binary, 8 Close, 9 ping, 10 pong; nothing else.',
      '0 continuation、1 文本、2 二进制、8 Close、9 ping、10 pong，此外都不行。',
    ),
    why: say(
      'A client must fail the connection at any other opcode.',
      '遇到其他 opcode，客户端必须断开连接。',
    ),
    mend: say(
      'first = 0x80 | opcode with one of these. If stray bytes came between frames, look at the length that was written before them.',
      'first = 0x80 | opcode，opcode 只取上面这些。如果是帧与帧之间多了字节，请检查前一帧写的长度。',
    ),
  },
  'length-not-shortest': {
    ...{ ...WRITING, rfc: 'RFC 6455 5.2' },
    title: say('It writes lengths in a longer form than they need.', '它写长度时用了过长的写法。'),
    expected: say(
      'Up to 125 in the second byte itself, up to 65,535 in two more bytes, eight only beyond that.',
      '125 以内写在第二个字节里，65535 以内再用两个字节，超过才用八个。',
    ),
    why: say(
      'The RFC demands the shortest form; strict clients fail the connection.',
      'RFC 要求最短的写法；严格的客户端会断开连接。',
    ),
    mend: say(
      'if (length < 126) … else if (length < 65536) … else …',
      'if (length < 126) … else if (length < 65536) … else …',
    ),
  },
} as const satisfies Record<string, Mistake>;
