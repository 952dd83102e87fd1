// The way of one message, out of what both ends recorded: its stations in order, on one clock, each with its frame where it has
// one. Pure; ReceiptView.tsx draws it.
import type {
  CaptureRecord,
  ClientMoment,
  ClockRecord,
  Decoded,
  DecodedMessage,
  Direction,
  Micros,
  Reader,
  Station,
} from '@wireroom/capture';

/** In the order in which a message passes them. `read` and `frame`: its bytes came, its last byte came. `written`: its entry was given to TCP. */
export const STEP_NAMES = [
  'composed',
  'sent',
  'read',
  'frame',
  'decoded',
  'admitted',
  'batched',
  'committed',
  'stored',
  'published',
  'delivered',
  'acknowledged',
  'written',
  'heard',
  'entered',
  'painted',
] as const;
export type StepName = (typeof STEP_NAMES)[number];
export type Lane = 'browser' | 'server';
/** What the time before a step was spent on. */
export type Phase = 'browser' | 'network' | 'server' | 'disk';

export interface Step {
  readonly name: StepName;
  readonly lane: Lane;
  /** On the server's clock. */
  readonly at: Micros;
  /** Since the step before; the first has none. May be negative by the clocks' uncertainty. */
  readonly took?: Micros;
  readonly phase: Phase;
  readonly frame?: { readonly direction: Direction; readonly index: number };
  readonly readers: readonly ReaderStep[];
  readonly batchSize?: number;
  readonly bufferedAmount?: number;
}

export interface ReaderStep extends Reader {
  readonly at: Micros;
}

export interface Way {
  readonly steps: readonly Step[];
  readonly clock?: ClockRecord;
  readonly total: Micros;
}

type Found = Omit<Step, 'took' | 'phase' | 'lane'>;

/** `records`: of the message. `decoded`: of the connection that it came or went over, for its frames. */
export function wayOf(records: readonly CaptureRecord[], seq: number, decoded: Decoded): Way {
  const clock = records.findLast((record) => record.kind === 'clock');
  const ofMessage = records.filter((record) => 'seq' in record && record.seq === seq);
  const draftId = ofMessage.find((record) => 'draftId' in record && record.draftId !== undefined);
  const isOf = (record: CaptureRecord): boolean =>
    ('seq' in record && record.seq === seq) ||
    ('draftId' in record &&
      draftId !== undefined &&
      'draftId' in draftId &&
      record.draftId === draftId.draftId &&
      record.draftId !== undefined);
  const own = records.filter(isOf);
  const found = [
    ...clientSteps(own, clock?.offset ?? 0),
    ...stationSteps(own),
    ...frameSteps(decoded, seq, own),
  ];
  found.sort((a, b) => STEP_NAMES.indexOf(a.name) - STEP_NAMES.indexOf(b.name));
  const steps = found.map((step, at) => placed(step, found[at - 1]));
  const first = steps[0]?.at ?? 0;
  return { steps, total: (steps.at(-1)?.at ?? first) - first, ...(clock !== undefined && { clock }) };
}

const MOMENTS: Partial<Record<ClientMoment, StepName>> = {
  composed: 'composed',
  sent: 'sent',
  heard: 'heard',
  entered: 'entered',
  painted: 'painted',
};

function clientSteps(records: readonly CaptureRecord[], offset: Micros): readonly Found[] {
  const steps = new Map<StepName, Found>();
  for (const record of records) {
    if (record.kind !== 'client') continue;
    const name = MOMENTS[record.moment];
    // Sent again after a cut: the first time counts.
    if (name === undefined || steps.has(name)) continue;
    const { bufferedAmount } = record;
    steps.set(name, {
      ...{ name, at: record.at + offset, readers: [] },
      ...(bufferedAmount !== undefined && { bufferedAmount }),
    });
  }
  return [...steps.values()];
}

