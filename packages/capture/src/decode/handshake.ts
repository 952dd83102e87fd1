// Judges the opening handshake out of its two heads (RFC 6455 section 4, RFC 7692 section 7.1): what was agreed on, and
// what is against the rules. Nothing is read from bytes here.
import type {
  DecodedHandshake,
  DecodedHead,
  DecodedHeader,
  DeflateAgreement,
  WireFault,
} from '../decoded.ts';
import { fault } from '../explain/fault-text.ts';
import { acceptSteps } from './accept.ts';

export type Request = NonNullable<DecodedHandshake['request']>;
export type Response = NonNullable<DecodedHandshake['response']>;

export function valuesOf(head: DecodedHead | undefined, name: string): string[] {
  return (head?.headers ?? [])
    .filter((header: DecodedHeader) => header.name.toLowerCase() === name)
    .map(({ value }) => value);
}

const listOf = (head: DecodedHead | undefined, name: string): string[] =>
  valuesOf(head, name)
    .flatMap((value) => value.split(','))
    .map((item) => item.trim())
    .filter((item) => item !== '');

const hasWord = (head: DecodedHead, name: string, word: string): boolean =>
  listOf(head, name).some((item) => item.toLowerCase() === word);

/** Does the request ask for a WebSocket? Otherwise it is plain HTTP, for instance polling. */
export const isUpgrade = (request: Request): boolean =>
  hasWord(request, 'upgrade', 'websocket') || valuesOf(request, 'sec-websocket-key').length > 0;

export function judgeRequest(request: Request): Pick<DecodedHandshake, 'accept'> & { faults: WireFault[] } {
  const key = valuesOf(request, 'sec-websocket-key');
  if (!isUpgrade(request)) return { faults: [] };
  const faults: WireFault[] = [];
  const { method, version } = request;
  if (method !== 'GET') faults.push(fault('request-method', { method }));
  if (version !== 'HTTP/1.1') faults.push(fault('request-version', { version }));
  const count = valuesOf(request, 'host').length;
  if (count !== 1) faults.push(fault('request-host', { count }));
  if (!hasWord(request, 'upgrade', 'websocket')) faults.push(fault('request-upgrade'));
  if (!hasWord(request, 'connection', 'upgrade')) faults.push(fault('request-connection'));
  if (key.length !== 1 || !isKey(key[0] ?? '')) faults.push(fault('request-key'));
  const versions = valuesOf(request, 'sec-websocket-version');
  if (versions.length !== 1 || versions[0] !== '13') faults.push(fault('request-websocket-version'));
  return { ...(key[0] !== undefined && { accept: acceptSteps(key[0]) }), faults };
}

/** Base64 of 16 bytes: 22 digits, of which the last has four bits that are 0, and two signs. */
const isKey = (key: string): boolean => /^[A-Za-z0-9+/]{21}[AQgw]==$/.test(key);

export type Verdict = Pick<DecodedHandshake, 'sentAccept' | 'isAcceptRight' | 'subprotocol' | 'deflate'> & {
  readonly faults: readonly WireFault[];
};

/** Of an answer with status 101. */
export function judgeAnswer(response: Response, before: DecodedHandshake): Verdict {
  const faults: WireFault[] = [];
  if (response.version !== 'HTTP/1.1') faults.push(fault('answer-version', { version: response.version }));
  if (!hasWord(response, 'upgrade', 'websocket')) faults.push(fault('answer-upgrade'));
  if (!hasWord(response, 'connection', 'upgrade')) faults.push(fault('answer-connection'));
  const accepts = valuesOf(response, 'sec-websocket-accept');
  const sentAccept = accepts[0];
  if (accepts.length !== 1) faults.push(fault('answer-accept-missing'));
  const right = before.accept?.accept;
  const isAcceptRight = sentAccept === undefined || right === undefined ? undefined : sentAccept === right;
  if (isAcceptRight === false)
    faults.push(fault('answer-accept-wrong', { sent: sentAccept ?? '', right: right ?? '' }));
  const subprotocol = valuesOf(response, 'sec-websocket-protocol')[0];
  if (subprotocol !== undefined && !listOf(before.request, 'sec-websocket-protocol').includes(subprotocol))
    faults.push(fault('answer-subprotocol', { value: subprotocol }));
  const deflate = readExtensions(response, before.request, faults);
  return {
    ...(sentAccept !== undefined && { sentAccept }),
    ...(isAcceptRight !== undefined && { isAcceptRight }),
    ...(subprotocol !== undefined && { subprotocol }),
    ...(deflate && { deflate }),
    faults,
  };
}

function readExtensions(
  response: Response,
  request: Request | undefined,
  faults: WireFault[],
): DeflateAgreement | undefined {
  const offered = new Set(listOf(request, 'sec-websocket-extensions').map(nameOf));
  let deflate: DeflateAgreement | undefined;
  for (const extension of listOf(response, 'sec-websocket-extensions')) {
    const name = nameOf(extension);
    if (!offered.has(name)) faults.push(fault('answer-extension', { value: name }));
    if (name === 'permessage-deflate') deflate ??= readDeflate(extension, faults);
  }
  return deflate;
}

const nameOf = (extension: string): string => (extension.split(';')[0] ?? '').trim().toLowerCase();

/** Out of `permessage-deflate; server_max_window_bits=10; …`. A parameter that is wrong is told and left out. */
function readDeflate(extension: string, faults: WireFault[]): DeflateAgreement {
  const given = new Map<string, string>();
  for (const parameter of extension.split(';').slice(1)) {
    const [name = '', value = ''] = parameter.split('=').map((part) => part.trim().replaceAll('"', ''));
    const isBits = /^(server|client)_max_window_bits$/.test(name);
    const isFlag = /^(server|client)_no_context_takeover$/.test(name);
    const isRight = (isFlag && value === '') || (isBits && /^([89]|1[0-5])$/.test(value));
    if (!isRight || given.has(name)) faults.push(fault('answer-parameter', { value: parameter.trim() }));
    else given.set(name, value);
  }
  return {
    serverNoContextTakeover: given.has('server_no_context_takeover'),
    clientNoContextTakeover: given.has('client_no_context_takeover'),
    serverMaxWindowBits: Number(given.get('server_max_window_bits') ?? 15),
    clientMaxWindowBits: Number(given.get('client_max_window_bits') ?? 15),
  };
}
