// What a scenario hands back, and how it is told. Pure.
import { figure, markdownTable } from '../table.ts';

export interface Outcome {
  readonly title: string;
  /** The first row is the head. */
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

export function told({ title, rows, notes }: Outcome): string {
  return [`## ${title}`, markdownTable(rows), ...notes.map((note) => `- ${note}`)].join('\n\n');
}

export const ms = (value: number): string => `${figure(value, value < 100 ? 1 : 0)} ms`;
export const times = (value: number): string => `${figure(value, value < 10 ? 2 : 1)} ×`;

/** Beside its target, which is reached or not. */
export function against(value: number, target: number, wanted: 'at least' | 'at most'): string {
  const isReached = wanted === 'at least' ? value >= target : value <= target;
  return isReached ? 'reached' : 'missed';
}
