// Section 17, the rest: offers of permessage-deflate that a server must decline or take, answers that a client must refuse
// or obey (RFC 7692 7.1).
import { type Case, type Finding, finding, PASS } from '../case.ts';
import type { Pace } from '../pace.ts';
import { echoOf, exchange, WE_CLOSE } from '../tester/exchange.ts';
import { type Answering, type Asking, readHeadOf } from '../tester/opening.ts';
import { Session } from '../tester/session.ts';
import { text } from '../wire/frame.ts';
import { fieldOf, writeAnswer } from '../wire/http.ts';
import { agreementOf, misfitOf, NAME, readElements } from '../wire/negotiation.ts';
import { answerCase, refusalOf } from './answers.ts';
import { requestCase } from './requests.ts';

export function deflateOfferCases(): Case[] {
  return [...declinedOffers(), ...lists(), ...refusedAnswers(), ...obeyedAnswers()];
}

const FIELD = 'Sec-WebSocket-Extensions';

/** What makes an element of no use, behind the name of the extension. */
const BAD_PARAMETERS: readonly (readonly [title: string, parameters: string])[] = [
  ['an unknown parameter', 'x_unknown'],
  ['an unknown parameter with a value', 'x_unknown=1'],
  ['server_max_window_bits=7', 'server_max_window_bits=7'],
  ['server_max_window_bits=16', 'server_max_window_bits=16'],
  ['server_max_window_bits=09', 'server_max_window_bits=09'],
  ['server_max_window_bits without a value', 'server_max_window_bits'],
  ['server_max_window_bits=abc', 'server_max_window_bits=abc'],
  ['client_max_window_bits=7', 'client_max_window_bits=7'],
  ['client_max_window_bits=16', 'client_max_window_bits=16'],
  ['server_no_context_takeover with a value', 'server_no_context_takeover=1'],
  ['client_no_context_takeover with a value', 'client_no_context_takeover=true'],
  ['server_no_context_takeover twice', 'server_no_context_takeover; server_no_context_takeover'],
  ['server_max_window_bits twice', 'server_max_window_bits=10; server_max_window_bits=10'],
  ['client_max_window_bits twice', 'client_max_window_bits; client_max_window_bits'],
];

async function answerToOffer(asking: Asking, pace: Pace, offers: string) {
  const link = await asking.dial();
  const { text: request } = asking.request({ changes: { [FIELD]: offers } });
  await link.write(request);
  return readHeadOf(link, pace.replyTimeoutMs);
}

/** Declining is leaving the extension out of a 101. */
function declinedOffers(): Case[] {
  return BAD_PARAMETERS.map(([title, parameters], index) =>
    requestCase(
      {
        id: `17.8.${index + 1}`,
        rule: 'RFC 7692 7.1',
        title: `an offer with ${title}`,
        why: 'What is offered in a form that the RFC does not know is declined; the connection may go on without.',
      },
      async (asking, pace): Promise<Finding> => {
        const head = await answerToOffer(asking, pace, `${NAME}; ${parameters}`);
        if (head === undefined) return finding('non-strict', 'no answer came');
        if (!/ 101( |$)/.test(head.line))
          return finding('non-strict', `"${head.line}" instead of declining the offer`);
        const accepted = fieldOf(head, FIELD.toLowerCase());
        return accepted === undefined ? PASS : finding('fail', `it accepted: ${accepted}`);
      },
    ),
  );
}

