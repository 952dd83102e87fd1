// What people are told in English by the feed and the engine can be told in Chinese: captures have the sentence for every code.
import { endText, refusalText } from '@wireroom/capture';
import { WIRE_ERRORS } from '@wireroom/websocket';
import { expect, test } from 'vitest';
import { FEED_ERRORS } from './feed-error.ts';

const WRITTEN_CHINESE = /^[^,;:?!]*\p{Script=Han}[^,;:?!]*。$/u;

test('[K14] every refusal of the feed can be said in Chinese', () => {
  for (const [code, message] of Object.entries(FEED_ERRORS))
    expect(refusalText({ code, message }), code).toEqual({
      en: message,
      zh: expect.stringMatching(WRITTEN_CHINESE),
    });
});

test('[K14] every end of a connection can be said in Chinese', () => {
  for (const [code, { meaning: message }] of Object.entries(WIRE_ERRORS))
    expect(endText({ code, message }), code).toEqual({
      en: message,
      zh: expect.stringMatching(WRITTEN_CHINESE),
    });
});
