// Addresses as bytes and as text: IPv4 in 4 bytes, IPv6 in 16.
import { concat } from '../bytes.ts';

/** Undefined where the text is no address, for instance a host's name. */
export function parseAddress(text: string): Uint8Array | undefined {
  const plain = text.replace(/^\[|\]$|%.*$/g, '');
  if (plain.includes(':')) return parseIpv6(plain);
  const parts = plain.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  return Uint8Array.from(parts, Number);
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((half) =>
    (half === '' ? [] : half.split(':')).flatMap(groupBytes),
  );
  const length = left.length + right.length;
  if ([...left, ...right].some(Number.isNaN)) return undefined;
  if (halves.length === 1 ? length !== 16 : length > 14) return undefined;
  return concat([Uint8Array.from(left), new Uint8Array(16 - length), Uint8Array.from(right)]);
}

/** Two bytes of a group; four of an IPv4 address at the end. */
function groupBytes(group: string): number[] {
  const ipv4 = group.includes('.') ? parseAddress(group) : undefined;
  if (ipv4) return [...ipv4];
  if (!/^[0-9a-f]{1,4}$/i.test(group)) return [Number.NaN, Number.NaN];
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}

/** An IPv4 address as the IPv6 address that stands for it (RFC 4291 section 2.5.5.2). */
export const asIpv6 = (address: Uint8Array): Uint8Array =>
  address.length === 16
    ? address
    : Uint8Array.from([...new Array<number>(10).fill(0), 0xff, 0xff, ...address]);

/** RFC 5952: the longest run of zeros is left out. */
export function showAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  const { from, to } = longestZeros(groups);
  if (to - from < 2) return groups.join(':');
  return `${groups.slice(0, from).join(':')}::${groups.slice(to).join(':')}`;
}

/** The first of the longest runs of groups that are zero. */
function longestZeros(groups: readonly string[]): { readonly from: number; readonly to: number } {
  let longest = { from: 0, to: 0 };
  let from = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== '0') from = index + 1;
    else if (index + 1 - from > longest.to - longest.from) longest = { from, to: index + 1 };
  }
  return longest;
}
