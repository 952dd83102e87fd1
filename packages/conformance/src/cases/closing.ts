// Section 7: the closing handshake (RFC 6455 5.5.1 and 7). The tester begins it in all of these; how an end closes that has
// failed the connection is section 18 (ends.ts).
import { type Case, type Finding, finding } from '../case.ts';
import type { Pace } from '../pace.ts';
import { type Ending, type Exchange, type Expected, echoOf, WE_CLOSE } from '../tester/exchange.ts';
import type { Session } from '../tester/session.ts';
import { binary, CLOSE, close, continuation, type Frame, ping, text } from '../wire/frame.ts';
import { ALL_CUTS, asciiOf, bytesOf, exchanges, FRAME_CUTS, frameCase, oneExchange } from './making.ts';

const rule = 'RFC 6455 5.5.1';
const CLEAN: Ending = { by: 'script', codes: [1000] };
const REFUSED: Ending = { by: 'peer', codes: [1002], isCodeStrict: true };

export function closingCases(): Case[] {
  return [
    ...orderCases(),
    muchBeforeClose(),
    ...payloadCases(),
    ...reasonCases(),
    ...legalCodeCases(),
    ...illegalCodeCases(),
    ...openCodeCases(),
    ...closeInsideMessageCases(),
  ];
}

function orderCases(): Case[] {
  const why = 'What comes behind a Close frame is not looked at; what came before it still counts.';
  const hello = text('hello');
  const list: readonly (readonly [string, readonly Frame[], readonly Expected[]])[] = [
    ['a message, then Close', [hello, close(1000)], [echoOf(hello)]],
    ['two Close frames', [close(1000), close(1000)], []],
    ['Close, then a ping', [close(1000), ping('late')], []],
    ['Close, then a message', [close(1000), text('late')], []],
    [
      'Close inside a message, then its last fragment',
      [text('a', { fin: false }), close(1000), continuation('b')],
      [],
    ],
    ['Close, then a frame that is wrong', [close(1000), text('late', { rsv: 7 })], []],
    ['Close alone', [close(1000)], []],
  ];
  return list.flatMap(([title, frames, expects], index) =>
    exchanges({ id: `7.1.${index + 1}`, rule, title, why }, ALL_CUTS, (cut) => ({
      steps: [{ send: frames, cut }],
      expects,
      ending: CLEAN,
    })),
  );
}

/** Whether the echo of much data leaves before the Close frame is left to the end. */
function muchBeforeClose(): Case {
  const spec = {
    id: '7.1.8',
    rule,
    title: '256 KiB, a small message, Close and a ping in one write',
    why: 'How much of the echo comes before the answer to the Close frame is left open.',
  };
  return frameCase(spec, async (session, pace): Promise<Finding> => {
    await session.send([text(asciiOf(256 * 1024)), text('small'), close(1000), ping('late')]);
    let echoes = 0;
    let code: number | undefined | 'none' = 'none';
    for (;;) {
      const event = await session.next(pace.replyTimeoutMs);
      if (event === undefined) break;
      if (event.type === 'message') echoes += 1;
      if (event.type === 'close') code = event.code;
      if (event.type === 'violation') return finding('fail', `it sent ${event.what}`);
      if (event.type === 'pong') return finding('fail', 'it answered a ping behind the Close frame');
    }
    return finding('informational', `${echoes} of 2 echoes came, then Close with ${code ?? 'no code'}`);
  });
}

function payloadCases(): Case[] {
  const why = 'The payload is empty, or a code and a reason; a control frame has 125 bytes at most.';
  const list: readonly (readonly [string, Frame, Ending])[] = [
    ['empty', close(), { by: 'script', codes: [undefined, 1000] }],
    ['1 byte', { opcode: CLOSE, payload: Buffer.of(3) }, REFUSED],
    ['2 bytes', close(1000), CLEAN],
    ['a reason', close(1000, 'Hello World!'), CLEAN],
    ['a reason in many bytes to the character', close(1000, 'Grüße, 世界 🌍'), CLEAN],
    ['a reason of 123 bytes', close(1000, asciiOf(123)), CLEAN],
    ['a reason of 124 bytes', close(1000, asciiOf(124)), REFUSED],
  ];
  return list.flatMap(([title, frame, ending], index) =>
    exchanges({ id: `7.3.${index + 1}`, rule, title: `payload: ${title}`, why }, FRAME_CUTS, (cut) => ({
      steps: [{ send: [frame], cut }],
      expects: [],
      ending,
    })),
  );
}

