// Captures as packets: out and back, and files of other programs, which are written here byte by byte.
import { describe, expect, it } from 'vitest';
import { concat } from '../bytes.ts';
import { decode } from '../decode/decode.ts';
import type { BytesRecord, Capture, CaptureRecord, OpenRecord } from '../record.ts';
import { ascii, frame, OPEN, randomOf, recut, Wire } from '../testing/wire.ts';
import { parseAddress, showAddress } from './ip-address.ts';
import { ipPacket, TCP_FLAGS } from './packet-writer.ts';
import { fromPcapng, toPcapng } from './pcapng.ts';
import { EARLY_SEGMENTS_MAX, TcpStream } from './tcp-stream.ts';

const onlyBytes = ({ records }: Capture): CaptureRecord[] =>
  records.filter(({ kind }) => kind === 'open' || kind === 'bytes');

describe('our files', () => {
  it('[K23] give back connection and bytes as they were: times, cuts, hidden ranges, anchors, gaps', () => {
    const anchor = { frameAt: 0, frames: 7, messages: 7, isInMessage: false };
    const wire = new Wire()
      .handshake()
      .add('in', frame({ payload: 'a', key: [1, 2, 3, 4] }), { hidden: [[6, 7]] });
    wire
      .add('out', frame({ opcode: 2, payload: new Uint8Array(200_000) }))
      .lose('out', 70)
      .add('out', frame({}), { anchor });
    wire.records.push(
      { kind: 'note', at: 1, text: 'left out' },
      { kind: 'close', at: 9e6, code: 1000, reason: '', wasClean: true },
    );
    const other: OpenRecord = {
      ...OPEN,
      connectionId: 'c2',
      client: { address: '::1', port: 50_000 },
      server: { address: 'localhost', port: 0 },
    };
    const records = wire.records.map(
      (record): CaptureRecord => (record.kind === 'open' ? other : { ...record, at: record.at + 0.25 }),
    );
    const captures = [wire.capture, { records }];
    expect(fromPcapng(toPcapng(captures))).toEqual(
      captures.map((capture) => ({ records: onlyBytes(capture) })),
    );
  });

  it('[K23] connections with the same ports stay apart', () => {
    const captures = ['a', 'b'].map(
      (text) => new Wire().handshake().add('out', frame({ payload: text })).capture,
    );
    const texts = fromPcapng(toPcapng(captures)).map((capture) =>
      decode(capture).messages.map((message) => message.text),
    );
    expect(texts).toEqual([['a'], ['b']]);
  });
});

interface Packet {
  readonly from: 'client' | 'server';
  readonly seq: number;
  readonly payload?: Uint8Array;
  readonly flags?: number;
}
const client = { address: Uint8Array.from([10, 0, 0, 1]), port: 40_000 };
const server = { address: Uint8Array.from([10, 0, 0, 2]), port: 80 };
const ip = ({ from, seq, payload, flags = TCP_FLAGS.ack }: Packet): Uint8Array => {
  const ends = from === 'client' ? { from: client, to: server } : { from: server, to: client };
  return ipPacket({ ...ends, seq, ack: 0, flags, ...(payload && { payload }) });
};

/** An old pcap file in the byte order and with the link layer that are asked for. */
function pcap(packets: readonly Uint8Array[], linkType: number, isLittle = true): Uint8Array {
  const head = new DataView(new ArrayBuffer(24));
  head.setUint32(0, 0xa1b2c3d4, isLittle);
  head.setUint32(20, linkType, isLittle);
  const parts = packets.flatMap((bytes, index) => {
    const record = new DataView(new ArrayBuffer(16));
    record.setUint32(0, 1, isLittle);
    record.setUint32(4, index, isLittle);
    record.setUint32(8, bytes.length, isLittle);
    record.setUint32(12, bytes.length, isLittle);
    return [new Uint8Array(record.buffer), bytes];
  });
  return concat([new Uint8Array(head.buffer), ...parts]);
}

/** A handshake and two messages: SYN, answer, bytes from offset 0 on. */
const REQUEST = new Wire().handshake().records[1] as BytesRecord;
const ANSWER = new Wire().handshake().records[2] as BytesRecord;
const hello = frame({ payload: 'hello', key: [1, 2, 3, 4] });
const talk: readonly Packet[] = [
  { from: 'client', seq: 0xffff_fff0, flags: TCP_FLAGS.syn },
  { from: 'server', seq: 99, flags: TCP_FLAGS.syn | TCP_FLAGS.ack },
  { from: 'client', seq: 0xffff_fff1, payload: REQUEST.bytes },
  { from: 'server', seq: 100, payload: ANSWER.bytes },
  { from: 'client', seq: (0xffff_fff1 + REQUEST.bytes.length) >>> 0, payload: hello },
  { from: 'server', seq: 100 + ANSWER.bytes.length, payload: frame({ payload: 'welcome' }) },
];
const textsIn = (file: Uint8Array): (string | undefined)[] =>
  fromPcapng(file).flatMap((capture) => decode(capture).messages.map(({ text }) => text));

