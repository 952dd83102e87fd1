// Packets of a file to captures: TCP connections put in order, of which those are kept that are WebSockets.
import { concat, toLatin1 } from '../bytes.ts';
import type { BytesRecord, Capture, CaptureRecord, Direction, OpenRecord } from '../record.ts';
import { recordSchema } from '../record-schema.ts';
import { COMMENT_MARK, readComment, readOpen } from './comment.ts';
import { CaptureFileError } from './file-error.ts';
import { showAddress } from './ip-address.ts';
import { isLinkKnown, readSegment, type SegmentRead } from './packet-reader.ts';
import { TCP_FLAGS } from './packet-writer.ts';
import { type ReadPacket, readPackets } from './pcapng-block.ts';
import { type OrderedBytes, TcpStream } from './tcp-stream.ts';

/** TCP connections of one file; later ones are left out. */
const CONNECTIONS_MAX = 10_000;

/** Throws a CaptureFileError where the file cannot be read, or no WebSocket is in it. */
export function fromPcapng(file: Uint8Array): readonly Capture[] {
  const packets = readPackets(file);
  const connections = new Map<string, Connection>();
  const all: Connection[] = [];
  for (const packet of packets) {
    const segment = readSegment(packet.bytes, packet.link.linkType);
    if (segment) take(segment, packet, connections, all);
  }
  const captures = all.map((connection) => connection.capture()).filter((capture) => capture !== undefined);
  if (captures.length === 0) throw nothingIn(packets, all.length);
  return captures;
}

function nothingIn(packets: readonly ReadPacket[], connections: number): CaptureFileError {
  const unknown = packets.find(({ link }) => !isLinkKnown(link.linkType));
  if (connections === 0 && unknown) return new CaptureFileError('link-type', { type: unknown.link.linkType });
  return new CaptureFileError('no-websocket', { packets: packets.length, connections });
}

function take(
  segment: SegmentRead,
  packet: ReadPacket,
  connections: Map<string, Connection>,
  all: Connection[],
): void {
  const here = `${showAddress(segment.source)} ${segment.sourcePort}`;
  const there = `${showAddress(segment.destination)} ${segment.destinationPort}`;
  const key = `${packet.interface} ${here < there ? `${here} ${there}` : `${there} ${here}`}`;
  const isSyn = (segment.flags & (TCP_FLAGS.syn | TCP_FLAGS.ack)) === TCP_FLAGS.syn;
  let connection = connections.get(key);
  if (!connection || (isSyn && connection.isAnother(segment))) {
    if (all.length >= CONNECTIONS_MAX) return;
    connection = new Connection(segment, packet, all.length);
    connections.set(key, connection);
    all.push(connection);
  }
  connection.push(segment, packet);
}

class Connection {
  readonly #first: SegmentRead;
  readonly #packet: ReadPacket;
  readonly #number: number;
  readonly #isOurs: boolean;
  readonly #streams = { in: new TcpStream(), out: new TcpStream() };
  readonly #records: BytesRecord[] = [];
  /** Segments of a record that was too long for one, in files of ours. */
  readonly #parts: { in: OrderedBytes[]; out: OrderedBytes[] } = { in: [], out: [] };
  #clientSeq: number | undefined;

  constructor(segment: SegmentRead, packet: ReadPacket, number: number) {
    this.#first = segment;
    this.#packet = packet;
    this.#number = number;
    this.#isOurs = packet.link.comment?.startsWith(COMMENT_MARK) === true;
  }

  /** A SYN of the same ports that is no repetition of the first one. */
  isAnother(segment: SegmentRead): boolean {
    return this.#clientSeq !== segment.seq;
  }

  push(segment: SegmentRead, packet: ReadPacket): void {
    const direction = this.#directionOf(segment);
    const stream = this.#streams[direction];
    if (segment.flags & TCP_FLAGS.syn) {
      if (direction === 'in') this.#clientSeq = segment.seq;
      stream.begin(segment.seq + 1);
    }
    if (segment.payload.length === 0) return;
    const isPushed = (segment.flags & TCP_FLAGS.psh) !== 0;
    const { at, comments } = packet;
    for (const ready of stream.push(segment.seq, { bytes: segment.payload, at, isPushed, comments }))
      this.#add(direction, ready);
  }

  /** Who sent the first segment is the client: of a connection that is seen from its SYN or its request on. */
  #directionOf(segment: SegmentRead): Direction {
    const isFirstSender =
      segment.sourcePort === this.#first.sourcePort &&
      showAddress(segment.source) === showAddress(this.#first.source);
    const isFirstAnswer =
      (this.#first.flags & TCP_FLAGS.syn) !== 0 && (this.#first.flags & TCP_FLAGS.ack) !== 0;
    return isFirstSender === isFirstAnswer ? 'out' : 'in';
  }

  #add(direction: Direction, part: OrderedBytes): void {
    const parts = this.#parts[direction];
    parts.push(part);
    if (!this.#isOurs || part.isPushed) this.#flush(direction);
  }

  #flush(direction: Direction): void {
    const parts = this.#parts[direction];
    const [first] = parts;
    if (!first) return;
    const record: BytesRecord = {
      kind: 'bytes',
      at: microsOf(first.at),
      direction,
      offset: first.offset,
      bytes: concat(parts.map(({ bytes }) => bytes)),
    };
    this.#records.push(withMarks(record, first.comments));
    this.#parts[direction] = [];
  }

  /** Undefined: no WebSocket, as far as one can see. */
  capture(): Capture | undefined {
    for (const direction of ['in', 'out'] as const) {
      for (const rest of this.#streams[direction].end()) this.#add(direction, rest);
      this.#flush(direction);
    }
    if (!this.#isOurs && !isWebSocket(this.#records)) return undefined;
    const records: CaptureRecord[] = [this.#open(), ...this.#records.sort((a, b) => a.at - b.at)];
    return { records };
  }

  #open(): OpenRecord {
    const told = readOpen(this.#packet.link.comment ?? '');
    if (told) return told;
    const client = { address: showAddress(this.#first.source), port: this.#first.sourcePort };
    const server = { address: showAddress(this.#first.destination), port: this.#first.destinationPort };
    const isSwapped = this.#directionOf(this.#first) === 'out';
    return {
      kind: 'open',
      at: microsOf(this.#packet.at),
      connectionId: `tcp-${this.#number + 1}`,
      recordedBy: 'between',
      gateway: 'unknown',
      client: isSwapped ? server : client,
      server: isSwapped ? client : server,
    };
  }
}

const microsOf = (nanos: bigint): number => Number(nanos / 1_000n) + Number(nanos % 1_000n) / 1_000;

/** What a packet of ours says of its bytes beside them. */
function withMarks(record: BytesRecord, comments: readonly string[]): BytesRecord {
  for (const comment of comments) {
    const marks = readComment(comment);
    const result = marks && recordSchema.safeParse({ ...marks, ...record, bytes: '' });
    if (result?.success && result.data.kind === 'bytes') return { ...result.data, bytes: record.bytes };
  }
  return record;
}

const HEAD_LOOKED_AT = 16 * 1024;

function isWebSocket(records: readonly BytesRecord[]): boolean {
  let head = '';
  for (const { direction, bytes } of records) {
    if (direction === 'in') head += toLatin1(bytes.subarray(0, HEAD_LOOKED_AT - head.length));
    if (head.length >= HEAD_LOOKED_AT) break;
  }
  return /^[A-Z]+ \S+ HTTP\/1\.\d\r?\n/.test(head) && /\nupgrade:[^\n]*websocket/i.test(head);
}
