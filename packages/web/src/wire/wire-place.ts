// Where the inspector is in the address: `#wire`, `#wire/12` for the receipt of message 12, `#wire/try/ping` for a
// scene, `#wire/compare` for the comparison with Socket.IO, `#wire=…` for a capture in a link. The only part of the
// inspector that the page loads at once.

export type WirePlace =
  | { readonly kind: 'closed' }
  | { readonly kind: 'connection' }
  | { readonly kind: 'message'; readonly seq: number }
  | { readonly kind: 'scene'; readonly scene: string }
  | { readonly kind: 'compare' }
  | { readonly kind: 'link'; readonly data: string };

export function readPlace(hash: string): WirePlace {
  if (hash === '#wire') return { kind: 'connection' };
  if (hash === '#wire/compare') return { kind: 'compare' };
  const seq = /^#wire\/(\d{1,15})$/.exec(hash)?.[1];
  if (seq !== undefined) return { kind: 'message', seq: Number(seq) };
  const scene = /^#wire\/try\/([a-z0-9-]{1,64})$/.exec(hash)?.[1];
  if (scene !== undefined) return { kind: 'scene', scene };
  const data = /^#wire=(.+)$/.exec(hash)?.[1];
  return data === undefined ? { kind: 'closed' } : { kind: 'link', data };
}

export const hashOf = (place: Extract<WirePlace, { kind: 'connection' | 'message' }>): string =>
  place.kind === 'connection' ? '#wire' : `#wire/${place.seq}`;
