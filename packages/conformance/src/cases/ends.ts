// Section 18: how connections end in other ways than the tester's Close frame: half-closed TCP, resets, the closing that the
// other end begins because it has failed the connection (RFC 6455 7.1).
import { type Case, type Finding, finding } from '../case.ts';
import type { Pace } from '../pace.ts';
import { isEnding, verdictOf } from '../tester/exchange.ts';
import type { Session } from '../tester/session.ts';
import { close, type Frame, ping, text } from '../wire/frame.ts';
import { bytesOf, frameCase } from './making.ts';

export function endCases(): Case[] {
  return [...halfClosed(), ...failedByOther(), ...afterFailing(), unansweredClose()];
}

/** FIN without a Close frame is an end like any other: TCP must be ended from the other side, too. */
function halfClosed(): Case[] {
  const why = 'An end that keeps its half of TCP open keeps memory for somebody who has left.';
  const list: readonly (readonly [string, readonly Frame[]])[] = [
    ['FIN on an open connection', []],
    ['FIN inside a frame', [{ opcode: 2, payload: bytesOf(10), claimedLength: 100n }]],
    ['FIN inside a message', [text('a', { fin: false })]],
    ['FIN behind a Close frame', [close(1000)]],
  ];
  return [
    ...list.map(([title, frames], index) =>
      frameCase({ id: `18.1.${index + 1}`, rule: 'RFC 6455 7.1.1', title, why }, async (session, pace) => {
        await session.send(frames);
        session.endWriting();
        return ended(session, pace);
      }),
    ),
    frameCase(
      {
        id: '18.1.5',
        rule: 'RFC 6455 7.1.1',
        title: 'a message, then FIN',
        why: 'Whether the echo still comes is left open; that TCP ends is not.',
      },
      async (session, pace) => {
        await session.send([text('last words')]);
        session.endWriting();
        const event = await session.next(pace.replyTimeoutMs);
        const { verdict, notes } = await ended(session, pace);
        if (verdict !== 'pass') return { verdict, notes };
        return finding('informational', event?.type === 'message' ? 'the echo still came' : 'no echo came');
      },
    ),
  ];
}

/** Reads on until TCP ends. */
async function ended(session: Session, pace: Pace): Promise<Finding> {
  while (!session.hasEnded) {
    const event = await session.next(pace.replyTimeoutMs);
    if (event === undefined && !session.hasEnded) return finding('fail', 'it did not end TCP');
    if (event?.type === 'violation') return finding('fail', `it sent ${event.what}`);
  }
  return finding('pass');
}

/** After failing, the other end has sent a Close frame, which the tester answers: then TCP ends, the server's side first. */
function failedByOther(): Case[] {
  const why = 'When both Close frames have crossed, the server ends TCP at once; the client waits for that.';
  const faults: readonly (readonly [string, Frame])[] = [
    ['reserved bits', text('x', { rsv: 7 })],
    ['bad text', text(Buffer.of(0xff))],
    ['a ping that is too long', ping(bytesOf(126))],
  ];
  return faults.map(([title, frame], index) =>
    frameCase(
      {
        id: `18.2.${index + 1}`,
        rule: 'RFC 6455 7.1.7',
        title: `closing begun by the other side, for ${title}`,
        why,
      },
      async (session, pace): Promise<Finding> => {
        await session.send([frame]);
        const event = await session.next(pace.replyTimeoutMs);
        if (event === undefined || !isEnding(event)) return finding('fail', 'it did not fail the connection');
        if (event.type === 'end') return finding('non-strict', 'it cut TCP without a Close frame');
        if (event.type === 'violation') return finding('fail', `it sent ${event.what}`);
        return ended(session, pace);
      },
    ),
  );
}

/** What still comes after the fault must neither be echoed nor answered, whatever it is. */
function afterFailing(): Case[] {
  const why = 'After failing the connection nothing is processed, also not what comes seconds later.';
  const later: readonly (readonly [string, readonly Frame[]])[] = [
    ['messages and pings', [text('late'), ping('late')]],
    ['more faults', [text('late', { rsv: 3 }), { opcode: 11 }]],
    ['a megabyte', [{ opcode: 2, payload: bytesOf(1024 * 1024) }]],
  ];
  return later.map(([title, frames], index) =>
    frameCase(
      { id: `18.3.${index + 1}`, rule: 'RFC 6455 7.1.7', title: `after a fault: ${title}`, why },
      async (session, pace): Promise<Finding> => {
        session.leaveCloseUnanswered();
        await session.send([text('bad', { rsv: 7 })]);
        const event = await session.next(pace.replyTimeoutMs);
        if (event === undefined || !isEnding(event)) return finding('fail', 'it did not fail the connection');
        await session.send(frames);
        await session.send([close(1002)]);
        if (session.peer === 'client') session.endWriting();
        const looseness = event.type === 'end' ? ['it cut TCP without a Close frame'] : [];
        const faults: string[] = [];
        while (!session.hasEnded) {
          const more = await session.next(pace.replyTimeoutMs);
          if (more === undefined && !session.hasEnded) faults.push('it did not end TCP');
          if (more === undefined) break;
          if (more.type !== 'end') faults.push(`it sent a ${more.type} after its Close frame`);
        }
        return verdictOf({ faults, looseness });
      },
    ),
  );
}

/** How long an end waits for the answer to its Close frame is its own affair, as long as it does not wait for ever. */
function unansweredClose(): Case {
  return frameCase(
    {
      id: '18.4.1',
      rule: 'RFC 6455 7.1.1',
      title: 'its Close frame stays without an answer',
      why: 'Whoever never answers must not hold a connection for ever. How long is a matter of taste, so this only informs.',
    },
    async (session, pace): Promise<Finding> => {
      session.leaveCloseUnanswered();
      await session.send([text('bad', { rsv: 7 })]);
      const event = await session.next(pace.replyTimeoutMs);
      if (event === undefined || !isEnding(event)) return finding('fail', 'it did not fail the connection');
      const from = performance.now();
      await session.next(pace.replyTimeoutMs);
      const seconds = ((performance.now() - from) / 1_000).toFixed(1);
      return finding(
        'informational',
        session.hasEnded ? `it ended TCP after ${seconds} s` : `after ${seconds} s it still waits`,
      );
    },
  );
}
