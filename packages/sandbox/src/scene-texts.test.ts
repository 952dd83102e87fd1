import { describe, expect, it } from 'vitest';
import { NOTES, noteIn, noteText, SCENES, sceneNamed } from './scene-texts.ts';

describe('the texts of scenes', () => {
  it('[T1] there are fifteen faults, and every scene of the list is there once, in both languages', () => {
    expect(SCENES.filter(({ group }) => group === 'fault').length).toBe(15);
    expect(new Set(SCENES.map(({ name }) => name)).size).toBe(SCENES.length);
    for (const { name, title, summary, rule } of SCENES) {
      expect(name).toMatch(/^[a-z\d]+(-[a-z\d]+)*$/);
      for (const text of [title, summary, ...(rule === undefined ? [] : [rule.text])]) {
        expect(text.zh, name).toMatch(/\p{Script=Han}/u);
        expect(text.en, name).not.toMatch(/\p{Script=Han}/u);
      }
      expect(sceneNamed(name)?.name).toBe(name);
    }
  });

  it('[T1] says how long a scene takes that waits for more than a second', () => {
    for (const { name, pauseMs = 0, takesMs = 0 } of SCENES)
      if (pauseMs >= 1_000) expect(takesMs, name).toBeGreaterThanOrEqual(pauseMs);
  });

  it('[T9] a note has the same values in both languages', () => {
    const values = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [id, { en, zh }] of Object.entries(NOTES)) expect(values(zh), id).toEqual(values(en));
  });

  it('[T9] a note of a capture is found in Chinese, with its values', () => {
    const text = noteText('traffic-dropped', 'en', { ms: 5000 });
    expect(noteIn('en', { id: 'traffic-dropped', text })).toBe(text);
    expect(noteIn('zh', { id: 'traffic-dropped', text })).toContain('5000 毫秒');
    const body = '{"code":1,"message":"Session ID unknown"}';
    const unknown = noteText('session-unknown', 'en', { server: 'B', body });
    expect(noteIn('zh', { id: 'session-unknown', text: unknown })).toContain(body);
  });

  it('[T9] a note that is not ours stays as it is', () => {
    expect(noteIn('zh', { text: 'hello' })).toBe('hello');
    expect(noteIn('zh', { id: 'nobody-knows', text: 'hello' })).toBe('hello');
    expect(noteIn('zh', { id: 'traffic-dropped', text: 'changed by hand' })).toBe('changed by hand');
    expect(noteIn('zh', { id: 'toString', text: 'hello' })).toBe('hello');
  });
});
