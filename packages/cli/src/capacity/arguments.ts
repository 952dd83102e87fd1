// The words after `wireroom capacity`, read. Whether the servers may be measured is decided in reach.ts, whether a plan can be done in
// the measuring package.
import type { Mix, TargetPlan } from '@wireroom/capacity';
import { readFlags } from '../terminal/flags.ts';
import { type Language, languageOf } from '../terminal/language.ts';
import { UsageError } from '../usage-error.ts';
import { CLI_CAPACITY_LIMITS, PACE, USUAL_MIX } from './limits.ts';

export type CapacityArguments = MeasureArguments | DrawArguments;

/** Draws a kept report anew. */
export interface DrawArguments extends OutputArguments {
  readonly kind: 'draw';
  readonly file: string;
}

export interface MeasureArguments extends OutputArguments {
  readonly kind: 'measure';
  /** In the order in which they are measured; the first is what the report is about. `own`: started by the command. */
  readonly targets: readonly TargetArgument[];
  readonly mix: Mix;
  /** A search; otherwise a ramp up to `mix`. */
  readonly p99MsMax: number | undefined;
  /** Of a search. */
  readonly readersMax: number | undefined;
  readonly isQuick: boolean;
  readonly seconds: number;
  readonly withCosts: boolean;
  readonly predictions: readonly Mix[];
  readonly generators: number | undefined;
  readonly isOtherMachineAllowed: boolean;
  /** As it was typed. */
  readonly command: string;
}

interface OutputArguments {
  readonly out: string | undefined;
  /** Writes the documents' figures and pictures into this folder. */
  readonly docs: string | undefined;
  readonly isJson: boolean;
  readonly isColorWanted: boolean;
  readonly language: Language;
}

export type TargetArgument = { readonly kind: 'own' } | Exclude<TargetPlan, { readonly kind: 'own' }>;

const OPTIONS = {
  readers: { type: 'string' },
  senders: { type: 'string' },
  rate: { type: 'string' },
  size: { type: 'string' },
  p99: { type: 'string' },
  'readers-max': { type: 'string' },
  seconds: { type: 'string' },
  predict: { type: 'string', multiple: true },
  'no-costs': { type: 'boolean' },
  quick: { type: 'boolean' },
  peer: { type: 'string', multiple: true },
  'peer-only': { type: 'boolean' },
  room: { type: 'string' },
  event: { type: 'string' },
  generators: { type: 'string' },
  'yes-other-machine': { type: 'boolean' },
  from: { type: 'string' },
  out: { type: 'string' },
  docs: { type: 'string' },
  json: { type: 'boolean' },
  lang: { type: 'string' },
  'no-color': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof readValues>['values'];

/** Throws a UsageError. */
export function readArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CapacityArguments | { readonly kind: 'help'; readonly language: Language } {
  const { values, positionals } = readValues(args);
  const language = languageOf(values.lang, env);
  if (values.help === true) return { kind: 'help', language };
  const [url, surplus] = positionals;
  if (surplus !== undefined)
    throw new UsageError(`One server at a time; "${surplus}" is another one. To compare: --peer ${surplus}`);
  const output: OutputArguments = {
    out: values.out,
    docs: values.docs,
    isJson: values.json === true,
    isColorWanted: values['no-color'] !== true,
    language,
  };
  if (values.from !== undefined) {
    if (url !== undefined || values.peer !== undefined)
      throw new UsageError('--from draws a report that is there already; it takes no server.');
    return { kind: 'draw', file: values.from, ...output };
  }
  return {
    kind: 'measure',
    ...loadOf(values),
    targets: targetsOf(url, values),
    command: typed(args),
    ...output,
  };
}

function readValues(args: readonly string[]) {
  return readFlags({ args: [...args], options: OPTIONS, allowPositionals: true });
}

type LoadArguments = Omit<MeasureArguments, 'kind' | 'targets' | 'command' | keyof OutputArguments>;

function loadOf(values: Values): LoadArguments {
  const isQuick = values.quick === true;
  const mix = mixOf(values);
  const predictions = (values.predict ?? []).map((text) => predictionOf(text, mix));
  if (predictions.length > CLI_CAPACITY_LIMITS.predictionsMax)
    throw new UsageError(
      `--predict was given ${predictions.length} times; at most ${CLI_CAPACITY_LIMITS.predictionsMax} loads are measured.`,
    );
  const withCosts = values['no-costs'] !== true;
  if (!withCosts && predictions.length > 0)
    throw new UsageError('--predict needs the costs: leave out --no-costs.');
  return {
    mix,
    p99MsMax: values.p99 === undefined ? undefined : millisecondsOf(values.p99),
    readersMax: searchMaxOf(values),
    isQuick,
    seconds: numberOf('seconds', values.seconds) ?? PACE[isQuick ? 'quick' : 'full'].seconds,
    withCosts,
    predictions,
    generators: numberOf('generators', values.generators),
    isOtherMachineAllowed: values['yes-other-machine'] === true,
  };
}

function searchMaxOf(values: Values): number | undefined {
  const readersMax = numberOf('readers-max', values['readers-max']);
  if (readersMax !== undefined && values.p99 === undefined)
    throw new UsageError('--readers-max bounds a search: name the p99 to keep, such as --p99 200ms.');
  return readersMax;
}

/** Without a number of senders, as large a share of the readers as usual. */
function mixOf(values: Readonly<Partial<Record<keyof Mix, string>>>, usual: Mix = USUAL_MIX): Mix {
  const readers = numberOf('readers', values.readers) ?? usual.readers;
  const share = Math.max(1, Math.round((readers * usual.senders) / usual.readers));
  return {
    readers,
    senders: numberOf('senders', values.senders) ?? share,
    rate: numberOf('rate', values.rate) ?? usual.rate,
    size: numberOf('size', values.size) ?? usual.size,
  };
}

function predictionOf(text: string, usual: Mix): Mix {
  const values: Partial<Record<keyof Mix, string>> = {};
  for (const part of text.split(',')) {
    const [name = '', value] = part.split('=').map((word) => word.trim());
    if (value === undefined || !isMixKey(name))
      throw new UsageError(
        `--predict is "${text}"; it must look like readers=700,senders=35,rate=0.4,size=200, with some of them or all.`,
      );
    values[name] = value;
  }
  return mixOf(values, usual);
}

const MIX_KEYS = ['readers', 'senders', 'rate', 'size'] as const;
const isMixKey = (name: string): name is keyof Mix => MIX_KEYS.some((key) => key === name);

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(number) && number > 0) return number;
  throw new UsageError(
    `--${name} is "${text}"; it must be a number above zero, such as ${EXAMPLES[name] ?? '10'}.`,
  );
}

