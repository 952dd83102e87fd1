// A Matrix message's content as text. Files stand as their name and address: what they hold is not in the JSON.
import { type JsonObject, objectIn, objectsIn, stringIn } from './json-elements.ts';

/** Stands for what was encrypted for somebody else than the one who exported. */
export const UNREADABLE = '[This message was encrypted and could not be read when it was exported.]';

export function elementText(content: JsonObject, author: string): string {
  const body = stringIn(content, 'body') ?? '';
  const msgtype = stringIn(content, 'msgtype');
  switch (msgtype) {
    case 'm.bad.encrypted':
      return UNREADABLE;
    case 'm.emote':
      return `* ${author} ${body}`;
    case 'm.image':
    case 'm.file':
    case 'm.video':
    case 'm.audio':
      return fileText(content, body);
    case undefined:
      return pollText(content) ?? (objectIn(content, 'info') === undefined ? body : fileText(content, body));
    default:
      return body;
  }
}

/** A body beside a file name is what somebody wrote under the picture. */
function fileText(content: JsonObject, body: string): string {
  const name = stringIn(content, 'filename') ?? body;
  const address = stringIn(content, 'url') ?? stringIn(objectIn(content, 'file'), 'url') ?? '';
  const file = `[file: ${name}${address === '' ? '' : ` ${address}`}]`;
  return name === body ? file : `${body}\n${file}`;
}

function pollText(content: JsonObject): string | undefined {
  const poll = objectIn(content, 'm.poll') ?? objectIn(content, 'org.matrix.msc3381.poll.start');
  if (poll === undefined) return undefined;
  const answers = objectsIn(poll, 'answers').map((answer) => `- ${textOf(answer)}`);
  return [`[poll] ${textOf(objectIn(poll, 'question') ?? {})}`, ...answers].join('\n');
}

/** Extensible events have had three ways to say a text. */
function textOf(object: JsonObject): string {
  const [first] = objectsIn(object, 'm.text');
  return (
    stringIn(first, 'body') ??
    stringIn(object, 'm.text') ??
    stringIn(object, 'org.matrix.msc1767.text') ??
    stringIn(object, 'body') ??
    ''
  );
}
