// The input line and the lines above it, on a screen.
import { describe, expect, it } from 'vitest';
import { FakeIo } from './fake-io.fixture.ts';
import { harmless, openTerminal, styleFor, type Terminal } from './terminal.ts';
import { widthOf } from './width.ts';

interface Opened {
  readonly io: FakeIo;
  readonly terminal: Terminal;
  readonly typed: string[];
  readonly happened: string[];
}

function opened(columns = 40): Opened {
  const io = new FakeIo({ isTerminal: true, columns });
  const typed: string[] = [];
  const happened: string[] = [];
  const terminal = openTerminal(io, {
    line: (text) => typed.push(text),
    ended: () => happened.push('ended'),
    interrupted: () => happened.push('interrupted'),
  });
  terminal.setPrompt('> ');
  return { io, terminal, typed, happened };
}

describe('the input line', () => {
  it('[N7] stays at the bottom with what is typed in it while lines are printed', async () => {
    const { io, terminal } = opened();
    io.type('half a sen');
    await io.until('half a sen');
    terminal.print('first');
    terminal.print('second\nthird');
    expect(io.screen.lines).toEqual(['first', 'second', 'third', '> half a sen']);
    expect(io.screen.cursor).toEqual([3, 12]);
  });

  it('[N7] also when it takes several rows and has wide characters', async () => {
    const { io, terminal } = opened(20);
    const text = '世界你好世界你好世界你好世界你好 end';
    io.type(text);
    await io.untilSo(() => io.screen.lines.join('').includes('end'));
    terminal.print('news 新闻');
    expect(io.screen.lines[0]).toBe('news 新闻');
    expect(io.screen.lines.slice(1).join('')).toBe(`> ${text}`);
    terminal.print('more');
    expect(io.screen.lines.slice(0, 2)).toEqual(['news 新闻', 'more']);
    expect(io.screen.lines.slice(2).join('')).toBe(`> ${text}`);
  });

  it('[N7] also when it was pasted and ends exactly at the edge', async () => {
    const { io, terminal } = opened(20);
    const text = `${'x'.repeat(18)}${'y'.repeat(20)}`;
    io.type(text);
    await io.untilSo(() => io.screen.lines.join('').includes('y'.repeat(20)));
    terminal.print('news');
    expect(io.screen.lines).toEqual(['news', `> ${'x'.repeat(18)}`, 'y'.repeat(20)]);
    io.type('zz');
    await io.untilSo(() => io.screen.lines.join('').includes('zz'));
    terminal.print('more');
    expect(io.screen.lines).toEqual(['news', 'more', `> ${'x'.repeat(18)}`, 'y'.repeat(20), 'zz']);
  });

  it('[N7] has lines of state above it, which come and go', async () => {
    const { io, terminal } = opened();
    io.type('abc');
    await io.until('abc');
    terminal.setPrompt('offline\n> ');
    terminal.print('news');
    expect(io.screen.lines).toEqual(['news', 'offline', '> abc']);
    terminal.setPrompt('> ');
    expect(io.screen.lines).toEqual(['news', '> abc']);
  });

  it('[N7] is empty after Enter, and what was entered is not left standing', async () => {
    const { io, terminal, typed } = opened(20);
    io.type('a line that is longer than the screen is wide\r');
    await io.untilSo(() => typed.length === 1);
    terminal.print('answer');
    expect(typed).toEqual(['a line that is longer than the screen is wide']);
    expect(io.screen.lines).toEqual(['answer', '>']);
  });

  it('[N7] Ctrl-C and Ctrl-D are told, and after the end lines stand alone', async () => {
    const { io, terminal, happened } = opened();
    io.type('\u0003');
    io.type('\u0004');
    await io.untilSo(() => happened.length === 2);
    expect(happened).toEqual(['interrupted', 'ended']);
    terminal.print('bye');
    expect(io.screen.lines).toEqual(['bye']);
  });
});

it('[N8] what strangers write cannot move the cursor or turn the text around', () => {
  expect(harmless('a\u001b[2Jb\u0007\u202Ec\u0085\td\ne')).toBe('a␛[2Jb␇<U+202E>c<U+0085>\td\ne');
});

it('[N9] without colours nothing is painted; with them a key has always the same one', () => {
  expect(styleFor(false).of('a_1', 'Ada')).toBe('Ada');
  expect(styleFor(true).of('a_1', 'Ada')).toBe(styleFor(true).of('a_1', 'Ada'));
  expect(styleFor(true).of('a_1', 'Ada')).not.toBe(styleFor(true).of('a_2', 'Ada'));
});

it('[N7] wide characters count two columns, combining ones none', () => {
  expect(['abc', '你好', '👋', 'e\u0301'].map(widthOf)).toEqual([3, 4, 2, 1]);
});
