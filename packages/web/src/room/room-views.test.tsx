// The room's views, each as markup from a state: who speaks, what waits, what failed, and that text stays text.

import type { RoomSnapshot, TimelineItem } from '@wireroom/client';
import { memoryStorage } from '@wireroom/client';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { RoomChanges } from '../about/RoomChanges.tsx';
import type { Page } from '../app/page.ts';
import { renderView, textOf } from '../fixture/render-view.tsx';
import { SCENES } from '../fixture/scenes.ts';
import { CHANGES } from '../fixture/talk.ts';
import {
  ADA,
  makeAuthor,
  makeChange,
  makeGap,
  makeMessage,
  makeNotice,
  makePending,
  makeReaction,
} from '../fixture/timeline-items.ts';
import { en } from '../i18n/en.ts';
import type { Language } from '../i18n/language.ts';
import { zhCN } from '../i18n/zh-cn.ts';
import { Composer } from './Composer.tsx';
import { ConnectionNote } from './ConnectionNote.tsx';
import { ListEmpty, ListStart } from './ListEdges.tsx';
import { PeopleList } from './People.tsx';
import { RoomRow } from './RoomRow.tsx';
import { createRows } from './rows.ts';
import { unsentCount, waitingCount } from './unsent-count.ts';

beforeAll(() => {
  vi.stubGlobal('navigator', { languages: ['en-GB'] });
});

function rowMarkup(item: TimelineItem, language: Language = 'en', page: Partial<Page> = {}): string {
  const [row] = createRows()([item]);
  if (row === undefined) throw new Error('no row');
  return renderView(<RoomRow row={row} today={new Date()} isFirst={false} />, language, page);
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
    expect(waiting).toContain('data-kind="queued"');
    expect(textOf(waiting)).toContain('A little too fast. It will be sent in a moment.');
    expect(textOf(waiting)).not.toContain('Retry');
    const failed = rowMarkup(
      makePending('never', { state: 'failed', error: { code: 'text-too-long', message: '' } }),
      'zh-CN',
    );
    expect(failed).toContain('data-kind="failed"');
    expect(textOf(failed)).toContain(`未发送 ${zhCN['refusal.text-too-long']} 重试 放弃`);
  });

  it('offers to take back what waits, and retries only what was refused', () => {
    expect(textOf(rowMarkup(makePending('soon')))).toMatch(/Waiting to be sent Do not send$/);
    const offline = rowMarkup(makePending('soon'), 'zh-CN', { client: SCENES.offline() });
    expect(textOf(offline)).toMatch(/等待恢复连接 不发了$/);
    const sending = textOf(rowMarkup(makePending('now', { state: 'sending' })));
    expect(sending).not.toContain('Do not send');
    expect(sending).toContain('Sending…');
  });

  it('says that a message was edited, and when', () => {
    const markup = rowMarkup(makeMessage(1, { editedAt: '2026-11-23T12:05:00.000Z' }));
    expect(textOf(markup)).toContain('message 1 edited');
    expect(markup).toContain('title="Edited Monday, 23 November 2026 at 12:05:00"');
    expect(markup).toContain('>message 1</span>');
  });

  it('leaves of a deleted message that it was there, and nothing to do with it but its receipt', () => {
    const reactions = [makeReaction('👍', ['Ada'])];
    const markup = rowMarkup(makeMessage(3, { isDeleted: true, text: '', isMine: true, reactions }), 'zh-CN');
    expect(textOf(markup)).toMatch(/ 我 .* 这条消息已删除 #3$/);
    expect(markup).toContain('data-deleted="true"');
    expect(markup).not.toContain('👍');
  });

  it('counts reactions, and says who it was', () => {
    const reactions = [
      makeReaction('👍', ['Ada', '林溪', '路过的橘猫'], { isMine: true, count: 12 }),
      makeReaction('🎉', ['Ada']),
    ];
    const markup = rowMarkup(makeMessage(3, { reactions }));
    expect(textOf(markup)).toContain('👍 12 🎉 1');
    expect(markup).toContain('aria-pressed="true" aria-label="👍 12. you, Ada, 林溪, and 9 others"');
    expect(markup).toContain('aria-pressed="false" aria-label="🎉 1. Ada"');
  });

  it('tells what became of one’s own changes, and keeps the text of an edit that was refused', () => {
    const edit = { type: 'edit', target: 3, text: 'what was typed' } as const;
    const waiting = textOf(rowMarkup(makeMessage(3, { isMine: true, changes: [makeChange(edit)] })));
    expect(waiting).toMatch(/Your edit waits to be sent\. Do not send$/);
    const error = { code: 'not-yours', message: '' };
    const failed = makeChange(edit, { state: 'failed', error });
    expect(textOf(rowMarkup(makeMessage(3, { isMine: true, changes: [failed] })))).toMatch(
      /Your edit was not saved\. .* what was typed Retry Edit again Discard$/,
    );
    const sending = makeChange(edit, { state: 'sending' });
    expect(textOf(rowMarkup(makeMessage(3, { changes: [sending] })))).toMatch(/ message 3 #3$/);
  });

  it('makes a row of what is not loaded, which says how much and offers to load it', () => {
    expect(textOf(rowMarkup(makeGap(101, 12_445)))).toBe('Up to 12,345 messages not loaded #101–#12445 Load');
    expect(textOf(rowMarkup(makeGap(7, 7), 'zh-CN'))).toContain('最多有 1 条消息未加载');
    expect(textOf(rowMarkup(makeGap(7, 9, true)))).toContain('Loading…');
  });

  it('says who named the room, and what it is about now', () => {
    expect(textOf(rowMarkup(makeNotice(8, 'rename', { text: '<b>Wires</b>' })))).toContain(
      'Ada named the room “<b>Wires</b>”',
    );
    expect(textOf(rowMarkup(makeNotice(8, 'topic', { text: '接线' }), 'zh-CN'))).toContain(
      'Ada把话题设为：接线',
    );
    expect(textOf(rowMarkup(makeNotice(8, 'topic', { text: '' })))).toContain('Ada removed the topic');
  });

  it('folds up what is long, and unfolds it on request', () => {
    const long = Array.from({ length: 40 }, (_, at) => `line ${at}`).join('\n');
    expect(textOf(rowMarkup(makeMessage(1, { text: long })))).toContain('Show all');
    expect(textOf(rowMarkup(makeMessage(1)))).not.toContain('Show all');
  });
});

