// Negotiation of permessage-deflate (RFC 7692 section 7.1) in both roles: what a server makes of the offers, what a client
// offers and makes of the answer. Values in, values out. What has been agreed on is carried out in net/deflate.ts.
import { type Extension, type ExtensionParameter, writeExtension } from './extension-header.ts';
import { WireError } from './wire-error.ts';

/** What both ends hold to. Which of the two is ours is a matter of the role. */
export interface DeflateAgreement {
  /** The server begins every message with an empty history. */
  readonly serverNoContextTakeover: boolean;
  readonly clientNoContextTakeover: boolean;
  /** 8 to 15: the server looks back 2 to the power of this many bytes at most. */
  readonly serverMaxWindowBits: number;
  readonly clientMaxWindowBits: number;
}

/** What one end wants. A server imposes it where the RFC lets it; a client asks for it, and binds itself. */
export interface DeflateWishes extends Partial<DeflateAgreement> {}

/** The extension's name in Sec-WebSocket-Extensions (RFC 7692 section 7). */
export const DEFLATE_NAME = 'permessage-deflate';
export const WINDOW_BITS_MIN = 8;
export const WINDOW_BITS_MAX = 15;

const FLAGS = ['server_no_context_takeover', 'client_no_context_takeover'] as const;
const BITS = ['server_max_window_bits', 'client_max_window_bits'] as const;
const WINDOW_BITS = /^(?:[89]|1[0-5])$/;

type FlagName = (typeof FLAGS)[number];
type BitsName = (typeof BITS)[number];

/** The parameters of one element, understood. */
interface Parameters {
  readonly flags: ReadonlySet<FlagName>;
  /** `true`: there without a value. */
  readonly bits: ReadonlyMap<BitsName, number | true>;
}

/** What a server makes of an offer that it accepts. */
export interface DeflateAcceptance {
  readonly agreement: DeflateAgreement;
  /** The element of the answer's Sec-WebSocket-Extensions. */
  readonly header: string;
}

/**
 * The server's choice: the first offer that is valid and that the wishes allow; undefined declines them all. An offer
 * with a parameter that is unknown, repeated or has a wrong value is declined, not an error (section 7.1).
 */
export function acceptDeflate(
  extensions: readonly Extension[],
  wishes: DeflateWishes,
): DeflateAcceptance | undefined {
  for (const { name, parameters } of extensions) {
    if (name !== DEFLATE_NAME) continue;
    const offer = understand(parameters);
    // Only the client's own window may be offered without a value: "you may limit it".
    if (offer === undefined || offer.bits.get('server_max_window_bits') === true) continue;
    const acceptance = acceptOffer(offer, wishes);
    if (acceptance !== undefined) return acceptance;
  }
  return undefined;
}

function acceptOffer(offer: Parameters, wishes: DeflateWishes): DeflateAcceptance | undefined {
  const serverBits = smaller(offer.bits.get('server_max_window_bits'), wishes.serverMaxWindowBits);
  const clientBits = smaller(offer.bits.get('client_max_window_bits'), wishes.clientMaxWindowBits);
  // Section 7.1.2.2: a client that did not say it can limit its window must not be told to. Our bound on memory
  // cannot be had then.
  const canLimitClient = offer.bits.has('client_max_window_bits');
  if (!canLimitClient && clientBits < WINDOW_BITS_MAX) return undefined;
  const agreement = {
    serverNoContextTakeover:
      offer.flags.has('server_no_context_takeover') || wishes.serverNoContextTakeover === true,
    clientNoContextTakeover:
      offer.flags.has('client_no_context_takeover') || wishes.clientNoContextTakeover === true,
    serverMaxWindowBits: serverBits,
    clientMaxWindowBits: clientBits,
  };
  const saysServerBits = offer.bits.has('server_max_window_bits') || serverBits < WINDOW_BITS_MAX;
  const parameters: ExtensionParameter[] = flagsOf(agreement);
  if (saysServerBits) parameters.push({ name: 'server_max_window_bits', value: String(serverBits) });
  if (clientBits < WINDOW_BITS_MAX)
    parameters.push({ name: 'client_max_window_bits', value: String(clientBits) });
  return { agreement, header: writeExtension({ name: DEFLATE_NAME, parameters }) };
}

