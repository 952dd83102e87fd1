// The comparison on the page: the figures of docs/compare.json, and the own connection.
import { expect, it } from 'vitest';
import { FakeLiveWire } from '../../fixture/fake-live-wire.ts';
import { renderView, textOf } from '../../fixture/render-view.tsx';
import { chatCapture } from '../../fixture/wire-capture.ts';
import CompareView from './CompareView.tsx';
import { comparisonIn } from './comparison.ts';

it.each(['en', 'zh-CN'] as const)(
  'every figure and every sentence of the report stands there: %s',
  (language) => {
    const text = textOf(renderView(<CompareView />, language));
    const { groups, choosing, notes, timelines, circumstances } = comparisonIn(language);
    const sentences = [...choosing, ...notes, circumstances].map((sentence) => sentence.split('`')[0] ?? '');
    const cells = groups.flatMap(({ rows }) =>
      rows.flatMap(({ name, cells: own }) => [name, ...own.map((cell) => cell.text)]),
    );
    const steps = timelines[0]?.steps.map((step) => step.at) ?? [];
    for (const part of [...sentences, ...cells, ...steps]) expect(text).toContain(part.trim());
    expect(groups.length).toBe(5);
  },
);

it('losses are told apart from deliveries by more than their colour', () => {
  const markup = renderView(<CompareView />);
  expect(markup).toMatch(/data-tone="bad"[^>]*><span>\d+ of \d+ lost/);
  expect(markup).toMatch(/data-tone="good"[^>]*><span>all \d+ arrived/);
});

it('shows what the own connection has cost', () => {
  const live = new FakeLiveWire(chatCapture());
  const text = textOf(renderView(<CompareView live={live} />));
  expect(text).toContain('Your own connection, right now');
  expect(text).toMatch(/handshake took \d+ bytes up and \d+ down/);
  expect(text).toMatch(/The last line that you sent: \d+ bytes/);
});
