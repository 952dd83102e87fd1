// The checks of exercise 01: does the server answer the handshake? What is wrong is looked for until it has a name.
import { createHash } from 'node:crypto';
import { pathOf } from '../tester/opening.ts';
import { acceptOf, fieldOf, type Head, names, newKey, readHead, writeRequest } from '../wire/http.ts';
import { type Words, words } from './grade.ts';
import { type Check, Shortfall, type Trial } from './trial.ts';

/** The key of the example in RFC 6455, section 1.3; its answer is s3pPLMBiTxaQ9kYGzzhZRbK+xOo=. */
const EXAMPLE_KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** What the server answers to this request, before anything is judged. */
async function rawAnswer(trial: Trial, pieces: readonly string[]): Promise<Buffer> {
  const link = await trial.dial();
  for (const piece of pieces) {
    await link.write(piece);
    await new Promise(setImmediate);
  }
  await link.until(({ received }) => received.includes('\r\n\r\n'), trial.patienceMs);
  if (link.received.length > 0) return link.received;
  if (link.hasEnded)
    throw new Shortfall(
      words('没有应答，TCP 连接就断了', 'TCP ended without an answer'),
      words('answerOf 应该返回应答的全文。', 'answerOf has to return the whole text of the answer.'),
    );
  throw new Shortfall(
    words(`等了 ${trial.patienceMs} 毫秒，没有应答`, `no answer within ${trial.patienceMs} ms`),
    words('应答是用 socket.write 发出去的吗？', 'Is the answer written to the socket?'),
  );
}

function headOf(received: Buffer): Head {
  const text = received.toString('latin1');
  const shown = JSON.stringify(text.slice(0, 120));
  if (!text.includes('\r\n\r\n')) {
    if (/[^\r]\n/.test(text))
      throw new Shortfall(
        words(`行尾只有 \\n：${shown}`, `lines end with \\n alone: ${shown}`),
        words('HTTP 的每一行以 \\r\\n 结束。', 'Every line of HTTP ends with \\r\\n.'),
      );
    throw new Shortfall(
      words(`应答没有以空行结束：${shown}`, `the answer does not end with an empty line: ${shown}`),
      words(
        '最后一个头后面是 \\r\\n\\r\\n：一个结束这一行，一个是空行。',
        'Behind the last header stands \\r\\n\\r\\n: one ends the line, the other is the empty line.',
      ),
    );
  }
  try {
    const head = readHead(received);
    if (head !== undefined) return head;
  } catch (error) {
    throw new Shortfall(
      words(`读不懂应答：${shown}（${error}）`, `this cannot be read: ${shown} (${error})`),
    );
  }
  throw new Shortfall(words(`读不懂应答：${shown}`, `this cannot be read: ${shown}`));
}

/** A request with this key, perhaps with its headers changed, and the head that comes back. */
async function ask(trial: Trial, key: string, rewrite = (text: string) => [text]): Promise<Head> {
  const request = writeRequest({ host: trial.url.host, path: pathOf(trial.url), key });
  return headOf(await rawAnswer(trial, rewrite(request)));
}

function expectAccept(head: Head, key: string): void {
  const accept = fieldOf(head, 'sec-websocket-accept');
  if (accept === acceptOf(key)) return;
  if (accept === undefined)
    throw new Shortfall(words('没有 Sec-WebSocket-Accept 这个头', 'there is no header Sec-WebSocket-Accept'));
  throw new Shortfall(
    words(
      `key 是 ${key}：应为 ${acceptOf(key)}，却是 ${accept}`,
      `for the key ${key} it should be ${acceptOf(key)}; it is ${accept}`,
    ),
    mistakeIn(accept, key),
  );
}