function reasonCases(): Case[] {
  const ending: Ending = { by: 'peer', codes: [1002, 1007], isCodeStrict: true };
  const reasons: readonly (readonly [string, Buffer])[] = [
    ['a surrogate', Buffer.from('cebaeda080656469746564', 'hex')],
    ['an end inside a character', Buffer.from('61e282', 'hex')],
    ['ff', Buffer.of(0xff)],
  ];
  return reasons.flatMap(([title, reason], index) =>
    exchanges(
      {
        id: `7.5.${index + 1}`,
        rule: 'RFC 6455 8.1',
        title: `a reason that is not UTF-8: ${title}`,
        why: 'The reason is text as well.',
      },
      FRAME_CUTS,
      (cut) => ({ steps: [{ send: [close(1000, reason)], cut }], expects: [], ending }),
    ),
  );
}

function legalCodeCases(): Case[] {
  const codes = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
  return codes.map((code, index) =>
    oneExchange(
      {
        id: `7.7.${index + 1}`,
        rule: 'RFC 6455 7.4',
        title: `code ${code}`,
        why: 'A code that may be sent is answered by the same one, or by 1000.',
      },
      { steps: [{ send: [close(code)] }], expects: [], ending: { by: 'script', codes: [code, 1000] } },
    ),
  );
}

function illegalCodeCases(): Case[] {
  // 1015 is one of those that stand for what no frame can say (7.4.1), like 1005 and 1006.
  const codes = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999];
  return codes.flatMap((code, index) =>
    exchanges(
      {
        id: `7.9.${index + 1}`,
        rule: 'RFC 6455 7.4',
        title: `code ${code}`,
        why: 'A code that must not be sent is a violation, not a normal end.',
      },
      FRAME_CUTS,
      (cut) => ({ steps: [{ send: [close(code)], cut }], expects: [], ending: REFUSED }),
    ),
  );
}

function openCodeCases(): Case[] {
  const codes = [1012, 1013, 1014, 5000, 65535];
  return codes.map((code, index) =>
    frameCase(
      {
        id: `7.13.${index + 1}`,
        rule: 'RFC 6455 7.4.2',
        title: `code ${code}`,
        why: 'Registered later than the RFC (1012 to 1014), or outside of all its ranges: either way is defensible.',
      },
      async (session, pace) => {
        await session.send([close(code)]);
        return finding('informational', `answered by ${await endOf(session, pace)}`);
      },
    ),
  );
}

/** How it ended, in words. */
async function endOf(session: Session, pace: Pace): Promise<string> {
  const event = await session.next(pace.replyTimeoutMs);
  if (event === undefined) return 'nothing';
  return event.type === 'close' ? `Close with ${event.code ?? 'no code'}` : event.type;
}

/** Section 7 once more with data of an open message: the close must not wait for it. */
function closeInsideMessageCases(): Case[] {
  const plan: Exchange = {
    steps: [{ send: [binary(bytesOf(70_000), { fin: false }), ping('open'), close(1001, 'going')] }],
    expects: [{ type: 'pong', data: Buffer.from('open') }],
    ending: { by: 'script', codes: [1001, 1000] },
  };
  return [
    oneExchange(
      {
        id: '7.1.9',
        rule,
        title: 'Close while a large message is open',
        why: 'The closing handshake does not wait for the rest of a message.',
      },
      plan,
    ),
    oneExchange(
      {
        id: '7.1.10',
        rule,
        title: 'a hundred messages, then Close by the tester after the echoes',
        why: 'All that was answered before the Close frame arrives before its answer.',
      },
      {
        steps: [{ send: Array.from({ length: 100 }, (_, index) => text(`message ${index}`)) }],
        expects: Array.from({ length: 100 }, (_, index) => echoOf(text(`message ${index}`))),
        ending: WE_CLOSE,
      },
    ),
  ];
}
