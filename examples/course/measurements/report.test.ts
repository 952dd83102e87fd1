// How a measurement's table looks in a terminal, and that every measurement can be called by its number.
import { describe, expect, it } from 'vitest';
import { loadMeasurement, measurementNames } from '../measure.ts';
import { type Report, rounded, show, t, yesNo } from './report.ts';

const report: Report = {
  title: t('标题', 'Title'),
  columns: [t('方式', 'way'), t('字节', 'bytes')],
  rows: [
    [t('轮询😀', 'polling'), 1207],
    ['WebSocket', rounded(80.6)],
  ],
  note: t('一句话。', 'One sentence.'),
};

describe('show', () => {
  it('lines up columns, numbers to the right, and counts Chinese characters as two', () => {
    expect(show(report, 'zh')).toBe(
      [
        '标题',
        '',
        '方式      │ 字节',
        '──────────┼─────',
        '轮询😀    │ 1207',
        'WebSocket │   81',
        '',
        '一句话。',
      ].join('\n'),
    );
  });

  it('speaks the language it is asked for', () => {
    expect(show({ ...report, rows: [[yesNo(true), 1]] }, 'en')).toBe(
      ['Title', '', 'way │ bytes', '────┼──────', 'yes │     1', '', 'One sentence.'].join('\n'),
    );
  });
});

describe('the measurements', () => {
  it('are numbered from 01 without a gap, and each has its function', async () => {
    const names = measurementNames();
    expect(names.map((name) => Number(name.slice(0, 2)))).toEqual(names.map((_, index) => index + 1));
    expect(names.length).toBe(30);
    for (const name of names) expect(await loadMeasurement(name)).toBeTypeOf('function');
  });

  it('are found by the beginning of their names', () => {
    expect(measurementNames('05')).toEqual(['05-why-mask.ts']);
    expect(measurementNames('99')).toEqual([]);
  });
});
