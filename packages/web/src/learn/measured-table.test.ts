import { expect, it } from 'vitest';
import { readMeasuredTable } from './measured-table.ts';

const OUTPUT = [
  '把消息送到页面',
  '',
  '方式      │ 字节',
  '──────────┼─────',
  '轮询      │ 1207',
  'WebSocket │   81',
  '',
  '握手也算在内。',
].join('\n');

it('reads title, columns, rows and the note', () => {
  expect(readMeasuredTable(OUTPUT)).toEqual({
    title: '把消息送到页面',
    columns: [
      { name: '方式', isNumeric: false },
      { name: '字节', isNumeric: true },
    ],
    rows: [
      ['轮询', '1207'],
      ['WebSocket', '81'],
    ],
    note: '握手也算在内。',
  });
});

it('reads a table without a note', () => {
  const table = readMeasuredTable(OUTPUT.split('\n').slice(0, 6).join('\n'));
  expect(table?.rows.length).toBe(2);
  expect(table?.note).toBe('');
});

it('leaves other output alone', () => {
  expect(readMeasuredTable('101 Switching Protocols')).toBeUndefined();
  expect(readMeasuredTable('a │ b\n──┼──')).toBeUndefined();
  expect(readMeasuredTable('t\n\na │ b\n──┼──\none cell')).toBeUndefined();
});
