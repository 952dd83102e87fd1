// The one table of everything that can go wrong on a wire, and the error that carries a row of it.
// Not for mistakes of the program that uses the engine: those are TypeErrors and RangeErrors.

/** What a code means, and what the other side gets to see for it. */
export interface WireErrorEntry {
  /** Status code of the Close frame that is sent for it; absent when no Close frame can be sent. */
  readonly closeCode?: number;
  /** Status of the HTTP answer that is sent for it; absent once the handshake is over. */
  readonly httpStatus?: number;
  readonly meaning: string;
}

const TABLE = {
  // The request or answer that opens a connection, as text.
  'head-malformed': { httpStatus: 400, meaning: 'The bytes are not the head of an HTTP/1.1 message.' },
  'head-too-large': { httpStatus: 431, meaning: 'The head of the request is longer than the limit.' },
  'head-too-many-headers': { httpStatus: 431, meaning: 'The request has more header fields than the limit.' },
  'head-timeout': { httpStatus: 408, meaning: 'The head of the request did not arrive in time.' },
  'head-cut': { meaning: 'The other side left in the middle of the handshake.' },
  // The same request, as an upgrade to WebSocket.
  'http-version': { httpStatus: 505, meaning: 'WebSocket needs HTTP/1.1.' },
  'method-not-get': { httpStatus: 405, meaning: 'A WebSocket handshake is a GET.' },
  'target-invalid': { httpStatus: 400, meaning: 'The request target is neither a path nor an http URL.' },
  'host-invalid': { httpStatus: 400, meaning: 'The Host header is missing, repeated or malformed.' },
  'upgrade-missing': { httpStatus: 426, meaning: 'The request does not ask for an upgrade to websocket.' },
  'connection-missing': { httpStatus: 400, meaning: 'The Connection header does not name upgrade.' },
  'version-unsupported': { httpStatus: 426, meaning: 'Sec-WebSocket-Version is not 13.' },
  'version-repeated': { httpStatus: 400, meaning: 'Sec-WebSocket-Version is there more than once.' },
  'key-invalid': { httpStatus: 400, meaning: 'Sec-WebSocket-Key is not one Base64 value of 16 bytes.' },
  'subprotocols-malformed': { httpStatus: 400, meaning: 'Sec-WebSocket-Protocol is not a list of tokens.' },
  'extensions-malformed': {
    httpStatus: 400,
    meaning: 'Sec-WebSocket-Extensions is not a list of extensions.',
  },
  'request-has-body': { httpStatus: 400, meaning: 'A WebSocket handshake carries no body.' },
  'not-for-us': { httpStatus: 404, meaning: 'Nothing on this port answers this request.' },
  'decision-failed': { httpStatus: 500, meaning: 'The program could not decide about the request.' },
  'decision-timeout': { httpStatus: 503, meaning: 'The program did not decide about the request in time.' },
  'too-many-handshakes': { httpStatus: 503, meaning: 'Too many handshakes are under way.' },
  'shutting-down': { httpStatus: 503, meaning: 'The server is going away.' },
  'tls-failed': { meaning: 'The TLS handshake failed.' },
  'accept-failed': { meaning: 'The system could not accept a connection.' },
  // The handshake as the client sees it.
  'connect-failed': { meaning: 'No connection could be made to the server.' },
  'connect-timeout': { meaning: 'The server did not complete the handshake in time.' },
  'connect-aborted': { meaning: 'The caller gave the attempt up.' },
  'response-refused': { meaning: 'The server answered with something else than 101.' },
  'redirect-refused': { meaning: 'The server points elsewhere, and it is not followed there.' },
  'redirect-invalid': { meaning: 'The server points to what is no address of a WebSocket.' },
  'redirects-exceeded': { meaning: 'The server points elsewhere once more than is followed.' },
  'response-invalid': { meaning: 'The server said 101 without saying that it speaks WebSocket.' },
  'accept-mismatch': { meaning: 'Sec-WebSocket-Accept does not belong to the key that was sent.' },
  'subprotocol-unoffered': { meaning: 'The server chose a subprotocol that was not offered.' },
  'extension-unoffered': { meaning: 'The server chose an extension that was not offered.' },
  'extension-acceptance-invalid': {
    meaning: 'The server accepted an extension otherwise than it was offered.',
  },
  // Frames.
  'reserved-bits': { closeCode: 1002, meaning: 'A reserved bit is set and no extension gave it a meaning.' },
  'opcode-reserved': { closeCode: 1002, meaning: 'The opcode is not defined.' },
  'control-fragmented': { closeCode: 1002, meaning: 'A control frame has FIN = 0.' },
  'control-too-long': { closeCode: 1002, meaning: 'A control frame carries more than 125 bytes.' },
  'mask-missing': { closeCode: 1002, meaning: 'A frame from a client is not masked.' },
  'mask-unexpected': { closeCode: 1002, meaning: 'A frame from a server is masked.' },
  'length-not-shortest': { closeCode: 1002, meaning: 'The length is not in its shortest form.' },
  'length-impossible': { closeCode: 1002, meaning: 'The top bit of a 64-bit length is set.' },
  'continuation-unexpected': { closeCode: 1002, meaning: 'A continuation frame continues nothing.' },
  'continuation-missing': { closeCode: 1002, meaning: 'A new message begins inside an unfinished one.' },
  // Messages.
  'message-too-large': { closeCode: 1009, meaning: 'The message is larger than the limit.' },
  'frame-too-large': { closeCode: 1009, meaning: 'The frame is larger than the limit.' },
  'too-many-fragments': { closeCode: 1008, meaning: 'The message has more fragments than the limit.' },
  'deflate-data-invalid': { closeCode: 1007, meaning: 'The payload of a compressed message is not DEFLATE.' },
  'inflation-too-steep': { closeCode: 1008, meaning: 'The message inflates more steeply than the limit.' },
  'utf8-invalid': { closeCode: 1007, meaning: 'A text message is not UTF-8.' },
  'close-payload-invalid': { closeCode: 1002, meaning: 'The payload of a Close frame is one byte long.' },
  'close-code-invalid': { closeCode: 1002, meaning: 'The code in a Close frame must not be sent.' },
  'close-reason-invalid': { closeCode: 1007, meaning: 'The reason in a Close frame is not UTF-8.' },
  // The life of a connection.
  'too-many-control-frames': { closeCode: 1008, meaning: 'More control frames a second than the limit.' },
  'partial-frame-timeout': { closeCode: 1008, meaning: 'A frame or message was begun and not gone on with.' },
  'idle-timeout': { closeCode: 1001, meaning: 'No message came or went for longer than the limit.' },
  'outgoing-overflow': { closeCode: 1013, meaning: 'The other side reads too slowly.' },
  'handler-failed': { closeCode: 1011, meaning: 'The program threw an error while handling a message.' },
  'close-timeout': { meaning: 'The other side did not answer a Close frame in time.' },
  'pong-timeout': { meaning: 'Nothing came back after a ping.' },
  'ended-without-close': { meaning: 'The other side ended TCP without a Close frame.' },
  'not-open': { meaning: 'The connection is not open any more.' },
  'connection-lost': { meaning: 'The TCP connection broke.' },
} as const satisfies Readonly<Record<string, WireErrorEntry>>;

