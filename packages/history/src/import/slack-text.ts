// A Slack message's text as people read it: mentions by name, links as addresses, and what hangs on it (files, attachments) as
// lines below. Formatting marks stay as they were typed. Addresses of files lose the secret that an export puts into them.
import { type JsonObject, objectsIn, stringIn } from './json-elements.ts';
import { slackEmoji } from './slack-emoji.ts';

export interface SlackNames {
  userName(id: string): string | undefined;
  channelName(id: string): string | undefined;
}

/** Everything of the message that is text. Empty: there is none. */
export function slackText(message: JsonObject, names: SlackNames): string {
  const own = plainText(stringIn(message, 'text') ?? '', names);
  const files = objectsIn(message, 'files').map(fileLine);
  const attached = objectsIn(message, 'attachments').map((attachment) => attachmentText(attachment, names));
  return [own, ...attached, ...files].filter((part) => part.trim() !== '').join('\n');
}

/** `<…>` is a reference; the three characters that it is made of are escaped elsewhere. */
export function plainText(text: string, names: SlackNames): string {
  const replaced = text.replace(/<([^<>]*)>/g, (_, inner: string) => reference(inner, names));
  return replaced
    .replace(/:([a-z0-9_+-]{1,50})(?:::(skin-tone-[2-6]))?:/g, (typed, name: string, tone?: string) => {
      return slackEmoji(tone === undefined ? name : `${name}::${tone}`) ?? typed;
    })
    .replace(/&(lt|gt|amp);/g, (_, name: string) => ({ lt: '<', gt: '>', amp: '&' })[name] ?? '');
}

function reference(inner: string, names: SlackNames): string {
  const bar = inner.indexOf('|');
  const [what, label] = bar < 0 ? [inner, ''] : [inner.slice(0, bar), inner.slice(bar + 1)];
  const id = what.slice(1);
  if (what.startsWith('@')) return `@${names.userName(id) ?? (label || id)}`;
  if (what.startsWith('#')) return `#${label || (names.channelName(id) ?? id)}`;
  if (what.startsWith('!')) {
    // <!here>, <!subteam^S1|@team>, <!date^1392734382^{date}|February 18th>
    const shown = label || (id.split('^')[0] ?? '');
    return shown.startsWith('@') || id.startsWith('date') ? shown : `@${shown}`;
  }
  const address = what.replace(/^mailto:/, '');
  return label === '' || label === address || label === what ? address : `${label} (${what})`;
}

function fileLine(file: JsonObject): string {
  const mode = stringIn(file, 'mode');
  if (mode === 'tombstone') return '[file, deleted]';
  if (mode === 'hidden_by_limit') return '[file, hidden by the limit of the plan]';
  const name = stringIn(file, 'title') || stringIn(file, 'name') || stringIn(file, 'id') || 'unnamed';
  const address = stringIn(file, 'permalink') || stringIn(file, 'url_private') || '';
  return `[file: ${name}${address === '' ? '' : ` ${withoutToken(address)}`}]`;
}

/** What an export adds to an address lets everybody read the file who has it. */
function withoutToken(address: string): string {
  return address.replace(/([?&])t=[^&#]*&?/g, '$1').replace(/[?&]+(?=$|#)/, '');
}

function attachmentText(attachment: JsonObject, names: SlackNames): string {
  const fields = ['pretext', 'title', 'text'].map((field) => stringIn(attachment, field) ?? '');
  const link = stringIn(attachment, 'title_link') ?? '';
  const parts = [...fields.slice(0, 2), link, ...fields.slice(2)].filter((part) => part !== '');
  const text = parts.length > 0 ? parts.join('\n') : (stringIn(attachment, 'fallback') ?? '');
  // A link's preview repeats what the link has; it is set apart, as Slack does.
  return plainText(text, names)
    .split('\n')
    .map((line) => `| ${line}`)
    .join('\n')
    .replace(/^\| $/, '');
}
