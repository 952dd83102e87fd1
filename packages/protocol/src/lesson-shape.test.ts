// What a client of the lesson hears of an entry: the shapes that it knows, and notices for what it does not.
import { describe, expect, it } from 'vitest';
import { entrySchema } from './entry.ts';
import { lessonMessage } from './lesson-shape.ts';

const heardOf = (fields: object) =>
  lessonMessage(
    entrySchema.parse({
      v: 1,
      roomId: 'r_0123456789abcdef',
      epoch: 'e',
      seq: 7,
      author: { authorId: 'a_0123456789abcdef', name: 'Ada' },
      at: '2026-11-26T00:00:00.000Z',
      draftId: 'd-000001',
      ...fields,
    }),
  );

describe('lessonMessage', () => {
  it('gives what people wrote, and who came and went, in the lesson’s own shapes', () => {
    expect(heardOf({ type: 'message', text: 'hi' })).toEqual({ type: 'CHAT', message: 'hi', sender: 'Ada' });
    expect(heardOf({ type: 'join' })).toEqual({ type: 'LOGIN', message: 'Ada加入了聊天' });
    expect(heardOf({ type: 'leave' })).toEqual({ type: 'LEAVE', message: 'Ada离开了聊天' });
  });

  it('[S12] gives a notice without a sender for what the lesson has no shape for', () => {
    expect(heardOf({ type: 'edit', target: 3, text: 'hello' })).toEqual({
      type: 'EDIT',
      message: 'Ada修改了一条消息：hello',
    });
    expect(heardOf({ type: 'delete', target: 3 })).toEqual({ type: 'DELETE', message: 'Ada删除了一条消息' });
    expect(heardOf({ type: 'rename', title: '大厅' })).toEqual({
      type: 'RENAME',
      message: 'Ada把房间改名为：大厅',
    });
    expect(heardOf({ type: 'topic', topic: '茶' })).toEqual({ type: 'TOPIC', message: 'Ada把话题改为：茶' });
    expect(heardOf({ type: 'topic', topic: '' })).toEqual({ type: 'TOPIC', message: 'Ada清除了话题' });
  });

  it('[S12] is silent about reactions, and about texts that are gone', () => {
    for (const type of ['react', 'unreact'])
      expect(heardOf({ type, target: 3, emoji: '👍' })).toBeUndefined();
    expect(heardOf({ type: 'message', text: '', deleted: true })).toBeUndefined();
    expect(heardOf({ type: 'edit', target: 3, text: '', deleted: true })).toBeUndefined();
  });
});
