// What `wireroom scene` says besides the scenes' own texts. Data only.
import type { Language } from '../terminal/language.ts';

interface Words {
  readonly help: string;
  readonly tryTitle: string;
  readonly faultTitle: string;
  readonly usage: string;
  /** `{s}`: seconds. */
  readonly takes: string;
  readonly colon: string;
}

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    help: [
      'wireroom scene NAME: plays a scene on a loopback wire and shows what was on it.',
      '',
      '      --json       prints the records of the captures, one JSON object a line',
      "      --save FILE  keeps the captures: .pcapng for Wireshark, .har for a browser's tools, .jsonl for us",
      '      --hex BYTES  of the scene own-bytes: what the client sends after the handshake',
      '      --lang LANG  en or zh; otherwise as LANG says',
      '      --no-color   as NO_COLOR=1',
      '',
      'Exit code: 0 played, 2 a mistake in the command.',
    ].join('\n'),
    tryTitle: 'To try:',
    faultTitle: 'Faults of working life, each with its cure:',
    usage: 'wireroom scene NAME plays one; wireroom scene --help tells more.',
    takes: 'It takes about {s} s.',
    colon: ': ',
  },
  zh: {
    help: [
      'wireroom scene 名称：在本机的一条线路上演一个场景，显示线路上的一切。',
      '',
      '      --json       每行一个 JSON 对象，打印抓包记录',
      '      --save 文件  保存抓包：.pcapng 给 Wireshark，.har 给浏览器工具，.jsonl 给自己',
      '      --hex 字节   用于 own-bytes：握手之后客户端发送的内容',
      '      --lang 语言  en 或 zh；默认看 LANG',
      '      --no-color   同 NO_COLOR=1',
      '',
      '退出码：0 已演完，2 命令有误。',
    ].join('\n'),
    tryTitle: '试一试：',
    faultTitle: '工作中的故障，每个都带修复：',
    usage: 'wireroom scene 名称 演一个；wireroom scene --help 有更多说明。',
    takes: '大约需要 {s} 秒。',
    colon: '：',
  },
};
