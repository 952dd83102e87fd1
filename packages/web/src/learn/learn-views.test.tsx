// The course's screens as markup, made of small texts.
import { describe, expect, it } from 'vitest';
import { readDocument } from '../../course/read-document.ts';
import { readIndex } from '../../course/read-index.ts';
import { renderView, textOf } from '../fixture/render-view.tsx';
import type { CourseIndex } from './course-document.ts';
import { DocumentView } from './DocumentView.tsx';
import { LearnIndex } from './LearnIndex.tsx';
import { UnitList } from './UnitList.tsx';
import { UnitPage } from './UnitPage.tsx';

const INDEX: CourseIndex = readIndex(
  [
    '# 课程',
    '观察。',
    '## 程序训练',
    '1. [握手](practice/01-handshake.md)',
    '2. [掩码](practice/02-mask.md)',
    '3. [关闭](practice/03-close.md)',
    '## 面试重点',
    '**帧**',
    '1. [为什么](interview/01-why.md)',
    '## 工作日常',
    '以后。',
  ].join('\n\n'),
);
const PRACTICE = INDEX.parts[0];
if (PRACTICE === undefined) throw new Error('the index has no part');

const view = (markdown: string): string =>
  renderView(<DocumentView blocks={readDocument(`# T\n\n${markdown}`).blocks} part="practice" />);

describe('LearnIndex', () => {
  it('shows the three parts, their units, and how many are done', () => {
    const markup = renderView(
      <LearnIndex index={INDEX} progress={{ 'practice/01-handshake': 'done' }} />,
      'zh-CN',
    );
    expect(textOf(markup)).toContain('1 / 3');
    expect(textOf(markup)).toContain('共 3 篇，已完成 1 篇');
    expect(markup).toContain('href="#learn/interview/01-why"');
    expect(markup).toMatch(/data-state="done"><a href="#learn\/practice\/01-handshake"/);
    expect(textOf(markup)).toContain('以后。');
  });
});

describe('UnitList', () => {
  it('marks the unit that is open and lists its sections', () => {
    const { blocks } = readDocument('# T\n\n## 背景\n\n### 小\n\n## 任务\n');
    const markup = renderView(
      <UnitList part={PRACTICE} progress={{}} current={{ slug: '02-mask', blocks }} />,
    );
    expect(markup).toMatch(/href="#learn\/practice\/02-mask" aria-current="page"/);
    expect(markup.match(/#learn\/practice\/02-mask\/s\d/g)).toEqual([
      '#learn/practice/02-mask/s1',
      '#learn/practice/02-mask/s3',
    ]);
  });
});

describe('UnitPage', () => {
  const page = (state: 'opened' | 'done', slug = '02-mask'): string =>
    renderView(
      <UnitPage
        part={PRACTICE}
        slug={slug}
        text={readDocument('# 掩码\n\nx')}
        state={state}
        onState={() => {}}
      />,
    );

  it('leads to the unit before and the one after', () => {
    expect(page('opened')).toContain('href="#learn/practice/01-handshake"');
    expect(page('opened')).toContain('href="#learn/practice/03-close"');
    expect(page('opened', '01-handshake').match(/href="#learn\/practice\/\d/g)?.length).toBe(1);
  });

  it('says whether it is done', () => {
    expect(page('opened')).toContain('aria-pressed="false"');
    expect(page('done')).toContain('aria-pressed="true"');
  });
});

describe('DocumentView', () => {
  it('shows what is written as text', () => {
    expect(view('a `<b>` and \\<i\\>')).toContain('&lt;b&gt;');
    expect(view('a `<b>` and \\<i\\>')).not.toMatch(/<[bi]>/);
  });

  it('folds hints behind their title', () => {
    expect(view('> **Hint 1.** Look.')).toMatch(/<details[^>]*><summary>.*Hint 1<\/summary>/);
  });

  it('plays a scene in the inspector, with its capture where there is one', () => {
    const markup = view('```capture scene=masking\n→ 81 85\n```');
    expect(markup).toContain('href="#wire/try/masking"');
    expect(markup).toContain('data-tone="in"');
    expect(view('```capture scene=masking\n```')).not.toContain('<pre');
  });

  it('draws what was measured as a table, and other output as it is', () => {
    const markup = view('```text output measured\nTitle\n\nway │ bytes\n────┼──────\nSSE │ 91\n```');
    expect(markup).toContain('<th scope="row">SSE</th>');
    expect(markup).toContain('data-numeric="true"');
    expect(view('```text output\n✓ yes\n```')).toContain('data-tone="good"');
  });

  it('gives a command its own line to copy', () => {
    expect(view('```sh run\nnpm run measure 05\n```')).toContain('aria-label="Copy"');
  });
});
