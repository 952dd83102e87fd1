// The opening handshake from the tester's end, in both roles: the honest one, which leads to a session, and the parts of
// it for the cases that test the handshake itself. The text of heads is wire/http.ts.
import type { DeflateWish } from '../case.ts';
import type { Pace } from '../pace.ts';
import {
  acceptOf,
  type Changes,
  countOf,
  fieldOf,
  type Head,
  isKey,
  names,
  newKey,
  type RequestPlan,
  readHead,
  writeAnswer,
  writeRequest,
} from '../wire/http.ts';
import { agreementOf, answerTo, type Element, misfitOf, readElements } from '../wire/negotiation.ts';
import { RawLink, type Reach } from './raw-link.ts';
import { Session } from './session.ts';

/** What a case gets that asks a server in its own words. */
export interface Asking {
  readonly url: URL;
  /** The usual request with changes. The key is fresh unless given. */
  request(changes?: Partial<RequestPlan>): { readonly text: string; readonly key: string };
  /** A new TCP connection; it is cut when the case is over. */
  dial(): Promise<RawLink>;
}

/** What a case gets that answers a client in its own words. */
export interface Answering {
  readonly link: RawLink;
  readonly request: Head;
  readonly key: string;
  /** What the client offers as extensions. */
  readonly offers: readonly Element[];
}

/** The other end did not keep to the handshake: the case has failed before it began. */
export class OpeningFailed extends Error {}
/** The other end did not agree on the extension that the case is about. */
export class NotAgreed extends Error {}

export async function readHeadOf(link: RawLink, timeoutMs: number): Promise<Head | undefined> {
  await link.until(({ received }) => received.includes('\r\n\r\n'), timeoutMs);
  return readHead(link.received);
}

/** The handshake with a server, up to a session. Throws OpeningFailed and NotAgreed. */
export async function openToServer(
  url: URL,
  wish: DeflateWish | undefined,
  pace: Pace,
  reach: Reach = {},
): Promise<Session> {
  const link = await RawLink.dial(url, pace.replyTimeoutMs, reach);
  const key = newKey();
  const changes: Changes = {
    ...reach.changes,
    ...(wish !== undefined && { 'Sec-WebSocket-Extensions': wish.offers }),
  };
  await link.write(writeRequest({ host: url.host, path: pathOf(url), key, changes }));
  try {
    const head = await headOrThrow(link, pace);
    const fault = faultOfAnswer(head, key, String(changes['Sec-WebSocket-Protocol'] ?? ''));
    if (fault !== undefined) throw new OpeningFailed(`the server's answer: ${fault}`);
    const agreement = agreementWithServer(head, wish);
    link.skip(head.bytes);
    return new Session({ socket: link.socket, peer: 'server', unread: link.release(), agreement });
  } catch (error) {
    link.socket.destroy();
    throw error;
  }
}

async function headOrThrow(link: RawLink, pace: Pace): Promise<Head> {
  try {
    const head = await readHeadOf(link, pace.replyTimeoutMs);
    if (head !== undefined) return head;
  } catch (error) {
    throw new OpeningFailed(String(error));
  }
  throw new OpeningFailed(link.hasEnded ? 'TCP ended in the handshake' : 'no head came in the handshake');
}

function agreementWithServer(head: Head, wish: DeflateWish | undefined) {
  const [answer, ...more] = readElements(fieldOf(head, 'sec-websocket-extensions'));
  if (wish === undefined) {
    if (answer !== undefined)
      throw new OpeningFailed(`the server accepts ${answer.name}, which was not offered`);
    return undefined;
  }
  if (answer === undefined) throw new NotAgreed('the server does not take up the offer');
  const misfit = more.length > 0 ? 'it has several extensions' : misfitOf(answer, readElements(wish.offers));
  if (misfit !== undefined) throw new OpeningFailed(`the server's answer to the offers: ${misfit}`);
  return agreementOf(answer.parameters);
}

/** What is wrong with a server's 101; undefined when nothing is. Section 4.2.2. */
export function faultOfAnswer(head: Head, key: string, offered = ''): string | undefined {
  const { line } = head;
  if (!/^HTTP\/1\.1 101( |$)/.test(line)) return `"${line}"`;
  if (fieldOf(head, 'upgrade')?.toLowerCase() !== 'websocket') return 'Upgrade is not websocket';
  if (!names(fieldOf(head, 'connection'), 'upgrade')) return 'Connection does not name upgrade';
  if (fieldOf(head, 'sec-websocket-accept') !== acceptOf(key)) return 'Sec-WebSocket-Accept is wrong';
  const protocol = fieldOf(head, 'sec-websocket-protocol');
  if (protocol !== undefined && !offered.split(/ *, */).includes(protocol))
    return 'it names a subprotocol that was not offered';
  return undefined;
}

/** What is wrong with a client's request; undefined when nothing is. Section 4.1. */
export function faultOfRequest(head: Head): string | undefined {
  if (!/^GET \S+ HTTP\/1\.1$/.test(head.line)) return `"${head.line}"`;
  if (countOf(head, 'host') !== 1) return 'there is not exactly one Host';
  if (!names(fieldOf(head, 'upgrade'), 'websocket')) return 'Upgrade does not name websocket';
  if (!names(fieldOf(head, 'connection'), 'upgrade')) return 'Connection does not name upgrade';
  if (fieldOf(head, 'sec-websocket-version') !== '13') return 'Sec-WebSocket-Version is not 13';
  if (!isKey(fieldOf(head, 'sec-websocket-key'))) return 'Sec-WebSocket-Key is not the Base64 of 16 bytes';
  return undefined;
}

/** Reads a client's request. Throws OpeningFailed for a wrong one. */
export function takeRequest(link: RawLink, head: Head): Answering {
  const fault = faultOfRequest(head);
  if (fault !== undefined) throw new OpeningFailed(`the client's request: ${fault}`);
  return {
    link,
    request: head,
    key: fieldOf(head, 'sec-websocket-key') ?? '',
    offers: readElements(fieldOf(head, 'sec-websocket-extensions')),
  };
}

/** The handshake with a client whose request has been read, up to a session. Throws NotAgreed. */
export async function openToClient(
  { link, key, offers }: Answering,
  wish: DeflateWish | undefined,
): Promise<Session> {
  const accepted = wish && answerTo(offers, wish.bounds);
  if (wish !== undefined && accepted === undefined) {
    link.socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
    throw new NotAgreed('the client does not offer this');
  }
  await link.write(writeAnswer(key, { 'Sec-WebSocket-Extensions': accepted }));
  const [answer] = readElements(accepted);
  const agreement = answer && agreementOf(answer.parameters);
  return new Session({ socket: link.socket, peer: 'client', unread: link.release(), agreement });
}

export const pathOf = (url: URL): string => url.pathname + url.search;

/** An Asking, and how to end all that it has opened. */
export function askingOf(url: URL, pace: Pace, reach: Reach = {}): { readonly asking: Asking; end(): void } {
  const links: RawLink[] = [];
  const asking: Asking = {
    url,
    request: (changes = {}) => {
      const key = changes.key ?? newKey();
      const all = { ...reach.changes, ...changes.changes };
      return {
        text: writeRequest({ host: url.host, path: pathOf(url), ...changes, changes: all, key }),
        key,
      };
    },
    dial: async () => {
      const link = await RawLink.dial(url, pace.replyTimeoutMs, reach);
      links.push(link);
      return link;
    },
  };
  return { asking, end: () => links.forEach(({ socket }) => void socket.destroy()) };
}
