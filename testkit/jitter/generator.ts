// The load generator, a program: a crowd of real clients, in a process of its own. jitter.ts starts it and asks; it ends with whoever
// started it.
import { Crowd } from './crowd.ts';
import type { Answered, Asked, Order } from './orders.ts';

const crowd = new Crowd();

function carryOut(order: Order): unknown {
  switch (order.do) {
    case 'open':
      return crowd.open(order);
    case 'begin':
      return crowd.begin(order.perSecond);
    case 'hush':
      return crowd.hush();
    case 'look':
      return crowd.look();
    case 'judge':
      return crowd.judge(order.outages);
    case 'receipts':
      return crowd.receipts();
  }
}

const reply = (answered: Answered): void => void process.send?.(answered);

process.on('message', ({ id, order }: Asked) => {
  void Promise.resolve()
    .then(() => carryOut(order))
    .then(
      (answer) => reply({ id, answer }),
      (error: unknown) => reply({ id, error: error instanceof Error ? (error.stack ?? '') : String(error) }),
    );
});
process.on('disconnect', () => process.exit());
