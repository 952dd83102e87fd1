// From what was seen to what is wrong: sightings of one mistake become one finding, and what follows from another finding
// goes under it. Values in, values out.
import type { CaseResult } from '../tester/trial.ts';
import { type Finding, SEVERITIES, type Severity, type Sighting, say } from './mistake.ts';
import { MISTAKE_IDS, MISTAKES, type MistakeId } from './mistakes.ts';

interface Draft {
  readonly id: MistakeId;
  readonly severity: Severity;
  readonly seen: readonly Sighting[];
  readonly cases: readonly CaseResult[];
  /** Its place among those of the same weight. */
  readonly place: number;
}

/** The main finding first. */
export function findingsOf(sightings: readonly Sighting[], failed: readonly CaseResult[] = []): Finding[] {
  const drafts = draftsOf(sightings);
  const attributed = attribute(drafts, failed);
  const all = [...attributed.drafts, ...casesAlone(attributed.rest)].sort(byWeight);
  const roots = all.filter(({ id }) => !all.some((other) => isCauseOf(other.id, id)));
  const placed = new Set(roots.map(({ id }) => id));
  return roots.map((root) => {
    const followers = all.filter(({ id }) => !placed.has(id) && leadsTo(root.id, id, all));
    for (const { id } of followers) placed.add(id);
    return findingOf(root, followers);
  });
}

/** Where two explain each other, the one that comes first in the list is the cause. */
function isCauseOf(cause: MistakeId, id: MistakeId): boolean {
  if (cause === id || !isExplained(cause, id)) return false;
  return !isExplained(id, cause) || MISTAKE_IDS.indexOf(cause) < MISTAKE_IDS.indexOf(id);
}

/** Directly, or over others that were seen. */
function leadsTo(cause: MistakeId, id: MistakeId, all: readonly Draft[]): boolean {
  if (isCauseOf(cause, id)) return true;
  return all.some((between) => isCauseOf(cause, between.id) && isCauseOf(between.id, id));
}

/** After the checks that are mistakes in all cases. */
const LAST_LENIENCY: MistakeId = 'rsv-accepted';

function draftsOf(sightings: readonly Sighting[]): Draft[] {
  return MISTAKE_IDS.flatMap((id) => {
    const seen = sightings.filter((sighting) => sighting.id === id);
    if (seen.length === 0) return [];
    const weights = seen.map(({ severity }) => SEVERITIES.indexOf(severity ?? MISTAKES[id].severity));
    const isLenient = seen.every(({ isLeniency }) => isLeniency === true);
    const place = MISTAKE_IDS.indexOf(isLenient ? LAST_LENIENCY : id);
    return [{ id, seen, place, cases: [], severity: SEVERITIES[Math.min(...weights)] ?? 'mistake' }];
  });
}

const byWeight = (a: Draft, b: Draft): number =>
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || a.place - b.place;

function isExplained(cause: MistakeId, id: MistakeId): boolean {
  const { explains } = MISTAKES[cause];
  return (
    explains.includes(id) ||
    (explains.includes(`layer:${MISTAKES[id].layer}`) && MISTAKES[id].severity === 'mistake')
  );
}

/** Each failed case goes to the first mistake that fails such cases. */
function attribute(drafts: readonly Draft[], failed: readonly CaseResult[]) {
  let rest = [...failed];
  const withCases = drafts.map((draft) => {
    const own = rest.filter(({ id }) => MISTAKES[draft.id].cases.some((prefix) => id.startsWith(prefix)));
    rest = rest.filter((result) => !own.includes(result));
    return { ...draft, cases: own };
  });
  return { drafts: withCases, rest };
}

/**
 * A case that fails because something that was due did not come, or came wrong, hits honest clients: lengths, fragments,
 * text, packets, plain compression. In the others the server takes what it should refuse, or answers in another order than
 * an echo that is written in one piece; well-known servers do that in places.
 */
const HONEST = /did not come|came instead of|it sent |did not survive/;
const HONEST_SECTIONS: readonly string[] = ['1', '5', '6', '10', '12', '13'];
const SHOWN_CASES_MAX = 8;

function casesAlone(rest: readonly CaseResult[]): Draft[] {
  const isHonest = ({ section, notes }: CaseResult): boolean =>
    HONEST_SECTIONS.includes(section) && notes.some((note) => HONEST.test(note));
  const groups = [
    { id: 'cases-failed', cases: rest.filter(isHonest) },
    { id: 'cases-letter', cases: rest.filter((result) => !isHonest(result)) },
  ] as const;
  return groups
    .filter(({ cases }) => cases.length > 0)
    .map(({ id, cases }) => ({
      ...{ id, cases, place: MISTAKE_IDS.indexOf(id) },
      ...{ severity: MISTAKES[id].severity, seen: caseSightings(id, cases) },
    }));
}

/** One line for a case, whichever of its cuts failed. */
function caseSightings(id: 'cases-failed' | 'cases-letter', cases: readonly CaseResult[]): Sighting[] {
  const numberOf = (result: CaseResult): string => result.id.replace(/[wfb]$/, '');
  const ones = [...new Map(cases.map((result) => [numberOf(result), result])).entries()];
  const lines = ones.slice(0, SHOWN_CASES_MAX).map(([number, { title, rule, notes }]) => {
    const line = `${number} ${title.replace(/, (in one write|a write for each (frame|byte))$/, '')} (${rule}): ${notes[0] ?? ''}`;
    return say(line, line);
  });
  const left = ones.length - lines.length;
  if (left > 0) lines.push(say(`and ${left} more`, `另有 ${left} 个`));
  return lines.map((seen) => ({ id, seen }));
}

function findingOf({ id, severity, seen, cases }: Draft, followers: readonly Draft[]): Finding {
  const { layer, rfc, title, expected, why, mend } = MISTAKES[id];
  return {
    ...{ id, severity, layer, rfc, title, expected, why, mend },
    seen: [...new Map(seen.map((sighting) => [sighting.seen.en, sighting.seen])).values()],
    follows: followers.map((follower) => ({ id: follower.id, title: MISTAKES[follower.id].title })),
    cases: [...cases, ...followers.flatMap((follower) => follower.cases)],
  };
}
