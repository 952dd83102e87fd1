// Events and entries for tests, with what a test does not care about filled in.
import {
  type Author,
  authorIdSchema,
  type DeleteEntry,
  type DraftId,
  draftIdSchema,
  type EditEntry,
  type Entry,
  epochSchema,
  type JoinedEvent,
  LIMITS,
  type ReactEntry,
  type ReceivedEntry,
  type Ref,
  roomIdSchema,
  type ServerEvent,
} from '@wireroom/protocol';

export const roomId = roomIdSchema.parse('r_lobbylobbylobby00');
export const epoch = epochSchema.parse('e1');
export const room = { roomId, slug: 'lobby', title: 'The Lobby', topic: '' };
const at = '2026-01-01T00:00:00.000Z';

export function author(name: string): Author {
  return { authorId: authorIdSchema.parse(`a_${name.padEnd(20, '0')}`), name };
}
export const ada = author('Ada');
export const bob = author('Bob');

export const draft = (id: string): DraftId => draftIdSchema.parse(id.padEnd(8, '-'));

export function message(seq: number, text = `text ${seq}`, by = bob, draftId = draft(`d${seq}`)): Entry {
  return { v: 1, roomId, epoch, seq, author: by, at, type: 'message', draftId, text };
}

export function notice(seq: number, what: 'join' | 'leave', by = bob): Entry {
  return { v: 1, roomId, epoch, seq, author: by, at, type: what };
}

const drafted = (seq: number, by: Author) =>
  ({ v: 1, roomId, epoch, seq, author: by, at, draftId: draft(`d${seq}`) }) as const;

export const edit = (seq: number, target: number, text: string, by = bob): EditEntry => ({
  ...drafted(seq, by),
  ...{ type: 'edit', target, text },
});

export const removal = (seq: number, target: number, by = bob): DeleteEntry => ({
  ...drafted(seq, by),
  ...{ type: 'delete', target },
});

export const reaction = (seq: number, target: number, emoji: string, by = bob): ReactEntry => ({
  ...drafted(seq, by),
  ...{ type: 'react', target, emoji },
});

export function unknown(seq: number): ReceivedEntry {
  return { type: 'unknown', sentType: 'reaction', roomId, epoch, seq };
}

/** Messages from one seq to another, both included. */
export function messages(from: number, to: number): Entry[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => message(from + index));
}

/** `connectionId`: of a connection that is recorded. */
export function welcome(ref: Ref, you = ada, token = 'token-of-ada', connectionId?: string): ServerEvent {
  return {
    ...(connectionId !== undefined && { connectionId }),
    type: 'welcome',
    ref,
    protocol: 'wireroom.v1',
    server: { name: 'wireroom', version: '0' },
    capabilities: [],
    limits: LIMITS,
    you,
    token,
    rooms: [room],
  };
}

export function joined(
  ref: Ref,
  entries: readonly ReceivedEntry[],
  more: Partial<Omit<JoinedEvent, 'type' | 'ref' | 'entries'>> = {},
): JoinedEvent {
  return {
    type: 'joined',
    ref,
    room,
    position: { epoch, seq: entries.at(-1)?.seq ?? 0 },
    resume: 'fresh',
    entries: [...entries],
    hasMore: (entries[0]?.seq ?? 1) > 1,
    members: [ada],
    memberCount: 1,
    ...more,
  };
}

export function refused(ref: Ref | null, code: string, retryAfterMs?: number): ServerEvent {
  return {
    type: 'refused',
    ref,
    code,
    message: `refused: ${code}`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

export function posted(ref: Ref, draftId: DraftId | undefined, seq: number, when = at): ServerEvent {
  return { type: 'posted', ref, roomId, draftId: draftId ?? draft('none'), seq, at: when };
}
