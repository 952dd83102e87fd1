// Finds the web addresses in a text. Pieces out, no markup: MessageText.tsx makes elements of them.

export type TextPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

/** Chinese punctuation ends an address: it is written without a space before it. */
const ADDRESS = /https?:\/\/[^\s<>"'`，。；：！？、（）【】《》「」『』“”‘’…\p{Cc}]+/giu;
const TRAILING = /[.,;:!?*_~]$/;
const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** The pieces in order; joined, their texts are the given text. */
export function parseLinks(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutTail(match[0]);
    const href = hrefOf(address);
    if (href === undefined) continue;
    if (match.index > from) pieces.push({ kind: 'text', text: text.slice(from, match.index) });
    pieces.push({ kind: 'link', text: address, href });
    from = match.index + address.length;
  }
  if (from < text.length || pieces.length === 0) pieces.push({ kind: 'text', text: text.slice(from) });
  return pieces;
}

/** Punctuation at the end belongs to the sentence, and so does a bracket that was not opened within the address. */
function withoutTail(address: string): string {
  const counts = new Map<string, number>();
  for (const character of address) counts.set(character, (counts.get(character) ?? 0) + 1);
  let end = address.length;
  while (end > 0) {
    const last = address.charAt(end - 1);
    const opener = CLOSERS[last];
    const isLoose = opener !== undefined && (counts.get(last) ?? 0) > (counts.get(opener) ?? 0);
    if (!isLoose && !TRAILING.test(last)) break;
    counts.set(last, (counts.get(last) ?? 0) - 1);
    end--;
  }
  return address.slice(0, end);
}

function hrefOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  // A name before the host disguises where a link goes (https://bank.example@evil.example): it stays text.
  if (url.username !== '' || url.password !== '') return undefined;
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
}
