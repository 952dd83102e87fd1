// Whatever the frame reader may object to is told to Chinese learners in Chinese.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { violationText } from './violation-text.ts';

const reader = readFileSync(new URL('../wire/frame-reader.ts', import.meta.url), 'utf8');
const sentences = [...reader.matchAll(/(?:violate\(|\? )(['`])(.+?)\1/g)]
  .map(([, , text = '']) => text.replaceAll(/\$\{[^}]*\}/g, '7'))
  .filter((text) => !text.startsWith('compressed data')); // nothing is compressed in an exercise

it('the sentences are found', () => {
  expect(sentences).toContain('a control frame in fragments');
  expect(sentences).toContain('reserved bits 7 on opcode 7');
  expect(sentences.length).toBeGreaterThanOrEqual(14);
});

it.each(sentences.filter((text) => text.includes(' ')))('%s', (sentence) => {
  const { zh, en } = violationText(sentence);
  expect(en).toBe(sentence);
  expect(zh).toMatch(/[\u4e00-\u9fff]/);
});
