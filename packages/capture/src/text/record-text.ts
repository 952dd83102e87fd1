// Records that are not bytes, each as one line.
import type { BytesRecord, CaptureRecord, StationRecord } from '../record.ts';
import { escaped } from './line-text.ts';
import { PHRASES, type Phrases } from './phrases.ts';
import type { TextOptions } from './text-renderer.ts';

/** Undefined: the record has nothing to show. */
export function recordLine(
  record: Exclude<CaptureRecord, BytesRecord>,
  { paint, language }: Pick<Required<TextOptions>, 'paint' | 'language'>,
): string | undefined {
  const phrases = PHRASES[language];
  switch (record.kind) {
    case 'open': {
      const { client, server, connectionId, gateway, tls } = record;
      const ends = `${client.address}:${client.port} → ${server.address}:${server.port}`;
      const inside = tls ? `${phrases.comma}${tls.protocol} ${tls.cipher}` : '';
      return paint(
        'title',
        escaped(`${phrases.connection(connectionId, ends)}${phrases.comma}${gateway}${inside}`),
      );
    }
    case 'verdict': {
      const { about, isAllowed, rule, reason } = record;
      return paint('note', escaped(`${phrases.verdict(about, isAllowed, rule)}${reason}`));
    }
    case 'station':
      return paint('note', escaped(stationText(record, phrases)));
    case 'resume': {
      const { roomId, cursor, answer, position, entriesReplayed: replayed } = record;
      const text = phrases.resume({ roomId, cursor: cursor?.seq, answer, position: position.seq, replayed });
      return paint('note', escaped(text));
    }
    case 'client': {
      const seq = record.seq === undefined ? '' : `${phrases.comma}seq ${record.seq}`;
      return paint('note', escaped(`${phrases.client(record.moment)}${seq}`));
    }
    case 'clock':
      return paint('dim', phrases.clock(record.offset, record.uncertainty));
    case 'poll': {
      const [first = ''] = record.head.split('\r\n');
      return `${paint(record.direction, record.direction === 'in' ? '→' : '←')} ${paint('title', escaped(first))}`;
    }
    case 'dropped':
      return paint('note', phrases.notKept(record.records, record.bytes));
    case 'note':
      return paint('note', `# ${escaped(record.text)}`);
    case 'close': {
      const { code, reason, wasClean, error } = record;
      const said = reason === '' ? '' : `${phrases.comma}"${reason}"`;
      const why = error && error.message !== reason ? `: ${error.message}` : '';
      return paint('title', escaped(`${phrases.closed(wasClean, code)}${said}${why}`));
    }
  }
}

function stationText({ station, seq, batchSize, reader }: StationRecord, phrases: Phrases): string {
  const who = reader ? phrases.reader(reader.name ?? reader.connectionId) : '';
  return [
    `${station}${who}`,
    seq === undefined ? '' : `seq ${seq}`,
    batchSize === undefined ? '' : phrases.messages(batchSize),
    reader?.isBehind ? phrases.isBehind : '',
  ]
    .filter((part) => part !== '')
    .join(phrases.comma);
}
