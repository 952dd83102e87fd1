// The texts for people: complete in both languages, and true where a machine can tell.
import { expect, it } from 'vitest';
import { isCloseCodeAllowed } from '../decode/frame-rules.ts';
import { FILE_ERRORS } from '../file/file-error.ts';
import { closeCodeText, opcodeText } from './code-text.ts';
import { endText, refusalText } from './end-text.ts';
import { FAULTS, fault, faultText } from './fault-text.ts';
import { EXPLAINED_HEADERS, explainHeader } from './header-text.ts';

it('[K14] each header of a handshake is explained, whatever its case, and who sets it', () => {
  expect(explainHeader('sec-websocket-key')).toMatchObject({ name: 'Sec-WebSocket-Key', setBy: 'browser' });
  expect(EXPLAINED_HEADERS.filter((name) => explainHeader(name)?.canScriptSet)).toEqual([
    'Sec-WebSocket-Protocol',
  ]);
  for (const name of EXPLAINED_HEADERS) expect(explainHeader(name)?.text.zh, name).toMatch(/\p{Script=Han}/u);
  expect(explainHeader('X-Unknown')).toBeUndefined();
});

it('[K14] a close code is said to be on the wire exactly where it may be', () => {
  for (const code of [
    999,
    1016,
    2999,
    3000,
    4000,
    4999,
    5000,
    ...Array.from({ length: 16 }, (_, at) => 1000 + at),
  ])
    expect(closeCodeText(code).isOnWire, String(code)).toBe(isCloseCodeAllowed(code));
});

it('[K14] every fault has its sentence in both languages, with the same things named', () => {
  for (const [code, { en, zh, rule }] of Object.entries(FAULTS)) {
    const named = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
    expect(named(zh), code).toEqual(named(en));
    expect(zh, code).toMatch(/\p{Script=Han}/u);
    expect(rule, code).toMatch(/^RFC \d+ section [\d.]+$/);
  }
  expect(faultText(fault('control-too-long', { length: 126 })).zh).toContain('126');
  expect(faultText(fault('rsv1-misplaced', { kind: 'control' })).zh).toContain('控制帧');
});

it('[K14] what is wrong with a file is said in both languages, with the same things named', () => {
  const named = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
  for (const [code, { en, zh }] of Object.entries(FILE_ERRORS)) {
    expect(named(zh), code).toEqual(named(en));
    expect(zh, code).toMatch(/\p{Script=Han}/u);
  }
});

it('[K14] an end or a refusal whose code is not known keeps the sentence that it came with', () => {
  const message = 'Something newer.';
  for (const code of ['newer', 'toString'])
    for (const text of [endText, refusalText])
      expect(text({ code, message })).toEqual({ en: message, zh: message });
});

it('[K14] every opcode has a name', () => {
  expect(Array.from({ length: 16 }, (_, opcode) => opcodeText(opcode).name)).toContain('reserved 3');
  expect(opcodeText(9).name).toBe('ping');
});
