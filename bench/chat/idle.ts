// Scenario `idle`: connections that have said hello and nothing since. They are in no room: ten thousand guests who enter one are
// ten thousand entries for each of them, which is another measurement.
import { greet, type Wire } from '@wireroom/capacity/load';
import { wait } from '../processes.ts';
import { figure } from '../table.ts';
import { lost, placeOf, ROOM, wireroom } from './dialects.ts';
import type { Size } from './options.ts';
import { ms, type Outcome } from './report.ts';
import { startWireroom } from './servers.ts';

const AT_ONCE = 64;
const SETTLE_MS = 2_000;
/** One interval of the heartbeat, and a little. */
const HEARTBEAT_MS = 28_000;

export async function idle({ idle: count, isQuick }: Size): Promise<Outcome> {
  const server = await startWireroom();
  // What the first connections bring is not theirs: code is compiled, memory is taken in steps.
  await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => greetOn(server.port, `First ${index}`)));
  await wait(SETTLE_MS);
  const before = server.residentBytes();
  const begunAt = performance.now();
  let index = 0;
  const wires: Wire[] = [];
  const worker = async (): Promise<void> => {
    while (index < count) {
      index += 1;
      wires.push(await greetOn(server.port, `Guest ${index}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const tookMs = performance.now() - begunAt;
  await wait(SETTLE_MS);
  const greeted = server.residentBytes();
  if (!isQuick) await wait(HEARTBEAT_MS);
  const beaten = server.residentBytes();
  for (const wire of wires) wire.end();
  await server.end();
  const each = (bytes: number): string => `${figure((bytes - before) / count)} B`;
  return {
    title: `${figure(count)} idle connections`,
    rows: [
      ['', 'measured'],
      ['memory of the server per connection, greeted', each(greeted)],
      ...(isQuick ? [] : [['the same after a heartbeat', each(beaten)]]),
      [`until all were greeted, ${AT_ONCE} at a time`, ms(tookMs)],
      ['connections greeted per second', figure((count / tookMs) * 1000)],
    ],
    notes: [
      'Growth of the resident memory of the whole process. A greeted guest is a row on disk before `welcome`.',
    ],
  };
}

function greetOn(port: number, name: string): Promise<Wire> {
  const door = { place: placeOf(port, wireroom), dialect: wireroom, room: ROOM };
  return greet(door, name, { text: () => undefined, lost });
}
