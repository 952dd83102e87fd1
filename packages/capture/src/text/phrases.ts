// The words around what was on the wire, in both languages. Sentences about faults, codes and remarks are in explain/.
import type { Bilingual } from '../explain/text.ts';

export type Language = keyof Bilingual;

export interface Phrases {
  readonly bytes: (count: number) => string;
  readonly moreBytes: (count: number) => string;
  readonly moreCharacters: (count: number) => string;
  readonly frame: (opcodeName: string) => string;
  readonly maskedWith: (key: string) => string;
  readonly lengthIn: (bits: number) => string;
  readonly onlyCame: (title: string, bytes: string) => string;
  readonly undecodable: (bytes: string) => string;
  readonly unfinished: (bytes: string, kind: string) => string;
  readonly missing: (bytes: string) => string;
  readonly message: (type: 'text' | 'binary', frames: number) => string;
  readonly inflatedFrom: (bytes: number) => string;
  readonly connection: (id: string, ends: string) => string;
  readonly verdict: (about: string, isAllowed: boolean, rule: string) => string;
  readonly resume: (of: {
    readonly roomId: string;
    readonly cursor: number | undefined;
    readonly answer: string;
    readonly position: number;
    readonly replayed: number;
  }) => string;
  readonly client: (moment: string) => string;
  readonly clock: (offset: number, uncertainty: number) => string;
  readonly notKept: (records: number, bytes: number) => string;
  readonly closed: (isClean: boolean, code: number) => string;
  readonly reader: (name: string | undefined) => string;
  readonly messages: (count: number) => string;
  readonly isBehind: string;
  readonly comma: string;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export const PHRASES: Readonly<Record<Language, Phrases>> = {
  en: {
    bytes: (count) => plural(count, 'byte'),
    moreBytes: (count) => plural(count, 'more byte'),
    moreCharacters: (count) => `${count} more characters`,
    frame: (name) => `${name} frame`,
    maskedWith: (key) => `masked with ${key}`,
    lengthIn: (bits) => `length in ${bits} bits`,
    onlyCame: (title, bytes) => `${title}, of which only ${bytes} came`,
    undecodable: (bytes) => `${bytes} of what cannot be decoded`,
    unfinished: (bytes, kind) => `${bytes} of an unfinished ${kind}`,
    missing: (bytes) => `${bytes} are missing`,
    message: (type, frames) => `${type} message${frames > 1 ? ` of ${frames} frames` : ''}`,
    inflatedFrom: (bytes) => `inflated from ${bytes}`,
    connection: (id, ends) => `connection ${id}, ${ends}`,
    verdict: (about, isAllowed, rule) => `${about} ${isAllowed ? 'allowed' : 'refused'} by ${rule}: `,
    resume: ({ roomId, cursor, answer, position, replayed }) =>
      `resume of ${roomId}: ${cursor === undefined ? 'no cursor' : `cursor ${cursor}`}, ${answer} at ${position}, ${replayed === 1 ? '1 entry' : `${replayed} entries`} replayed`,
    client: (moment) => `client: ${moment}`,
    clock: (offset, uncertainty) => `clock offset ${offset} µs ± ${uncertainty} µs`,
    notKept: (records, bytes) => `${plural(records, 'record')} with ${plural(bytes, 'byte')} not kept`,
    closed: (isClean, code) => `closed ${isClean ? 'cleanly' : 'uncleanly'} with ${code}`,
    reader: (name) => ` to ${name ?? 'a reader'}`,
    messages: (count) => plural(count, 'message'),
    isBehind: 'too slow to be pushed to',
    comma: ', ',
  },
  zh: {
    bytes: (count) => `${count} 字节`,
    moreBytes: (count) => `还有 ${count} 字节`,
    moreCharacters: (count) => `还有 ${count} 个字符`,
    frame: (name) => (/\w$/.test(name) ? `${name} 帧` : `${name}帧`),
    maskedWith: (key) => `掩码 ${key}`,
    lengthIn: (bits) => `长度用 ${bits} 位`,
    onlyCame: (title, bytes) => `${title}，只到了 ${bytes}`,
    undecodable: (bytes) => `${bytes}无法解码`,
    unfinished: (bytes, kind) => `未完成的${kind === 'frame' ? '帧' : ' HTTP 头部'}，${bytes}`,
    missing: (bytes) => `缺少 ${bytes}`,
    message: (type, frames) =>
      `${type === 'text' ? '文本' : '二进制'}消息${frames > 1 ? `，由 ${frames} 帧组成` : ''}`,
    inflatedFrom: (bytes) => `由 ${bytes} 字节解压而来`,
    connection: (id, ends) => `连接 ${id}，${ends}`,
    verdict: (about, isAllowed, rule) => `${about} ${isAllowed ? '允许' : '拒绝'}（规则 ${rule}）：`,
    resume: ({ roomId, cursor, answer, position, replayed }) =>
      `续接 ${roomId}：${cursor === undefined ? '没有游标' : `游标 ${cursor}`}，${answer}，到 ${position}，补发 ${replayed} 条`,
    client: (moment) => `客户端：${moment}`,
    clock: (offset, uncertainty) => `时钟偏差 ${offset} µs ± ${uncertainty} µs`,
    notKept: (records, bytes) => `有 ${records} 条记录、${bytes} 字节没有保留`,
    closed: (isClean, code) => `${isClean ? '正常关闭' : '非正常关闭'}，${code}`,
    reader: (name) => ` → ${name ?? '一位读者'}`,
    messages: (count) => `${count} 条消息`,
    isBehind: '太慢，暂不推送',
    comma: '，',
  },
};
