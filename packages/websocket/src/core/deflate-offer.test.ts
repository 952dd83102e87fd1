import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acceptDeflate,
  type DeflateAgreement,
  type DeflateWishes,
  readDeflateAcceptance,
  writeDeflateOffer,
} from './deflate-offer.ts';
import { readExtensions } from './extension-header.ts';
import { WireError } from './wire-error.ts';

const P = 'permessage-deflate';

/** The server's answer without the name, or `declined`. */
function answer(offer: string, wishes: DeflateWishes = {}): string {
  const acceptance = acceptDeflate(readExtensions([offer]), wishes);
  return acceptance === undefined ? 'declined' : acceptance.header.slice(`${P}; `.length);
}

/** What the client makes of an answer, in short, or the code of the error. */
function accept(header: string, wishes: DeflateWishes = {}): string {
  try {
    const agreement = readDeflateAcceptance(readExtensions(header === '' ? [] : [header]), wishes);
    return agreement === undefined ? 'declined' : show(agreement);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return error.code;
  }
}

function show(agreement: DeflateAgreement): string {
  const { serverNoContextTakeover, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits } =
    agreement;
  const flag = (isSet: boolean): string => (isSet ? '!' : '');
  return `server ${serverMaxWindowBits}${flag(serverNoContextTakeover)} client ${clientMaxWindowBits}${flag(clientNoContextTakeover)}`;
}

describe('permessage-deflate, the server', () => {
  it('[D1] accepts the first offer that it can keep to', () => {
    expect(answer(P)).toBe('');
    expect(answer('foo')).toBe('declined');
    expect(answer(`foo, ${P}`)).toBe('');
    expect(answer(`${P}; server_max_window_bits=10, ${P}`)).toBe('server_max_window_bits=10');
    expect(answer(`${P}; nonsense, ${P}; server_no_context_takeover, ${P}`)).toBe(
      'server_no_context_takeover',
    );
    expect(answer('Permessage-Deflate')).toBe('declined');
  });

  it('[D3] declines an offer with a parameter that cannot be', () => {
    const bad = [
      'unknown',
      'server_no_context_takeover=1',
      'client_no_context_takeover=true',
      'server_no_context_takeover; server_no_context_takeover',
      'client_max_window_bits; client_max_window_bits=10',
      'server_max_window_bits',
      'SERVER_MAX_WINDOW_BITS=10',
      ...['7', '16', '0', '08', '+9', '9.0', '1e1', '-9', 'x', '15x', '99999999999999999999'].flatMap(
        (bits) => [`server_max_window_bits=${bits}`, `client_max_window_bits=${bits}`],
      ),
    ];
    for (const parameters of bad) {
      expect(answer(`${P}; ${parameters}`), parameters).toBe('declined');
      expect(answer(`${P}; ${parameters}, ${P}`), parameters).toBe('');
    }
  });

  it('[D3] takes a window in quotes', () => {
    expect(answer(`${P}; server_max_window_bits="12"`)).toBe('server_max_window_bits=12');
  });

  it('[D4] keeps to what was offered and imposes what it wishes', () => {
    expect(answer(`${P}; server_no_context_takeover`)).toBe('server_no_context_takeover');
    expect(answer(P, { serverNoContextTakeover: true })).toBe('server_no_context_takeover');
    expect(answer(P, { clientNoContextTakeover: true })).toBe('client_no_context_takeover');
    expect(answer(`${P}; client_no_context_takeover`)).toBe('client_no_context_takeover');
    expect(answer(P, { serverMaxWindowBits: 11 })).toBe('server_max_window_bits=11');
    expect(answer(`${P}; server_max_window_bits=15`)).toBe('server_max_window_bits=15');
    expect(answer(`${P}; server_max_window_bits=9`, { serverMaxWindowBits: 11 })).toBe(
      'server_max_window_bits=9',
    );
    expect(answer(`${P}; server_max_window_bits=12`, { serverMaxWindowBits: 11 })).toBe(
      'server_max_window_bits=11',
    );
    expect(answer(`${P}; server_max_window_bits=8`)).toBe('server_max_window_bits=8');
  });

  it("[D5] limits the client's window only if the client can", () => {
    expect(answer(`${P}; client_max_window_bits`)).toBe('');
    expect(answer(`${P}; client_max_window_bits=10`)).toBe('client_max_window_bits=10');
    expect(answer(`${P}; client_max_window_bits`, { clientMaxWindowBits: 9 })).toBe(
      'client_max_window_bits=9',
    );
    expect(answer(`${P}; client_max_window_bits=8`, { clientMaxWindowBits: 9 })).toBe(
      'client_max_window_bits=8',
    );
    expect(answer(P, { clientMaxWindowBits: 9 })).toBe('declined');
    expect(answer(P, { clientMaxWindowBits: 15 })).toBe('');
  });
});

