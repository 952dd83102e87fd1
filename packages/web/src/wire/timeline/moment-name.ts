// What a moment of the timeline is called.
import type { Say } from '../words/words.ts';
import type { Moment } from './timeline-events.ts';

export function momentName({ record }: Moment, say: Say): string {
  switch (record.kind) {
    case 'client':
      return say(`moment.${record.moment}`);
    case 'station':
      return record.reader?.name === undefined
        ? say(`step.${record.station}`)
        : `${say(`step.${record.station}`)} → ${record.reader.name}`;
    case 'resume':
      return say('moment.resume');
    case 'close':
      return say('row.closed', { code: record.code });
  }
}
