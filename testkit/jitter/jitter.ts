// The whole test: one peer after another through the same outages, and what came of it. main.ts reads the flags and writes the files.
import os from 'node:os';
import { isBuildStale } from '../../scripts/build-stamp.mjs';
import { root } from '../../scripts/root.mjs';
import type { JitterOptions } from './options.ts';
import { versions } from './peers.ts';
import type { JitterReport } from './report.ts';
import { type TrialResult, tryPeer } from './trial.ts';

export interface JitterRun {
  /** As it was typed. */
  readonly command: string;
  readonly print: (line: string) => void;
}

export async function runJitter(
  options: JitterOptions,
  { command, print }: JitterRun,
): Promise<JitterReport> {
  // An older build would be measured in place of what is here.
  const isBuilt = !isBuildStale(root);
  const loadBefore = os.loadavg()[0] ?? 0;
  const trials: TrialResult[] = [];
  for (const peer of options.peers) {
    print(peer);
    trials.push(await tryPeer(peer, { ...options, isBuilt, print }));
  }
  const cpus = os.cpus();
  const machine = {
    cpu: cpus[0]?.model.trim() ?? os.arch(),
    cores: cpus.length,
    load: [loadBefore, os.loadavg()[0] ?? 0] as const,
    versions: versions(),
    isBuilt,
  };
  return { command, options, machine, trials };
}
