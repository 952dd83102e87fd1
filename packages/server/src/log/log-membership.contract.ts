// What every adapter of the log must do with those who come and go (rule L6). Part of the suite in log.contract.ts.
import type { Room, RoomId } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import type { Log } from './log.ts';
import { authorNamed, draftOf, refusedWith } from './log-samples.contract.ts';

const ann = authorNamed('Ann');
const ben = authorNamed('Ben');

export function registerMembership(given: () => { readonly log: Log; readonly room: Room }): void {
  describe('membership', () => {
    it('[L6.1] writes a join entry once', async () => {
      const { log, room } = given();
      const first = await log.join(room.roomId, ann);
      const second = await log.join(room.roomId, ann);
      expect(first.entries).toMatchObject([{ type: 'join', author: ann, seq: 1 }]);
      expect(second).toEqual({ entries: [], position: first.position });
    });

    it('[L6.2] writes a change of name as a leave and a join', async () => {
      const { log, room } = given();
      await log.join(room.roomId, ann);
      const renamed = { ...ann, name: 'Anna' };
      const change = await log.join(room.roomId, renamed);
      expect(change.entries).toMatchObject([
        { type: 'leave', author: ann, seq: 2 },
        { type: 'join', author: renamed, seq: 3 },
      ]);
      expect(change.position.seq).toBe(3);
      expect(await log.standing(room.roomId, 10)).toMatchObject({ members: [renamed], memberCount: 1 });
    });

    it('[L6.3] writes a leave entry once, under the name of the join', async () => {
      const { log, room } = given();
      await log.join(room.roomId, ann);
      const left = await log.leave(room.roomId, ann.authorId);
      expect(left.entries).toMatchObject([{ type: 'leave', author: ann, seq: 2 }]);
      expect(await log.leave(room.roomId, ann.authorId)).toEqual({ entries: [], position: left.position });
      expect(await log.leave(room.roomId, ben.authorId)).toEqual({ entries: [], position: left.position });
    });

    it('[L6.4] takes messages from members only', async () => {
      const { log, room } = given();
      await refusedWith('not-joined', log.post(draftOf(room, ann, 'too early')));
      await log.join(room.roomId, ann);
      await log.post(draftOf(room, ann, 'in time'));
      await log.leave(room.roomId, ann.authorId);
      await refusedWith('not-joined', log.post(draftOf(room, ann, 'too late')));
    });

    it('[L6.5] lists members by when they joined, up to the limit, and counts them all', async () => {
      const { log, room } = given();
      const authors = ['Zoe', 'Ann', 'Mia', 'Ben'].map((name) => authorNamed(name));
      for (const author of authors) await log.join(room.roomId, author);
      await log.leave(room.roomId, authorNamed('Ann').authorId);
      await log.join(room.roomId, ann);
      const { members, memberCount } = await log.standing(room.roomId, 3);
      expect(members.map((member) => member.name)).toEqual(['Zoe', 'Mia', 'Ben']);
      expect(memberCount).toBe(4);
    });

    it('[L6.6] knows the rooms of an author', async () => {
      const { log, room } = given();
      const other = await log.ensureRoom({ slug: 'other', title: 'Other' });
      await log.ensureRoom({ slug: 'third', title: 'Third' });
      const roomsOfAnn = async (): Promise<RoomId[]> => [...(await log.roomsOf(ann.authorId))].sort();
      expect(await roomsOfAnn()).toEqual([]);
      await log.join(room.roomId, ann);
      await log.join(other.roomId, ann);
      expect(await roomsOfAnn()).toEqual([room.roomId, other.roomId].sort());
      await log.leave(room.roomId, ann.authorId);
      expect(await roomsOfAnn()).toEqual([other.roomId]);
    });
  });
}
