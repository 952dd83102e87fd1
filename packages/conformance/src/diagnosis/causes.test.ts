import { describe, expect, it } from 'vitest';
import type { CaseResult } from '../tester/trial.ts';
import { findingsOf } from './causes.ts';
import { LANGUAGES, type Sighting, say, type Text } from './mistake.ts';
import { isMistakeId, MISTAKE_IDS, MISTAKES, type MistakeId } from './mistakes.ts';

const sighting = (id: MistakeId, more: Partial<Sighting> = {}): Sighting => ({
  id,
  seen: say(id, id),
  ...more,
});
const failed = (id: string, note: string, section = id.split('.')[0] ?? ''): CaseResult => ({
  ...{ id, section, title: 'a title, in one write', rule: 'RFC 6455 5' },
  ...{ verdict: 'fail', notes: [note], tookMs: 1 },
});

describe('causes', () => {
  it('[K4] what follows from another mistake goes under it', () => {
    const [main, ...others] = findingsOf(
      (['pong-without-payload', 'wrong-mask-offset', 'utf8-unchecked', 'origin-unchecked'] as const).map(
        (id) => sighting(id),
      ),
    );
    expect(main?.id).toBe('wrong-mask-offset');
    expect(main?.follows.map(({ id }) => id)).toEqual(['pong-without-payload', 'utf8-unchecked']);
    expect(others.map(({ id }) => id)).toEqual(['origin-unchecked']);
  });

  it('[K4] also over another one that was seen, and of two that explain each other the first is the cause', () => {
    const over = findingsOf([
      sighting('control-inside-message'),
      sighting('fragments-joined-wrongly'),
      sighting('one-frame-per-read'),
      sighting('second-frame-lost'),
    ]);
    expect(over.map(({ id }) => id)).toEqual(['one-frame-per-read', 'fragments-joined-wrongly']);
    const mutual = findingsOf([sighting('lf-instead-of-crlf'), sighting('head-unterminated')]);
    expect(mutual.map(({ id }) => id)).toEqual(['head-unterminated']);
  });

  it('[K4] one mistake seen several times is one finding, and what weighs more comes first', () => {
    const findings = findingsOf([
      sighting('origin-unchecked'),
      sighting('utf8-unchecked'),
      sighting('control-frame-fragmented', { isLeniency: true }),
      sighting('ping-unanswered', { seen: say('one', '一') }),
      sighting('ping-unanswered', { seen: say('two', '二') }),
      sighting('deflate-agreed-not-used', { severity: 'remark' }),
    ]);
    expect(findings.map(({ id }) => id)).toEqual([
      'ping-unanswered',
      'utf8-unchecked',
      'control-frame-fragmented',
      'origin-unchecked',
      'deflate-agreed-not-used',
    ]);
    expect(findings[0]?.seen.map(({ en }) => en)).toEqual(['one', 'two']);
  });

  it('[K7] a failed case goes to the mistake that fails such cases; what is left is a finding by itself', () => {
    const findings = findingsOf(
      [sighting('ping-unanswered')],
      [
        failed('2.1w', 'a pong of 0 bytes did not come'),
        failed('1.1.1', 'a text message of 3 bytes did not come'),
        failed('14.1.3', 'it took the request'),
      ],
    );
    expect(findings.map(({ id, cases }) => [id, cases.map((one) => one.id)])).toEqual([
      ['ping-unanswered', ['2.1w']],
      ['cases-failed', ['1.1.1']],
      ['cases-letter', ['14.1.3']],
    ]);
    expect(findings[1]?.seen[0]?.en).toBe(
      '1.1.1 a title (RFC 6455 5): a text message of 3 bytes did not come',
    );
  });
});

describe('the list of mistakes', () => {
  const textsOf = (id: MistakeId): Text[] => [
    MISTAKES[id].title,
    MISTAKES[id].expected,
    MISTAKES[id].why,
    MISTAKES[id].mend,
  ];

  it('[K8] has at least 30 of them, each with all its texts in both languages', () => {
    expect(MISTAKE_IDS.length).toBeGreaterThanOrEqual(30);
    const empty = MISTAKE_IDS.filter((id) =>
      textsOf(id).some((text) => LANGUAGES.some((lang) => text[lang].trim() === '')),
    );
    expect(empty).toEqual([]);
    const withoutChinese = MISTAKE_IDS.filter((id) => !/[\u4e00-\u9fff]/.test(MISTAKES[id].title.zh));
    expect(withoutChinese).toEqual([]);
  });

  it('[K8] names the section of a document for each, and only mistakes and layers that exist as consequences', () => {
    for (const id of MISTAKE_IDS) {
      expect(MISTAKES[id].rfc, id).toMatch(/RFC \d+|Engine\.IO/);
      for (const one of MISTAKES[id].explains)
        expect(
          isMistakeId(one) || MISTAKE_IDS.some((other) => one === `layer:${MISTAKES[other].layer}`),
          `${id} explains ${one}`,
        ).toBe(true);
    }
  });
});
