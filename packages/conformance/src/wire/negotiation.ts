// Offers and answers of permessage-deflate (RFC 7692 section 7.1), read and held to each other. Values in, values out.
import type { Agreement } from './deflate.ts';

export const NAME = 'permessage-deflate';

/** Names of parameters to their values; `true` where there is none. */
export type Parameters = ReadonlyMap<string, string | true>;

export interface Element {
  readonly name: string;
  readonly parameters: Parameters;
  /** A name that came twice. */
  readonly repeated?: string;
}

/** The elements of a Sec-WebSocket-Extensions field. Values in quotes are taken out of them. */
export function readElements(field: string | undefined): Element[] {
  return (field ?? '')
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '')
    .map((element) => {
      const [name = '', ...rest] = element.split(';').map((part) => part.trim());
      const parameters = new Map<string, string | true>();
      let repeated: string | undefined;
      for (const parameter of rest) {
        const [key = '', value] = parameter.split('=').map((part) => part.trim());
        if (parameters.has(key)) repeated = key;
        parameters.set(key, value === undefined ? true : value.replace(/^"(.*)"$/, '$1'));
      }
      return { name, parameters, ...(repeated !== undefined && { repeated }) };
    });
}

const FLAGS = ['server_no_context_takeover', 'client_no_context_takeover'];
const WINDOWS = ['server_max_window_bits', 'client_max_window_bits'];

/** What is wrong with an answer by itself; undefined when nothing is. */
export function faultOf({ name, parameters, repeated }: Element): string | undefined {
  if (name !== NAME) return `it accepts ${name}`;
  if (repeated !== undefined) return `${repeated} is there twice`;
  for (const [key, value] of parameters) {
    if (FLAGS.includes(key)) {
      if (value !== true) return `${key} has a value`;
    } else if (WINDOWS.includes(key)) {
      if (value === true || !/^([89]|1[0-5])$/.test(value)) return `${key} has no size from 8 to 15`;
    } else return `it says ${key}`;
  }
  return undefined;
}

/** Why this answer fits none of the offers; undefined when it fits one. */
export function misfitOf(answer: Element, offers: readonly Element[]): string | undefined {
  const fault = faultOf(answer);
  if (fault !== undefined) return fault;
  const objections = offers.map((offer) => objection(answer.parameters, offer.parameters));
  return objections.includes(undefined) ? undefined : (objections[0] ?? 'nothing was offered');
}

function objection(answer: Parameters, offer: Parameters): string | undefined {
  if (offer.has('server_no_context_takeover') && !answer.has('server_no_context_takeover'))
    return 'server_no_context_takeover was asked for and is not in the answer';
  const asked = offer.get('server_max_window_bits');
  if (asked !== undefined && Number(answer.get('server_max_window_bits') ?? 16) > Number(asked))
    return 'server_max_window_bits was asked for and is not in the answer, or larger';
  const client = answer.get('client_max_window_bits');
  const allowed = offer.get('client_max_window_bits');
  if (client !== undefined && allowed === undefined)
    return 'client_max_window_bits is in the answer and was not offered';
  if (client !== undefined && allowed !== true && Number(client) > Number(allowed))
    return 'client_max_window_bits is larger than offered';
  return undefined;
}

export function agreementOf(answer: Parameters): Agreement {
  const windowOf = (name: string): number => Number(answer.get(name) ?? 15);
  return {
    server: {
      keepsHistory: !answer.has('server_no_context_takeover'),
      windowBits: windowOf('server_max_window_bits'),
    },
    client: {
      keepsHistory: !answer.has('client_no_context_takeover'),
      windowBits: windowOf('client_max_window_bits'),
    },
  };
}

/** What the tester as a server imposes on the client's compressor. */
export interface ClientBounds {
  readonly noContextTakeover?: boolean;
  readonly windowBits?: number;
}

/**
 * The answer to what a client offers: the first offer with these bounds put on the client, and with what it asks of the
 * server granted. Undefined where the client offers no compression, or none that can be bounded so.
 */
export function answerTo(offers: readonly Element[], bounds: ClientBounds): string | undefined {
  for (const { name, parameters, repeated } of offers) {
    if (name !== NAME || repeated !== undefined) continue;
    const parts = [NAME];
    const allowed = parameters.get('client_max_window_bits');
    if (bounds.windowBits !== undefined && allowed === undefined) continue;
    if (parameters.has('server_no_context_takeover')) parts.push('server_no_context_takeover');
    const server = parameters.get('server_max_window_bits');
    if (server !== undefined) parts.push(`server_max_window_bits=${server}`);
    if (bounds.noContextTakeover === true) parts.push('client_no_context_takeover');
    const most = allowed === undefined || allowed === true ? 15 : Number(allowed);
    if (bounds.windowBits !== undefined)
      parts.push(`client_max_window_bits=${Math.min(bounds.windowBits, most)}`);
    return parts.join('; ');
  }
  return undefined;
}
