// Which pages may connect: the rule of the Origin header, case by case.
import { describe, expect, it } from 'vitest';
import { judgeOrigin, type OriginRules } from './origin.ts';

const rules: OriginRules = {
  allowedOrigins: ['https://friend.example'],
  publicUrl: 'https://chat.example',
  allowedHosts: [],
};
const isAllowed = (
  origin: string | undefined,
  host: string | undefined,
  more: Partial<OriginRules> = {},
): boolean => judgeOrigin({ origin, host }, { ...rules, ...more }).isAllowed;

describe('judgeOrigin', () => {
  it.each([
    [undefined, 'localhost:3000'],
    ['http://localhost:3000', 'localhost:8090'],
    ['http://localhost:5173', '127.0.0.1:3000'],
    ['http://[::1]:3000', 'localhost:8090'],
    ['http://127.0.0.1', '[::1]:8090'],
    ['http://class.lan', 'class.lan:8090'],
    ['https://CLASS.lan', 'class.lan:8090'],
    ['https://friend.example', '10.0.0.5:3000'],
    ['https://friend.example', 'localhost:3000'],
    ['https://chat.example', '10.0.0.5:3000'],
  ])('%s may connect to %s', (origin, host) => {
    expect(isAllowed(origin, host)).toBe(true);
  });

  it.each([
    ['null', 'localhost:3000'],
    ['', 'localhost:3000'],
    ['file://', 'localhost:3000'],
    ['https://evil.example', 'localhost:3000'],
    ['http://localhost.evil.example', 'localhost:3000'],
    ['http://evil.example/localhost', 'localhost:3000'],
    ['http://localhost@evil.example', 'localhost:3000'],
    ['http://friend.example', 'localhost:3000'],
    ['http://localhost:3000', 'evil.example'],
    ['http://localhost:3000', undefined],
    [undefined, 'a b'],
    [undefined, 'evil.example/localhost'],
  ])('%s may not connect to %s', (origin, host) => {
    expect(isAllowed(origin, host)).toBe(false);
  });

  it('serves only the allowed hosts where they are named', () => {
    const more = { allowedHosts: ['chat.lan'] };
    expect(isAllowed(undefined, 'chat.lan:3000', more)).toBe(true);
    expect(isAllowed(undefined, 'rebound.example', more)).toBe(false);
    expect(isAllowed('https://chat.example', 'chat.example', more)).toBe(true);
  });

  it('admits pages without an origin only where that is configured', () => {
    expect(isAllowed('null', 'localhost:8090', { allowedOrigins: ['null'] })).toBe(true);
  });

  it('says what was wrong', () => {
    expect(judgeOrigin({ origin: 'https://evil.example', host: 'localhost' }, rules)).toEqual({
      isAllowed: false,
      rule: 'other-site',
      reason: expect.stringContaining('ALLOWED_ORIGINS'),
    });
  });
});
