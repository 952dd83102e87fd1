// Slack's export: a channel with everything that happens in one, as the files of an export have it.
import { describe, expect, it } from 'vitest';
import { filesOf, mapped, told } from './import.fixture.ts';
import { isSlackExport, readSlackExport } from './slack-export.ts';
import { plainText } from './slack-text.ts';

const USERS = [
  {
    id: 'U1',
    team_id: 'T1',
    name: 'ada',
    real_name: 'Ada Lovelace',
    profile: { display_name: 'Ada', real_name: 'Ada Lovelace' },
  },
  { id: 'U2', team_id: 'T1', name: 'ben', profile: { display_name: '', real_name: 'Ben\u202e B.' } },
];
const CHANNELS = [
  { id: 'C1', name: 'general', topic: { value: 'All &amp; sundry' }, members: ['U1'] },
  { id: 'C2', name: 'empty' },
];
const says = (ts: string, user: string, text: string, more: object = {}): object => ({
  type: 'message',
  user,
  text,
  ts,
  ...more,
});

const DAY_ONE = [
  says('1577836800.000100', 'U1', '<@U1> has joined the channel', { subtype: 'channel_join' }),
  says('1577836802.000100', 'U2', 'second', {
    reactions: [
      { name: '+1', users: ['U1', 'U2'], count: 3 },
      { name: 'party_parrot', users: ['U1'], count: 1 },
    ],
  }),
  says('1577836801.000100', 'U1', 'first, edited later &lt;b&gt;', {
    edited: { user: 'U1', ts: '1577836803.000000' },
  }),
  says('1577836804.000100', 'U1', 'a thread begins', { thread_ts: '1577836804.000100', reply_count: 1 }),
  {
    type: 'message',
    subtype: 'bot_message',
    bot_id: 'B1',
    username: 'CI',
    text: '',
    attachments: [{ title: 'Build', title_link: 'https://ci', text: 'failed' }],
    ts: '1577836805.0001',
  },
  says('1577836806.000100', 'U2', 'nothing\nof a date', { ts: 'soon' }),
];
const DAY_TWO = [
  says('1577923200.000100', 'U2', 'an answer', { thread_ts: '1577836804.000100' }),
  says('1577923201.000100', 'U1', '<@U1> set the channel topic: new', {
    subtype: 'channel_topic',
    topic: 'new &amp; shiny',
  }),
  says('1577923202.000100', 'U1', 'renamed', { subtype: 'channel_name', old_name: 'general', name: 'hall' }),
  says('1577923203.000100', 'USLACKBOT', 'This message was deleted.', {
    subtype: 'tombstone',
    hidden: true,
    thread_ts: '1577923203.000100',
  }),
  says('1577923204.000100', 'U2', 'about what is gone', { thread_ts: '1577923203.000100' }),
  says('1577923205.000100', 'U1', 'look', {
    files: [
      { id: 'F1', title: 'plan.pdf', url_private: 'https://files.slack.com/F1/plan.pdf?t=xoxe-secret' },
      { mode: 'tombstone' },
    ],
  }),
  {
    type: 'message',
    subtype: 'message_changed',
    ts: '1577923206.0001',
    user: 'U2',
    message: { ts: '1577836802.000100', text: 'second, changed' },
  },
  {
    type: 'message',
    subtype: 'message_deleted',
    ts: '1577923207.0001',
    user: 'U1',
    deleted_ts: '1577923205.000100',
  },
  says('1577923208.000100', 'U1', 'left', { subtype: 'channel_leave' }),
];
const FILES = {
  'users.json': USERS,
  'channels.json': CHANNELS,
  'integration_logs.json': [],
  'general/2020-01-02.json': DAY_TWO,
  'general/2020-01-01.json': DAY_ONE,
};