const EXAMPLES: Readonly<Record<string, string>> = {
  readers: '1000',
  senders: '20',
  rate: '0.2',
  size: '120',
};

function millisecondsOf(text: string): number {
  const [, digits = '', unit = 'ms'] = /^(\d+(?:\.\d+)?)\s*(ms|s)?$/.exec(text) ?? [];
  const ms = Number(digits) * (unit === 's' ? 1000 : 1);
  if (digits !== '' && ms > 0) return ms;
  throw new UsageError(`--p99 is "${text}"; it must be a time such as 200ms or 0.5s.`);
}

function targetsOf(url: string | undefined, values: Values): MeasureArguments['targets'] {
  const room = values.room ?? 'lobby';
  const event = values.event ?? 'message';
  const peers = (values.peer ?? []).map((text) => peerOf(text, room, event));
  if (peers.length > CLI_CAPACITY_LIMITS.peersMax)
    throw new UsageError(
      `--peer was given ${peers.length} times; at most ${CLI_CAPACITY_LIMITS.peersMax} are measured.`,
    );
  if (values['peer-only'] === true) {
    if (peers.length === 0) throw new UsageError('--peer-only needs a --peer: socketio, or an address.');
    if (url !== undefined) throw new UsageError(`--peer-only measures the peer; "${url}" would be left out.`);
    return peers;
  }
  const own: TargetArgument =
    url === undefined ? { kind: 'own' } : { kind: 'wireroom', url: addressOf(url), room };
  return [own, ...peers];
}

/** `socketio`, `socketio=URL`, or the address of a server that speaks wireroom.v1. */
function peerOf(text: string, room: string, event: string): TargetArgument {
  if (text === 'socketio') return { kind: 'socketio', event };
  const url = /^socketio=(.+)$/.exec(text)?.[1];
  return url === undefined
    ? { kind: 'wireroom', url: addressOf(text), room }
    : { kind: 'socketio', url: addressOf(url), event };
}

const SCHEMES = ['ws:', 'wss:', 'http:', 'https:'];

function addressOf(text: string): string {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `ws://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url === undefined || !SCHEMES.includes(url.protocol) || url.hostname === '')
    throw new UsageError(`"${text}" is no address of a server; one looks like ws://localhost:3000/ws.`);
  if (url.username !== '' || url.password !== '')
    throw new UsageError('A name and password have no place in the address: it would stand in the report.');
  return url.href;
}

/** Fit to be typed again. */
const typed = (args: readonly string[]): string =>
  [
    'wireroom capacity',
    ...args.map((word) => (/^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)),
  ].join(' ');
