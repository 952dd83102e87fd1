// The program of a process that makes load. It does what the run tells it (generator-port.ts) and ends when the run is gone, whatever
// became of that.
import { Crowd } from './crowd.ts';
import { type Dialect, socketioDialect, wireroomDialect } from './dialect.ts';
import type {
  DoorPlan,
  GeneratorAnswer,
  GeneratorOrder,
  GeneratorOrderMessage,
  StepResult,
} from './generator-port.ts';

let crowd: Crowd | undefined;

process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches every process of the group; the run decides when this one ends.
process.on('SIGINT', () => undefined);
process.on('message', (message: GeneratorOrderMessage) => {
  crowd ??= crowdOf(message);
  perform(crowd, message.order).then(
    (result) => tell(message.id, result === undefined ? {} : { result }),
    (error: unknown) => tell(message.id, { error: error instanceof Error ? error.message : String(error) }),
  );
});

function crowdOf({ door, clockZero, run }: GeneratorOrderMessage): Crowd {
  // One clock for all processes of a machine; `performance.now()` is the same one, counted from another moment.
  const offset = Number(process.hrtime.bigint() / 1000n) - performance.now() * 1e3 - clockZero;
  return new Crowd({
    door: { place: door.place, room: door.room, dialect: dialectOf(door) },
    micros: (now) => now * 1e3 + offset,
    nameOf: (index) => `Load ${run}-${process.pid}-${index}`,
  });
}

function dialectOf({ kind, room, event }: DoorPlan): Dialect {
  return kind === 'wireroom' ? wireroomDialect(room) : socketioDialect(event);
}

async function perform(on: Crowd, order: GeneratorOrder): Promise<StepResult | undefined> {
  switch (order.act) {
    case 'enter':
      await on.enter(order.count, order.stays);
      return undefined;
    case 'greet':
      await on.greet(order.count);
      return undefined;
    case 'shrink':
      on.shrink(order.to);
      return undefined;
    case 'begin':
      on.begin(order);
      return undefined;
    case 'tell':
      return undefined;
    case 'finish':
      return on.finish();
  }
}

function tell(id: number, answer: Pick<GeneratorAnswer, 'error' | 'result'>): void {
  if (crowd === undefined || !process.connected) return;
  const { user, system } = process.cpuUsage();
  const { count, last } = crowd.losses;
  const message: GeneratorAnswer = {
    id,
    connections: crowd.connections,
    lostConnections: count,
    ...(last !== undefined && { lastLoss: last }),
    cpuMicros: user + system,
    counts: crowd.counts,
    recent: crowd.takeRecent(),
    ...answer,
  };
  process.send?.(message);
}
