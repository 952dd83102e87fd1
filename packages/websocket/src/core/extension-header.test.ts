import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Extension, readExtensions, writeExtension } from './extension-header.ts';
import { WireError } from './wire-error.ts';

/** The extensions as `name(param,param=value)`, or the code of the error. */
function read(...values: readonly string[]): string {
  try {
    return readExtensions(values).map(show).join(' ');
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return `${error.httpStatus} ${error.code}`;
  }
}

function show({ name, parameters }: Extension): string {
  const shown = parameters.map(({ name: key, value }) => (value === undefined ? key : `${key}=${value}`));
  return `${name}(${shown.join(',')})`;
}

describe('Sec-WebSocket-Extensions', () => {
  it('[D2] is a list of names with parameters', () => {
    expect(read()).toBe('');
    expect(read('foo')).toBe('foo()');
    expect(read('permessage-deflate; client_max_window_bits; server_max_window_bits=10')).toBe(
      'permessage-deflate(client_max_window_bits,server_max_window_bits=10)',
    );
    expect(read('a;x=1;x=2,b;y, a')).toBe('a(x=1,x=2) b(y) a()');
  });

  it('[D2] goes on over several fields', () => {
    expect(read('a; x, b', 'c;y=z')).toBe('a(x) b() c(y=z)');
    expect(read('a', '')).toBe('a()');
  });

  it('[D2] lets blanks stand around tokens, and elements be empty', () => {
    expect(read(' \ta \t;\tx = 1 ; y\t,\tb ')).toBe('a(x=1,y) b()');
    expect(read(',a,,\t,b,')).toBe('a() b()');
  });

  it('[D2] takes values in quotes, escapes undone', () => {
    expect(read('a; x="10"; y="b\\c"')).toBe('a(x=10,y=bc)');
    expect(read('a; x = "10" , b')).toBe('a(x=10) b()');
  });

  it('[D2] refuses everything else', () => {
    const bad = [
      '',
      ' ',
      ',',
      ';',
      'a;',
      'a; ;x',
      'a; =1',
      'a; x=',
      'a; x=,b',
      'a b',
      'a; x y',
      'a; x=1 2',
      '=a',
      'a=b',
      '"a"',
      'a; x="',
      'a; x="1',
      'a; x="1\\',
      'a; x="1\\"',
      'a; x=""',
      'a; x="1 2"',
      'a; x="1"2',
      'a; "x"',
      'a; x="1,b',
      'a/b',
      'a; x=(',
      'é',
    ];
    for (const value of bad) expect(read(value), value).toBe('400 extensions-malformed');
    expect(read('a; x="1', 'b"')).toBe('400 extensions-malformed');
  });

  it('[D2] is read in linear time', () => {
    const long = 200_000;
    const began = performance.now();
    expect(read(`a${' '.repeat(long)}b`)).toBe('400 extensions-malformed');
    expect(read(`a; x="${'\\'.repeat(long)}`)).toBe('400 extensions-malformed');
    expect(read(`a; x="${'y'.repeat(long)}`)).toBe('400 extensions-malformed');
    expect(read(`${','.repeat(long)}a`)).toBe('a()');
    expect(readExtensions([`a${';x'.repeat(long)}`])[0]?.parameters.length).toBe(long);
    // Quadratic work over these lengths would take minutes.
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('[D2] reads what it writes; any text is a list or one error', () => {
    const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/);
    const parameter = fc.record({ name: token, value: fc.option(token, { nil: undefined }) });
    const extension = fc.record({ name: token, parameters: fc.array(parameter, { maxLength: 4 }) });
    fc.assert(
      fc.property(fc.array(extension, { minLength: 1, maxLength: 4 }), (list) => {
        expect(readExtensions([list.map(writeExtension).join(', ')])).toEqual(list);
      }),
    );
    const piece = fc.constantFrom('a', 'b1', ';', ',', '=', '"', '\\', ' ', '\t', 'é', '/');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const found = read(pieces.join(''));
        expect(found === '400 extensions-malformed' || found.endsWith(')')).toBe(true);
      }),
    );
  });
});
