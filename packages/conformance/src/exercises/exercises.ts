// The exercises of the course, graded: twelve lists of checks, played one after the other against a learner's server.
// Who starts that server, and shows the grade, is examples/course/exercise.ts.
import { BROADCAST, RECONNECT } from './chat.ts';
import { FRAME_HEAD, HALF_A_FRAME, LENGTHS, TWO_FRAMES, UNMASK } from './framing.ts';
import { type Grade, type GradeStep, type Words, words } from './grade.ts';
import { HANDSHAKE } from './handshake.ts';
import { HISTORY } from './history.ts';
import { CLOSING, FRAGMENTS, PINGS } from './talking.ts';
import { type Check, Shortfall, Trial } from './trial.ts';

interface Exercise {
  readonly title: Words;
  readonly checks: readonly Check[];
}

/** In their order; exercise 01 is the first. */
const EXERCISES: readonly Exercise[] = [
  { title: words('回答握手', 'answer the handshake'), checks: HANDSHAKE },
  { title: words('读懂一帧的头', 'read the head of a frame'), checks: FRAME_HEAD },
  { title: words('去掉掩码', 'take the mask off'), checks: UNMASK },
  { title: words('一次读取，两帧', 'two frames in one read'), checks: TWO_FRAMES },
  { title: words('一帧，两次读取', 'a frame in two reads'), checks: HALF_A_FRAME },
  { title: words('长度 126 和 127', 'lengths 126 and 127'), checks: LENGTHS },
  { title: words('回答 ping', 'answer a ping'), checks: PINGS },
  { title: words('分片', 'fragments'), checks: FRAGMENTS },
  { title: words('好好关闭', 'close properly'), checks: CLOSING },
  { title: words('广播：大家的聊天室', 'broadcast: a chat for many'), checks: BROADCAST },
  { title: words('重连，一条不丢', 'reconnect, and lose nothing'), checks: RECONNECT },
  { title: words('全部历史，不挡聊天', 'all of the history, and the chat goes on'), checks: HISTORY },
];

export const EXERCISE_COUNT = EXERCISES.length;

/** Quick enough for one who waits, long enough for a busy machine. */
const PATIENCE_MS = 3_000;

export interface GradeOptions {
  /** The longest wait for one answer of the server. Default: 3000. */
  readonly patienceMs?: number;
}

/** Grades the server at this address (ws://…) as the solution of an exercise, from 1 to 12. */
export async function gradeExercise(
  exercise: number,
  url: string,
  { patienceMs = PATIENCE_MS }: GradeOptions = {},
): Promise<Grade> {
  const found = EXERCISES[exercise - 1];
  if (found === undefined) throw new RangeError(`there is no exercise ${exercise} (1 to ${EXERCISE_COUNT})`);
  const steps: GradeStep[] = [];
  for (const check of found.checks) {
    const { title, rule } = check;
    const isOver = steps.at(-1) !== undefined && steps.at(-1)?.state !== 'passed';
    if (isOver) steps.push({ title, rule, state: 'not tried' });
    else steps.push(await stepOf(check, new Trial(new URL(url), patienceMs)));
  }
  return { exercise, title: found.title, isPassed: steps.every(({ state }) => state === 'passed'), steps };
}

async function stepOf({ title, rule, play }: Check, trial: Trial): Promise<GradeStep> {
  try {
    await play(trial);
    return { title, rule, state: 'passed' };
  } catch (error) {
    const { found, hint } = shortfallOf(error);
    return { title, rule, state: 'failed', found, hint };
  } finally {
    trial.end();
  }
}

/** A connection that cannot be made is the server's shortfall, too; everything else is a mistake of ours. */
function shortfallOf(error: unknown): Shortfall {
  if (error instanceof Shortfall) return error;
  if (!(error instanceof Error) || !('code' in error || error.message.startsWith('no connection')))
    throw error;
  return new Shortfall(words(`连不上：${error.message}`, `no connection: ${error.message}`));
}
