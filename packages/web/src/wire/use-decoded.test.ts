// A list of records that grows is decoded on; one that was replaced is decoded from its beginning.
import { decode } from '@wireroom/capture';
import { describe, expect, it } from 'vitest';
import { chatCapture, sceneCapture } from '../fixture/wire-capture.ts';
import { GrowingDecoder } from './use-decoded.ts';

describe('GrowingDecoder', () => {
  it('finds the same in a capture that came piece by piece as in the whole', () => {
    const growing = new GrowingDecoder();
    const records = chatCapture();
    for (let length = 1; length < records.length; length += 3) growing.decoded(records.slice(0, length));
    expect(growing.decoded(records)).toEqual(decode({ records }));
  });

  it('begins anew with the records of another connection', () => {
    const growing = new GrowingDecoder();
    growing.decoded(chatCapture());
    const records = sceneCapture();
    expect(growing.decoded(records)).toEqual(decode({ records }));
  });
});