/** The ways in which people get it wrong, tried one by one. */
function mistakeIn(accept: string, key: string): Words | undefined {
  const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
  const sha1 = (...parts: readonly (string | Buffer)[]): Buffer => {
    const hash = createHash('sha1');
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  const is = (bytes: Buffer): boolean => accept === bytes.toString('base64');
  const right = sha1(key, guid);
  if (accept === key) return words('这是 key 本身。', 'This is the key itself.');
  if (is(sha1(key)))
    return words('缺了 GUID：SHA-1 只算了 key。', 'The GUID is missing: this is the SHA-1 of the key alone.');
  if (is(sha1(guid, key)))
    return words('顺序反了：key 在前，GUID 在后。', 'The other way round: the key first, then the GUID.');
  if (is(sha1(Buffer.from(key, 'base64'), guid)))
    return words(
      '不要解码 key：它就当作 24 个字符来用。',
      'Do not decode the key: it is used as its 24 characters.',
    );
  if (accept.toLowerCase() === right.toString('hex'))
    return words("这是十六进制。用 digest('base64')。", "This is hex. Use digest('base64').");
  if (is(Buffer.from(right.toString('hex'))))
    return words(
      '这是十六进制文字的 Base64。要的是 20 个字节的 Base64。',
      'This is the Base64 of the hex text. What is wanted is the Base64 of the 20 bytes.',
    );
  if (is(sha1(key, guid.replace('FA5', 'F5')))) return words('GUID 少了一个 A。', 'The GUID lacks an A.');
  if (is(sha1(key, guid.toLowerCase()))) return words('GUID 要大写。', 'The GUID is in capitals.');
  if (is(sha1(`${key}\r\n`, guid)) || is(sha1(` ${key}`, guid)))
    return words('key 的前后多了空白。', 'There is white space around the key.');
  return words(
    "createHash('sha1').update(key + GUID).digest('base64')：逐个对照。GUID 有 36 个字符。",
    'Compare the three steps one by one: key + GUID, SHA-1, Base64. The GUID has 36 characters.',
  );
}

export const HANDSHAKE: readonly Check[] = [
  {
    title: words('请求得到应答，以空行结束', 'a request gets an answer that ends with an empty line'),
    rule: 'RFC 6455 §4.2.2',
    play: async (trial) => void (await ask(trial, EXAMPLE_KEY)),
  },
  {
    title: words('第一行是 101', 'its first line says 101'),
    rule: 'RFC 6455 §4.2.2',
    play: async (trial) => {
      const { line } = await ask(trial, EXAMPLE_KEY);
      if (/^HTTP\/1\.1 101( |$)/.test(line)) return;
      throw new Shortfall(
        words(`第一行是 ${JSON.stringify(line)}`, `the first line is ${JSON.stringify(line)}`),
        words('HTTP/1.1 101 Switching Protocols', 'HTTP/1.1 101 Switching Protocols'),
      );
    },
  },
  {
    title: words(
      '有 Upgrade: websocket 和 Connection: Upgrade',
      'it has Upgrade: websocket and Connection: Upgrade',
    ),
    rule: 'RFC 6455 §4.2.2',
    play: async (trial) => {
      const head = await ask(trial, EXAMPLE_KEY);
      for (const [name, value] of [
        ['Upgrade', 'websocket'],
        ['Connection', 'Upgrade'],
      ] as const) {
        const found = fieldOf(head, name.toLowerCase());
        if (names(found, value.toLowerCase())) continue;
        const is = found === undefined ? words('没有', 'missing') : words(`是 ${found}`, found);
        throw new Shortfall(words(`${name} 这个头${is.zh}`, `the header ${name}: ${is.en}`));
      }
    },
  },
  {
    title: words(
      'Sec-WebSocket-Accept 与 RFC 的例子一致',
      'Sec-WebSocket-Accept is that of the RFC’s example',
    ),
    rule: 'RFC 6455 §1.3, §4.2.2',
    play: async (trial) => expectAccept(await ask(trial, EXAMPLE_KEY), EXAMPLE_KEY),
  },
  {
    title: words('换一个 key，它也对', 'it is right for another key, too'),
    rule: 'RFC 6455 §4.2.2',
    play: async (trial) => {
      const key = newKey();
      expectAccept(await ask(trial, key), key);
    },
  },
  {
    title: words('头的名字大小写不同也认得', 'names of headers are known in any case'),
    rule: 'RFC 9110 §5.1',
    play: async (trial) => {
      const lower = (text: string): string[] => [text.replace('Sec-WebSocket-Key', 'SEC-websocket-KEY')];
      expectAccept(await ask(trial, EXAMPLE_KEY, lower), EXAMPLE_KEY);
    },
  },
  {
    title: words('请求分两次到达也能应答', 'a request in two reads is answered as well'),
    rule: 'RFC 9293 §1',
    play: async (trial) => {
      const halves = (text: string): string[] => [text.slice(0, 70), text.slice(70)];
      expectAccept(await ask(trial, EXAMPLE_KEY, halves), EXAMPLE_KEY);
    },
  },
  {
    title: words('没有 key 的普通 GET 得不到 101', 'a plain GET without a key gets no 101'),
    rule: 'RFC 6455 §4.2.1',
    play: async (trial) => {
      const head = headOf(
        await rawAnswer(trial, [`GET ${pathOf(trial.url)} HTTP/1.1\r\nHost: ${trial.url.host}\r\n\r\n`]),
      );
      if (/^HTTP\/1\.1 [45]\d\d( |$)/.test(head.line)) return;
      throw new Shortfall(
        words(`得到了 ${JSON.stringify(head.line)}`, `it got ${JSON.stringify(head.line)}`),
        words(
          '没有 Sec-WebSocket-Key 就用 400 拒绝（426 也可以）。',
          'Without Sec-WebSocket-Key refuse it with 400 (426 is as good).',
        ),
      );
    },
  },
];
