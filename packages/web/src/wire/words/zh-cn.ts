// Every sentence of the inspector, in Chinese.
import type { en } from './en.ts';
import type { Translated } from './translated.ts';
import { zhFrame } from './zh-frame.ts';
import { zhReceipt } from './zh-receipt.ts';
import { zhTimeline } from './zh-timeline.ts';
import { zhTry } from './zh-try.ts';
import { zhWire } from './zh-wire.ts';

export const zhCN: Translated<typeof en> = { ...zhWire, ...zhFrame, ...zhReceipt, ...zhTimeline, ...zhTry };
