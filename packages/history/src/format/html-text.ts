// Text as HTML: escaped, harmless, and with its web addresses as links. For elements and for attributes in double quotes.
import { safeLine, safeText } from './safe-text.ts';

const SPECIAL = /[&<>"]/;

export function escapeHtml(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A name, a title: one line. */
export const htmlLine = (text: string): string => escapeHtml(safeLine(text));

/** Chinese punctuation ends an address: it is written without a space before it. */
const ADDRESS = /https?:\/\/[^\s<>"'`，。；：！？、（）【】《》「」『』“”‘’…[\p{Cc}\p{Cf}]+/giu;
const TRAILING = /[.,;:!?*_~)\]}]+$/;

/** A message's text. */
export function htmlText(text: string): string {
  const safe = safeText(text);
  if (!safe.includes('://')) return escapeHtml(safe);
  let html = '';
  let from = 0;
  for (const match of safe.matchAll(ADDRESS)) {
    const address = withoutTail(match[0]);
    const href = hrefOf(address);
    if (href === undefined) continue;
    html += `${escapeHtml(safe.slice(from, match.index))}<a href="${escapeHtml(href)}" rel="noreferrer">${escapeHtml(address)}</a>`;
    from = match.index + address.length;
  }
  return html + escapeHtml(safe.slice(from));
}

/** Punctuation at the end belongs to the sentence; a bracket does unless the address has its other half. */
function withoutTail(address: string): string {
  const tail = TRAILING.exec(address)?.[0];
  if (tail === undefined) return address;
  const body = address.slice(0, -tail.length);
  return tail.startsWith(')') && body.includes('(') ? `${body})` : body;
}

function hrefOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  // A name before the host disguises where a link goes (https://bank.example@evil.example): it stays text.
  if (url.username !== '' || url.password !== '') return undefined;
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
}