describe('files of other programs', () => {
  const ether = (type: number[]): Uint8Array => Uint8Array.from([...new Array<number>(12).fill(2), ...type]);
  it.each<[string, number, Uint8Array]>([
    ['raw', 101, new Uint8Array(0)],
    ['loopback of BSD', 0, Uint8Array.from([2, 0, 0, 0])],
    ['loopback of OpenBSD', 108, Uint8Array.from([0, 0, 0, 2])],
    ['Ethernet', 1, ether([8, 0])],
    ['Ethernet with a VLAN', 1, ether([0x81, 0, 0, 5, 8, 0])],
    ['Linux cooked', 113, Uint8Array.from([...new Array<number>(14).fill(0), 8, 0])],
    ['Linux cooked 2', 276, Uint8Array.from([8, 0, ...new Array<number>(18).fill(0)])],
  ])('[K24] %s', (_, linkType, head) => {
    const padding = new Uint8Array(6);
    const packets = talk.map((packet) => concat([head, ip(packet), padding]));
    for (const isLittle of [true, false])
      expect(textsIn(pcap(packets, linkType, isLittle))).toEqual(['hello', 'welcome']);
  });

  it('[K24] who is who is seen from the request where the SYN is missing', () => {
    const [capture] = fromPcapng(pcap(talk.slice(2).map(ip), 101));
    expect(capture?.records[0]).toMatchObject({
      client: { address: '10.0.0.1', port: 40_000 },
      recordedBy: 'between',
    });
    expect(textsIn(pcap(talk.slice(2).map(ip), 101))).toEqual(['hello', 'welcome']);
  });

  it('[K24] segments that come twice, early, overlapping or never', () => {
    const [syn, synAck, request, answer, message, welcome] = talk.map(ip);
    const parts = [syn, synAck, answer, welcome, message, request, message, request].filter(
      (part) => part !== undefined,
    );
    expect(textsIn(pcap(parts, 101))).toEqual(['welcome', 'hello']);
    const lost = [
      ...talk.slice(0, 4),
      { from: 'client', seq: (0xffff_fff1 + REQUEST.bytes.length + 50) >>> 0, payload: hello } as const,
    ];
    const [capture] = fromPcapng(pcap(lost.map(ip), 101));
    expect(decode(capture ?? { records: [] }).gaps[0]?.missing).toEqual({
      from: REQUEST.bytes.length,
      to: REQUEST.bytes.length + 50,
    });
  });

  it('[K24] connections that are no WebSockets are passed over; where none is left, that is said', () => {
    const plain = talk.map((packet, index) =>
      index === 2 ? { ...packet, payload: ascii('GET / HTTP/1.1\r\nHost: a\r\n\r\n') } : packet,
    );
    expect(() => fromPcapng(pcap(plain.map(ip), 101))).toThrow(
      'No WebSocket that begins with its handshake is in the file; 6 packets of 1 TCP connections were read.',
    );
    expect(() => fromPcapng(pcap(talk.map(ip), 147))).toThrow('link type 147');
    expect(() => fromPcapng(ascii('this is a text of more than 24 bytes'))).toThrow(
      'neither a pcapng nor a pcap file',
    );
    expect(() => fromPcapng(new Uint8Array(3))).toThrow('too short');
  });

  it('[K24] any damage is an error in a sentence, or read as far as it goes', () => {
    const whole = toPcapng([new Wire().handshake().add('out', frame({ payload: 'a' })).capture]);
    for (let seed = 1; seed <= 500; seed++) {
      const random = randomOf(seed);
      const damaged = whole.slice(0, random() < 0.3 ? Math.floor(random() * whole.length) : whole.length);
      for (let change = 0; change < 4; change++)
        damaged[Math.floor(random() * damaged.length)] = random() * 256;
      try {
        for (const capture of fromPcapng(damaged)) decode(capture);
      } catch (error) {
        expect(error, `seed ${seed}`).toMatchObject({ name: 'CaptureFileError' });
      }
    }
  });
});

it('[K24] a segment that never comes is given up when too many wait for it', () => {
  const stream = new TcpStream();
  stream.begin(1);
  const rest = { at: 0n, isPushed: true, comments: [] };
  for (let index = 1; index <= EARLY_SEGMENTS_MAX; index++)
    expect(stream.push(1 + index * 2, { ...rest, bytes: new Uint8Array(1) })).toEqual([]);
  const given = stream.push(5_000, { ...rest, bytes: new Uint8Array(1) });
  expect(given.map(({ offset }) => offset)).toEqual([2]);
  expect(stream.end()).toHaveLength(EARLY_SEGMENTS_MAX);
});

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '::1'],
  ['::', '::'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['::ffff:10.0.0.1', '::ffff:a00:1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['[1:2:3:4:5:6:7:8]', '1:2:3:4:5:6:7:8'],
  ['localhost', undefined],
  ['256.1.1.1', undefined],
  ['1::2::3', undefined],
  ['1:2:3', undefined],
])('[K23] the address %s', (text, shown) => {
  const bytes = parseAddress(text);
  expect(bytes && showAddress(bytes)).toBe(shown);
});

it('[K23] however a capture is cut, its packets carry the same', () => {
  const { capture } = new Wire().handshake().add('out', frame({ payload: 'x'.repeat(300) }));
  for (let seed = 1; seed <= 20; seed++) {
    const random = randomOf(seed);
    const cut = recut(capture, () => Math.ceil(random() * 50));
    expect(fromPcapng(toPcapng([cut]))).toEqual([{ records: onlyBytes(cut) }]);
  }
});