describe("Slack's export", () => {
  it('[H4.9] becomes a room: people, times, edits, reactions, threads, files, comings and goings', async () => {
    const files = filesOf(FILES);
    expect(isSlackExport(files)).toBe(true);
    const read = await readSlackExport(files, undefined);
    expect(read.head).toEqual({
      source: 'slack',
      title: 'general',
      topic: 'All & sundry',
      keepsNumbers: false,
    });
    const result = await mapped(read);
    expect(told(result)).toEqual([
      '1 Ada join',
      '2 Ada message first, edited later <b>',
      '3 Ben B. message second',
      '4 Ada react 3 👍',
      '5 Ben B. react 3 👍',
      '6 Ada edit 2 first, edited later <b>',
      '7 Ada message a thread begins',
      '8 CI message | Build\n| https://ci\n| failed',
      '9 Ben B. message > Ada: a thread begins\nan answer',
      '10 Ada topic new & shiny',
      '11 Ada rename hall',
      '12 Slackbot message  true',
      '13 Slackbot delete 12',
      '14 Ben B. message > [deleted]\nabout what is gone',
      '15 Ada message look\n[file: plan.pdf https://files.slack.com/F1/plan.pdf]\n[file, deleted]',
      '16 Ben B. edit 3 second, changed',
      '17 Ada delete 15',
      '18 Ada leave',
    ]);
    expect(result.entries.map(({ atMs }) => atMs)).toEqual(
      [...result.entries.map(({ atMs }) => atMs)].sort((a, b) => a - b),
    );
    expect(result.entries[1]?.atMs).toBe(1_577_836_801_000);
    expect(result.report.problems).toEqual([
      { place: 'general/2020-01-01.json, message 6', reason: 'its time is no date' },
      {
        place: 'general/2020-01-01.json, message 2',
        reason: 'a name was made what a name may be here: "Ben B."',
      },
      {
        place: 'general/2020-01-01.json, message 2',
        reason: 'the export does not name all who gave a reaction',
      },
      {
        place: 'general/2020-01-01.json, message 2',
        reason: 'the reaction :party_parrot: has no emoji here',
      },
    ]);
  });

  it('[H4.8] makes the same people of another file of the same workspace, and others of another', async () => {
    const idsOf = async (users: readonly object[]): Promise<unknown[]> => {
      const read = await readSlackExport(filesOf({ ...FILES, 'users.json': users }), 'general');
      const { entries } = await mapped(read);
      return [...new Set(entries.map(({ author }) => author.authorId))].slice(0, 2);
    };
    const once = await idsOf(USERS);
    expect(await idsOf([...USERS].reverse())).toEqual(once);
    expect(await idsOf(USERS.map((user) => ({ ...user, team_id: 'T2' })))).not.toEqual(once);
    expect(once).toEqual([expect.stringMatching(/^a_[A-Za-z0-9_-]{24}$/), expect.stringMatching(/^a_/)]);
  });

  it('[H4.9] asks for the channel where there are several, and finds it in a folder of its own', async () => {
    const several = filesOf({
      'export/users.json': USERS,
      'export/channels.json': CHANNELS,
      'export/random/2020-01-01.json': DAY_ONE,
      'export/general/2020-01-01.json': DAY_ONE,
      'export/D7/2020-01-01.json': DAY_ONE,
    });
    await expect(readSlackExport(several, undefined)).rejects.toThrow(
      'Name one with --channel: D7, general, random.',
    );
    await expect(readSlackExport(several, 'secret')).rejects.toThrow('no messages of a channel "secret"');
    for (const [asked, name] of [
      ['#random', 'random'],
      ['C1', 'general'],
      ['D7', 'D7'],
    ] as const)
      expect((await readSlackExport(several, asked)).channel).toBe(name);
  });

  it('[H4.10] survives files that are none', async () => {
    const odd = [
      null,
      3,
      'text',
      [],
      {},
      { type: 'message' },
      says('1.5', 'U1', ''),
      { ...says('2', 'U9', 'x'), reactions: 'all', files: [1], edited: [], thread_ts: {} },
    ];
    const result = await mapped(
      await readSlackExport(
        filesOf({ ...FILES, 'general/2020-01-02.json': odd, 'general/2020-01-01.json': [] }),
        'general',
      ),
    );
    expect(told(result)).toEqual(['1 U9 message x']);
    expect(result.report.skipped).toBe(7);
    const broken = filesOf({ ...FILES, 'general/2020-01-02.json': '[{"type": "mess' });
    await expect(mapped(await readSlackExport(broken, 'general'))).rejects.toThrow(
      'general/2020-01-02.json ends in the middle.',
    );
  });

  it.each([
    [
      '<@U1> &amp; <@U9|nine> in <#C1|general> <!here> <!subteam^S1|@team>',
      '@Ada & @nine in #general @here @team',
    ],
    [
      '<https://a.example|a page> <https://b.example> <mailto:a@b.example|a@b.example>',
      'a page (https://a.example) https://b.example a@b.example',
    ],
    ['<!date^1392734382^Posted {date}|February 18th>', 'February 18th'],
    [':tada: :+1::skin-tone-3: :unknown_one: 10:30:15', '🎉 👍🏼 :unknown_one: 10:30:15'],
    ['&lt;@U1&gt; &amp;lt;', '<@U1> &lt;'],
  ])('[H4.9] reads the marks in a text: %s', (text, plain) => {
    const names = {
      userName: (id: string) => (id === 'U1' ? 'Ada' : undefined),
      channelName: () => undefined,
    };
    expect(plainText(text, names)).toBe(plain);
  });
});
