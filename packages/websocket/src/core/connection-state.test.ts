import { describe, expect, it } from 'vitest';
import { type Act, type ConnectionState, type Happening, OPEN, step } from './connection-state.ts';
import type { Role } from './opcode.ts';
import { WireError } from './wire-error.ts';

/** Runs happenings one after the other; returns the acts as short words, and the state. */
function run(role: Role, ...happenings: Happening[]): { acts: string[]; state: ConnectionState } {
  let state = OPEN;
  const acts: string[] = [];
  for (const happening of happenings) {
    const next = step(state, happening, role);
    state = next.state;
    acts.push(...next.acts.map(say));
  }
  return { acts, state };
}

function say(act: Act): string {
  if (act.act === 'send-close') return `close ${act.code}`;
  if (act.act !== 'announce') return act.act;
  const { code, wasClean, error } = act.event;
  return `announce ${code} ${wasClean ? 'clean' : 'unclean'}${error === undefined ? '' : ` ${error.code}`}`;
}

const ASK: Happening = { type: 'close-asked', code: 4001, reason: 'enough' };
const RECEIVED: Happening = { type: 'close-received', frame: { code: 4002, reason: 'bye' } };
const FAILED: Happening = { type: 'failed', error: new WireError('reserved-bits') };
const ENDED: Happening = { type: 'ended' };
const DEADLINE: Happening = { type: 'deadline' };
const GONE: Happening = { type: 'gone' };

describe('connection state', () => {
  it('[W28] [W30] answers a Close frame with its code; the server ends TCP', () => {
    expect(run('server', RECEIVED, ENDED, GONE).acts).toEqual([
      'close 4002',
      'end',
      'end',
      'announce 4002 clean',
    ]);
    expect(run('server', RECEIVED).state).toEqual({
      phase: 'agreed',
      received: { code: 4002, reason: 'bye' },
    });
  });

  it('[W30] the client waits until the server has ended TCP', () => {
    expect(run('client', RECEIVED).acts).toEqual(['close 4002']);
    expect(run('client', RECEIVED, ENDED, GONE).acts).toEqual(['close 4002', 'end', 'announce 4002 clean']);
    expect(run('client', ASK, RECEIVED).acts).toEqual(['close 4001']);
  });

  it('sends one Close frame, whoever asks how often', () => {
    expect(run('server', ASK, ASK, RECEIVED, RECEIVED).acts).toEqual(['close 4001', 'end']);
    expect(run('server', RECEIVED, ASK).acts).toEqual(['close 4002', 'end']);
    expect(run('server', ASK, FAILED).acts).toEqual(['close 4001', 'end']);
  });

  it('[W31] destroys what is not over in time', () => {
    expect(run('server', ASK, DEADLINE, GONE).acts).toEqual([
      'close 4001',
      'destroy',
      'announce 1006 unclean close-timeout',
    ]);
    expect(run('client', RECEIVED, DEADLINE, GONE).acts).toEqual([
      'close 4002',
      'destroy',
      'announce 4002 clean',
    ]);
    expect(run('server', FAILED, DEADLINE, GONE).acts).toEqual([
      'close 1002',
      'end',
      'destroy',
      'announce 1002 unclean reserved-bits',
    ]);
  });

  it('[W32] says why it gives up, then ends TCP', () => {
    expect(run('client', FAILED, ENDED, GONE).acts).toEqual([
      'close 1002',
      'end',
      'end',
      'announce 1002 unclean reserved-bits',
    ]);
    expect(run('server', FAILED, RECEIVED).acts).toEqual(['close 1002', 'end']);
  });

  it('[W33] FIN without Close is unclean, before and after our own Close', () => {
    expect(run('server', ENDED, GONE).acts).toEqual(['end', 'announce 1006 unclean ended-without-close']);
    expect(run('server', ASK, ENDED, GONE).acts).toEqual([
      'close 4001',
      'end',
      'announce 1006 unclean ended-without-close',
    ]);
  });

  it('[W34] a socket that is suddenly gone is 1006', () => {
    const cause = new Error('read ECONNRESET');
    const { state, acts } = run('server', { type: 'gone', cause });
    expect(acts).toEqual(['announce 1006 unclean connection-lost']);
    expect(state).toMatchObject({ event: { error: { message: 'read ECONNRESET', cause } } });
  });

  it('[W34] terminate has no error of its own', () => {
    expect(run('server', { type: 'terminated' }, GONE).acts).toEqual(['destroy', 'announce 1006 unclean']);
    const error = new WireError('pong-timeout');
    expect(run('server', { type: 'terminated', error }, GONE).acts).toEqual([
      'destroy',
      'announce 1006 unclean pong-timeout',
    ]);
    expect(run('server', RECEIVED, { type: 'terminated' }, GONE).acts).toEqual([
      'close 4002',
      'end',
      'destroy',
      'announce 4002 clean',
    ]);
  });

  it('[W34] announces once, whatever happens afterwards', () => {
    const rest: Happening[] = [GONE, ASK, RECEIVED, FAILED, ENDED, DEADLINE, { type: 'terminated' }];
    expect(run('server', GONE, ...rest).acts).toEqual(['announce 1006 unclean connection-lost']);
  });

  it('[W34] every order of happenings that ends with the socket announces exactly once, and says Close at most once', () => {
    const all: Happening[] = [ASK, RECEIVED, FAILED, ENDED, DEADLINE, { type: 'terminated' }];
    for (const role of ['server', 'client'] as const) {
      for (const a of all) {
        for (const b of all) {
          for (const c of all) {
            const { acts, state } = run(role, a, b, c, GONE);
            expect(acts.filter((act) => act.startsWith('announce'))).toHaveLength(1);
            expect(acts.filter((act) => act.startsWith('close')).length).toBeLessThan(2);
            expect(state.phase).toBe('closed');
          }
        }
      }
    }
  });
});
