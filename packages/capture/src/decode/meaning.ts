// What a message says, where its language is known: Wireroom's own commands and events, or Socket.IO's packets.
// Only names and numbers are read out, for lists and for links; checking a message is its receiver's.
import type { DecodedHandshake, DecodedMessage, Meaning } from '../decoded.ts';
import { CAPTURE_LIMITS } from '../limits.ts';
import type { OpenRecord } from '../record.ts';
import { type EngineIoVersion, engineIoAttachment, engineIoPacket, parsed } from './socketio-packet.ts';

export interface Language {
  readonly name: 'wireroom' | 'socketio' | 'unknown';
  readonly engineIoVersion: EngineIoVersion;
}

/** What the connection speaks: by who took it, else by what its handshake asked for. */
export function languageOf(open: OpenRecord | undefined, handshake: DecodedHandshake): Language {
  const target = handshake.request?.target ?? '';
  const version = /[?&]EIO=(\d)/.exec(target)?.[1];
  const engineIoVersion = version === '3' ? 3 : 4;
  if (open?.gateway === 'socketio' || version !== undefined) return { name: 'socketio', engineIoVersion };
  const isOurs = open?.gateway === 'native' || handshake.subprotocol?.startsWith('wireroom.') === true;
  return { name: isOurs ? 'wireroom' : 'unknown', engineIoVersion };
}

export function meaningOf(message: Omit<DecodedMessage, 'meaning'>, language: Language): Meaning | undefined {
  if (!message.isWhole) return undefined;
  if (language.name === 'socketio') return socketIoMeaning(message, language.engineIoVersion);
  const { text } = message;
  if (text === undefined || text.length > CAPTURE_LIMITS.meaningCharactersMax || !text.startsWith('{'))
    return undefined;
  const value = parsed(text);
  return isObject(value) ? wireroomMeaning(value, message.direction, language) : undefined;
}

function socketIoMeaning(message: Omit<DecodedMessage, 'meaning'>, version: EngineIoVersion): Meaning {
  const { text = '', type, data } = message;
  const isLong = text.length > CAPTURE_LIMITS.meaningCharactersMax;
  const packet = type === 'binary' ? engineIoAttachment(data, version) : engineIoPacket(text);
  const { inner: _inner, ...outer } = packet;
  return { language: 'socketio', packets: [isLong ? outer : packet] };
}

const TYPES = {
  in: new Set([
    ...['hello', 'join', 'resume', 'leave', 'page', 'ping'],
    ...['post', 'edit', 'delete', 'react', 'unreact', 'rename', 'topic'],
  ]),
  out: new Set([
    ...['welcome', 'joined', 'resumed', 'left', 'posted', 'page', 'pong', 'refused'],
    ...['entry', 'heads', 'restarting'],
  ]),
} as const;

/** Entries about others, or about the room: what they are is not to be guessed from `entry`. */
const ENTRY_TYPES = new Set(['edit', 'delete', 'react', 'unreact', 'rename', 'topic']);

function wireroomMeaning(
  value: Readonly<Record<string, unknown>>,
  direction: DecodedMessage['direction'],
  language: Language,
): Meaning | undefined {
  const { type } = value;
  if (typeof type !== 'string') return undefined;
  const isKnown = TYPES[direction].has(type);
  // Of another's server only what looks exactly like ours is taken for it.
  if (language.name === 'unknown' && !(isKnown && ('ref' in value || 'entry' in value))) return undefined;
  const entry = isObject(value.entry) ? value.entry : value;
  const { ref, room } = value;
  const position = isObject(value.position) ? value.position : undefined;
  const roomId = isObject(room) ? room.roomId : entry.roomId;
  const seq = entry.seq ?? position?.seq;
  const entryType = typeof entry.type === 'string' && ENTRY_TYPES.has(entry.type) ? entry.type : undefined;
  const rooms = [value.cursors, value.heads, type === 'resumed' ? value.rooms : undefined].find(
    Array.isArray,
  );
  return {
    language: 'wireroom',
    role: direction === 'in' ? 'command' : 'event',
    type,
    ...((typeof ref === 'string' || typeof ref === 'number') && { ref }),
    ...(typeof room === 'string' && { room }),
    ...(typeof roomId === 'string' && { roomId }),
    ...(typeof seq === 'number' && { seq }),
    ...(typeof entry.draftId === 'string' && { draftId: entry.draftId }),
    ...(type === 'entry' && entryType !== undefined && { entryType }),
    ...(typeof entry.target === 'number' && { target: entry.target }),
    ...(rooms !== undefined && { rooms: rooms.length }),
    ...(typeof value.reconnectAfterMs === 'number' && { reconnectAfterMs: value.reconnectAfterMs }),
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
