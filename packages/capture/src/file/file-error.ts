// What can be wrong with a capture file or a link: a code and a sentence in both languages for whoever opened it.
import { type Bilingual, filled, type Values } from '../explain/text.ts';

export const FILE_ERRORS = {
  'too-short': {
    en: 'The file is too short to be a pcapng or pcap file.',
    zh: '文件太短，不是 pcapng 或 pcap 文件。',
  },
  'not-pcapng': {
    en: 'This is neither a pcapng nor a pcap file: it begins with other bytes than they do.',
    zh: '这既不是 pcapng 文件，也不是 pcap 文件：开头的字节不对。',
  },
  'block-length': {
    en: 'The pcapng file is damaged: a block at byte {at} says it is {length} bytes long.',
    zh: 'pcapng 文件已损坏：第 {at} 字节处的块声称长 {length} 字节。',
  },
  'byte-order': {
    en: 'The pcapng file is damaged: the section at byte {at} does not tell its byte order.',
    zh: 'pcapng 文件已损坏：第 {at} 字节处的节没有标明字节序。',
  },
  'link-type': {
    en: 'The packets have link type {type}, which is not read here; Ethernet, Linux cooked, loopback and raw IP are.',
    zh: '数据包的链路类型是 {type}，这里读不了；能读的是以太网、Linux cooked、回环和原始 IP。',
  },
  'no-websocket': {
    en: 'No WebSocket that begins with its handshake is in the file; {packets} packets of {connections} TCP connections were read.',
    zh: '文件里没有从握手开始的 WebSocket；读了 {packets} 个数据包，属于 {connections} 条 TCP 连接。',
  },
  'not-har': { en: 'This is no HAR file: {why}.', zh: '这不是 HAR 文件：{why}。' },
  'har-not-json': {
    en: 'This is no HAR file: it is no JSON.',
    zh: '这不是 HAR 文件：内容不是 JSON。',
  },
  'har-entry': { en: 'Entry {number} of the HAR file: {why}.', zh: 'HAR 文件的第 {number} 个条目：{why}。' },
  'har-no-websocket': {
    en: 'No WebSocket is in the HAR file: no entry has `_webSocketMessages`.',
    zh: 'HAR 文件里没有 WebSocket：没有条目带 `_webSocketMessages`。',
  },
  'no-open': {
    en: 'Line {line}: a capture begins with a record of kind "open".',
    zh: '第 {line} 行：一份记录必须以 kind 为 "open" 的一行开始。',
  },
  'not-ours': {
    en: 'Line 1: this is no capture of Wireroom; its first line would be {header}.',
    zh: '第 1 行：这不是 Wireroom 的记录；它的第一行应为 {header}。',
  },
  'newer-version': {
    en: 'Line 1: the file has version {version}, and this program reads up to {known}. A newer Wireroom reads it.',
    zh: '第 1 行：文件版本是 {version}，本程序最高读到 {known}。请用更新的 Wireroom 打开。',
  },
  'line-not-json': {
    en: 'Line {line}: this is no JSON object.',
    zh: '第 {line} 行：这不是 JSON 对象。',
  },
  'record-invalid': { en: 'Line {line}: {why}', zh: '第 {line} 行：{why}' },
  'link-too-large': {
    en: 'The capture is too large for a link: it would have {length} characters, and {limit} are safe to pass on. Save it as a file instead, or share a shorter part of it.',
    zh: '记录太大，放不进链接：会有 {length} 个字符，而 {limit} 个以内才能可靠转发。请改存为文件，或只分享较短的一段。',
  },
  'not-a-link': {
    en: 'This is no link to a capture, or it was cut on its way.',
    zh: '这不是记录的链接，或者在转发途中被截断了。',
  },
  'link-empty': { en: 'The link holds no capture.', zh: '链接里没有记录。' },
  'link-damaged': {
    en: 'The link is damaged, or it was cut on its way.',
    zh: '链接已损坏，或者在转发途中被截断了。',
  },
  'link-bomb': {
    en: 'The link unpacks to more than {limit} bytes; it is not read.',
    zh: '链接解压后超过 {limit} 字节，不予读取。',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
export type FileErrorCode = keyof typeof FILE_ERRORS;

export class CaptureFileError extends Error {
  override readonly name = 'CaptureFileError';
  readonly code: FileErrorCode;
  /** The sentence in both languages; `message` is the English one. */
  readonly text: Bilingual;

  constructor(code: FileErrorCode, values?: Values) {
    const { en, zh } = FILE_ERRORS[code];
    const text = { en: filled(en, values), zh: filled(zh, values) };
    super(text.en);
    this.code = code;
    this.text = text;
  }
}
