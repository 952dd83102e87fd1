// Checks that are missing: an honest client does not notice, a broken or hostile one may use it. Data only.
import { type Mistake, say } from '../mistake.ts';

const CHECK = { severity: 'mistake', layer: 'reading', explains: [], cases: [] } as const;

export const UNCHECKED_MISTAKES = {
  'no-masking-check': {
    ...{ ...CHECK, rfc: 'RFC 6455 5.1', cases: ['15.1'] },
    title: say('It takes frames without a mask from a client.', '它接受了客户端发来的没有掩码的帧。'),
    expected: say(
      'A server must close the connection at a frame whose MASK bit is 0, with 1002 if it sends a Close frame.',
      'MASK 位为 0 的帧一到，服务器必须关闭连接；如果发 Close 帧，用 1002。',
    ),
    why: say(
      'Masking keeps a page from putting bytes of its choice on the wire, by which proxies were once fooled. It protects only if servers insist on it.',
      '掩码让网页无法把自己指定的字节放到网络上，代理曾因此受骗。只有服务器坚持检查，这层保护才有用。',
    ),
    mend: say(
      'if ((second & 0x80) === 0) return close(1002);',
      'if ((second & 0x80) === 0) return close(1002);',
    ),
  },
  'utf8-unchecked': {
    ...{ ...CHECK, layer: 'messages', rfc: 'RFC 6455 8.1, 5.6', cases: ['6.', '17.5'] },
    title: say('It takes text that is not UTF-8.', '它接受了不是 UTF-8 的文本。'),
    expected: say(
      'A text message that is not valid UTF-8 fails the connection (1007).',
      '文本消息不是合法的 UTF-8 时，必须以 1007 断开连接。',
    ),
    why: say(
      'The bad bytes are replaced silently, so that what is stored is not what was sent; passed on as they are, they throw out every other reader.',
      '坏字节会被悄悄替换，存下来的就不是发来的内容；原样转发的话，会让所有其他读者掉线。',
    ),
    mend: say(
      "import { isUtf8 } from 'node:buffer'; if (opcode === 1 && !isUtf8(payload)) return close(1007); on the whole message. Or new TextDecoder('utf-8', { fatal: true }).",
      "import { isUtf8 } from 'node:buffer'; if (opcode === 1 && !isUtf8(payload)) return close(1007)，对整条消息检查。或者用 new TextDecoder('utf-8', { fatal: true })。",
    ),
  },
  'fragment-order-unchecked': {
    ...{ ...CHECK, layer: 'messages', rfc: 'RFC 6455 5.4', cases: ['5.'] },
    title: say('It takes fragments in an impossible order.', '它接受了次序不可能的分片。'),
    expected: say(
      'A continuation needs a begun message before it, and a new message may begin only after the last fragment of the one before; else fail the connection (1002).',
      'continuation 之前必须有已经开始的消息；上一条的最后一片来了之后才能开始新消息；否则以 1002 断开连接。',
    ),
    why: say(
      'Two ends that disagree about where a message begins read different messages.',
      '两端对消息从哪里开始看法不同，读到的就是不同的消息。',
    ),
    mend: say(
      'if (opcode === 0 ? parts === undefined : opcode < 8 && parts !== undefined) return close(1002);',
      'if (opcode === 0 ? parts === undefined : opcode < 8 && parts !== undefined) return close(1002);',
    ),
  },
  'reserved-opcode-accepted': {
    ...{ ...CHECK, rfc: 'RFC 6455 5.2', cases: ['4.'] },
    title: say('It takes frames whose opcode has no meaning.', '它接受了 opcode 没有定义的帧。'),
    expected: say(
      'Opcodes 3 to 7 and 11 to 15 are reserved: fail the connection (1002).',
      'opcode 3–7 和 11–15 是保留的：以 1002 断开连接。',
    ),
    why: say(
      'They may mean something one day; whoever guesses now will be wrong then.',
      '它们将来可能有含义；现在随便猜，到时就会出错。',
    ),
    mend: say(
      'if (![0, 1, 2, 8, 9, 10].includes(opcode)) return close(1002);',
      'if (![0, 1, 2, 8, 9, 10].includes(opcode)) return close(1002);',
    ),
  },
  'rsv-accepted': {
    ...{ ...CHECK, rfc: 'RFC 6455 5.2', cases: ['3.', '17.3'] },
    title: say('It takes frames with reserved bits.', '它接受了带保留位的帧。'),
    expected: say(
      'Without an extension that uses them, a frame with RSV1, RSV2 or RSV3 fails the connection (1002).',
      '没有协商用到它们的扩展时，带 RSV1、RSV2 或 RSV3 的帧要以 1002 断开连接。',
    ),
    why: say(
      'RSV1 says "compressed": taken as plain, the message is garbage.',
      'RSV1 的意思是“压缩的”：当成普通消息来读就是乱码。',
    ),
    mend: say(
      'if ((first & 0x70) !== 0) return close(1002);',
      'if ((first & 0x70) !== 0) return close(1002);',
    ),
  },
  'close-code-invalid-accepted': {
    ...{
      ...CHECK,
      layer: 'closing',
      rfc: 'RFC 6455 7.4',
      cases: ['7.'],
      explains: ['code-1006-on-wire', 'close-code-invalid-sent'],
    },
    title: say('It takes close codes that nobody may send.', '它接受了谁都不允许发送的状态码。'),
    expected: say(
      'Codes below 1000, 1004 to 1006, 1015 and from 5000 on fail the connection (1002).',
      '小于 1000、1004–1006、1015 以及 5000 以上的状态码，要以 1002 断开连接。',
    ),
    why: say(
      'Sent back unseen, they make the server break the protocol itself.',
      '不检查就送回去，等于服务器自己也违反了协议。',
    ),
    mend: say(
      'const ok = (c >= 1000 && c <= 1003) || (c >= 1007 && c <= 1014) || (c >= 3000 && c <= 4999); answer 1002 if it is not.',
      'const ok = (c >= 1000 && c <= 1003) || (c >= 1007 && c <= 1014) || (c >= 3000 && c <= 4999)；不合法就回 1002。',
    ),
  },
  'version-unchecked': {
    ...{
      ...CHECK,
      severity: 'risk',
      layer: 'handshake',
      rfc: 'RFC 6455 4.2.2, 4.4',
      cases: ['14.4.1', '14.1'],
    },
    title: say('It does not look at Sec-WebSocket-Version.', '它不看 Sec-WebSocket-Version。'),
    expected: say(
      'A version other than 13 is refused with 426 and "Sec-WebSocket-Version: 13".',
      '版本不是 13 就拒绝：426，并带上 “Sec-WebSocket-Version: 13”。',
    ),
    why: say(
      'A client of another version would get a connection on which nobody understands the other. Browsers all say 13, so it shows late.',
      '别的版本的客户端会得到一条谁也听不懂谁的连接。浏览器都写 13，所以很久都发现不了。',
    ),
    mend: say(
      "if (headers['sec-websocket-version'] !== '13') return end('HTTP/1.1 426 Upgrade Required\\r\\nSec-WebSocket-Version: 13\\r\\nConnection: close\\r\\n\\r\\n');",
      "if (headers['sec-websocket-version'] !== '13') return end('HTTP/1.1 426 Upgrade Required\\r\\nSec-WebSocket-Version: 13\\r\\nConnection: close\\r\\n\\r\\n');",
    ),
  },
  'request-unchecked': {
    ...{ ...CHECK, severity: 'risk', layer: 'handshake', rfc: 'RFC 6455 4.2.1', cases: ['14.1'] },
    title: say(
      'It answers 101 to requests that are no WebSocket handshake.',
      '不是 WebSocket 握手的请求，它也回答 101。',
    ),
    expected: say(
      'GET, "Upgrade: websocket", "Connection: Upgrade", and a key that is the Base64 of 16 bytes; else 400.',
      'GET、“Upgrade: websocket”、“Connection: Upgrade”，以及 16 字节做 Base64 的键；否则回 400。',
    ),
    why: say(
      'What is no WebSocket client can be made to talk to the server as if it were one; a form on a page, for example.',
      '不是 WebSocket 客户端的东西（比如网页上的表单）也能被利用来与服务器对话。',
    ),
    mend: say(
      'Check the four of them before the 101; the key: /^[A-Za-z0-9+/]{22}==$/.test(key).',
      '回答 101 之前检查这四项；键可以用 /^[A-Za-z0-9+/]{22}==$/.test(key)。',
    ),
  },
  'version-answer-unhelpful': {
    ...{ ...CHECK, severity: 'remark', layer: 'handshake', rfc: 'RFC 6455 4.2.2, 4.4', cases: ['14.4.1'] },
    title: say(
      'It refuses another version without saying which one it speaks.',
      '它拒绝了别的版本，却没有说明自己支持哪个。',
    ),
    expected: say('426 with "Sec-WebSocket-Version: 13".', '426，并带上 “Sec-WebSocket-Version: 13”。'),
    why: say(
      'A client that speaks several versions could try the right one.',
      '支持多个版本的客户端就能改用正确的那个。',
    ),
    mend: say(
      "Add 'Sec-WebSocket-Version: 13' to the refusal.",
      "在拒绝的响应里加上 'Sec-WebSocket-Version: 13'。",
    ),
  },
} as const satisfies Record<string, Mistake>;
