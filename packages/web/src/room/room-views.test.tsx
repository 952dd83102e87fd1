// The room's views, each as markup from a state: who speaks, what waits, what failed, and that text stays text.

import type { RoomSnapshot, TimelineItem } from '@wireroom/client';
import { memoryStorage } from '@wireroom/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { renderView, textOf } from '../fixture/render-view.tsx';
import { SCENES } from '../fixture/scenes.ts';
import { ADA, makeAuthor, makeMessage, makeNotice, makePending } from '../fixture/timeline-items.ts';
import type { Language } from '../i18n/language.ts';
import { zhCN } from '../i18n/zh-cn.ts';
import { Composer } from './Composer.tsx';
import { ConnectionNote } from './ConnectionNote.tsx';
import { ListEmpty, ListStart } from './ListEdges.tsx';
import { PeopleList } from './People.tsx';
import { RoomRow } from './RoomRow.tsx';
import { createRows } from './rows.ts';

beforeAll(() => {
  vi.stubGlobal('navigator', { languages: ['en-GB'] });
});
afterAll(() => {
  vi.unstubAllGlobals();
});

function rowMarkup(item: TimelineItem, language: Language = 'en'): string {
  const [row] = createRows()([item]);
  if (row === undefined) throw new Error('no row');
  return renderView(<RoomRow row={row} slug="lobby" today={new Date()} isFirst={false} />, language);
}

const lobby = (given: Partial<RoomSnapshot>): RoomSnapshot => {
  const room = SCENES.room().snapshot().rooms.lobby;
  if (room === undefined) throw new Error('no lobby');
  return { ...room, ...given };
};

