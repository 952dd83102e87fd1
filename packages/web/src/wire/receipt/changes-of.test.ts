// Which entry changed which message, as the frames tell it.
import type { DecodedMessage, Meaning } from '@wireroom/capture';
import { describe, expect, it } from 'vitest';
import { changesIn } from './changes-of.ts';

function event(
  meaning: Partial<Extract<Meaning, { language: 'wireroom' }>>,
): Pick<DecodedMessage, 'direction' | 'meaning'> {
  return { direction: 'out', meaning: { language: 'wireroom', role: 'event', type: 'entry', ...meaning } };
}

describe('changesIn', () => {
  it('finds edits, reactions and deletions by their own number, with the message that they are about', () => {
    const messages = [
      event({ seq: 7 }),
      event({ seq: 9, entryType: 'react', target: 7 }),
      event({ seq: 8, entryType: 'edit', target: 7 }),
      event({ seq: 9, entryType: 'react', target: 7 }),
      event({ seq: 10, entryType: 'topic' }),
      event({ type: 'posted', seq: 11 }),
    ];
    expect(changesIn(messages)).toEqual([
      { kind: 'edit', seq: 8, target: 7 },
      { kind: 'react', seq: 9, target: 7 },
      { kind: 'topic', seq: 10 },
    ]);
  });
});
