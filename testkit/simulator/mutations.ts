// Wrappers that break one promise each, on purpose: the simulator has to catch every one of them, or it proves nothing.
import { draftIdSchema } from '@wireroom/protocol';
import type { Appended, ChatConnection, Log } from '@wireroom/server/parts';

export interface Mutation {
  readonly name: string;
  /** What the server thinks that the log does. */
  log(log: Log): Log;
  /** What a session thinks that its connection does. */
  connection(connection: ChatConnection): ChatConnection;
  /** What a tab finds in its outbox when it is loaded again. */
  readonly keepsOutbox: boolean;
  /** Where the log is on a disk: what the disk refuses is on it nevertheless. */
  readonly keepsRefused: boolean;
}

export const NONE: Mutation = {
  name: 'none',
  log: (log) => log,
  connection: (connection) => connection,
  keepsOutbox: true,
  keepsRefused: false,
};

/** As the log's, with some methods of its own. A spread would lose what stands on a class. */
function logWith(log: Log, changed: Partial<Log>): Log {
  return {
    post: (draft) => log.post(draft),
    join: (roomId, author) => log.join(roomId, author),
    joinAll: (roomIds, author) => log.joinAll(roomIds, author),
    leave: (roomId, authorId) => log.leave(roomId, authorId),
    ensureRoom: (room) => log.ensureRoom(room),
    read: (roomId, range) => log.read(roomId, range),
    messages: (roomId, range) => log.messages(roomId, range),
    heads: (roomIds) => log.heads(roomIds),
    standing: (roomId, limit) => log.standing(roomId, limit),
    roomsOf: (authorId) => log.roomsOf(authorId),
    rooms: () => log.rooms(),
    ...changed,
  };
}

function connectionWith(
  connection: ChatConnection,
  changed: { readonly send?: ChatConnection['send']; readonly bufferedBytes?: () => number },
): ChatConnection {
  const send = changed.send ?? ((message) => connection.send(message));
  return {
    get bufferedBytes() {
      return changed.bufferedBytes?.() ?? connection.bufferedBytes;
    },
    handle: (handlers) => connection.handle(handlers),
    send,
    // One by one: what is changed is what each message meets.
    sendRun: (run) => run.messages.map((message) => send(message)).every((isTaken) => isTaken),
    sendPieces: (pieces) => send(Buffer.concat(pieces).toString()),
    close: (code, reason) => connection.close(code, reason),
    pause: () => connection.pause(),
    resume: () => connection.resume(),
  };
}

export const MUTATIONS: readonly Mutation[] = [
  {
    ...NONE,
    name: 'a failed commit that is acknowledged',
    log: (log) => {
      let last: Appended | undefined;
      return logWith(log, {
        post: async (draft) => {
          try {
            last = await log.post(draft);
            return last;
          } catch (error) {
            if (last === undefined) throw error;
            return { entry: { ...last.entry, draftId: draft.draftId }, isRepeat: true };
          }
        },
      });
    },
  },
  {
    ...NONE,
    name: 'an entry delivered twice',
    connection: (connection) => {
      let count = 0;
      return connectionWith(connection, {
        send: (message) => {
          count += 1;
          if (count % 7 === 0) connection.send(message);
          return connection.send(message);
        },
      });
    },
  },
  {
    ...NONE,
    name: 'a draft key that is forgotten',
    log: (log) => {
      let count = 0;
      return logWith(log, {
        post: (draft) => {
          count += 1;
          return log.post({
            ...draft,
            draftId: draftIdSchema.parse(`other-${count}-${draft.draftId}`.slice(0, 64)),
          });
        },
      });
    },
  },
  {
    ...NONE,
    name: 'a cursor that is lost',
    log: (log) =>
      logWith(log, {
        read: (roomId, range) =>
          log.read(
            roomId,
            range.after === undefined || range.after === 0 ? range : { ...range, after: range.after + 1 },
          ),
      }),
  },
  {
    ...NONE,
    name: 'heads that nobody looks at',
    log: (log) => logWith(log, { heads: async () => [] }),
  },
  {
    ...NONE,
    name: 'back-pressure that is ignored',
    connection: (connection) => connectionWith(connection, { bufferedBytes: () => 0 }),
  },
  { ...NONE, name: 'an outbox that does not survive a reload', keepsOutbox: false },
];

/** Of a log on a disk. */
export const DISK_MUTATION: Mutation = {
  ...NONE,
  name: 'a commit that failed and was not rolled back',
  keepsRefused: true,
};