describe('RoomRow', () => {
  it('says who speaks: the name, or 我 and Me', () => {
    expect(textOf(rowMarkup(makeMessage(7)))).toMatch(/ Ada .* message 7 #7$/);
    expect(textOf(rowMarkup(makeMessage(7, { isMine: true })))).toMatch(/ Me .* message 7 #7$/);
    expect(textOf(rowMarkup(makeMessage(7, { isMine: true }), 'zh-CN'))).toMatch(/ 我 .* message 7 #7$/);
    expect(textOf(rowMarkup(makeNotice(8, 'join'), 'zh-CN'))).toMatch(/系统 Ada加入了聊天 .* #8$/);
    expect(textOf(rowMarkup(makeNotice(8, 'leave')))).toMatch(/System Ada left the chat .* #8$/);
  });

  it('makes no markup of what people typed, nor of their names', () => {
    const attack = '<img src=x onerror="alert(1)">&amp;<b>';
    const markup = rowMarkup(makeMessage(1, { text: attack, author: { ...ADA, name: '<i>Eve</i>' } }));
    expect(markup).not.toMatch(/<(img|b|i)[\s>]/);
    expect(textOf(markup)).toContain(`<i>Eve</i>`);
    expect(textOf(markup)).toContain(attack);
    expect(rowMarkup(makeNotice(2, 'join', { author: { ...ADA, name: '<u>' } }))).toContain(
      '&lt;u&gt; joined',
    );
  });

  it('keeps the lines and spaces of a message', () => {
    expect(rowMarkup(makeMessage(1, { text: 'a\n\tb  c' }))).toContain('>a\n\tb  c<');
  });

  it('tells what waits from what failed, and offers what can be done about it', () => {
    const waiting = rowMarkup(makePending('soon', { error: { code: 'rate-limited', message: '' } }));
    expect(waiting).toContain('data-kind="waiting"');
    expect(textOf(waiting)).toContain('A little too fast. It will be sent in a moment.');
    expect(textOf(waiting)).not.toContain('Retry');
    const failed = rowMarkup(
      makePending('never', { state: 'failed', error: { code: 'text-too-long', message: '' } }),
      'zh-CN',
    );
    expect(failed).toContain('data-kind="failed"');
    expect(textOf(failed)).toContain(`未发送 ${zhCN['refusal.text-too-long']} 重试 放弃`);
  });

  it('folds up what is long, and unfolds it on request', () => {
    const long = Array.from({ length: 40 }, (_, at) => `line ${at}`).join('\n');
    expect(rowMarkup(makeMessage(1, { text: long }))).toContain('aria-expanded="false"');
    expect(rowMarkup(makeMessage(1))).not.toContain('aria-expanded');
  });
});

describe('ConnectionNote', () => {
  it('is silent while connected', () => {
    expect(renderView(<ConnectionNote connection={{ state: 'open' }} isStorageWorking />)).toBe('');
  });

  it('says when it tries again and that nothing is lost, or that it would be', () => {
    const waiting = { state: 'waiting', retryAt: Date.now() + 1_900 } as const;
    const kept = textOf(renderView(<ConnectionNote connection={waiting} isStorageWorking />));
    expect(kept).toContain('Trying again in 2 seconds');
    expect(kept).toContain('What you write is kept');
    const unkept = renderView(<ConnectionNote connection={waiting} isStorageWorking={false} />, 'zh-CN');
    expect(textOf(unkept)).toContain('2 秒后重试');
    expect(textOf(unkept)).toContain(zhCN['connection.unkept']);
  });

  it('says why it stopped, and leaves the next step to the reader', () => {
    const stopped = { state: 'stopped', reason: 'A message is at most 65536 bytes.' } as const;
    const text = textOf(renderView(<ConnectionNote connection={stopped} isStorageWorking />));
    expect(text).toContain('A message is at most 65536 bytes.');
    expect(text).toContain('Reconnect now');
  });
});

describe('PeopleList', () => {
  it('puts you first, sorts the others, and counts those it does not list', () => {
    const you = makeAuthor('Mia');
    const members = ['Guest 10', 'Ada', 'Guest 9'].map(makeAuthor);
    const room = lobby({ members: [...members, you], memberCount: 250 });
    expect(textOf(renderView(<PeopleList room={room} you={you} />))).toBe(
      'In the room 250 Mia you Ada Guest 9 Guest 10 and 246 more',
    );
  });
});

describe('the edges of the list', () => {
  it('offer older messages where there are some', () => {
    expect(textOf(renderView(<ListStart room={lobby({ hasOlder: true })} />))).toBe('Load older messages');
    expect(textOf(renderView(<ListStart room={lobby({ hasOlder: true, isLoadingOlder: true })} />))).toBe(
      'Loading older messages…',
    );
    expect(renderView(<ListStart room={lobby({})} />)).toBe('');
  });

  it('tell an empty room from one that is being entered, and from one that refused', () => {
    const textIn = (given: Partial<RoomSnapshot>): string =>
      textOf(renderView(<ListEmpty room={lobby({ items: [], ...given })} />));
    expect(textIn({})).toContain('number 1');
    expect(textIn({ status: 'joining' })).toBe('Entering the room…');
    expect(textIn({ status: 'refused', refusal: { code: 'no-room', message: '' } })).toBe(
      'This room does not exist. Enter again',
    );
  });
});

describe('Composer', () => {
  const withDraft = (text: string): string => {
    const tabStorage = memoryStorage();
    tabStorage.set('wireroom.typed.lobby', text);
    return renderView(<Composer slug="lobby" onPost={() => {}} />, 'en', { tabStorage });
  };

  it('brings back what this tab had not sent', () => {
    expect(withDraft('half a sent')).toContain('>half a sent</textarea>');
  });

  it('counts bytes, not characters, near the limit and beyond it', () => {
    expect(textOf(withDraft('字'.repeat(4_000)))).toContain('Enter sends');
    expect(textOf(withDraft('字'.repeat(5_000)))).toContain('1384 bytes left');
    const over = withDraft('字'.repeat(5_462));
    expect(textOf(over)).toContain('2 bytes too many');
    expect(over).toContain('aria-invalid="true"');
  });
});
