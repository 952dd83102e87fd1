// The download's views as the markup of one moment: that each state says what it is and offers what can be done, in both languages.
import type { ReactNode } from 'react';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { renderView, textOf } from '../../fixture/render-view.tsx';
import type { Language } from '../../i18n/language.ts';
import { choice, FakeKeep, FakeSource, FakeTabs } from '../download-fakes.fixture.ts';
import {
  type BegunState,
  type DownloadPlan,
  type DownloadProof,
  FAILURE_CODES,
  type FailureCode,
} from '../download-state.ts';
import { DownloadStore } from '../download-store.ts';
import { downloadEn } from '../words/en.ts';
import { downloadZhCN } from '../words/zh-cn.ts';
import { ChooseView } from './ChooseView.tsx';
import { DoneView } from './DoneView.tsx';
import { EstimateLine } from './EstimateLine.tsx';
import { RunView } from './RunView.tsx';

beforeAll(() => {
  vi.stubGlobal('navigator', { languages: ['en-GB'] });
});

const nothing = (): void => {};
const store = new DownloadStore({
  ...{ source: new FakeSource({}), keep: new FakeKeep(), tabs: new FakeTabs() },
  ...{ now: () => 0, newId: () => 'd_1', remember: nothing },
});
const plan: DownloadPlan = {
  ...choice({ format: 'jsonl' }, { bytes: 2_000_000, records: 1204 }),
  id: 'd_1',
  fileName: 'lobby-history.jsonl',
  place: 'browser',
};
const begun = { plan, progress: { bytes: 820_000, records: 493 } };
const said = (view: ReactNode, language: Language = 'en'): string => textOf(renderView(view, language));
const run = (state: Exclude<BegunState, { kind: 'done' }>, language: Language = 'en'): string =>
  said(<RunView store={store} state={state} onClose={nothing} />, language);

describe('ChooseView', () => {
  const view = (
    <ChooseView
      {...{ store, room: 'lobby', title: 'Lobby', names: ['Ada', '<b>Eve</b>'], onClose: nothing }}
      failure={undefined}
      isPlacing={false}
    />
  );

  it('says of each format what it is good for', () => {
    for (const [language, words] of [
      ['en', downloadEn],
      ['zh-CN', downloadZhCN],
    ] as const) {
      const text = said(view, language);
      for (const format of ['jsonl', 'html', 'text', 'csv', 'markdown'] as const)
        expect(text).toContain(`${words[`format.${format}`]} ${words[`format.${format}.for`]}`);
    }
  });

  it('starts nothing before it is counted, and offers who is here as the only author', () => {
    const markup = renderView(view);
    expect(markup).toContain('aria-disabled="true">Download');
    expect(markup).toContain('<option value="&lt;b&gt;Eve&lt;/b&gt;">');
  });
});

describe('EstimateLine', () => {
  const line = (records: number, parts = 1, language: Language = 'en'): string =>
    said(
      <EstimateLine
        format="html"
        counted={{ kind: 'known', estimate: { ...plan.estimate, records, parts } }}
        onAgain={nothing}
      />,
      language,
    );

  it('says how much it would be, in words', () => {
    expect(line(1)).toBe('1 record, about 2 MB');
    expect(line(1_012_345, 51)).toMatch(/^1,012,345 records, about 2 MB 51 web pages .* one zip file$/);
    expect(line(1204, 1, 'zh-CN')).toMatch(/^1,204 条记录，约 2\s?MB$/);
    expect(line(0)).toBe(downloadEn['estimate.none']);
  });

  it('says why it could not be counted, without a word of a download that was not begun', () => {
    const uncounted = (code: FailureCode): string =>
      said(
        <EstimateLine
          format="text"
          counted={{ kind: 'failed', failure: { code, message: 'It said no.' } }}
          onAgain={nothing}
        />,
      );
    expect(uncounted('unreachable')).toBe(`${downloadEn['estimate.unreachable']} Count again`);
    expect(uncounted('server')).toBe('The server could not count it: It said no. Count again');
  });
});

describe('RunView', () => {
  it('says how far it is, how fast, and how long it takes', () => {
    const progress = { ...begun.progress, bytesPerSecond: 205_000, secondsLeft: 6 };
    const text = run({ kind: 'running', plan, progress });
    expect(text).toContain('41 % 820 kB of about 2 MB 493 of 1,204 records 205 kB/s · 6 seconds left');
    expect(text).toMatch(/Cancel the download Close Pause$/);
    expect(
      renderView(<RunView store={store} state={{ kind: 'running', plan, progress }} onClose={nothing} />),
    ).toContain('aria-valuenow="41"');
  });

  it('says what it waits for, and that it goes on by itself', () => {
    for (const reason of ['network', 'server', 'busy'] as const) {
      const text = run({ ...begun, kind: 'waiting', reason });
      expect(text).toContain('goes on by itself');
      expect(text).toMatch(/Pause$/);
    }
  });

  it('offers to go on only where that can help', () => {
    expect(run({ ...begun, kind: 'paused' }, 'zh-CN')).toMatch(/丢弃 关闭 继续$/);
    expect(run({ ...begun, kind: 'failed', failure: { code: 'disk-full', message: '' } })).toMatch(
      /Discard Close Continue$/,
    );
    expect(run({ ...begun, kind: 'failed', failure: { code: 'history-changed', message: '' } })).toMatch(
      /Close Start over$/,
    );
  });

  it('has a sentence for every failure, and what was said of others', () => {
    for (const code of FAILURE_CODES) {
      const text = run({ ...begun, kind: 'failed', failure: { code, message: 'odd <thing>' } });
      expect(text).toContain(downloadEn[`failure.${code}`].replace('{{message}}', 'odd <thing>'));
    }
  });
});

describe('DoneView', () => {
  const proof: DownloadProof = { count: 1204, broken: 0, missing: 0, parts: 1, sha256: 'ab'.repeat(32) };
  const done = (given: Partial<DownloadProof> = {}): string =>
    said(
      <DoneView
        store={store}
        state={{ ...begun, kind: 'done', proof: { ...proof, ...given } }}
        onClose={nothing}
      />,
    );

  it('says what is proven, the name of the file, and how to check it', () => {
    const text = done();
    expect(text).toContain('Verified: 1,204 records.');
    expect(text).toContain('ab'.repeat(32));
    expect(text).toContain('wireroom history verify lobby-history.jsonl');
    expect(text).toContain('head -n -1 lobby-history.jsonl | sha256sum');
    expect(text).not.toContain('could not be read');
  });

  it('hides nothing that is missing', () => {
    const text = done({ broken: 1, missing: 5, cut: { code: 'not-joined', message: 'You left the room.' } });
    expect(text).toContain('The server ended it before its end: You left the room.');
    expect(text).toContain('1 record could not be read on the server.');
    expect(text).toContain('5 numbers that should be there are missing.');
  });
});
