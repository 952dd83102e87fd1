// Connects and enters the room, with whatever the server asks for: hello and join of a Wireroom, CONNECT of Socket.IO. What comes
// afterwards goes to whoever entered.
import type { Dialect } from './dialect.ts';
import { type Place, Wire, type WireEvents } from './wire.ts';

export interface Door {
  readonly place: Place;
  readonly dialect: Dialect;
  /** Slug of the room; of a Wireroom. */
  readonly room: string;
}

/** Somebody new, or somebody who was there before. */
export type Visitor = { readonly name: string } | { readonly token: string };

export interface Entered {
  readonly wire: Wire;
  /** For coming back; empty where there is nothing like it. */
  readonly token: string;
  /** Where the room stood; of a Wireroom. */
  readonly roomId: string;
  readonly epoch: string;
  readonly seq: number;
  readonly server: ServerWord;
}

/** What a server says of itself. */
export interface ServerWord {
  readonly name?: string;
  readonly version?: string;
}

const ENTER_TIMEOUT_MS = 30_000;

/** Rejects with a sentence: refused, cut, or not answered in time. `events` are of what comes once it is in. */
export function enter(door: Door, visitor: Visitor, events: WireEvents): Promise<Entered> {
  return within(
    (settle) =>
      (door.dialect.kind === 'wireroom' ? enterWireroom : enterSocketio)(door, visitor, {
        ...settle,
        events,
      }),
    'The server did not let somebody in',
  );
}

/** Connects and says who it is, and enters no room; Socket.IO knows no such thing, and there it enters. */
export function greet(door: Door, name: string, events: WireEvents): Promise<Wire> {
  if (door.dialect.kind === 'socketio') return enter(door, { name }, events).then(({ wire }) => wire);
  return within(({ resolve, reject }) => {
    const wire = new Wire(door.place, {
      text: (bytes, from, to) => {
        const event = eventIn(bytes, from, to);
        if (event.type === 'welcome') resolve(wire);
        else if (event.type === 'refused') reject(refusalOf(event));
      },
      lost: (reason, how) => {
        reject(new Error(reason));
        events.lost(reason, how);
      },
    });
    wire.opened.then(() => wire.send(JSON.stringify({ type: 'hello', ref: 1, name })), reject);
    return wire;
  }, 'The server did not answer hello');
}

interface Settle<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

function within<T>(begin: (settle: Settle<T>) => Wire, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      wire.end();
      reject(new Error(`${what} within ${ENTER_TIMEOUT_MS / 1000} s.`));
    }, ENTER_TIMEOUT_MS);
    const wire: Wire = begin({
      resolve: (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      reject: (error) => {
        clearTimeout(timer);
        wire.end();
        reject(error);
      },
    });
  });
}

interface Entering extends Settle<Entered> {
  readonly events: WireEvents;
}

function enterWireroom({ place, room }: Door, visitor: Visitor, { resolve, reject, events }: Entering): Wire {
  let token = '';
  let server: ServerWord = {};
  let isIn = false;
  const wire = new Wire(place, {
    text: (bytes, from, to, readAt) => {
      if (isIn) return events.text(bytes, from, to, readAt);
      const event = eventIn(bytes, from, to);
      if (event.type === 'welcome') {
        token = event.token ?? '';
        server = event.server ?? {};
        wire.send(JSON.stringify({ type: 'join', ref: 2, room }));
      } else if (event.type === 'joined') {
        isIn = true;
        const { epoch, seq } = event.position ?? { epoch: '', seq: 0 };
        resolve({ wire, token, roomId: event.room?.roomId ?? '', epoch, seq, server });
      } else if (event.type === 'refused') reject(refusalOf(event));
    },
    lost: (reason, how) => (isIn ? events.lost(reason, how) : reject(new Error(reason))),
  });
  wire.opened.then(() => wire.send(JSON.stringify({ type: 'hello', ref: 1, ...visitor })), reject);
  return wire;
}

function enterSocketio({ place }: Door, _visitor: Visitor, { resolve, reject, events }: Entering): Wire {
  let isIn = false;
  const wire = new Wire(place, {
    text: (bytes, from, to, readAt) => {
      const [kind, packet] = [bytes[from], bytes[from + 1]];
      // engine.io's own ping, open and close; then socket.io's CONNECT and CONNECT_ERROR.
      if (kind === 0x32) wire.send('3');
      else if (isIn) events.text(bytes, from, to, readAt);
      else if (kind === 0x30) wire.send('40');
      else if (kind === 0x34 && packet === 0x30) {
        isIn = true;
        resolve({ wire, token: '', roomId: '', epoch: '', seq: 0, server: {} });
      } else if (kind === 0x34 && packet === 0x34)
        reject(new Error(`Socket.IO refused to connect: ${bytes.toString('utf8', from + 2, to)}`));
    },
    lost: (reason, how) => (isIn ? events.lost(reason, how) : reject(new Error(reason))),
  });
  wire.opened.catch(reject);
  return wire;
}

/** What of an event of wireroom.v1 is looked at here. */
interface SaidEvent {
  readonly type?: string;
  readonly token?: string;
  readonly server?: ServerWord;
  readonly room?: { readonly roomId?: string };
  readonly position?: { readonly epoch: string; readonly seq: number };
  readonly code?: string;
  readonly message?: string;
}

function eventIn(bytes: Buffer, from: number, to: number): SaidEvent {
  const said: unknown = JSON.parse(bytes.toString('utf8', from, to));
  return typeof said === 'object' && said !== null ? said : {};
}

function refusalOf({ code = 'refused', message = '' }: SaidEvent): Error {
  return new Error(`The server refuses (${code}): ${message}`);
}
