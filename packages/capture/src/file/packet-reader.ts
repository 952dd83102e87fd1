// Finds the TCP segment in a captured packet: link layer, IP, TCP, as tcpdump and dumpcap write them. Undefined: there is none.

export interface SegmentRead {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly seq: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

interface Ip {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  /** From TCP's header on, without what the link layer padded. */
  readonly rest: Uint8Array;
}

const LINK = {
  null: 0,
  ethernet: 1,
  rawBsd: 12,
  rawOpenBsd: 14,
  raw: 101,
  loop: 108,
  sll: 113,
  ipv4: 228,
  ipv6: 229,
  sll2: 276,
} as const;
const ETHER_IPV4 = 0x0800;
const ETHER_IPV6 = 0x86dd;
const VLAN_TAGS = new Set([0x8100, 0x88a8, 0x9100]);
const TCP = 6;
const EXTENSIONS = new Set([0, 43, 60]);
const VLANS_MAX = 4;
const EXTENSIONS_MAX = 8;

export function readSegment(packet: Uint8Array, linkType: number): SegmentRead | undefined {
  const bytes = ipOf(packet, linkType);
  const version = (bytes?.[0] ?? 0) >> 4;
  const ip = !bytes
    ? undefined
    : version === 4
      ? readIpv4(bytes)
      : version === 6
        ? readIpv6(bytes)
        : undefined;
  return ip && readTcp(ip);
}

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const u32 = (bytes: Uint8Array, at: number): number => u16(bytes, at) * 0x1_0000 + u16(bytes, at + 2);

/** The IP packet inside the link layer's. The version in it is what counts; other protocols have none that is 4 or 6. */
function ipOf(packet: Uint8Array, linkType: number): Uint8Array | undefined {
  switch (linkType) {
    case LINK.raw:
    case LINK.rawBsd:
    case LINK.rawOpenBsd:
    case LINK.ipv4:
    case LINK.ipv6:
      return packet;
    case LINK.null:
    case LINK.loop:
      return packet.subarray(4);
    case LINK.ethernet:
      return afterEtherType(packet, 12);
    case LINK.sll:
      return afterEtherType(packet, 14);
    case LINK.sll2:
      return isIp(u16(packet, 0)) ? packet.subarray(20) : undefined;
    default:
      return undefined;
  }
}

export const isLinkKnown = (linkType: number): boolean => Object.values<number>(LINK).includes(linkType);

const isIp = (type: number): boolean => type === ETHER_IPV4 || type === ETHER_IPV6;

function afterEtherType(packet: Uint8Array, start: number): Uint8Array | undefined {
  let at = start;
  for (let tags = 0; tags < VLANS_MAX && VLAN_TAGS.has(u16(packet, at)); tags++) at += 4;
  return isIp(u16(packet, at)) ? packet.subarray(at + 2) : undefined;
}

function readIpv4(bytes: Uint8Array): Ip | undefined {
  const headerBytes = ((bytes[0] ?? 0) & 0x0f) * 4;
  // A fragment of a packet is not put together again: TCP over loopback and Ethernet has none.
  const isFragment = (u16(bytes, 6) & 0x3fff) !== 0;
  if (bytes.length < headerBytes || headerBytes < 20 || bytes[9] !== TCP || isFragment) return undefined;
  // 0: the network card cuts it up later.
  const length = u16(bytes, 2) || bytes.length;
  const rest = bytes.subarray(headerBytes, Math.max(headerBytes, length));
  return { source: bytes.subarray(12, 16), destination: bytes.subarray(16, 20), rest };
}

function readIpv6(bytes: Uint8Array): Ip | undefined {
  if (bytes.length < 40) return undefined;
  let next = bytes[6] ?? 0;
  let at = 40;
  for (let seen = 0; seen < EXTENSIONS_MAX && EXTENSIONS.has(next); seen++) {
    next = bytes[at] ?? 0;
    at += ((bytes[at + 1] ?? 0) + 1) * 8;
  }
  if (next !== TCP) return undefined;
  const length = u16(bytes, 4) || bytes.length - 40;
  return {
    source: bytes.subarray(8, 24),
    destination: bytes.subarray(24, 40),
    rest: bytes.subarray(at, 40 + length),
  };
}

function readTcp({ source, destination, rest }: Ip): SegmentRead | undefined {
  const headerBytes = ((rest[12] ?? 0) >> 4) * 4;
  if (headerBytes < 20 || rest.length < headerBytes) return undefined;
  return {
    source,
    destination,
    sourcePort: u16(rest, 0),
    destinationPort: u16(rest, 2),
    seq: u32(rest, 4),
    flags: rest[13] ?? 0,
    payload: rest.subarray(headerBytes),
  };
}
