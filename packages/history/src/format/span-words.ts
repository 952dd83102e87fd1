// What a file tells people about itself, in English: what it is of, how much is in it, whether it is whole, how to prove it.
// Sentences without marks; each writer cleans and marks them in its own way.
import type { HistoryHead } from '../download.ts';
import type { HistoryTotals } from './writer.ts';

const grouped = new Intl.NumberFormat('en-US');
export const number = (value: number): string => grouped.format(value);

/** From 1 May … (a name, an instant: as they were asked for). */
export function selectionWords({ spec, after, until }: HistoryHead): readonly string[] {
  const { from, to, author, tz = 'UTC' } = spec;
  const begin = after === undefined || after === 0 ? 'From the beginning' : `After entry ${number(after)}`;
  return [
    `${begin}, up to entry ${number(until)}`,
    ...(from === undefined ? [] : [`Since ${from}`]),
    ...(to === undefined ? [] : [`Before ${to}`]),
    ...(author === undefined ? [] : [`Only by ${author}`]),
    `Times in ${tz}`,
  ];
}

/** What is in the file, and what is not. The last one: how to prove it. */
export function totalsWords({
  count,
  first,
  last,
  broken,
  gaps,
  cut,
  next,
}: HistoryTotals): readonly string[] {
  const span = first === null || last === null ? '' : `, from #${first} to #${last}`;
  const missing = gaps.map(([from, to]) => (from === to ? `#${from}` : `#${from}–#${to}`)).join(', ');
  return [
    count === 0 ? 'No messages.' : `${number(count)} ${count === 1 ? 'record' : 'records'}${span}.`,
    ...(broken === 0 ? [] : [`${number(broken)} of them could not be read.`]),
    ...(missing === '' ? [] : [`Missing in the room’s log: ${missing}.`]),
    ...(cut === undefined ? [] : [`This file is NOT whole: ${cut.message} (${cut.code})`]),
    ...(next === undefined ? [] : [`It goes on in another file after entry #${next}.`]),
    'The last line has the SHA-256 of every byte before it.',
  ];
}

export const PROOF_COMMANDS = ['wireroom history verify FILE', 'head -n -1 FILE | sha256sum'] as const;
