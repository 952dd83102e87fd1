// What Wireshark's dissector reads in our files is what we read: over 500 generated connections, field by field.
import { beforeAll, describe, expect, it } from 'vitest';
import { toHex, toUtf8 } from '../bytes.ts';
import { decode } from '../decode/decode.ts';
import type { Decoded, DecodedFrame, DecodedMessage } from '../decoded.ts';
import type { Direction } from '../record.ts';
import { type Conversation, conversationOf } from '../testing/conversation.ts';
import {
  type DissectedPacket,
  dissect,
  type Fields,
  isTsharkRequired,
  runTshark,
  tsharkPath,
} from '../testing/tshark.ts';
import { frame, Wire } from '../testing/wire.ts';
import { toPcapng } from './pcapng.ts';

const CASES = 520;
const conversations = Array.from({ length: CASES }, (_, index) => conversationOf(index + 1));

/** What both say of a frame, in the same words. */
interface Told {
  readonly fin: string;
  readonly rsv: string;
  readonly pmc: string;
  readonly opcode: string;
  readonly mask: string;
  readonly length: number;
  readonly key: string;
  readonly masked: string;
  readonly payload: string;
}

const bit = (isSet: boolean): string => (isSet ? '1' : '0');
const ours = (frame: DecodedFrame, isDeflated: boolean): Told => ({
  fin: bit(frame.fin),
  rsv: String((frame.rsv1 ? 4 : 0) + (frame.rsv2 ? 2 : 0) + (frame.rsv3 ? 1 : 0)),
  // Wireshark has a field for it only where compression was agreed on.
  pmc: isDeflated ? bit(frame.rsv1) : '',
  opcode: frame.opcode.toString(16).toUpperCase(),
  mask: bit(frame.masked),
  length: frame.payloadLength,
  key: frame.maskingKey ? toHex(frame.maskingKey) : '',
  masked: frame.masked ? toHex(frame.raw) : '',
  payload: toHex(frame.payload),
});

const one = (fields: Fields, name: string): string => fields[`websocket.${name}`]?.[0] ?? '';
const theirs = (fields: Fields): Told => ({
  fin: one(fields, 'fin'),
  rsv: one(fields, 'rsv'),
  pmc: one(fields, 'pmc'),
  opcode: one(fields, 'opcode').toUpperCase(),
  mask: one(fields, 'mask'),
  length: Number.parseInt(
    one(fields, 'payload_length_ext_64') ||
      one(fields, 'payload_length_ext_16') ||
      one(fields, 'payload_length'),
    16,
  ),
  key: one(fields, 'masking_key'),
  masked: one(fields, 'masked_payload'),
  payload: one(fields, 'payload'),
});

const packetsOf = (all: readonly DissectedPacket[], { clientPort }: Conversation, direction: Direction) =>
  all.filter((packet) => (direction === 'in' ? packet.sourcePort : packet.destinationPort) === clientPort);

