// By what a wrong Sec-WebSocket-Accept may have been made: tries the usual slips with the key, the GUID, their order, the
// hash and its encoding. Values in, a description out.
import { createHash } from 'node:crypto';
import type { Text } from './mistake.ts';
import { say } from './mistake.ts';
import type { MistakeId } from './mistakes.ts';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export interface AcceptGuess {
  readonly id: MistakeId;
  readonly how: Text;
}

const sha1 = (input: string | Buffer): Buffer => createHash('sha1').update(input).digest();

/** Undefined where none of the slips gives this value. */
export function guessAccept(key: string, accept: string): AcceptGuess | undefined {
  return guessGuid(key, accept) ?? guessString(key, accept) ?? guessDigest(key, accept);
}

function guessGuid(key: string, accept: string): AcceptGuess | undefined {
  const found = wrongGuids().find((guid) => sha1(key + guid).toString('base64') === accept);
  if (found === undefined) return undefined;
  const how = say(
    `It is what comes out with the GUID "${found}"; the right one is "${GUID}".`,
    `用 GUID “${found}” 算出来正好是这个值；正确的 GUID 是 “${GUID}”。`,
  );
  return { id: 'wrong-guid', how };
}

/** All that one slip makes of the GUID: a character left out, another one, two in the wrong order, one twice, the wrong case. */
function wrongGuids(): string[] {
  const wrong = [GUID.toLowerCase(), GUID.replaceAll('-', ''), `{${GUID}}`];
  const alphabet = '0123456789ABCDEFabcdef-';
  for (let at = 0; at < GUID.length; at += 1) {
    const [before, here, after] = [GUID.slice(0, at), GUID[at] ?? '', GUID.slice(at + 1)];
    wrong.push(before + after, before + here + here + after);
    wrong.push(before + after.slice(0, 1) + here + after.slice(1));
    for (const other of alphabet) wrong.push(before + other + after, before + other + here + after);
  }
  return wrong.filter((guid) => guid !== GUID);
}

function guessString(key: string, accept: string): AcceptGuess | undefined {
  const decoded = Buffer.from(key, 'base64');
  const keys: readonly (readonly [string | Buffer, string, string])[] = [
    [key, 'the key', '键'],
    [` ${key}`, 'the key with the blank before it', '前面带空格的键'],
    [`${key}\r`, 'the key with the CR after it', '后面带 CR 的键'],
    [`${key}\n`, 'the key with the LF after it', '后面带 LF 的键'],
    [`${key}\r\n`, 'the key with the CRLF after it', '后面带 CRLF 的键'],
    [` ${key}\r`, 'the key with a blank and the CR around it', '前面带空格、后面带 CR 的键'],
    [decoded, 'the 16 bytes of the decoded key', '解码后的 16 个字节'],
    [decoded.toString(), 'the decoded key as UTF-8 text', '解码后当作 UTF-8 文本的键'],
    [decoded.toString('latin1'), 'the decoded key as text', '解码后当作文本的键'],
    [decoded.toString('hex'), 'the decoded key in hex', '解码后写成十六进制的键'],
    [key.toLowerCase(), 'the key in lower case', '转成小写的键'],
    [key.toUpperCase(), 'the key in upper case', '转成大写的键'],
    [key.replace(/=+$/, ''), 'the key without its "=="', '去掉 “==” 的键'],
    [`"${key}"`, 'the key in quotes', '带引号的键'],
    [`Sec-WebSocket-Key: ${key}`, 'the whole header line', '整行首部'],
    ['', 'no key at all', '没有键'],
    ['undefined', 'the word "undefined"', '单词 “undefined”'],
    [Buffer.from(key).toString('base64'), 'the key in Base64 once more', '又做了一次 Base64 的键'],
  ];
  for (const [one, en, zh] of keys) {
    for (const [text, shapeEn, shapeZh] of joinsOf(Buffer.from(one))) {
      if (one === key && shapeEn === 'followed by the GUID') continue;
      if (sha1(text).toString('base64') !== accept) continue;
      const how = say(`It is the SHA-1 of ${en} ${shapeEn}.`, `它是对“${zh}，${shapeZh}”做 SHA-1 的结果。`);
      return { id: 'accept-over-wrong-string', how };
    }
  }
  return undefined;
}

