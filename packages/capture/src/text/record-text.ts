// Records that are not bytes, each as one line.
import type { BytesRecord, CaptureRecord, StationRecord } from '../record.ts';
import { escaped, plural } from './line-text.ts';
import type { TextOptions } from './text-renderer.ts';

/** Undefined: the record has nothing to show. */
export function recordLine(
  record: Exclude<CaptureRecord, BytesRecord>,
  { paint }: Pick<Required<TextOptions>, 'paint'>,
): string | undefined {
  switch (record.kind) {
    case 'open': {
      const { client, server, connectionId, gateway, tls } = record;
      const ends = `${client.address}:${client.port} → ${server.address}:${server.port}`;
      const inside = tls ? `, ${tls.protocol} ${tls.cipher}` : '';
      return paint('title', escaped(`connection ${connectionId}, ${ends}, ${gateway}${inside}`));
    }
    case 'verdict': {
      const verdict = record.isAllowed ? 'allowed' : 'refused';
      return paint('note', escaped(`${record.about} ${verdict} by ${record.rule}: ${record.reason}`));
    }
    case 'station':
      return paint('note', escaped(stationText(record)));
    case 'resume': {
      const replayed = record.entriesReplayed === 1 ? '1 entry' : `${record.entriesReplayed} entries`;
      const cursor = record.cursor ? `cursor ${record.cursor.seq}` : 'no cursor';
      const text = `resume of ${record.roomId}: ${cursor}, ${record.answer} at ${record.position.seq}, ${replayed} replayed`;
      return paint('note', escaped(text));
    }
    case 'client': {
      const seq = record.seq === undefined ? '' : `, seq ${record.seq}`;
      return paint('note', escaped(`client: ${record.moment}${seq}`));
    }
    case 'clock':
      return paint('dim', `clock offset ${record.offset} µs ± ${record.uncertainty} µs`);
    case 'poll': {
      const [first = ''] = record.head.split('\r\n');
      return `${paint(record.direction, record.direction === 'in' ? '→' : '←')} ${paint('title', escaped(first))}`;
    }
    case 'dropped':
      return paint(
        'note',
        `${plural(record.records, 'record')} with ${plural(record.bytes, 'byte')} not kept`,
      );
    case 'note':
      return paint('note', `# ${escaped(record.text)}`);
    case 'close': {
      const { code, reason, wasClean, error } = record;
      const said = reason === '' ? '' : `, "${reason}"`;
      const why = error ? `: ${error.message}` : '';
      return paint(
        'title',
        escaped(`closed ${wasClean ? 'cleanly' : 'uncleanly'} with ${code}${said}${why}`),
      );
    }
  }
}

function stationText({ station, seq, batchSize, reader }: StationRecord): string {
  const who = reader ? ` to ${reader.name ?? reader.connectionId ?? 'a reader'}` : '';
  return [
    `${station}${who}`,
    seq === undefined ? '' : `seq ${seq}`,
    batchSize === undefined ? '' : plural(batchSize, 'message'),
    reader?.isBehind ? 'too slow to be pushed to' : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}