describe.skipIf(tsharkPath === undefined && !isTsharkRequired)('Wireshark', () => {
  let packets: readonly DissectedPacket[] = [];
  let file: Uint8Array = new Uint8Array(0);
  const decoded = new Map<number, Decoded>();

  beforeAll(async () => {
    file = toPcapng(conversations.map(({ capture }) => capture));
    packets = await dissect(file);
    for (const { seed, capture } of conversations) decoded.set(seed, decode(capture));
  }, 60_000);

  const decodedOf = ({ seed }: Conversation): Decoded => decoded.get(seed) ?? decode({ records: [] });

  const readOf = (conversation: Conversation, direction: Direction): readonly Fields[] =>
    packetsOf(packets, conversation, direction).flatMap((packet) => packet.frames);

  it('[K27] reads every frame as we do: FIN, RSV, opcode, mask, length, key, payload as sent and unmasked', () => {
    let compared = 0;
    for (const conversation of conversations)
      for (const direction of ['in', 'out'] as const) {
        const { frames, handshake } = decodedOf(conversation);
        const told = frames
          .filter((frame) => frame.direction === direction)
          .map((frame) => ours(frame, handshake.deflate !== undefined));
        const read = readOf(conversation, direction).map(theirs);
        expect(read, `seed ${conversation.seed}, ${direction}`).toEqual(told);
        compared += read.length;
      }
    expect(compared).toBeGreaterThan(3_000);
  });

  it('[K27] reads every handshake as we do', () => {
    const NAMES = {
      host: 'host',
      upgrade: 'upgrade',
      connection: 'connection',
      'sec-websocket-key': 'sec_websocket_key',
      'sec-websocket-version': 'sec_websocket_version',
      'sec-websocket-protocol': 'sec_websocket_protocol',
      'sec-websocket-extensions': 'sec_websocket_extensions',
      'sec-websocket-accept': 'sec_websocket_accept',
    } as const;
    for (const conversation of conversations) {
      const { request, response } = decodedOf(conversation).handshake;
      for (const [direction, head, first] of [
        ['in', request, { 'request.method': request?.method, 'request.uri': request?.target }],
        [
          'out',
          response,
          { 'response.code': String(response?.status), 'response.phrase': response?.reasonPhrase },
        ],
      ] as const) {
        const [read = {}] = packetsOf(packets, conversation, direction).flatMap((packet) => packet.http);
        const told = Object.entries(NAMES).flatMap(([name, field]) =>
          (head?.headers ?? [])
            .filter((header) => header.name.toLowerCase() === name)
            // Wireshark gives the whole line.
            .map((header) => [field, `${header.name}: ${header.value}\r\n`] as const),
        );
        for (const [field, value = ''] of [...told, ...Object.entries(first)])
          expect(read[`http.${field}`]?.[0], `seed ${conversation.seed}, ${field}`).toBe(
            toHex(toUtf8(value)),
          );
      }
    }
  });

  it('[K27] reads every close code and reason as we do', () => {
    let compared = 0;
    for (const conversation of conversations)
      for (const direction of ['in', 'out'] as const) {
        const closes = decodedOf(conversation).frames.filter(
          (frame) => frame.close && frame.direction === direction,
        );
        const told = closes.map(({ close }) => [
          close?.code === undefined ? '' : close.code.toString(16).padStart(4, '0'),
          toHex(toUtf8(close?.reason ?? '')),
        ]);
        const read = readOf(conversation, direction)
          .filter((fields) => one(fields, 'opcode') === '8')
          .map((fields) => [one(fields, 'payload.close.status_code'), one(fields, 'payload.close.reason')]);
        expect(read, `seed ${conversation.seed}`).toEqual(told);
        compared += told.length;
      }
    expect(compared).toBeGreaterThan(500);
  });

  it('[K27] reads texts as we do, inflated where they were compressed, joined where they were fragmented', () => {
    const compared = { whole: 0, inflated: 0, joined: 0 };
    for (const conversation of conversations)
      for (const direction of ['in', 'out'] as const) {
        const { frames: all, messages } = decodedOf(conversation);
        const frames = all.filter((frame) => frame.direction === direction);
        const read = readOf(conversation, direction);
        for (const message of messages.filter(
          (found) => found.direction === direction && found.type === 'text',
        )) {
          const kind = message.frames.length > 1 ? 'joined' : message.isCompressed ? 'inflated' : 'whole';
          if (!isReadByWireshark(message, messages, frames)) continue;
          const last = read[frames.findIndex(({ index }) => index === message.frames.at(-1))] ?? {};
          expect(one(last, 'payload.text'), `seed ${conversation.seed}, message ${message.index}`).toBe(
            toHex(message.data),
          );
          compared[kind] += 1;
        }
      }
    expect(compared.whole).toBeGreaterThan(400);
    expect(compared.inflated).toBeGreaterThan(200);
    expect(compared.joined).toBeGreaterThan(100);
  });

  it('[K27] reads inflated binary messages as we do', () => {
    let compared = 0;
    for (const conversation of conversations)
      for (const direction of ['in', 'out'] as const) {
        const { frames: all, messages } = decodedOf(conversation);
        const frames = all.filter((frame) => frame.direction === direction);
        const data = packetsOf(packets, conversation, direction)
          .flatMap((packet) => packet.data)
          .flatMap((fields) => fields['data.data'] ?? []);
        const told = messages.filter(
          (message) =>
            message.direction === direction &&
            message.type === 'binary' &&
            message.isCompressed &&
            message.data.length > 0,
        );
        for (const message of told.filter((found) => found.frames.length === 1)) {
          if (!isReadByWireshark(message, messages, frames)) continue;
          expect(data, `seed ${conversation.seed}, message ${message.index}`).toContain(toHex(message.data));
          compared += 1;
        }
      }
    expect(compared).toBeGreaterThan(100);
  });

  it('[K23] finds nothing wrong with TCP and IP: checksums, numbers, order', async () => {
    const wrong =
      '(tcp and tcp.checksum.status != 1) or (ip and ip.checksum.status != 1) or tcp.analysis.flags';
    expect(await runTshark(file, ['-Y', wrong])).toBe('');
    const ended = new Wire().handshake();
    ended.records.push({ kind: 'close', at: 2e6, code: 1000, reason: '', wasClean: true });
    const reset = new Wire().handshake();
    reset.records.push({ kind: 'close', at: 2e6, code: 1006, reason: '', wasClean: false });
    const flags = ['-T', 'fields', '-e', 'tcp.flags.str'];
    const told = async (wire: Wire): Promise<string[]> =>
      (await runTshark(toPcapng([wire.capture]), flags)).replaceAll('·', '').trimEnd().split('\n');
    expect(await told(ended)).toEqual(['S', 'AS', 'A', 'AP', 'AP', 'AF', 'AF', 'A']);
    expect(await told(reset)).toEqual(['S', 'AS', 'A', 'AP', 'AP', 'AR']);
    expect(await runTshark(toPcapng([ended.capture, reset.capture]), ['-Y', wrong])).toBe('');
  }, 60_000);

  it('[K27] frames against the rules are read as we read them', async () => {
    const wire = new Wire().handshake();
    const key = [1, 2, 3, 4];
    for (const sketch of [
      { payload: 'unmasked' },
      { rsv: 3, payload: 'a', key },
      { form: 16, payload: 'b', key },
      { form: 64, opcode: 2, payload: 'c', key },
    ] as const)
      wire.add('in', frame(sketch));
    wire.add('out', frame({ payload: 'masked', key })).add('out', frame({ opcode: 11, payload: 'd' }));
    wire.add('out', frame({ opcode: 9, fin: false, payload: 'e'.repeat(200) }));
    const all = decode(wire.capture).frames;
    const read = (await dissect(toPcapng([wire.capture]))).flatMap((packet) => packet.frames);
    expect(all).toHaveLength(7);
    expect(read.map(theirs)).toEqual(all.map((found) => ours(found, false)));
  });
});

/**
 * Three things that Wireshark 4.0 does not do, so that there is nothing to compare: it inflates no fragmented message, loses
 * the context of those after it, and joins no fragments of which one is empty, nor those after them.
 */
function isReadByWireshark(
  message: DecodedMessage,
  messages: readonly DecodedMessage[],
  frames: readonly DecodedFrame[],
): boolean {
  const isFragmented = message.frames.length > 1;
  if (isFragmented && message.isCompressed) return false;
  const lost = messages.some(
    (other) =>
      other.direction === message.direction &&
      other.index < message.index &&
      other.isCompressed &&
      other.frames.length > 1,
  );
  if (message.isCompressed && lost) return false;
  const last = message.frames.at(-1) ?? 0;
  return !isFragmented || !frames.some((own) => isEmptyFragment(own) && own.index <= last);
}

const isEmptyFragment = ({ opcode, fin, payloadLength }: DecodedFrame): boolean =>
  payloadLength === 0 && opcode <= 2 && (opcode === 0 || !fin);
