// The report of `wireroom check` as text for people, and as JSON for programs. Prints nothing itself.
import {
  type Diagnosis,
  type DiagnosisFinding,
  type Language,
  SEVERITIES,
  type Severity,
} from '@wireroom/conformance';
import { WORDS, type Words } from './words.ts';
import { widthOf, wrapped } from './wrapped.ts';

export interface Look {
  readonly lang: Language;
  readonly columns: number;
  readonly hasColours: boolean;
}

const COLUMNS_MAX = 100;
const COLUMNS_MIN = 40;
const SHOWN_CASES_MAX = 12;

const CODES = { bold: '1', dim: '2', red: '31', green: '32', yellow: '33', cyan: '36' } as const;
type Style = keyof typeof CODES;
const MARKS: Readonly<Record<Severity, readonly [sign: string, style: Style]>> = {
  mistake: ['✗', 'red'],
  risk: ['!', 'yellow'],
  remark: ['·', 'cyan'],
};

export function countsOf(findings: readonly DiagnosisFinding[]): Record<Severity, number> {
  const counts = { mistake: 0, risk: 0, remark: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

export function reportOf(diagnosis: Diagnosis, look: Look): string {
  return new Report(look).of(diagnosis);
}

class Report {
  readonly #lang: Language;
  readonly #columns: number;
  readonly #hasColours: boolean;
  readonly #words: Words;
  readonly #labelWidth: number;

  constructor({ lang, columns, hasColours }: Look) {
    this.#lang = lang;
    this.#columns = Math.min(Math.max(columns, COLUMNS_MIN), COLUMNS_MAX);
    this.#hasColours = hasColours;
    const words = WORDS[lang];
    this.#words = words;
    const labels = [
      words.seen,
      words.expected,
      words.why,
      words.mend,
      words.rule,
      words.follows,
      words.failedCases,
    ];
    this.#labelWidth = Math.max(...labels.map(widthOf)) + 2;
  }

  of({ url, kind, findings, probes, omitted, cases, tookMs }: Diagnosis): string {
    const words = this.#words;
    const counts = countsOf(findings);
    const done = words.done(probes.length, cases.run, (tookMs / 1_000).toFixed(1));
    const lines = ['', `${this.#style(url, 'bold')}`, ...this.#plain(`${kind[this.#lang]} · ${done}`), ''];
    if (findings.length === 0) lines.push(this.#style(`✓ ${words.clean}`, 'green'), '');
    else if (counts.mistake === 0) lines.push(this.#style(`✓ ${words.cleanButAdvice}`, 'green'), '');
    else lines.push(this.#style(`✗ ${words.counts(counts)}`, 'red'), '');
    for (const severity of SEVERITIES) {
      const own = findings.filter((finding) => finding.severity === severity);
      if (own.length === 0) continue;
      lines.push(this.#style(words.headings[severity], 'bold'), '');
      for (const finding of own) lines.push(...this.#finding(finding), '');
    }
    if (cases.notRun > 0) lines.push(...this.#plain(words.notRun(cases.notRun)), '');
    if (omitted.length > 0) lines.push(...this.#omitted(omitted), '');
    return lines.join('\n');
  }

  #finding(finding: DiagnosisFinding): string[] {
    const { title, id, severity, seen, expected, why, mend, rfc, follows, cases } = finding;
    const lang = this.#lang;
    const words = this.#words;
    const [sign, style] = MARKS[severity];
    const caseIds = [...new Set(cases.map((one) => one.id.replace(/[wfb]$/, '')))];
    const more = caseIds.length > SHOWN_CASES_MAX ? ` … (${caseIds.length})` : '';
    return [
      ...this.#titled(this.#style(sign, style), title[lang], id),
      ...seen.flatMap((text, index) => this.#row(index === 0 ? words.seen : '', text[lang])),
      ...this.#row(words.expected, expected[lang]),
      ...this.#row(words.why, why[lang]),
      ...this.#row(words.mend, mend[lang]),
      ...this.#row(words.rule, rfc),
      ...follows.flatMap((one, index) =>
        this.#row(index === 0 ? words.follows : '', `${one.title[lang]} (${one.id})`),
      ),
      ...(caseIds.length === 0 || id.startsWith('cases-')
        ? []
        : this.#row(words.failedCases, caseIds.slice(0, SHOWN_CASES_MAX).join(', ') + more)),
    ];
  }

  #titled(sign: string, title: string, id: string): string[] {
    const lines = wrapped(title, this.#columns - 4);
    const last = lines.at(-1) ?? '';
    const isRoom = widthOf(last) + id.length + 4 + 3 <= this.#columns;
    const styled = lines.map((line, index) => {
      const gap = index === 0 ? `  ${sign} ` : '    ';
      const tail = index === lines.length - 1 && isRoom ? `  ${this.#style(id, 'dim')}` : '';
      return `${gap}${this.#style(line, 'bold')}${tail}`;
    });
    return isRoom ? styled : [...styled, `    ${this.#style(id, 'dim')}`];
  }

  #row(label: string, text: string): string[] {
    const indent = 4 + this.#labelWidth;
    return wrapped(text, this.#columns - indent).map((line, index) => {
      const shown = index === 0 ? label : '';
      return `    ${this.#style(shown, 'dim')}${' '.repeat(this.#labelWidth - widthOf(shown))}${line}`;
    });
  }

  #omitted(omitted: Diagnosis['omitted']): string[] {
    const lang = this.#lang;
    const reasons = new Map<string, string[]>();
    for (const { what, why } of omitted)
      reasons.set(why[lang], [...(reasons.get(why[lang]) ?? []), what[lang]]);
    const [between, colon] = lang === 'zh' ? ['、', '：'] : [', ', ': '];
    return [
      this.#style(this.#words.omitted, 'bold'),
      ...[...reasons].flatMap(([why, what]) =>
        wrapped(`${why}${colon}${what.join(between)}`, this.#columns - 4).map((line) => `    ${line}`),
      ),
    ];
  }

  #plain(text: string): string[] {
    return wrapped(text, this.#columns).map((line) => this.#style(line, 'dim'));
  }

  #style(text: string, style: Style): string {
    return this.#hasColours && text !== '' ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
  }
}

/** The JSON of docs/check.md. Its version changes when a field is taken away or means something else. */
export function jsonOf(diagnosis: Diagnosis, lang: Language, verdict: 'pass' | 'mistakes'): string {
  const { url, server, kind, findings, probes, omitted, cases, tookMs } = diagnosis;
  return JSON.stringify(
    {
      version: 1,
      url,
      verdict,
      server: { ...server, description: kind[lang] },
      counts: countsOf(findings),
      findings: findings.map(
        ({ id, severity, layer, rfc, title, seen, expected, why, mend, follows, cases: failed }) => ({
          ...{ id, severity, layer, rfc, title: title[lang], seen: seen.map((text) => text[lang]) },
          ...{
            expected: expected[lang],
            why: why[lang],
            mend: mend[lang],
            follows: follows.map((one) => one.id),
          },
          cases: failed.map((one) => one.id),
        }),
      ),
      probes: probes.map(({ name, isClean }) => ({ name, isClean })),
      omitted: omitted.map(({ what, why }) => ({ what: what[lang], why: why[lang] })),
      cases,
      tookMs,
    },
    null,
    2,
  );
}