describe('ConnectionNote', () => {
  it('is silent while connected', () => {
    expect(renderView(<ConnectionNote connection={{ state: 'open' }} isStorageWorking waiting={0} />)).toBe(
      '',
    );
  });

  it('says when it tries again and that nothing is lost, or that it would be', () => {
    const waiting = { state: 'waiting', retryAt: Date.now() + 1_900, reason: '' } as const;
    const kept = textOf(renderView(<ConnectionNote connection={waiting} isStorageWorking waiting={0} />));
    expect(kept).toContain('Trying again in 2 seconds');
    expect(kept).toContain('What you write is kept');
    const unkept = renderView(
      <ConnectionNote connection={waiting} isStorageWorking={false} waiting={0} />,
      'zh-CN',
    );
    expect(textOf(unkept)).toContain('2 秒后重试');
    expect(textOf(unkept)).toContain(zhCN['connection.unkept']);
  });

  it('counts what waits, and says that it is kept only where it is', () => {
    const waiting = { state: 'waiting', retryAt: Date.now() + 1_900, reason: '' } as const;
    const note = (isStorageWorking: boolean): string =>
      textOf(
        renderView(<ConnectionNote connection={waiting} isStorageWorking={isStorageWorking} waiting={3} />),
      );
    expect(note(true)).toContain('3 messages are kept on this device and will be sent');
    expect(note(false)).toContain('3 messages wait in this page only');
    expect(note(false)).not.toContain('kept');
  });

  it('tells a restart from a lost connection', () => {
    const restart = { state: 'waiting', retryAt: Date.now() + 4_900, reason: '', isRestart: true } as const;
    expect(
      textOf(renderView(<ConnectionNote connection={restart} isStorageWorking waiting={0} />)),
    ).toContain('The server restarts. Back in 5 seconds');
  });

  it('says why it stopped, and leaves the next step to the reader', () => {
    const stopped = { state: 'stopped', reason: 'A message is at most 65536 bytes.' } as const;
    const text = textOf(renderView(<ConnectionNote connection={stopped} isStorageWorking waiting={0} />));
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
    return renderView(<Composer slug="lobby" onPost={() => {}} onEditLast={() => false} />, 'en', {
      tabStorage,
    });
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

describe('RoomChanges', () => {
  it('says kindly that nobody may rename this room, and nothing while a change is on its way', () => {
    const rename = { type: 'rename', title: 'Wires' } as const;
    const error = { code: 'room-fixed', message: '' };
    const failed = lobby({ changes: [makeChange(rename, { state: 'failed', error })] });
    expect(textOf(renderView(<RoomChanges room={failed} />))).toBe(
      `The title was not changed. ${en['refusal.room-fixed']} Retry Discard`,
    );
    const sending = lobby({ changes: [makeChange(rename, { state: 'sending' })] });
    expect(textOf(renderView(<RoomChanges room={sending} />))).toBe('');
  });
});

describe('what waits', () => {
  it('is counted: messages and changes, the refused only where they would be lost', () => {
    const { items } = lobby({ items: CHANGES });
    const pending = makePending('soon');
    const failed = makePending('never', { state: 'failed' });
    const room = lobby({
      items: [...items, pending, failed],
      changes: [makeChange({ type: 'topic', topic: '' })],
    });
    expect(waitingCount(room)).toBe(5);
    expect(unsentCount(room)).toBe(8);
  });
});