describe('permessage-deflate, the client', () => {
  it('[D7] offers what is wished', () => {
    expect(writeDeflateOffer({})).toBe(`${P}; client_max_window_bits`);
    expect(
      writeDeflateOffer({
        serverNoContextTakeover: true,
        clientNoContextTakeover: true,
        serverMaxWindowBits: 10,
        clientMaxWindowBits: 11,
      }),
    ).toBe(
      `${P}; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=11`,
    );
  });

  it('[D7] takes every answer that fits, also what it did not ask for', () => {
    expect(accept('')).toBe('declined');
    expect(accept(P)).toBe('server 15 client 15');
    expect(accept(`${P}; server_no_context_takeover; client_no_context_takeover`)).toBe(
      'server 15! client 15!',
    );
    expect(accept(`${P}; server_max_window_bits=8; client_max_window_bits=9`)).toBe('server 8 client 9');
    expect(accept(`${P}; server_max_window_bits="9"`, { serverMaxWindowBits: 10 })).toBe(
      'server 9 client 15',
    );
    expect(accept(P, { clientMaxWindowBits: 10, clientNoContextTakeover: true })).toBe(
      'server 15 client 10!',
    );
    expect(accept('', { serverMaxWindowBits: 10 })).toBe('declined');
  });

  it('[D7] refuses every other', () => {
    const invalid = 'extension-acceptance-invalid';
    expect(accept('foo')).toBe('extension-unoffered');
    expect(accept(`${P}, foo`)).toBe('extension-unoffered');
    expect(accept(`${P}, ${P}`)).toBe(invalid);
    for (const parameters of [
      'unknown',
      'server_no_context_takeover=1',
      'client_no_context_takeover; client_no_context_takeover',
      'server_max_window_bits',
      'client_max_window_bits',
      'server_max_window_bits=16',
      'server_max_window_bits=7',
      'server_max_window_bits=010',
      'client_max_window_bits=1000000000',
      'server_max_window_bits=10; server_max_window_bits=10',
    ]) {
      expect(accept(`${P}; ${parameters}`), parameters).toBe(invalid);
    }
    expect(accept(P, { serverNoContextTakeover: true })).toBe(invalid);
    expect(accept(P, { serverMaxWindowBits: 10 })).toBe(invalid);
    expect(accept(`${P}; server_max_window_bits=11`, { serverMaxWindowBits: 10 })).toBe(invalid);
    expect(accept(`${P}; client_max_window_bits=11`, { clientMaxWindowBits: 10 })).toBe(invalid);
  });

  it('[D4] [D7] our client understands our server, whatever both wish', () => {
    const bits = fc.option(fc.integer({ min: 8, max: 15 }), { nil: undefined });
    const flag = fc.option(fc.boolean(), { nil: undefined });
    const wishes = fc
      .record({ flags: fc.tuple(flag, flag), bits: fc.tuple(bits, bits) })
      .map(({ flags: [serverFlag, clientFlag], bits: [serverBits, clientBits] }) => ({
        ...(serverFlag !== undefined && { serverNoContextTakeover: serverFlag }),
        ...(clientFlag !== undefined && { clientNoContextTakeover: clientFlag }),
        ...(serverBits !== undefined && { serverMaxWindowBits: serverBits }),
        ...(clientBits !== undefined && { clientMaxWindowBits: clientBits }),
      }));
    fc.assert(
      fc.property(wishes, wishes, (server, client) => {
        const acceptance = acceptDeflate(readExtensions([writeDeflateOffer(client)]), server);
        expect(acceptance).toBeDefined();
        if (acceptance === undefined) return;
        expect(readDeflateAcceptance(readExtensions([acceptance.header]), client)).toEqual(
          acceptance.agreement,
        );
      }),
    );
  });
});
