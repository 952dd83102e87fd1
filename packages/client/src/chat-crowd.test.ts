import type { Author } from '@wireroom/protocol';
import { describe, expect, test } from 'vitest';
import { chat, clock, greet, hear, letIn, lobby, network, nextPost, shown, write } from './chat.fixture.ts';
import { ada, author, bob, epoch, joined, message, messages, notice } from './events.fixture.ts';

describe('a crowd', () => {
  const crowd = (from: number, to: number): Author[] =>
    // The stroke keeps p1 and p10 apart once ids are padded.
    Array.from({ length: to - from + 1 }, (_, index) => author(`p${from + index}_`));
  /** 102 people, 100 of them listed. */
  const letIntoCrowd = (members: Author[]): void => {
    chat.enter('Ada');
    greet();
    letIn(messages(1, 3), { members, memberCount: 102 });
  };

  test('[C17] you are on the list of a crowd, whatever the server says and however full it is', () => {
    letIntoCrowd(crowd(1, 100));
    expect(lobby().members).toHaveLength(100);
    expect(lobby().members).toContainEqual(ada);
    hear(notice(4, 'leave', author('p100_')), notice(5, 'leave', author('p1_')), notice(6, 'join', bob));
    expect(lobby().members).toContainEqual(ada);
    expect(lobby().memberCount).toBe(101);
  });

  test('[C17] a cut list is read again, once, when it fits; messages come and go meanwhile', async () => {
    letIntoCrowd([ada, ...crowd(1, 99)]);
    clock.pass(5_000);
    expect(network.latest.take()).toBeUndefined();
    hear(notice(4, 'leave', author('p1_')), notice(5, 'leave', author('p2_')));
    expect(lobby()).toMatchObject({ memberCount: 100, status: 'live' });
    hear(notice(6, 'leave', author('p3_')));
    clock.pass(999);
    expect(network.latest.take()).toBeUndefined();
    clock.pass(1_001);
    const again = network.latest.next('join');
    expect(again.cursor).toEqual({ epoch, seq: 6 });
    expect(lobby().status).toBe('live');
    await write('still here');
    expect((await nextPost()).text).toBe('still here');
    hear(message(7));
    clock.pass(5_000);
    expect(network.latest.take()).toBeUndefined();
    const members = [ada, ...crowd(4, 101)];
    const position = { epoch, seq: 7 };
    network.latest.say(
      joined(again.ref, [message(7)], { resume: 'caught-up', position, members, memberCount: 99 }),
    );
    expect(lobby().members).toEqual(members);
    expect(shown()).toContain('text 7');
    hear(notice(8, 'leave', author('p4_')));
    clock.pass(5_000);
    expect(network.latest.take()).toBeUndefined();
    expect(lobby().memberCount).toBe(98);
  });

  test('[C17] a server that never gives it in full is not asked for ever', () => {
    letIntoCrowd([ada, ...crowd(1, 99)]);
    hear(notice(4, 'leave', author('p1_')), notice(5, 'leave', author('p2_')));
    clock.pass(2_000);
    const again = network.latest.next('join');
    const position = { epoch, seq: 5 };
    network.latest.say(
      joined(again.ref, [], { resume: 'caught-up', position, members: [ada], memberCount: 100 }),
    );
    clock.pass(20_000);
    expect(network.latest.take()).toBeUndefined();
  });

  test('[C17] where long entries left no room for the names, they are read without the entries', () => {
    chat.enter('Ada');
    greet();
    letIn(messages(1, 3), { members: [ada], memberCount: 2 });
    clock.pass(2_000);
    letIn([], { resume: 'caught-up', position: { epoch, seq: 3 }, members: [ada, bob], memberCount: 2 });
    expect(lobby().members).toEqual([ada, bob]);
    chat.close();
    expect(clock.timerCount).toBe(0);
  });
});
