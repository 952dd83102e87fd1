// The inspector's words in Chinese: the timeline.
import type { enTimeline } from './en-timeline.ts';
import type { Translated } from './translated.ts';

export const zhTimeline: Translated<typeof enTimeline> = {
  'timeline.lead':
    '上面是浏览器，下面是服务器，共用一条时间轴。每一帧从发出的时刻斜着连到读到的时刻：斜的部分就是路上的时间。',
  'timeline.tools': '显示范围',
  'timeline.figure': '时间线。方向键移动，加号和减号缩放。',
  'timeline.earlier': '更早的活动',
  'timeline.later': '更晚的活动',
  'timeline.stretch': '第 {{at}} 段，共 {{count}} 段，从 {{time}} s 起',
  'timeline.near': '放大',
  'timeline.far': '缩小',
  'timeline.all': '全部',
  'timeline.duplicates': '丢弃了 {{count}} 个重复的条目。',
  'timeline.noDuplicates': '没有重复的条目。',
  'timeline.nothingWaited': '这条连接上等待的字节：始终为零，两端都跟得上。',
  'timeline.mostWaited': '这条连接上等待的字节：最多 {{bytes}}。',
  'timeline.uncertainty': '两个时钟之间的误差在 ± {{time}} 以内。',
  'timeline.list': '同样内容的列表',
  'timeline.time': '时间（秒）',
  'timeline.end': '位置',
  'timeline.what': '事件',
  'moment.connecting': '开始连接',
  'moment.opened': 'open 事件',
  'moment.closed': 'close 事件',
  'moment.composed': '写好',
  'moment.sent': 'send()',
  'moment.heard': 'message 事件',
  'moment.acknowledged': '得到确认',
  'moment.entered': '收下',
  'moment.duplicate': '丢弃重复',
  'moment.painted': '画到屏幕上',
  'moment.visibility': '页面显示或隐藏',
  'moment.resume': '恢复的应答',
};
