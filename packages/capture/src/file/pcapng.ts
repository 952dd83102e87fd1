// Captures as packets, for Wireshark and its kin: pcapng out; pcapng and pcap in, ours and those of tcpdump and dumpcap.
// Each record of bytes is a packet of synthetic TCP/IP. What is no bytes is not in them: JSONL keeps that.
import { concat } from '../bytes.ts';
import type { BytesRecord, Capture, CaptureRecord, Direction, OpenRecord } from '../record.ts';
import { COMMENT_MARK } from './comment.ts';
import { asIpv6, parseAddress } from './ip-address.ts';
import { type Endpoint, ipPacket, SEGMENT_BYTES_MAX, TCP_FLAGS } from './packet-writer.ts';
import { type FilePacket, interfaceBlock, packetBlock, sectionBlock } from './pcapng-block.ts';

export { fromPcapng } from './pcapng-reader.ts';

/** The connections side by side, in the order of time, each on an interface that bears its id. */
export function toPcapng(captures: readonly Capture[]): Uint8Array {
  const taken = new Set<string>();
  const writers = captures.map((capture, index) => new ConnectionWriter(capture, index, taken));
  const packets = writers.flatMap((writer) => writer.packets());
  const sorted = packets.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return concat([
    sectionBlock(),
    ...writers.map((writer) => writer.interfaceBlock()),
    ...sorted.map(packetBlock),
  ]);
}

interface End extends Endpoint {
  /** Sequence number of its stream's first byte, less one: that of its SYN. */
  readonly initialSeq: number;
}

class ConnectionWriter {
  readonly #capture: Capture;
  readonly #index: number;
  readonly #open: OpenRecord | undefined;
  readonly #client: End;
  readonly #server: End;
  readonly #packets: FilePacket[] = [];
  /** How far each stream has come. */
  readonly #sent = { in: 0, out: 0 };
  #notes: string[] = [];

  constructor(capture: Capture, index: number, taken: Set<string>) {
    this.#capture = capture;
    this.#index = index;
    this.#open = capture.records.find((record) => record.kind === 'open');
    const [client, server] = addressesOf(this.#open);
    const serverPort = this.#open?.server.port || 80;
    const clientPort = freePort(
      this.#open?.client.port || 49_152,
      `${client} ${server} ${serverPort}`,
      taken,
    );
    const initialSeq = (Math.imul(index + 1, 0x9e3779b1) >>> 0) & 0x7fff_ffff;
    this.#client = { address: client, port: clientPort, initialSeq };
    this.#server = { address: server, port: serverPort, initialSeq: initialSeq ^ 0x5555_5555 };
  }

  interfaceBlock(): Uint8Array {
    const open = this.#open;
    const comment = open ? `${COMMENT_MARK}${JSON.stringify(open)}` : COMMENT_MARK;
    return interfaceBlock({ name: open?.connectionId ?? `connection ${this.#index}`, comment });
  }

  packets(): FilePacket[] {
    const { records } = this.#capture;
    const first = records.find((record) => record.kind === 'bytes');
    const begin = Math.min(this.#open?.at ?? first?.at ?? 0, first?.at ?? this.#open?.at ?? 0);
    this.#handshake(begin);
    for (const record of records) this.#write(record);
    return this.#packets;
  }

  #handshake(at: number): void {
    const { syn, ack } = TCP_FLAGS;
    this.#add('in', { at, flags: syn, seq: this.#client.initialSeq, ack: 0 });
    this.#add('out', {
      at,
      flags: syn | ack,
      seq: this.#server.initialSeq,
      ack: this.#client.initialSeq + 1,
    });
    this.#add('in', { at, flags: ack });
  }

  #write(record: CaptureRecord): void {
    if (record.kind === 'bytes') this.#writeBytes(record);
    else if (record.kind === 'note') this.#notes.push(record.text);
    else if (record.kind === 'close') this.#writeEnd(record.at, record.wasClean);
  }

  #writeBytes(record: BytesRecord): void {
    const { direction, at, bytes, offset, hidden, anchor } = record;
    const marks = { ...(hidden && { hidden }), ...(anchor && { anchor }) };
    const comments = [
      ...this.#notes,
      ...(Object.keys(marks).length > 0 ? [`${COMMENT_MARK}${JSON.stringify(marks)}`] : []),
    ];
    this.#notes = [];
    for (let from = 0; from < bytes.length; from += SEGMENT_BYTES_MAX) {
      const payload = bytes.subarray(from, from + SEGMENT_BYTES_MAX);
      const isLast = from + payload.length === bytes.length;
      this.#sent[direction] = offset + from;
      const flags = TCP_FLAGS.ack | (isLast ? TCP_FLAGS.psh : 0);
      this.#add(direction, { at, flags, payload, comments: from === 0 ? comments : [] });
    }
    this.#sent[direction] = offset + bytes.length;
  }

  /** Who ended TCP first is not recorded; a clean end is shown as the server's, as RFC 6455 section 7.1.1 has it. */
  #writeEnd(at: number, isClean: boolean): void {
    const { fin, ack, rst } = TCP_FLAGS;
    if (!isClean) {
      this.#add('out', { at, flags: rst | ack });
      return;
    }
    this.#add('out', { at, flags: fin | ack });
    this.#sent.out += 1;
    this.#add('in', { at, flags: fin | ack });
    this.#sent.in += 1;
    this.#add('out', { at, flags: ack });
  }

  #add(
    direction: Direction,
    {
      at,
      comments = [],
      ...rest
    }: {
      at: number;
      flags: number;
      seq?: number;
      ack?: number;
      payload?: Uint8Array;
      comments?: readonly string[];
    },
  ): void {
    const [from, to] = direction === 'in' ? [this.#client, this.#server] : [this.#server, this.#client];
    const [sent, received] =
      direction === 'in' ? [this.#sent.in, this.#sent.out] : [this.#sent.out, this.#sent.in];
    const seq = from.initialSeq + 1 + sent;
    const ack = to.initialSeq + 1 + received;
    this.#packets.push({
      interface: this.#index,
      at: nanosOf(at),
      bytes: ipPacket({ from, to, seq, ack, ...rest }),
      comments,
    });
  }
}

/** Of connections with the same ends, which Wireshark would take for one, all but the first get another port. */
function freePort(wanted: number, ends: string, taken: Set<string>): number {
  let port = wanted;
  while (taken.has(`${ends} ${port}`) && taken.size < 0xffff) port = port === 0xffff ? 1_024 : port + 1;
  taken.add(`${ends} ${port}`);
  return port;
}

/** Microseconds, which may have a fraction, to nanoseconds. */
function nanosOf(micros: number): bigint {
  const whole = Math.max(0, Math.floor(micros));
  return BigInt(whole) * 1_000n + BigInt(Math.round((Math.max(0, micros) - whole) * 1_000));
}

/** Both of one family. A name, or no address at all, becomes one that is for documents (RFC 5737). */
function addressesOf(open: OpenRecord | undefined): readonly [Uint8Array, Uint8Array] {
  const client = parseAddress(open?.client.address ?? '') ?? Uint8Array.from([192, 0, 2, 1]);
  const server = parseAddress(open?.server.address ?? '') ?? Uint8Array.from([192, 0, 2, 2]);
  return client.length === server.length ? [client, server] : [asIpv6(client), asIpv6(server)];
}