/** The stable names of everything that can go wrong on a wire. */
export type WireErrorCode = keyof typeof TABLE;

/** Code -> what it means, and the close code or HTTP status that the other side gets to see for it. */
export const WIRE_ERRORS: Readonly<Record<WireErrorCode, WireErrorEntry>> = TABLE;

/** What an error knows beyond its code. */
export interface WireErrorOptions {
  readonly cause?: unknown;
  /** Overrides the table's status: the status that a server answered, for `response-refused`. */
  readonly httpStatus?: number;
}

/**
 * Makes an error that another machine has caused. Which of our functions was running says nothing about it, and finding out
 * would be most of the work that a broken connection makes.
 */
export function withoutStack<T extends Error>(make: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Something on the wire that is not as it should be. `message` is a sentence that may be shown to the peer. */
export class WireError extends Error {
  declare readonly name: 'WireError';
  readonly code: WireErrorCode;
  readonly closeCode: number | undefined;
  readonly httpStatus: number | undefined;

  constructor(code: WireErrorCode, message?: string, options: WireErrorOptions = {}) {
    const entry = WIRE_ERRORS[code];
    super(message ?? entry.meaning, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.closeCode = entry.closeCode;
    this.httpStatus = options.httpStatus ?? entry.httpStatus;
  }
}

// On the prototype, because an own property of each error is work on each broken connection.
Object.defineProperty(WireError.prototype, 'name', {
  value: 'WireError',
  configurable: true,
  writable: true,
});