/** The client's offer. That its window may be limited is always said: servers that must save memory need it. */
export function writeDeflateOffer(wishes: DeflateWishes): string {
  const { serverMaxWindowBits, clientMaxWindowBits } = wishes;
  const parameters: ExtensionParameter[] = flagsOf(wishes);
  if (serverMaxWindowBits !== undefined)
    parameters.push({ name: 'server_max_window_bits', value: String(serverMaxWindowBits) });
  parameters.push({ name: 'client_max_window_bits', value: clientMaxWindowBits?.toString() });
  return writeExtension({ name: DEFLATE_NAME, parameters });
}

/**
 * What the server made of `writeDeflateOffer` with the same wishes; undefined when it declined. Throws WireErrors for an
 * answer that does not fit the offer: the handshake has failed then (section 7.1).
 */
export function readDeflateAcceptance(
  extensions: readonly Extension[],
  wishes: DeflateWishes,
): DeflateAgreement | undefined {
  const [accepted] = extensions;
  if (accepted === undefined) return undefined;
  if (extensions.some(({ name }) => name !== DEFLATE_NAME)) throw new WireError('extension-unoffered');
  if (extensions.length > 1) refuse(`${DEFLATE_NAME} was accepted twice`);
  const answer = understand(accepted.parameters);
  if (answer === undefined) refuse('a parameter is unknown, repeated or has a wrong value');
  const serverBits = answer.bits.get('server_max_window_bits');
  const clientBits = answer.bits.get('client_max_window_bits');
  if (serverBits === true || clientBits === true) refuse('a window has no size');
  if (wishes.serverNoContextTakeover === true && !answer.flags.has('server_no_context_takeover'))
    refuse('server_no_context_takeover was asked for');
  if (wishes.serverMaxWindowBits !== undefined && (serverBits ?? Infinity) > wishes.serverMaxWindowBits)
    refuse(`server_max_window_bits=${wishes.serverMaxWindowBits} was asked for`);
  if (clientBits !== undefined && clientBits > (wishes.clientMaxWindowBits ?? WINDOW_BITS_MAX))
    refuse('client_max_window_bits is above what was offered');
  return {
    serverNoContextTakeover: answer.flags.has('server_no_context_takeover'),
    clientNoContextTakeover:
      answer.flags.has('client_no_context_takeover') || wishes.clientNoContextTakeover === true,
    serverMaxWindowBits: serverBits ?? WINDOW_BITS_MAX,
    clientMaxWindowBits: smaller(clientBits, wishes.clientMaxWindowBits),
  };
}

function refuse(why: string): never {
  throw new WireError(
    'extension-acceptance-invalid',
    `The server's answer to ${DEFLATE_NAME} is wrong: ${why}.`,
  );
}

/** Undefined: a parameter that is unknown or repeated, a flag with a value, a window that is not 8 to 15. */
function understand(parameters: readonly ExtensionParameter[]): Parameters | undefined {
  const flags = new Set<FlagName>();
  const bits = new Map<BitsName, number | true>();
  for (const { name, value } of parameters) {
    const flag = FLAGS.find((known) => known === name);
    const window = BITS.find((known) => known === name);
    if (flag !== undefined && value === undefined && !flags.has(flag)) flags.add(flag);
    else if (window !== undefined && !bits.has(window) && (value === undefined || WINDOW_BITS.test(value)))
      bits.set(window, value === undefined ? true : Number(value));
    else return undefined;
  }
  return { flags, bits };
}

function flagsOf(wishes: DeflateWishes): ExtensionParameter[] {
  const parameters: ExtensionParameter[] = [];
  if (wishes.serverNoContextTakeover === true)
    parameters.push({ name: 'server_no_context_takeover', value: undefined });
  if (wishes.clientNoContextTakeover === true)
    parameters.push({ name: 'client_no_context_takeover', value: undefined });
  return parameters;
}

function smaller(offered: number | true | undefined, wished: number | undefined): number {
  const bound = offered === undefined || offered === true ? WINDOW_BITS_MAX : offered;
  return Math.min(bound, wished ?? WINDOW_BITS_MAX);
}