function stationSteps(records: readonly CaptureRecord[]): readonly Found[] {
  const steps = new Map<Station, Found>();
  for (const record of records) {
    if (record.kind !== 'station') continue;
    const { station, at, batchSize } = record;
    const before = steps.get(station);
    const readers = record.reader === undefined ? [] : [{ ...record.reader, at }];
    if (before === undefined)
      steps.set(station, { name: station, at, readers, ...(batchSize !== undefined && { batchSize }) });
    else if (readers.length > 0) steps.set(station, { ...before, readers: [...before.readers, ...readers] });
  }
  return [...steps.values()];
}

function frameSteps(decoded: Decoded, seq: number, own: readonly CaptureRecord[]): readonly Found[] {
  const drafts = new Set(own.map((record) => ('draftId' in record ? record.draftId : undefined)));
  drafts.delete(undefined);
  const meant = (direction: Direction, isIt: (meaning: WireroomMeaning) => boolean) =>
    decoded.messages.find(
      (message) =>
        message.direction === direction && message.meaning?.language === 'wireroom' && isIt(message.meaning),
    );
  // A post, an edit, a reaction …: whatever command brought the draft.
  const post = meant('in', ({ draftId }) => drafts.has(draftId));
  const entry = meant('out', (meaning) => meaning.type === 'entry' && meaning.seq === seq);
  return [...frameStepsOf(decoded, post, ['read', 'frame']), ...frameStepsOf(decoded, entry, ['written'])];
}

type WireroomMeaning = Extract<NonNullable<DecodedMessage['meaning']>, { language: 'wireroom' }>;

function frameStepsOf(
  decoded: Decoded,
  message: DecodedMessage | undefined,
  names: readonly ('read' | 'frame' | 'written')[],
): readonly Found[] {
  if (message === undefined) return [];
  const index = message.frames.at(-1) ?? 0;
  const { direction } = message;
  const first = decoded.frames.find(
    (frame) => frame.direction === direction && frame.index === message.frames[0],
  );
  const isAtOnce = first?.firstAt === message.at;
  return names.flatMap((name): Found[] => {
    // Came in one read: the first byte and the last are the same moment.
    if (name === 'frame' && isAtOnce) return [];
    const at = name === 'read' ? (first?.firstAt ?? message.firstAt) : message.at;
    return [{ name, at, readers: [], frame: { direction, index } }];
  });
}

const BROWSER_STEPS: ReadonlySet<StepName> = new Set(['composed', 'sent', 'heard', 'entered', 'painted']);

const laneOf = (name: StepName): Lane => (BROWSER_STEPS.has(name) ? 'browser' : 'server');

function placed(step: Found, before: Found | undefined): Step {
  const lane = laneOf(step.name);
  const phase = before === undefined ? lane : phaseBetween(before.name, step.name);
  return { ...step, lane, phase, ...(before !== undefined && { took: step.at - before.at }) };
}

function phaseBetween(from: StepName, to: StepName): Phase {
  if (laneOf(from) !== laneOf(to)) return 'network';
  // The bytes that a frame still waits for are on the network.
  if (to === 'frame') return 'network';
  return to === 'committed' ? 'disk' : laneOf(to);
}

/** How much of the whole each phase took. Negative pieces, which only the clocks' uncertainty can make, count as nothing. */
export function phasesOf(
  steps: readonly Step[],
): readonly { readonly phase: Phase; readonly took: Micros }[] {
  const phases: { phase: Phase; took: Micros }[] = [];
  for (const { took, phase } of steps) {
    if (took === undefined) continue;
    const last = phases.at(-1);
    if (last?.phase === phase) last.took += Math.max(0, took);
    else phases.push({ phase, took: Math.max(0, took) });
  }
  return phases;
}

/** How long the wire between two stations is drawn: it grows with the square root, so that 10 µs and 10 ms both can be seen. */
export function gapPx(took: Micros): number {
  return Math.round(Math.min(GAP_PX_MAX, GAP_PX_MIN + Math.sqrt(Math.max(0, took)) * 0.45));
}

const GAP_PX_MIN = 6;
const GAP_PX_MAX = 84;
