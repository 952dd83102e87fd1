// What a message says, as lines: a command or event of Wireroom, or Engine.IO and Socket.IO packets layer by layer.
import type { EngineIoPacket, Meaning } from '../decoded.ts';
import { escaped } from './line-text.ts';
import { PHRASES } from './phrases.ts';

export function meaningLines(meaning: Meaning | undefined): string[] {
  if (!meaning) return [];
  if (meaning.language === 'socketio') return meaning.packets.map((packet) => `= ${packetText(packet)}`);
  const { role, type, ref, room, roomId, seq, entryType, target, rooms, reconnectAfterMs } = meaning;
  const parts = [
    `= ${role} ${type}${entryType === undefined ? '' : ` ${entryType}`}`,
    ref === undefined ? '' : `ref ${ref}`,
    room === undefined ? '' : `room ${room}`,
    roomId === undefined ? '' : `room ${roomId}`,
    seq === undefined ? '' : `seq ${seq}`,
    target === undefined ? '' : `target ${target}`,
    rooms === undefined ? '' : `rooms ${rooms}`,
    reconnectAfterMs === undefined ? '' : `back in ${reconnectAfterMs} ms`,
  ];
  return [escaped(parts.filter((part) => part !== '').join(', '))];
}

/** For instance `Engine.IO 4 message › Socket.IO 2 event, LOGIN`. */
export function packetText({ digit, type, inner, binary }: EngineIoPacket): string {
  if (binary) return `attachment, ${PHRASES.en.bytes(binary.length)}`;
  const outer = `Engine.IO ${digit} ${type}`;
  if (!inner) return escaped(outer);
  const parts = [
    `Socket.IO ${inner.digit} ${inner.type}`,
    inner.namespace === '/' ? '' : `namespace ${inner.namespace}`,
    inner.id === undefined ? '' : `ack ${inner.id}`,
    inner.attachments === undefined ? '' : `attachments ${inner.attachments}`,
    inner.lessonType ?? '',
  ];
  return escaped(`${outer} › ${parts.filter((part) => part !== '').join(', ')}`);
}