function joinsOf(key: Buffer): readonly (readonly [Buffer, string, string])[] {
  const join = (...parts: readonly (string | Buffer)[]): Buffer =>
    Buffer.concat(parts.map((part) => Buffer.from(part)));
  return [
    [join(key, GUID), 'followed by the GUID', '后接 GUID'],
    [join(GUID, key), 'with the GUID in front of it', 'GUID 放在前面'],
    [key, 'without the GUID', '没有接 GUID'],
    ...[' ', ':', '-', '+', ',', '\n', '\r\n', '\0', '.'].map(
      (between) =>
        [
          join(key, between, GUID),
          `with ${JSON.stringify(between)} between it and the GUID`,
          `与 GUID 之间多了 ${JSON.stringify(between)}`,
        ] as const,
    ),
    ...[' ', '\n', '\r', '\r\n', '\0', '\r\n\r\n'].map(
      (after) =>
        [
          join(key, GUID, after),
          `and the GUID with ${JSON.stringify(after)} at the end`,
          `后接 GUID，末尾多了 ${JSON.stringify(after)}`,
        ] as const,
    ),
    [join(key, GUID, GUID), 'with the GUID twice', 'GUID 接了两次'],
    [join(key, key, GUID), 'twice, then the GUID', '写了两次再接 GUID'],
  ];
}

function guessDigest(key: string, accept: string): AcceptGuess | undefined {
  const right = key + GUID;
  const digest = (name: string, encoding: 'base64' | 'hex' | 'base64url'): string =>
    createHash(name).update(right).digest(encoding);
  const known: readonly (readonly [string, string, string])[] = [
    [digest('sha1', 'hex'), 'the SHA-1 in hex instead of Base64', '十六进制的 SHA-1，而不是 Base64'],
    [
      digest('sha1', 'hex').toUpperCase(),
      'the SHA-1 in hex instead of Base64',
      '十六进制的 SHA-1，而不是 Base64',
    ],
    [
      Buffer.from(digest('sha1', 'hex')).toString('base64'),
      'the Base64 of the hex text of the SHA-1',
      '先把 SHA-1 写成十六进制文本、再做 Base64',
    ],
    [
      Buffer.from(digest('sha1', 'hex').toUpperCase()).toString('base64'),
      'the Base64 of the hex text of the SHA-1',
      '先把 SHA-1 写成十六进制文本、再做 Base64',
    ],
    [sha1(right).toString('base64url'), 'the SHA-1 in the Base64 for URLs', '用了 URL 版的 Base64'],
    [
      sha1(right).toString('base64').replace(/=+$/, ''),
      'the right value without its "="',
      '正确的值，但少了末尾的 “=”',
    ],
    [
      Buffer.from(sha1(right).toString('utf8')).toString('base64'),
      'the SHA-1 turned into a string before Base64',
      'SHA-1 先被转成了字符串、再做 Base64',
    ],
    [
      Buffer.from(sha1(right).toString('latin1'), 'utf8').toString('base64'),
      'the SHA-1 turned into a string before Base64',
      'SHA-1 先被转成了字符串、再做 Base64',
    ],
    [
      Buffer.from(right).toString('base64'),
      'the Base64 of key and GUID, without a hash',
      '没有做哈希，直接对键和 GUID 做了 Base64',
    ],
    [key, 'the key itself', '键本身'],
    [right, 'key and GUID, without a hash', '键和 GUID 本身，没有做哈希'],
    ...['sha256', 'md5', 'sha512'].flatMap((name) =>
      (['base64', 'hex'] as const).map(
        (encoding) =>
          [
            digest(name, encoding),
            `made with ${name.toUpperCase()} instead of SHA-1`,
            `用了 ${name.toUpperCase()}，而不是 SHA-1`,
          ] as const,
      ),
    ),
  ];
  const found = known.find(([value]) => value === accept);
  return found && { id: 'accept-wrong-digest', how: say(`It is ${found[1]}.`, `它是：${found[2]}。`) };
}
