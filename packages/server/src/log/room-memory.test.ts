// What the writer keeps in memory against a model, through batches in which operations are refused after they have written,
// statements and commits fail, members come and go, and drafts come twice. Whole batches, in the executor, without a thread.
import { join } from 'node:path';
import { type AuthorId, ChatError, type Room } from '@wireroom/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driversHere, tappedDriver, temporaryFolder } from '../db/sqlite-driver.contract.ts';
import { SqliteExecutor } from '../db/sqlite-executor.ts';
import type { Call, Outcome } from '../db/thread-port.ts';
import { authorNamed, draftOf, EVERYTHING } from './log-samples.contract.ts';
import { createOperations, type SqliteLogOperations } from './sqlite-log-operations.ts';

const PEOPLE = ['Ann', 'Ben', 'Cem'];
const NAMES = ['short', 'long'];

type Step =
  | { readonly act: 'join'; readonly who: number; readonly name: number }
  | { readonly act: 'leave'; readonly who: number }
  | { readonly act: 'post'; readonly who: number; readonly draft: number; readonly text: number }
  | { readonly act: 'spoil'; readonly step: Step };

const who = fc.nat({ max: PEOPLE.length - 1 });
const plainStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ act: fc.constant('join' as const), who, name: fc.nat({ max: NAMES.length - 1 }) }),
  fc.record({ act: fc.constant('leave' as const), who }),
  fc.record({
    act: fc.constant('post' as const),
    who,
    draft: fc.nat({ max: 5 }),
    text: fc.nat({ max: 1 }),
  }),
);
/** Some are done and then refused, in the same operation. */
const step = fc.oneof(
  { weight: 5, arbitrary: plainStep },
  {
    weight: 1,
    arbitrary: plainStep.map((done): Step => ({ act: 'spoil', step: done })),
  },
);
const FAULTS = [/^COMMIT/, /^UPDATE rooms SET head/, /^INSERT INTO entries/, /^RELEASE/] as const;
const batch = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
  fault: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...FAULTS) },
  ),
});

/** A room as it ought to be. */
class Model {
  head = 0;
  readonly members = new Map<AuthorId, string>();
  readonly drafts = new Map<string, { readonly seq: number; readonly text: string }>();

  copy(): Model {
    const model = new Model();
    model.head = this.head;
    for (const [id, name] of this.members) model.members.set(id, name);
    for (const [id, draft] of this.drafts) model.drafts.set(id, draft);
    return model;
  }

  /** What the operation ought to say: a code, or the seq that it leads to. */
  run(one: Step): string | number {
    if (one.act === 'spoil') {
      const said = this.copy().run(one.step);
      return typeof said === 'string' ? said : 'busy';
    }
    const { authorId, name } = authorOf(one);
    const nameBefore = this.members.get(authorId);
    if (one.act === 'post') return this.#post(one, authorId);
    if (one.act === 'join') {
      if (nameBefore !== name) this.head += nameBefore === undefined ? 1 : 2;
      this.members.set(authorId, name);
    } else if (this.members.delete(authorId)) this.head += 1;
    return this.head;
  }

  #post({ draft, text }: Extract<Step, { act: 'post' }>, authorId: AuthorId): string | number {
    const key = `${authorId} ${draft}`;
    const stored = this.drafts.get(key);
    if (stored !== undefined) return stored.text === `text ${text}` ? stored.seq : 'draft-conflict';
    if (!this.members.has(authorId)) return 'not-joined';
    this.head += 1;
    this.drafts.set(key, { seq: this.head, text: `text ${text}` });
    return this.head;
  }
}

function authorOf(one: Exclude<Step, { act: 'spoil' }>): ReturnType<typeof authorNamed> {
  const person = PEOPLE[one.who] ?? '';
  return authorNamed(one.act === 'join' ? `${person} ${NAMES[one.name]}` : person, person);
}

function callOf(room: Room, one: Step): Call {
  if (one.act === 'spoil')
    return { module: 'spoilt', name: one.step.act, input: callOf(room, one.step).input };
  const { roomId } = room;
  const author = authorOf(one);
  if (one.act === 'join') return { module: 'log', name: 'join', input: { roomId, author } };
  if (one.act === 'leave')
    return { module: 'log', name: 'leave', input: { roomId, authorId: author.authorId } };
  return {
    module: 'log',
    name: 'post',
    input: draftOf(room, author, `text ${one.text}`, `draft-${one.draft}`),
  };
}

/** The operations, and the same refused when they have been done. */
function attach(executor: SqliteExecutor): SqliteLogOperations {
  const operations = createOperations(executor.database);
  executor.attach('log', { ...operations });
  const spoilt = Object.entries(operations).map(([name, run]: [string, (input: never) => unknown]) => [
    name,
    (input: never) => {
      run(input);
      throw new ChatError('busy');
    },
  ]);
  executor.attach('spoilt', Object.fromEntries(spoilt));
  return operations;
}

/** The outcome as the model says it. */
function said(outcome: Outcome | undefined): unknown {
  if (outcome?.ok !== true) return outcome?.code;
  const value = outcome.value as {
    stamp?: { seq: number };
    entry?: { seq: number };
    position?: { seq: number };
  };
  return (value.stamp ?? value.entry ?? value.position)?.seq;
}

describe.each(driversHere())('what the writer remembers of rooms, on $name', (driver) => {
  it('[L1.1] [L2.4] [L3] is what the tables say, whatever was refused, undone or failed', async () => {
    const test = async (batches: readonly { steps: readonly Step[]; fault: RegExp | undefined }[]) => {
      const state: { fault: RegExp | undefined } = { fault: undefined };
      const faulty = tappedDriver(driver, (sql) => {
        if (state.fault?.test(sql))
          throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_WRITE' });
      });
      const executor = await SqliteExecutor.open(join(temporaryFolder(), 'room.sqlite'), faulty);
      try {
        const operations = attach(executor);
        const room = operations.ensureRoom({ slug: 'lobby', title: 'Lobby' });
        let model = new Model();
        for (const { steps, fault } of batches) {
          state.fault = fault;
          const outcomes = executor.write(steps.map((one) => callOf(room, one)));
          state.fault = undefined;
          if (outcomes.every((outcome) => !outcome.ok && outcome.code === 'storage-failed')) {
            expect(fault).toBeDefined();
            continue;
          }
          const next = model.copy();
          expect(outcomes.map(said)).toEqual(steps.map((one) => next.run(one)));
          model = next;
          const { entries } = operations.read({ roomId: room.roomId, range: { ...EVERYTHING, after: 0 } });
          expect(entries.map(({ seq }) => seq)).toEqual(
            Array.from({ length: model.head }, (_, at) => at + 1),
          );
          const { members } = operations.standing({ roomId: room.roomId, limit: 10 });
          expect(new Map(members.map(({ authorId, name }) => [authorId, name]))).toEqual(model.members);
        }
      } finally {
        executor.close();
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 12 }), test), {
      numRuns: 60,
    });
  });
});
