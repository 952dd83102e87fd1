// What the log has at the end, read over HTTP as anybody can, beside what was posted and acknowledged.
import { readText } from './ledger.ts';
import type { Receipts } from './orders.ts';

export interface LogFigures {
  readonly posted: number;
  readonly acknowledged: number;
  readonly inLog: number;
  /** Acknowledged, and not there. */
  readonly lost: number;
  /** There more than once. */
  readonly twice: number;
}

/** How often each message stands in the log. */
export type Logged = ReadonlyMap<number, number>;

export async function readLog(port: number): Promise<Logged> {
  const response = await fetch(`http://localhost:${port}/api/rooms/lobby/history`);
  if (!response.ok) throw new Error(`The history answers ${response.status}.`);
  return loggedIn(await response.text());
}

/** `history`: one entry a line. */
export function loggedIn(history: string): Logged {
  const times = new Map<number, number>();
  for (const line of history.split('\n').filter((text) => text !== '')) {
    const told = readText(textIn(JSON.parse(line)));
    if (told !== undefined) times.set(told.message, (times.get(told.message) ?? 0) + 1);
  }
  return times;
}

export function judgeLog(times: Logged, { posted, acknowledged }: Receipts): LogFigures {
  return {
    posted,
    acknowledged: acknowledged.length,
    inLog: times.size,
    lost: acknowledged.filter((message) => !times.has(message)).length,
    twice: [...times.values()].filter((count) => count > 1).length,
  };
}

/** Empty where the entry has none. */
function textIn(entry: unknown): string {
  const isText =
    typeof entry === 'object' && entry !== null && 'text' in entry && typeof entry.text === 'string';
  return isText ? String(entry.text) : '';
}
