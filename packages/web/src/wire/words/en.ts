// Every sentence of the inspector, in English. Flat keys; `_one` is a plural form. zh-cn.ts has the same keys.
import { enFrame } from './en-frame.ts';
import { enReceipt } from './en-receipt.ts';
import { enTimeline } from './en-timeline.ts';
import { enTry } from './en-try.ts';
import { enWire } from './en-wire.ts';

export const en = { ...enWire, ...enFrame, ...enReceipt, ...enTimeline, ...enTry } as const;

export type WordKey = keyof typeof en;
