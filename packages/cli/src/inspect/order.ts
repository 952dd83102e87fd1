// What a typed line asks for: a message as it stands, or a command that begins with a slash.
import { CLOSE_CODE } from '@wireroom/websocket';
import { INSPECT_LIMITS } from './limits.ts';

export type Order =
  | { readonly do: 'send'; readonly text: string }
  | { readonly do: 'send-bytes'; readonly bytes: Buffer }
  | { readonly do: 'send-file'; readonly path: string }
  | { readonly do: 'fragments'; readonly count: number; readonly text: string }
  | { readonly do: 'ping' | 'pong'; readonly payload: string }
  | { readonly do: 'close'; readonly code: number | 'none'; readonly reason: string }
  | { readonly do: 'raw'; readonly bytes: Buffer }
  | { readonly do: 'cut' | 'quit' | 'help' }
  /** It cannot be done, and why. */
  | { readonly do: 'refuse'; readonly why: string };

export const ORDER_HELP: readonly (readonly [form: string, meaning: string])[] = [
  ['text', 'sends it as a text message; //text sends /text'],
  ['/ping [text]', 'sends a ping'],
  ['/pong [text]', 'sends a pong that nobody asked for'],
  ['/close [code [reason]]', 'begins the closing handshake; without a code it says none'],
  ['/binary HEX', 'sends bytes as a binary message: /binary 00 ff 7f'],
  ['/file PATH', 'sends a file: as text if it is UTF-8, else as binary'],
  ['/fragments N text', 'sends the text as one message in N frames'],
  ['/hex HEX', 'writes these bytes to the wire as they are, right or wrong'],
  ['/cut', 'ends TCP without a word'],
  ['/quit', 'closes with 1000 and leaves, as Ctrl-C and Ctrl-D do'],
];

/** A control frame carries 125 bytes, of which a close code takes two (RFC 6455 section 5.5). */
const CONTROL_BYTES_MAX = 125;

export function orderOf(line: string, hasCommands: boolean): Order {
  if (!hasCommands || !line.startsWith('/')) return { do: 'send', text: line };
  if (line.startsWith('//')) return { do: 'send', text: line.slice(1) };
  const [, name = '', rest = ''] = /^\/(\S*)\s?(.*)$/s.exec(line) ?? [];
  switch (name) {
    case 'ping':
    case 'pong':
      return Buffer.byteLength(rest) > CONTROL_BYTES_MAX
        ? refuse(`A ${name} carries ${CONTROL_BYTES_MAX} bytes at most.`)
        : { do: name, payload: rest };
    case 'close':
      return closeOrder(rest);
    case 'binary':
      return withHex('/binary', rest, (bytes) => ({ do: 'send-bytes', bytes }));
    case 'hex':
      return withHex('/hex', rest, (bytes) => ({ do: 'raw', bytes }));
    case 'file':
      return rest === '' ? refuse('Which file? /file PATH') : { do: 'send-file', path: rest.trim() };
    case 'fragments':
      return fragmentsOrder(rest);
    case 'cut':
    case 'quit':
    case 'help':
      return { do: name };
    default:
      return refuse(
        `There is no /${name}; /help lists what there is. To send the line itself, begin it with //.`,
      );
  }
}

const refuse = (why: string): Order => ({ do: 'refuse', why });

function closeOrder(rest: string): Order {
  if (rest.trim() === '') return { do: 'close', code: 'none', reason: '' };
  const [, digits, reason = ''] = /^(\d{1,5})(?:\s+(.*))?$/s.exec(rest.trim()) ?? [];
  if (digits === undefined) return refuse('/close takes a code and a reason: /close 4000 see you');
  if (Buffer.byteLength(reason) > CONTROL_BYTES_MAX - 2) {
    return refuse(`A close reason has ${CONTROL_BYTES_MAX - 2} bytes at most.`);
  }
  return { do: 'close', code: Number(digits), reason };
}

function withHex(name: string, rest: string, order: (bytes: Buffer) => Order): Order {
  const digits = rest.replace(/0x|[\s,:]/gi, '');
  if (digits === '' || digits.length % 2 === 1 || !/^[0-9a-f]+$/i.test(digits)) {
    return refuse(`${name} takes bytes as pairs of hexadecimal digits: ${name} 81 05 48 65 6c 6c 6f`);
  }
  return order(Buffer.from(digits, 'hex'));
}

function fragmentsOrder(rest: string): Order {
  const [, digits, text = ''] = /^(\d{1,6})(?:\s(.*))?$/s.exec(rest) ?? [];
  const count = Number(digits ?? 0);
  if (count < 1 || count > INSPECT_LIMITS.fragmentsMax) {
    return refuse(
      `/fragments takes a number from 1 to ${INSPECT_LIMITS.fragmentsMax} and a text: /fragments 3 hello`,
    );
  }
  return { do: 'fragments', count, text };
}

/** Codes that are never on the wire are refused here already, by the same rule as in the engine. */
export const NORMAL_CLOSE: Order = { do: 'close', code: CLOSE_CODE.normal, reason: '' };
