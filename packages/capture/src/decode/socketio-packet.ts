// Engine.IO packets (protocols 3 and 4) and the Socket.IO packets inside them, read out of messages and polling bodies.
// What a digit means stands in their protocol documents (github.com/socketio/engine.io-protocol, socket.io-protocol).
import { fromBase64 } from '../bytes.ts';
import type { EngineIoPacket, SocketIoPacket } from '../decoded.ts';
import { CAPTURE_LIMITS } from '../limits.ts';

const ENGINE_TYPES = ['open', 'close', 'ping', 'pong', 'message', 'upgrade', 'noop'] as const;
const SOCKET_TYPES = [
  'connect',
  'disconnect',
  'event',
  'ack',
  'connect-error',
  'binary-event',
  'binary-ack',
] as const;

/** Protocol 3 cuts polling bodies by lengths, protocol 4 by the record separator. */
export type EngineIoVersion = 3 | 4;

/** One text message is one packet. */
export function engineIoPacket(text: string): EngineIoPacket {
  const digit = text.slice(0, 1);
  const type = ENGINE_TYPES[Number.parseInt(digit, 10)] ?? 'unknown';
  const rest = text.slice(1);
  const inner = type === 'message' ? socketIoPacket(rest) : undefined;
  return { digit, type, text: rest, ...(inner && { inner }) };
}

/** One binary message is one attachment; protocol 3 puts the type before it. */
export function engineIoAttachment(data: Uint8Array, version: EngineIoVersion): EngineIoPacket {
  const binary = version === 3 ? data.subarray(1) : data;
  return { digit: '4', type: 'message', text: '', binary };
}

/** The packets of a polling body. */
export function pollingPackets(body: string, version: EngineIoVersion): readonly EngineIoPacket[] {
  const texts = version === 4 ? body.split('\x1e', CAPTURE_LIMITS.packetsMax) : lengthPrefixed(body);
  return texts.filter((text) => text !== '').map(pollingPacket);
}

function pollingPacket(text: string): EngineIoPacket {
  if (!text.startsWith('b')) return engineIoPacket(text);
  // Protocol 3 writes `b4` before the Base64, protocol 4 writes `b`.
  const binary = fromBase64(text.slice(1)) ?? fromBase64(text.slice(2));
  return binary ? { digit: 'b', type: 'message', text: '', binary } : engineIoPacket(text);
}

function lengthPrefixed(body: string): string[] {
  const texts: string[] = [];
  let at = 0;
  while (at < body.length && texts.length < CAPTURE_LIMITS.packetsMax) {
    const [whole, length] = /^(\d{1,9}):/.exec(body.slice(at, at + 10)) ?? [];
    if (whole === undefined) break;
    at += whole.length;
    texts.push(body.slice(at, at + Number(length)));
    at += Number(length);
  }
  return texts;
}

/** `<type>[<attachments>-][<namespace>,][<ack id>][<JSON>]`. */
export function socketIoPacket(text: string): SocketIoPacket {
  const digit = text.slice(0, 1);
  const type = SOCKET_TYPES[Number.parseInt(digit, 10)] ?? 'unknown';
  const [, attachments, namespace, id, data = ''] =
    /^(?:(\d{1,9})-)?(\/[^,]*(?:,|$))?(\d{1,15})?([\s\S]*)$/.exec(text.slice(1)) ?? [];
  const value = data === '' ? undefined : parsed(data);
  const lessonType = lessonTypeOf(value);
  return {
    digit,
    type,
    namespace: namespace?.replace(/,$/, '') ?? '/',
    ...(id !== undefined && { id: Number(id) }),
    ...(attachments !== undefined && { attachments: Number(attachments) }),
    ...(data !== '' && { data }),
    ...(value !== undefined && { value }),
    ...(lessonType !== undefined && { lessonType }),
  };
}

/** Undefined where the text is no JSON. */
export function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** The lesson's chat sends `["message", {type: 'CHAT', …}]`. */
function lessonTypeOf(value: unknown): string | undefined {
  if (!Array.isArray(value) || value[0] !== 'message') return undefined;
  const body: unknown = value[1];
  const type: unknown = typeof body === 'object' && body !== null && 'type' in body ? body.type : undefined;
  return typeof type === 'string' ? type : undefined;
}
