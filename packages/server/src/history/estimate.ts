// How large a download will be, about: records are counted, their length is taken from a few of them here and there.
import { HISTORY_LIMITS as FILE_LIMITS, hasRecord, historyWriter } from '@wireroom/history/writing';
import type { HistorySource } from '../log/history-source.ts';
import { HISTORY_LIMITS } from './limits.ts';
import type { Estimate, RenderOrder } from './render-order.ts';
import { scopeOf } from './rendering.ts';

const { samplePlaces, sampleEntries } = HISTORY_LIMITS;

export async function estimate(source: HistorySource, order: RenderOrder): Promise<Estimate> {
  const { room, range, head } = await scopeOf(source, order);
  const { format } = order.spec;
  const records = range.until > range.after ? await source.count(room, range) : 0;
  const writer = historyWriter(head);
  let bytes = Buffer.byteLength(writer.head());
  let sampled = 0;
  let sampledBytes = 0;
  for (let place = 0; place < samplePlaces && records > 0; place++) {
    const after = range.after + Math.floor(((range.until - range.after) * place) / samplePlaces);
    const { items } = await source.page(room, { ...range, after }, sampleEntries);
    for (const item of items) {
      if (item.kind === 'entry' && !hasRecord(format, item.entry.type)) continue;
      sampled += 1;
      sampledBytes += Buffer.byteLength(writer.item(item));
    }
  }
  if (sampled > 0) bytes += Math.round((sampledBytes / sampled) * records);
  const inOne = format === 'html' ? FILE_LIMITS.htmlPartRecordsMax : Number.POSITIVE_INFINITY;
  const parts = Math.max(1, Math.ceil(records / inOne));
  return { epoch: room.epoch, until: head.until, records, bytes, parts };
}
