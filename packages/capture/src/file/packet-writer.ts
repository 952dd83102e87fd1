// Synthetic TCP/IP around the bytes of a connection, so that other programs can open them: raw IP packets with right
// lengths, sequence numbers and checksums (RFC 791, 8200, 9293).
import { concat, EMPTY } from '../bytes.ts';

export const TCP_FLAGS = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;
/** What fits into an IPv4 packet beside both headers. */
export const SEGMENT_BYTES_MAX = 65_495;

export interface Endpoint {
  /** 4 or 16 bytes; both ends the same. */
  readonly address: Uint8Array;
  readonly port: number;
}

export interface Segment {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly payload?: Uint8Array;
}

const TCP = 6;
const HOPS = 64;

export function ipPacket(segment: Segment): Uint8Array {
  const tcp = tcpSegment(segment);
  const header =
    segment.from.address.length === 4 ? ipv4Header(segment, tcp.length) : ipv6Header(segment, tcp.length);
  return concat([header, tcp]);
}

function ipv4Header({ from, to }: Segment, length: number): Uint8Array {
  const header = new Uint8Array(20);
  const view = new DataView(header.buffer);
  view.setUint8(0, 0x45);
  view.setUint16(2, 20 + length);
  // Not to be fragmented.
  view.setUint16(6, 0x4000);
  view.setUint8(8, HOPS);
  view.setUint8(9, TCP);
  header.set(from.address, 12);
  header.set(to.address, 16);
  view.setUint16(10, checksum([header]));
  return header;
}

function ipv6Header({ from, to }: Segment, length: number): Uint8Array {
  const header = new Uint8Array(40);
  const view = new DataView(header.buffer);
  view.setUint8(0, 0x60);
  view.setUint16(4, length);
  view.setUint8(6, TCP);
  view.setUint8(7, HOPS);
  header.set(from.address, 8);
  header.set(to.address, 24);
  return header;
}

function tcpSegment({ from, to, seq, ack, flags, payload = EMPTY }: Segment): Uint8Array {
  const segment = new Uint8Array(20 + payload.length);
  const view = new DataView(segment.buffer);
  view.setUint16(0, from.port);
  view.setUint16(2, to.port);
  view.setUint32(4, seq >>> 0);
  view.setUint32(8, ack >>> 0);
  view.setUint8(12, 5 << 4);
  view.setUint8(13, flags);
  view.setUint16(14, 0xffff);
  segment.set(payload, 20);
  view.setUint16(16, checksum([pseudoHeader(from, to, segment.length), segment]));
  return segment;
}

/** What TCP's checksum covers of the packet around it. Of IPv4 and IPv6 alike: the sums of both forms are the same. */
function pseudoHeader(from: Endpoint, to: Endpoint, length: number): Uint8Array {
  const rest = new Uint8Array(8);
  const view = new DataView(rest.buffer);
  view.setUint32(0, length);
  view.setUint32(4, TCP);
  return concat([from.address, to.address, rest]);
}

/** The Internet checksum (RFC 1071). All parts but the last have an even length. */
function checksum(parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts)
    for (let at = 0; at < part.length; at += 2) sum += ((part[at] ?? 0) << 8) | (part[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x1_0000);
  return ~sum & 0xffff;
}