function lists(): Case[] {
  const why =
    'Offers stand in order of preference, also over several fields; one that is no good does not spoil the next.';
  const list: readonly (readonly [title: string, offers: string, isPartlyBad?: true])[] = [
    ['an unknown extension, then a good offer', `x-unknown, ${NAME}`],
    ['an offer that must be declined, then a good one', `${NAME}; x_unknown, ${NAME}`, true],
    ['two good offers', `${NAME}; server_max_window_bits=10, ${NAME}`],
    ['a value in quotes', `${NAME}; server_max_window_bits="10"`],
    ['blanks around everything', `  ${NAME} ;  server_no_context_takeover ; client_max_window_bits `],
    ['client_max_window_bits with a value', `${NAME}; client_max_window_bits=11`],
    [
      'all four parameters',
      `${NAME}; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=12; client_max_window_bits=11`,
    ],
  ];
  return list.map(([title, offers, isPartlyBad], index) =>
    requestCase({ id: `17.9.${index + 1}`, rule: 'RFC 7692 5', title, why }, async (asking, pace) => {
      const head = await answerToOffer(asking, pace, offers);
      if (head === undefined) return finding('fail', 'no answer came');
      if (!/ 101( |$)/.test(head.line))
        return finding(isPartlyBad ? 'non-strict' : 'fail', `it answered "${head.line}"`);
      const [answer] = readElements(fieldOf(head, FIELD.toLowerCase()));
      // A server may decline whatever it is offered.
      if (answer === undefined) return finding('unimplemented', 'it declined');
      const misfit = misfitOf(
        answer,
        readElements(offers).filter(({ name }) => name === NAME),
      );
      return misfit === undefined ? PASS : finding('fail', misfit);
    }),
  );
}

const offersDeflate = ({ offers }: Answering): boolean => offers.some(({ name }) => name === NAME);
const NOT_OFFERED = finding('unimplemented', 'the client does not offer compression');

function refusedAnswers(): Case[] {
  const why =
    'An answer that no offer allows leaves both ends with different ideas: the client must give up.';
  const more: readonly (readonly [string, string])[] = [
    ['client_max_window_bits without a value', `${NAME}; client_max_window_bits`],
    ['the extension twice', `${NAME}, ${NAME}`],
    ['an extension beside it that was not offered', `${NAME}, x-unoffered`],
  ];
  const all = [
    ...BAD_PARAMETERS.map(([title, parameters]) => [title, `${NAME}; ${parameters}`] as const),
    ...more,
  ];
  return all.map(([title, extensions], index) =>
    answerCase(
      { id: `17.10.${index + 1}`, rule: 'RFC 7692 7.1', title: `an answer with ${title}`, why },
      async (answering, pace) => {
        if (!offersDeflate(answering)) return NOT_OFFERED;
        return refusalOf(answering, pace, writeAnswer(answering.key, { [FIELD]: extensions }));
      },
    ),
  );
}

/** Legal answers, also with parameters that were not asked for: a client must do as they say. */
function obeyedAnswers(): Case[] {
  const why = 'A server may bind itself and, within what was offered, the client.';
  const list: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['client_no_context_takeover', '; client_no_context_takeover'],
    ['server_no_context_takeover', '; server_no_context_takeover'],
    ['server_max_window_bits=9', '; server_max_window_bits=9'],
    ['a value in quotes', '; server_max_window_bits="10"'],
    ['blanks around everything', ' ;  server_no_context_takeover ;  client_no_context_takeover '],
  ];
  return list.map(([title, parameters], index) =>
    answerCase(
      { id: `17.11.${index + 1}`, rule: 'RFC 7692 7.1', title: `an answer with ${title}`, why },
      (answering, pace) => obeying(answering, pace, `${NAME}${parameters}`),
    ),
  );
}

async function obeying(answering: Answering, pace: Pace, extensions: string): Promise<Finding> {
  const { link, key, offers } = answering;
  const [answer] = readElements(extensions);
  if (!offersDeflate(answering) || answer === undefined) return NOT_OFFERED;
  if (misfitOf(answer, offers) !== undefined)
    return finding('unimplemented', 'the client asks for more than that');
  await link.write(writeAnswer(key, { [FIELD]: extensions }));
  const agreement = agreementOf(answer.parameters);
  const session = new Session({ socket: link.socket, peer: 'client', unread: link.release(), agreement });
  const messages = ['first', 'second, second, second', 'first again'].map((words) => words.repeat(100));
  const send = messages.map((words) =>
    text(session.deflate?.deflate(Buffer.from(words)) ?? Buffer.from(words), { rsv: 4 }),
  );
  const expects = messages.map((words) => echoOf(text(words)));
  return exchange(session, { steps: [{ send }], expects, ending: WE_CLOSE }, pace);
}
