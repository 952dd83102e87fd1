// Ten thousand clients come back after a restart, by four rules of waiting. Counted in time of its own, from a fixed seed:
// there is nothing of this machine in the figures.
import { type Cell, type Report, t } from './report.ts';

const CLIENTS = 10_000;
/** Handshakes that the server manages a second; the others are refused and try again. */
const PER_SECOND = 1_000;
const STEP_MS = 100;
const GIVE_UP_MS = 300_000;

/** Milliseconds until the next attempt, after so many failed ones. */
type Rule = (failures: number, random: () => number) => number;

const RULES: readonly (readonly [Cell, Rule])[] = [
  [t('固定 1 秒', 'always 1 s'), () => 1_000],
  [t('指数退避，无抖动', 'exponential, no jitter'), (failures) => Math.min(30_000, 1_000 * 2 ** failures)],
  [
    t('指数退避，全抖动', 'exponential, full jitter'),
    (failures, random) => random() * Math.min(30_000, 1_000 * 2 ** failures),
  ],
  [
    t('首次就抖动 0–10 秒，再指数退避', 'jitter of 0–10 s at first, then exponential'),
    (failures, random) => random() * Math.min(30_000, 10_000 * 2 ** failures),
  ],
];

/** The generator mulberry32: small, and the same numbers from the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Outcome {
  readonly peak: number;
  readonly attempts: number;
  readonly lastMs: number;
}

function play(rule: Rule): Outcome {
  const random = randomFrom(20_261_126);
  const slots = new Map<number, number[]>();
  const enter = (ms: number, failures: number): void => {
    const slot = Math.floor(ms / STEP_MS);
    const waiting = slots.get(slot);
    if (waiting) waiting.push(failures);
    else slots.set(slot, [failures]);
  };
  for (let client = 0; client < CLIENTS; client++) enter(rule(0, random), 0);
  let [peak, attempts, inside, slot] = [0, 0, 0, 0];
  while (inside < CLIENTS && slot * STEP_MS < GIVE_UP_MS) {
    const waiting = slots.get(slot) ?? [];
    slots.delete(slot);
    peak = Math.max(peak, waiting.length);
    attempts += waiting.length;
    const taken = Math.min(waiting.length, (PER_SECOND * STEP_MS) / 1000);
    inside += taken;
    for (const failures of waiting.slice(taken))
      enter(slot * STEP_MS + STEP_MS + rule(failures + 1, random), failures + 1);
    slot += 1;
  }
  return { peak, attempts, lastMs: slot * STEP_MS };
}

export async function measure(): Promise<Report> {
  return {
    title: t(
      `${CLIENTS} 个客户端同时掉线，服务器每秒能接 ${PER_SECOND} 个握手`,
      `${CLIENTS} clients cut off at once, a server that manages ${PER_SECOND} handshakes a second`,
    ),
    columns: [
      t('重连规则', 'rule of reconnecting'),
      t(`${STEP_MS} ms 内最多来几个`, `most within ${STEP_MS} ms`),
      t('总共尝试', 'attempts in all'),
      t('最后一个连上（秒）', 'the last is back (s)'),
    ],
    rows: RULES.map(([name, rule]) => {
      const { peak, attempts, lastMs } = play(rule);
      return [
        name,
        peak,
        attempts,
        lastMs >= GIVE_UP_MS
          ? t(`超过 ${GIVE_UP_MS / 1000}`, `over ${GIVE_UP_MS / 1000}`)
          : (lastMs / 1000).toFixed(1),
      ];
    }),
    note: t(
      '这是推演，不是压测：种子固定，每台机器上数字都一样。',
      'Played through, not loaded: the seed is fixed, and the figures are the same on every machine.',
    ),
  };
}
