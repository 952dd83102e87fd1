// What the load says to each kind of server, and how it tells a message from whatever else comes, in bytes: a million of them a second
// are not decoded as JSON. What a message says of itself is in stamp.ts; how one enters is in entering.ts.
export interface Dialect {
  readonly kind: 'wireroom' | 'socketio';
  /** Where its sockets are, if the address does not say. */
  readonly path: string;
  /** What follows the text in a frame that brings a message, where it is the last thing in it. */
  readonly tail: string;
  /** Does it answer each post? */
  readonly isAcknowledging: boolean;
  /** Is the text that begins here a message, or another entry of the room? */
  isMessage(bytes: Buffer, from: number): boolean;
  /** `ref` comes back with the answer. */
  post(text: string, ref: number): string;
}

export function wireroomDialect(room: string): Dialect {
  const before = `{"type":"post","ref":`;
  const after = `,"room":${JSON.stringify(room)},"text":"`;
  return {
    ...{ kind: 'wireroom', path: '/ws', tail: '"}}', isAcknowledging: true },
    // {"type":"entry"…: nothing else that a server says has an n there.
    isMessage: (bytes, from) => bytes[from + 9] === 0x65 && bytes[from + 10] === 0x6e,
    post: (text, ref) => `${before}${ref}${after}${text}"}`,
  };
}

export function socketioDialect(event: string): Dialect {
  const before = `42[${JSON.stringify(event)},"`;
  return {
    ...{
      kind: 'socketio',
      path: '/socket.io/?EIO=4&transport=websocket',
      tail: '"]',
      isAcknowledging: false,
    },
    isMessage: (bytes, from) => bytes[from] === 0x34 && bytes[from + 1] === 0x32,
    post: (text) => `${before}${text}"]`,
  };
}

const REF = Buffer.from('"ref":');
const REF_DIGITS_MAX = 12;

/** Of a Wireroom's answer to a post: which post, and whether it was taken. Undefined of anything else. */
export function answerAt(
  bytes: Buffer,
  from: number,
  to: number,
): { readonly ref: number; readonly isPosted: boolean } | undefined {
  // {"type":"pos… and {"type":"ref…: a page begins with a p as well.
  const isPosted = bytes[from + 9] === 0x70 && bytes[from + 10] === 0x6f;
  const isRefused = bytes[from + 9] === 0x72 && bytes[from + 10] === 0x65 && bytes[from + 11] === 0x66;
  if (!isPosted && !isRefused) return undefined;
  const at = bytes.indexOf(REF, from) + REF.length;
  if (at < from || at > to) return undefined;
  const ref = Number.parseInt(bytes.toString('latin1', at, Math.min(to, at + REF_DIGITS_MAX)), 10);
  return Number.isNaN(ref) ? undefined : { ref, isPosted };
}
