// Element's export: the events of a room as its JSON has them, and those that other programs keep beside them.
import { describe, expect, it } from 'vitest';
import { readElementExport } from './element-export.ts';
import { bytesOf, mapped, told } from './import.fixture.ts';

let count = 0;
function event(sender: string, type: string, content: object, more: object = {}): object {
  count += 1;
  return {
    type,
    sender: `@${sender}:example.org`,
    content,
    origin_server_ts: 1_600_000_000_000 + count * 1_000,
    event_id: `$${count}`,
    room_id: '!r:example.org',
    unsigned: {},
    ...more,
  };
}
const text = (body: string, more: object = {}): object => ({ msgtype: 'm.text', body, ...more });
const member = (who: string, membership: string, displayname?: string): object =>
  event(who, 'm.room.member', { membership, displayname }, { state_key: `@${who}:example.org` });

function documentOf(messages: readonly unknown[], more: object = {}): string {
  const about = {
    room_name: 'Hall',
    room_creator: 'Ann',
    topic: 'This',
    export_date: 'today',
    exported_by: 'Ann',
  };
  return JSON.stringify({ ...about, messages, ...more }, null, 2);
}

async function read(messages: readonly unknown[]) {
  const exported = await readElementExport(bytesOf(documentOf(messages), 100));
  return { head: exported.head, ...(await mapped(exported)) };
}

describe("Element's export", () => {
  it('[H4.9] becomes a room: people, times, edits, deletions, reactions, answers, names', async () => {
    count = 0;
    const result = await read([
      member('ann', 'join', 'Ann'),
      event('ann', 'm.room.message', text('one')),
      event(
        'ben',
        'm.room.message',
        text('> <@ann:example.org> one\n\ntwo', { 'm.relates_to': { 'm.in_reply_to': { event_id: '$2' } } }),
      ),
      event(
        'ben',
        'm.room.message',
        text('three', { 'm.relates_to': { 'm.in_reply_to': { event_id: '$2' } } }),
      ),
      event('ann', 'm.room.message', text('edited by the server'), {
        unsigned: { 'm.relations': { 'm.replace': { event_id: '$x', origin_server_ts: 1_600_000_007_500 } } },
      }),
      event(
        'ann',
        'm.room.message',
        text('* uno', {
          'm.new_content': text('uno'),
          'm.relates_to': { rel_type: 'm.replace', event_id: '$2' },
        }),
      ),
      event('ben', 'm.reaction', { 'm.relates_to': { rel_type: 'm.annotation', event_id: '$2', key: '👍' } }),
      event('ben', 'm.room.redaction', {}, { redacts: '$7' }),
      event(
        'ben',
        'm.room.message',
        {},
        { unsigned: { redacted_because: { origin_server_ts: 1_600_000_010_500 } } },
      ),
      event('ann', 'm.room.redaction', { redacts: '$4' }),
      event('ann', 'm.room.name', { name: 'Great hall' }),
      event('ann', 'm.room.topic', { topic: 'That' }),
      event('ann', 'm.room.message', { msgtype: 'm.image', body: 'cat.png', url: 'mxc://example.org/abc' }),
      event('ann', 'm.room.message', { msgtype: 'm.emote', body: 'waves' }),
      event('ben', 'm.room.message', { msgtype: 'm.bad.encrypted', body: '** Unable to decrypt **' }),
      member('ann', 'join', 'Ann with another name'),
      member('ann', 'leave'),
    ]);
    expect(result.head).toEqual({ source: 'element', title: 'Hall', topic: 'This', keepsNumbers: false });
    expect(told(result)).toEqual([
      '1 Ann join',
      '2 Ann message one',
      '3 ben message > <@ann:example.org> one\n\ntwo',
      '4 ben message > Ann: one\nthree',
      '5 Ann message edited by the server',
      '6 Ann edit 2 uno',
      '7 ben react 2 👍',
      '8 Ann edit 5 edited by the server',
      '9 ben unreact 2 👍',
      '10 ben message  true',
      '11 ben delete 4',
      '12 ben delete 10',
      '13 Ann rename Great hall',
      '14 Ann topic That',
      '15 Ann message [file: cat.png mxc://example.org/abc]',
      '16 Ann message * Ann waves',
      '17 ben message [This message was encrypted and could not be read when it was exported.]',
      '18 Ann leave',
    ]);
    expect(result.report.problems).toEqual([
      { place: 'event 15', reason: 'it was encrypted, and could not be read when it was exported' },
    ]);
  });

  it('[H4.10] survives what is none', async () => {
    const result = await read([
      null,
      1,
      {},
      { sender: '@a:b' },
      event('ann', 'm.call.invite', {}),
      event('ann', 'm.room.message', text('')),
      event('ann', 'm.room.message', { body: 5, msgtype: [], 'm.relates_to': 'x' }),
    ]);
    expect(result.entries).toEqual([]);
    expect(result.report.skipped).toBe(7);
    for (const text of ['{}', '[]', '{"messages": {}}', 'hello'])
      await expect(readElementExport(bytesOf(text))).rejects.toMatchObject({ name: 'ImportError' });
  });
});
