// The language spoken on the connection: plain messages, or Engine.IO and Socket.IO, whose hello and heartbeat are
// answered here so that lines can be sent as events. Reads and writes texts only.

export interface Dialect {
  /** What a line becomes on the wire. */
  readonly encode: (line: string) => string;
  /** A text message has come. What is returned is to be sent at once. */
  readonly answer: (text: string) => string | undefined;
  /** When lines may be sent. */
  readonly ready: Promise<void>;
}

export const plainDialect: Dialect = {
  encode: (line) => line,
  answer: () => undefined,
  ready: Promise.resolve(),
};

/** Engine.IO packet types and, after `4`, Socket.IO packet types: a digit each. */
const ENGINE_OPEN = '0';
const ENGINE_PING = '2';
const ENGINE_PONG = '3';
const SOCKET_CONNECT = '40';
const SOCKET_EVENT = '42';
const SOCKET_CONNECT_ERROR = '44';

/** Version 4 of Engine.IO, in which the server pings; the default namespace. */
export function socketIoDialect(event: string): Dialect {
  let isReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  return {
    ready,
    encode: (line) => `${SOCKET_EVENT}${JSON.stringify([event, jsonOrText(line)])}`,
    answer(text) {
      if (text.startsWith(ENGINE_OPEN)) return SOCKET_CONNECT;
      if (text.startsWith(ENGINE_PING)) return ENGINE_PONG + text.slice(1);
      // A refusal is shown like everything else; lines that are sent all the same show what comes of it.
      if (text.startsWith(SOCKET_CONNECT) || text.startsWith(SOCKET_CONNECT_ERROR)) isReady();
      return undefined;
    },
  };
}

/** JSON objects and arrays are sent as what they are, everything else as the string that it is. */
function jsonOrText(line: string): unknown {
  if (!/^\s*[[{]/.test(line)) return line;
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
