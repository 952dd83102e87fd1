// What a server's frames show by themselves, whatever they answer: masks, reserved bits, lengths, opcodes, close codes.
// Looks over one connection after a probe. Asks nothing.
import { maySendCode } from '../wire/frame-reader.ts';
import { type Sighting, say, type Text } from './mistake.ts';
import type { MistakeId } from './mistakes.ts';
import type { ProbeLink } from './probe-link.ts';
import { hex, type SeenFrame, shown, startsHttp } from './seen-bytes.ts';

const OPCODES: readonly number[] = [0, 1, 2, 8, 9, 10];

type Check = (frame: SeenFrame, isCompressing: boolean) => readonly [MistakeId, Text] | undefined;

const CHECKS: readonly Check[] = [
  ({ isMasked, raw }) =>
    isMasked
      ? [
          'masked-server-frames',
          say(
            `The frame ${hex(raw)} has the MASK bit (the top bit of its second byte).`,
            `帧 ${hex(raw)} 的 MASK 位（第二个字节的最高位）是 1。`,
          ),
        ]
      : undefined,
  ({ rsv, opcode, raw }, isCompressing) =>
    rsv === 0 || (rsv === 4 && isCompressing && opcode > 0 && opcode < 8)
      ? undefined
      : [
          'wrong-rsv',
          say(
            `The frame ${hex(raw)} has the reserved bits ${rsv.toString(2).padStart(3, '0')}, and no extension was agreed on that gives them a meaning.`,
            `帧 ${hex(raw)} 的 RSV 位是 ${rsv.toString(2).padStart(3, '0')}，而双方没有协商过任何会用到它们的扩展。`,
          ),
        ],
  ({ opcode, raw }) =>
    OPCODES.includes(opcode)
      ? undefined
      : [
          'reserved-opcode-sent',
          say(
            `The frame ${hex(raw)} has the opcode ${opcode}, which has no meaning.`,
            `帧 ${hex(raw)} 的 opcode 是 ${opcode}，没有定义。`,
          ),
        ],
  ({ lengthBytes, claimed, raw }) =>
    (lengthBytes === 2 && claimed < 126) || (lengthBytes === 8 && claimed < 65_536)
      ? [
          'length-not-shortest',
          say(
            `The frame ${hex(raw)} says its length of ${claimed} in ${lengthBytes} extra bytes.`,
            `帧 ${hex(raw)} 用 ${lengthBytes} 个额外字节来写长度 ${claimed}。`,
          ),
        ]
      : undefined,
  ({ opcode, fin, raw }) =>
    opcode >= 8 && !fin
      ? [
          'control-frame-fragmented',
          say(
            `It sent the control frame ${hex(raw)} without the FIN bit.`,
            `它发出的控制帧 ${hex(raw)} 没有 FIN 位。`,
          ),
        ]
      : undefined,
  ({ opcode, claimed, raw }) =>
    opcode >= 8 && claimed > 125
      ? [
          'control-frame-too-long',
          say(
            `It sent the control frame ${hex(raw)} with ${claimed} bytes of payload.`,
            `它发出的控制帧 ${hex(raw)} 带了 ${claimed} 字节的负载。`,
          ),
        ]
      : undefined,
  ({ opcode, payload, raw }) => (opcode === 8 ? closeFault(payload, raw) : undefined),
];

function closeFault(payload: Buffer, raw: Buffer): readonly [MistakeId, Text] | undefined {
  if (payload.length === 0) return undefined;
  if (payload.length === 1)
    return [
      'close-code-invalid-sent',
      say(
        `Its Close frame ${hex(raw)} has a payload of one byte; a code has two.`,
        `它的 Close 帧 ${hex(raw)} 只有一个字节的负载；状态码要两个字节。`,
      ),
    ];
  const code = payload.readUInt16BE();
  if (maySendCode(code)) return undefined;
  if ([1005, 1006, 1015].includes(code))
    return [
      'code-1006-on-wire',
      say(
        `It sent the Close frame ${hex(raw)}, which carries the code ${code}.`,
        `它发出的 Close 帧 ${hex(raw)} 带着状态码 ${code}。`,
      ),
    ];
  const swapped = payload.readUInt16LE();
  const hint = maySendCode(swapped);
  return [
    'close-code-invalid-sent',
    say(
      `It sent the Close frame ${hex(raw)}, which carries the code ${code}${hint ? ` (${swapped} with its two bytes in the wrong order)` : ''}.`,
      `它发出的 Close 帧 ${hex(raw)} 带着状态码 ${code}${hint ? `（是 ${swapped} 的两个字节写反了）` : ''}。`,
    ),
  ];
}

/** One sighting for each kind of fault. */
export function auditLink(link: ProbeLink): Sighting[] {
  const { frames, rest } = link.seen;
  const isCompressing =
    link.head?.fields.some(
      ([name, value]) =>
        name.toLowerCase() === 'sec-websocket-extensions' && value.includes('permessage-deflate'),
    ) ?? false;
  const found = new Map<MistakeId, Text>();
  if (startsHttp(rest)) {
    const [line = ''] = rest.toString('latin1').split(/\r?\n/);
    const seen = say(
      `The handshake was over; then frames were sent, and among the answers was "${shown(line)}".`,
      `握手已经结束；之后发去的是帧，回来的却有 “${shown(line)}”。`,
    );
    return [{ id: 'second-101', seen }];
  }
  // A bare LF would be the first byte of a pong without FIN.
  if (link.bytes.subarray(0, 2).equals(Buffer.from('\r\n'))) {
    const seen = say(
      `After the empty line that ends its answer came ${hex(link.bytes.subarray(0, 8))}, which begins with a line break and not with a frame.`,
      `在结束响应的空行之后，又来了 ${hex(link.bytes.subarray(0, 8))}，开头是换行而不是帧。`,
    );
    return [{ id: 'bytes-after-head', seen }];
  }
  for (const frame of frames) {
    for (const check of CHECKS) {
      const fault = check(frame, isCompressing);
      if (fault !== undefined && !found.has(fault[0])) found.set(...fault);
    }
  }
  const closeAt = frames.findIndex(({ opcode }) => opcode === 8);
  const after = closeAt === -1 ? undefined : frames[closeAt + 1];
  if (after !== undefined && !found.has('masked-server-frames'))
    found.set(
      'frames-after-close-sent',
      say(
        `After its Close frame it sent ${hex(after.raw)}.`,
        `在自己的 Close 帧之后，它又发了 ${hex(after.raw)}。`,
      ),
    );
  return [...found].map(([id, seen]) => ({ id, seen }));
}
