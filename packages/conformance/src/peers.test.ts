import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Verdict } from './case.ts';
import { CASES } from './cases/cases.ts';
import { QUICK_PACE } from './pace.ts';
import { PEERS, type Peer, testPeer } from './peers.ts';
import { linesOf } from './report.ts';
import type { CaseResult } from './tester/trial.ts';

const TIMEOUT_MS = 180_000;
const STRICT: readonly Verdict[] = ['fail', 'non-strict', 'unimplemented'];

const casesOf = (peer: Peer): number =>
  CASES.filter(({ peers }) => peers.includes(peer.endsWith('server') ? 'server' : 'client')).length;

/** Without the streams and the large messages. */
const LIGHT_CASES = CASES.filter(({ isHeavy }) => !isHeavy);

describe('our engine', () => {
  it.each(['our-server', 'our-client'] as const)(
    '%s: every case, none failed, none only just right',
    async (peer) => {
      const results = await testPeer(peer, { cases: CASES, pace: QUICK_PACE });
      expect(linesOf(results, STRICT)).toEqual([]);
      expect(results.length).toBe(casesOf(peer));
    },
    TIMEOUT_MS,
  );

  it.each(['our-whatwg', 'our-ws-server', 'our-ws-client'] as const)(
    '%s: the same, without the streams that it shares with the others',
    async (peer) => {
      const results = await testPeer(peer, { cases: LIGHT_CASES, pace: QUICK_PACE });
      // As in ws, whose status for another version its users know.
      const isKnown = (line: string): boolean => peer === 'our-ws-server' && line.includes('14.4.1');
      expect(linesOf(results, STRICT).filter((line) => !isKnown(line))).toEqual([]);
      expect(results.length).toBeGreaterThan(800);
    },
    TIMEOUT_MS,
  );
});

/** What happens is their business: that the run completes is all that is asked. */
const complete = (peer: Peer): Promise<CaseResult[]> =>
  testPeer(peer, { cases: LIGHT_CASES, pace: QUICK_PACE });

describe('the engines of others', () => {
  it.each(['ws-server', 'ws-client', 'node-client'] as const)(
    '%s: the run completes',
    async (peer) => {
      const results = await complete(peer);
      expect(results.length).toBeGreaterThan(800);
      // The client of Node 20, which is still behind a flag there, may crash in the middle.
      expect(results.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(100);
    },
    TIMEOUT_MS,
  );
});

describe('docs/conformance.md', () => {
  const document = readFileSync(new URL('../../../docs/conformance.md', import.meta.url), 'utf8');

  it.each(PEERS)('shows the table of %s, of as many cases as there are now', (peer) => {
    const [, part = ''] = document.split(`\n## ${peer} `);
    const [, count] = /^\| all +\| +(\d+) \|/m.exec(part.split('\n## ', 1)[0] ?? '') ?? [];
    expect(Number(count)).toBe(casesOf(peer));
  });
});
