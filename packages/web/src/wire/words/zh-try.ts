// The inspector's words in Chinese: scenes to try, captures to take along, and what can go wrong.
import type { enTry } from './en-try.ts';
import type { Translated } from './translated.ts';

export const zhTry: Translated<typeof enTry> = {
  'try.lead': '每个场景都在服务器的沙箱里、由两个程序在自己的连接上演示：在这里怎么试都不会影响聊天。',
  'try.enter': '先进入聊天再来播放场景：它们在服务器上、以你的访客身份运行。',
  'try.waiting': '还没有连上服务器的记录。连上之后，场景会出现在这里。',
  'try.play': '播放',
  'try.back': '所有场景',
  'try.playing': '正在播放……',
  'try.over': '已结束',
  'try.again': '再来一次',
  'try.stop': '停止',
  'try.connection': '共 {{count}} 条连接，当前：',
  'try.faults': '日常工作中的故障',
  'try.faults.about': '生产环境里会出的问题，在这里有意重现。课程里逐个讲解怎样解决。',
  'try.hex': '十六进制字节，由客户端在握手之后发送',
  'try.noHex': '这不是十六进制：每个字节两位数字，最多 64 KiB。',
  'try.frames': '{{count}} 帧。',
  'try.rest': '还剩 {{count}} 个字节：一个不完整的帧的开头。',
  'try.send': '发送这些字节',
  'try.own': '你自己的连接',
  'try.own.about':
    '把它切断，或者五秒内什么都不放行，然后看聊天怎样恢复：发出的游标、补发的内容、作为重复被丢弃的内容。这期间写的消息会等着，不会丢。',
  'try.cut': '切断我的连接',
  'try.silence': '丢弃 5 秒内的一切',

  'take.title': '保存、打开、分享',
  'take.save': '保存这条连接',
  'take.pcapng': '给 Wireshark（pcapng）',
  'take.har': '给浏览器工具（HAR）',
  'take.jsonl': '给这个检视器（JSONL）',
  'take.link': '复制链接',
  'take.open': '打开记录文件……',
  'take.stripped': '令牌、Cookie 和密钥已去掉；人们写的内容还在，转发前请看一眼。',
  'take.copied': '链接已复制。记录就在链接里、# 的后面：没有服务器保存它。',
  'take.copyYourself': '记录就在这个链接里、# 的后面：没有服务器保存它。请从这里复制。',
  'take.tooLarge': '超过 {{limit}} 字节，不予读取。',
  'take.drop': '把文件拖到这里打开',

  'state.off': '这条连接没有记录。在菜单里打开“记录这条连接”，之后就可以观察。',
  'state.turnOn': '记录这条连接',
  'state.connecting': '正在连接记录……',
  'state.refused': '服务器不允许观察这条连接。',
  'state.lost': '与记录的连接断开了，正在自动重连；已有的内容还在。',
  'state.alone': '你不在聊天中，没有可以观察的连接。进入聊天后再来，或者把记录文件拖到这里打开。',
  'state.badLink': '这个链接里没有可以读取的记录。',
};
