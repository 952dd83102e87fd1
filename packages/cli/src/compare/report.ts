// A comparison as people read it: a table, what passed on the wire, and when to choose which; in both languages. Where it
// is shown, in a terminal, a document or the page, is not known here. The words are in words.ts.
import type { Language } from '../terminal/language.ts';
import {
  type Comparison,
  type Delivery,
  type LineFigures,
  type OutageFigures,
  type TimelineStep,
  type Traffic,
  WAYS,
  type Way,
  type WayFigures,
} from './figures.ts';
import { REPORT_WORDS, type ReportWords } from './words.ts';

export interface Report {
  readonly title: string;
  readonly introduction: string;
  readonly columns: readonly string[];
  readonly rows: readonly ReportRow[];
  readonly notes: readonly string[];
  readonly timelineTitle: string;
  readonly timelineIntroduction: string;
  readonly timelines: readonly ReportTimeline[];
  readonly choosingTitle: string;
  readonly choosing: readonly string[];
  readonly circumstances: string;
}

export interface ReportRow {
  /** Rows of one group follow each other. */
  readonly group: string;
  readonly name: string;
  /** One for each way; '–' where there is nothing to say. */
  readonly cells: readonly string[];
  /** Where a cell is good or bad news. */
  readonly tones?: readonly Tone[];
}

export type Tone = 'good' | 'bad' | 'plain';

export interface ReportTimeline {
  readonly title: string;
  readonly steps: readonly ReportStep[];
}

export interface ReportStep {
  readonly at: string;
  readonly direction: 'up' | 'down';
  /** For instance `TCP 2`. */
  readonly connection: string;
  readonly bytes: string;
  readonly text: string;
  readonly meaning: string;
}

/** Those that differ: with polling alone it goes on as the upgrade begins. */
const TIMELINE_WAYS: readonly Way[] = [
  'native',
  'socketio-websocket',
  'socketio-upgrade',
  'socketio-polling',
];

export function reportOf(comparison: Comparison, language: Language): Report {
  const words = REPORT_WORDS[language];
  return {
    title: words.title,
    introduction: words.introduction,
    columns: [words.measured, ...WAYS.map((way) => words.ways[way])],
    rows: rowsOf(comparison, words),
    notes: words.notes(comparison.settings),
    timelineTitle: words.timelineTitle,
    timelineIntroduction: words.timelineIntroduction,
    timelines: TIMELINE_WAYS.map((way) => ({
      title: words.ways[way],
      steps: comparison.ways[way].timeline.map((step) => stepOf(step, words)),
    })),
    choosingTitle: words.choosingTitle,
    choosing: words.choosing,
    circumstances: words.circumstances(comparison),
  };
}

function rowsOf({ ways, settings, linesOfCode }: Comparison, words: ReportWords): ReportRow[] {
  const { groups } = words;
  const row = (group: string, name: string, cell: (figures: WayFigures, way: Way) => string): ReportRow => ({
    ...{ group, name },
    cells: WAYS.map((way) => cell(ways[way], way)),
  });
  const lineRows = ways.native.lines.flatMap(({ textBytes }, index) => [
    row(groups.speaking, words.author(textBytes), ({ lines }) => trafficCell(lineAt(lines, index).author)),
    row(groups.speaking, words.reader(textBytes), ({ lines }) => trafficCell(lineAt(lines, index).reader)),
  ]);
  const [silence, cut, restart] = words.outages;
  return [
    row(groups.entering, words.tcpConnections, ({ connect }) => String(connect.tcpConnections)),
    row(groups.entering, words.httpRequests, ({ connect }) => String(connect.httpRequests)),
    row(groups.entering, words.connectBytes, ({ connect }) => trafficCell(connect)),
    row(groups.entering, words.roundTrips, ({ connect }) => String(connect.roundTrips)),
    row(
      groups.entering,
      words.connectTime(settings.latencyMs),
      ({ connect }) => `${Math.round(connect.msWithLatency)} ms`,
    ),
    ...lineRows,
    row(groups.silent, words.idle, ({ idlePerMinute }) => trafficCell(idlePerMinute)),
    ...outageRows(ways, words, silence, (figures) => figures.silence),
    ...outageRows(ways, words, cut, (figures) => figures.cut),
    ...outageRows(ways, words, restart, (figures) => figures.restart),
    row(groups.code, words.linesOfCode, (_figures, way) => {
      if (linesOfCode === null) return NOTHING;
      return String(way === 'native' ? linesOfCode.native : linesOfCode.socketio);
    }),
  ];
}

function outageRows(
  ways: Comparison['ways'],
  words: ReportWords,
  names: ReportWords['outages'][number],
  of: (figures: WayFigures) => OutageFigures | null,
): ReportRow[] {
  const group = words.groups.outages;
  const outages = WAYS.map((way) => of(ways[way]));
  const delivery = (name: string, which: 'others' | 'own'): ReportRow => ({
    ...{ group, name },
    cells: outages.map((outage) => (outage === null ? NOTHING : words.lost(outage[which]))),
    tones: outages.map((outage) => (outage === null ? 'plain' : toneOf(outage[which]))),
  });
  return [
    delivery(names.others, 'others'),
    delivery(names.own, 'own'),
    { ...{ group, name: names.back }, cells: outages.map(backCell) },
  ];
}

const toneOf = ({ lost, twice }: Delivery): Tone => (lost + twice === 0 ? 'good' : 'bad');

const NOTHING = '–';

function lineAt(lines: readonly LineFigures[], index: number): LineFigures {
  const figures = lines[index];
  if (figures === undefined) throw new RangeError('a way was measured with other sizes of text');
  return figures;
}

const trafficCell = ({ up, down }: Traffic): string => `${Math.round(up)} ↑ ${Math.round(down)} ↓`;

function backCell(outage: OutageFigures | null): string {
  if (outage === null) return NOTHING;
  const { backAfterMs } = outage;
  const seconds = (ms: number | undefined): string => ((ms ?? 0) / 1000).toFixed(1);
  const median = seconds(backAfterMs[Math.floor(backAfterMs.length / 2)]);
  if (backAfterMs.length < 2) return `${median} s`;
  return `${median} s (${seconds(backAfterMs[0])}–${seconds(backAfterMs.at(-1))})`;
}

function stepOf(step: TimelineStep, words: ReportWords): ReportStep {
  return {
    at: `${step.atMs.toFixed(1)} ms`,
    direction: step.direction,
    connection: `TCP ${step.connection}`,
    bytes: words.bytes(step.bytes),
    text: step.text,
    meaning: step.meaning ?? '',
  };
}
