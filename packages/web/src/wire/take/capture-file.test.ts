// Files of captures: what is saved opens again with the same bytes, in every format, and is known by its content.
import { type Capture, decode, fromFile } from '@wireroom/capture';
import { describe, expect, it } from 'vitest';
import { chatCapture } from '../../fixture/wire-capture.ts';
import { FORMATS, fileName, toFile } from './capture-file.ts';

const capture: Capture = { records: chatCapture() };
const textsOf = (of: Capture): readonly (string | undefined)[] => decode(of).messages.map(({ text }) => text);

describe('capture files', () => {
  for (const format of FORMATS) {
    it(`${format}: what was saved opens again`, async () => {
      const file = toFile([capture], format);
      const [opened] = fromFile(new Uint8Array(await file.arrayBuffer()));
      expect(opened && [...textsOf(opened)].sort()).toEqual([...textsOf(capture)].sort());
    });
  }

  it('are named by the time of their beginning', () => {
    expect(fileName([capture], 'har')).toBe('wireroom-2026-11-26-1434.har');
  });

  it('say what is wrong with what is no capture', () => {
    for (const text of ['', 'hello', '{"log":{}}', '{"format":"other"}'])
      expect(() => fromFile(new TextEncoder().encode(text))).toThrow(/\w/);
  });
});
