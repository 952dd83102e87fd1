// Scenarios `room` and `slow`: what a room full of readers gets, beside a plain Socket.IO room, and what one who does not read costs.
import type { Timing } from '../processes.ts';
import { median } from '../statistics.ts';
import { figure, percent } from '../table.ts';
import { Crowd, type Round } from './crowd.ts';
import type { Size } from './options.ts';
import { against, ms, type Outcome, times } from './report.ts';
import { type Server, startSocketio, startWireroom } from './servers.ts';

const UNDER_WAY_MAX = 32;
const TEXT_BYTES = 128;
const MIB = 1024 * 1024;

export const SENDERS = [
  { senders: 1, target: 1.8 },
  { senders: 16, target: 8 },
] as const;

interface Measured {
  readonly name: string;
  readonly senders: number;
  readonly rounds: readonly Round[];
}

export async function room(size: Size): Promise<Outcome> {
  const servers = [
    { name: 'Wireroom', server: await startWireroom() },
    { name: 'Socket.IO', server: await startSocketio() },
  ];
  const crowds: { readonly name: string; readonly crowd: Crowd }[] = [];
  for (const { name, server } of servers) crowds.push({ name, crowd: await crowdOf(server, size) });
  const measured: { readonly name: string; readonly senders: number; readonly rounds: Round[] }[] = [];
  for (const { senders } of SENDERS)
    for (const { name } of crowds) measured.push({ name, senders, rounds: [] });
  for (let turn = 0; turn < size.rounds; turn += 1)
    for (const { name, senders, rounds } of measured) {
      const crowd = crowds.find((one) => one.name === name)?.crowd;
      if (crowd !== undefined) rounds.push(await crowd.round(senders, size));
    }
  for (const { crowd } of crowds) crowd.leave();
  for (const { server } of servers) await server.end();
  return roomOutcome(measured, size);
}

export function roomOutcome(measured: readonly Measured[], { readers, rounds, seconds }: Size): Outcome {
  const of = (name: string, senders: number, key: keyof Round): number =>
    median(
      (measured.find((one) => one.name === name && one.senders === senders)?.rounds ?? []).map(
        (each) => each[key],
      ),
    );
  const rows = SENDERS.flatMap(({ senders, target }) => {
    const ratio =
      of('Wireroom', senders, 'deliveriesPerSecond') / of('Socket.IO', senders, 'deliveriesPerSecond');
    return ['Wireroom', 'Socket.IO'].map((name) => [
      `${name}, ${senders} ${senders === 1 ? 'sender' : 'senders'}`,
      figure(of(name, senders, 'deliveriesPerSecond')),
      ...(['p50Ms', 'p99Ms'] as const).map((key) => ms(of(name, senders, key))),
      figure(of(name, senders, 'cpuUsEach'), 2),
      percent(of(name, senders, 'generatorShare')),
      ...(name === 'Wireroom'
        ? [times(ratio), `≥ ${target} ×: ${against(ratio, target, 'at least')}`]
        : ['1', '']),
    ]);
  });
  const head = ['', 'deliveries/s', 'p50', 'p99', 'CPU µs each', 'generator CPU', 'ratio', 'target'];
  return {
    title: `A room of ${figure(readers)}`,
    rows: [head, ...rows],
    notes: [
      `Medians of ${rounds} rounds of ${seconds} s, in turns. Texts of ${TEXT_BYTES} B. Every message was at every reader, in one order.`,
      'Wireroom: every message is on disk (fsync) before anybody sees it. Socket.IO stores nothing.',
    ],
  };
}

/** The same room, with everybody reading and then without one. */
export async function slow(size: Size): Promise<Outcome> {
  const server = await startWireroom();
  const crowd = await crowdOf(server, size);
  const timing: Timing = { seconds: Math.max(size.seconds, size.isQuick ? 0 : 8), warmSeconds: 0 };
  await crowd.round(16, timing);
  const before = server.residentBytes();
  const all = await crowd.round(16, timing);
  const between = server.residentBytes();
  crowd.stall(1);
  const others = await crowd.round(16, timing);
  const after = server.residentBytes();
  crowd.leave();
  await server.end();
  const row = (name: string, round: Round, bytes: number): string[] => [
    name,
    figure(round.deliveriesPerSecond),
    ms(round.p50Ms),
    ms(round.p99Ms),
    `${figure(bytes / MIB, 1)} MiB`,
  ];
  return {
    title: `One of ${figure(size.readers)} stops reading`,
    rows: [
      ['16 senders', 'deliveries/s', 'p50', 'p99', 'memory grew by'],
      row('all read', all, between - before),
      row('one does not', others, after - between),
    ],
    notes: [
      `Rounds of ${timing.seconds} s. Those who read got every message; at most 256 KiB and an entry wait for the one who does not.`,
    ],
  };
}

function crowdOf(server: Server, { readers }: Size): Promise<Crowd> {
  return Crowd.enter(server, { readers, underWayMax: UNDER_WAY_MAX, textBytes: TEXT_BYTES });
}
