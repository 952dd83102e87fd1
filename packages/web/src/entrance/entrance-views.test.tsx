// The screens before the room, as markup from a state.
import { describe, expect, it } from 'vitest';
import { renderView, textOf } from '../fixture/render-view.tsx';
import { SCENES } from '../fixture/scenes.ts';
import { zhCN } from '../i18n/zh-cn.ts';
import { Entrance } from './Entrance.tsx';
import { isSuggestedName } from './name-suggestion.ts';
import { Opening } from './Opening.tsx';

const entrance = (scene: keyof typeof SCENES, language: 'en' | 'zh-CN' = 'zh-CN'): string =>
  renderView(<Entrance snapshot={SCENES[scene]().snapshot()} onEnter={() => {}} />, language);
const nameIn = (markup: string): string => /<input[^>]* value="([^"]*)"/.exec(markup)?.[1] ?? '';

describe('Entrance', () => {
  it('says what this is, with a name filled in in the page’s language', () => {
    expect(textOf(entrance('entrance'))).toContain(zhCN['app.lead']);
    expect(textOf(entrance('entrance'))).toContain('开始聊天');
    expect(isSuggestedName(nameIn(entrance('entrance')), 'zh-CN')).toBe(true);
    expect(isSuggestedName(nameIn(entrance('entrance', 'en')), 'en')).toBe(true);
  });

  it('fills in the name of the last visit, and shows beside the field why it was refused', () => {
    const markup = entrance('taken');
    expect(nameIn(markup)).toBe('Ada');
    expect(markup).toContain('aria-invalid="true"');
    expect(textOf(markup)).toContain(zhCN['refusal.name-taken']);
  });

  it('says that it is asking, and that nobody answers', () => {
    expect(textOf(entrance('busy'))).toContain(zhCN['name.starting']);
    expect(textOf(entrance('stuck'))).toContain(zhCN['unreachable.name']);
    expect(textOf(entrance('stuck'))).toContain('开始聊天');
  });
});

describe('Opening', () => {
  it('offers another try and another name when nobody answers', () => {
    const { connection } = SCENES.unreachable().snapshot();
    const stuck = textOf(renderView(<Opening connection={connection} isStuck onOtherName={() => {}} />));
    expect(stuck).toContain('The server does not answer');
    expect(stuck).toContain('Try now');
    expect(stuck).toContain('Use another name');
  });
});
