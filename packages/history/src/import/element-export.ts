// Reads a room's export of Element (and of programs that make the same JSON): one document, its events in a list. What they mean
// is in element-events.ts.
import { ElementEvents } from './element-events.ts';
import { ImportError, type ImportHead, type ReadRecord } from './import-record.ts';
import { type JsonPart, jsonElements, objectOf, stringIn } from './json-elements.ts';

export interface ElementExport {
  readonly head: ImportHead;
  readonly records: AsyncIterable<ReadRecord>;
}

export async function readElementExport(chunks: AsyncIterable<Uint8Array>): Promise<ElementExport> {
  const parts = jsonElements(chunks, { name: "Element's export", field: 'messages' });
  const { value, done } = await parts.next();
  const before = done !== true && value.kind === 'before' ? objectOf(value.json) : undefined;
  if (before === undefined) throw new ImportError('This is no export of Element: it has no list "messages".');
  const title = stringIn(before, 'room_name') ?? '';
  const topic = stringIn(before, 'topic') ?? '';
  return { head: { source: 'element', title, topic, keepsNumbers: false }, records: recordsOf(parts) };
}

async function* recordsOf(parts: AsyncGenerator<JsonPart>): AsyncGenerator<ReadRecord> {
  const events = new ElementEvents();
  let count = 0;
  for await (const part of parts) {
    if (part.kind !== 'element') continue;
    count += 1;
    const place = `event ${count}`;
    const event = objectOf(part.json);
    if (event === undefined) yield { lost: { place, reason: 'it is no JSON object' } };
    else yield* events.take(event, place);
  }
  yield* events.end();
}
