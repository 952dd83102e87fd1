// Section 14 for clients: their request, answers that they must refuse, and odd ones that they must take (RFC 6455 4.1).
import { type AnswerTest, type Case, type Finding, finding, PASS } from '../case.ts';
import type { Pace } from '../pace.ts';
import { echoOf, exchange, WE_CLOSE } from '../tester/exchange.ts';
import type { Answering } from '../tester/opening.ts';
import { Session } from '../tester/session.ts';
import { encode, text } from '../wire/frame.ts';
import { acceptOf, type Changes, countOf, fieldOf, writeAnswer, writeHead } from '../wire/http.ts';
import { faultOf, NAME } from '../wire/negotiation.ts';
import { sectionOf } from './making.ts';

interface AnswerSpec {
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly why: string;
}

export function answerCase({ id, rule, title, why }: AnswerSpec, play: AnswerTest['play']): Case {
  return {
    ...{ id, section: sectionOf(id), rule, title, why },
    peers: ['client'],
    isHeavy: false,
    test: { kind: 'answer', play },
  };
}

export function answerCases(): Case[] {
  return [...requestCasesOfClients(), ...refusedCases(), ...takenCases()];
}

type AnswerOf = (key: string) => string;

const with_ =
  (changes: Changes): AnswerOf =>
  (key) =>
    writeAnswer(key, changes);
const line =
  (text: string): AnswerOf =>
  (key) =>
    writeAnswer(key, {}, text);

const ACCEPT = 'Sec-WebSocket-Accept';

const REFUSED: readonly (readonly [title: string, answer: AnswerOf])[] = [
  ['accept value of another key', with_({ [ACCEPT]: acceptOf('AAAAAAAAAAAAAAAAAAAAAA==') })],
  ['no accept value', with_({ [ACCEPT]: undefined })],
  ['accept value in lower case', (key) => writeAnswer(key, { [ACCEPT]: acceptOf(key).toLowerCase() })],
  ['the key itself as accept value', (key) => writeAnswer(key, { [ACCEPT]: key })],
  ['no Upgrade', with_({ Upgrade: undefined })],
  ['Upgrade to something else', with_({ Upgrade: 'h2c' })],
  ['no Connection', with_({ Connection: undefined })],
  ['Connection without upgrade', with_({ Connection: 'close' })],
  ['a subprotocol that was not offered', with_({ 'Sec-WebSocket-Protocol': 'x-unoffered' })],
  ['an extension that was not offered', with_({ 'Sec-WebSocket-Extensions': 'x-unoffered' })],
  ['status 200', line('HTTP/1.1 200 OK')],
  ['status 400', () => writeHead('HTTP/1.1 400 Bad Request', { Connection: 'close', 'Content-Length': '0' })],
  [
    'status 503',
    () => writeHead('HTTP/1.1 503 Service Unavailable', { Connection: 'close', 'Content-Length': '0' }),
  ],
  ['what is no HTTP', () => 'SSH-2.0-OpenSSH_9.7\r\n\r\n'],
];

function refusedCases(): Case[] {
  const why =
    'Only the right answer shows that the other side speaks WebSocket; else nothing may be sent to it.';
  return REFUSED.map(([title, answerOf], index) =>
    answerCase({ id: `14.6.${index + 1}`, rule: 'RFC 6455 4.1', title, why }, ({ link, key }, pace) =>
      refusalOf({ link, key }, pace, answerOf(key)),
    ),
  );
}

/** Gives this answer, and a message behind it for whoever takes it: what must follow is the end of TCP. */
export async function refusalOf(
  { link }: Pick<Answering, 'link' | 'key'>,
  pace: Pace,
  answer: string,
): Promise<Finding> {
  const before = link.received.length;
  await link.write(Buffer.concat([Buffer.from(answer), encode(text('taken?'), false)]));
  await link.until(({ received, hasEnded }) => hasEnded || received.length > before, pace.replyTimeoutMs);
  if (link.received.length > before) return finding('fail', 'it took the answer and sent frames');
  return link.hasEnded ? PASS : finding('fail', 'it did not end TCP');
}

function takenCases(): Case[] {
  const why = 'Names, and the tokens websocket and upgrade, are the same in any case; pieces do not matter.';
  const lower = (key: string): string =>
    writeHead('HTTP/1.1 101 ok', {
      upgrade: 'websocket',
      connection: 'upgrade',
      'sec-websocket-accept': acceptOf(key),
    });
  const list: readonly (readonly [string, AnswerOf, ('bytes' | 'whole')?])[] = [
    ['the usual answer, a write for each byte', with_({}), 'bytes'],
    ['a message in the same write as the answer', with_({})],
    ['names in lower case', lower],
    ['values in another case', with_({ Upgrade: 'WebSocket', Connection: 'UPGRADE' })],
    ['another reason phrase', line('HTTP/1.1 101 Web Socket Protocol Handshake')],
    ['fields that nobody knows', with_({ 'X-Unknown': 'a; b="c, d"', Server: 'none', Date: 'today' })],
    ['Connection as a list', with_({ Connection: 'keep-alive, Upgrade' })],
  ];
  return list.map(([title, answerOf, cut = 'whole'], index) =>
    answerCase({ id: `14.7.${index + 1}`, rule: 'RFC 6455 4.1', title, why }, (answering, pace) =>
      echoAfter(answering, pace, answerOf(answering.key), cut),
    ),
  );
}

async function echoAfter(
  { link }: Answering,
  pace: Pace,
  answer: string,
  cut: 'bytes' | 'whole',
): Promise<Finding> {
  const hello = text('hello');
  await link.write(Buffer.concat([Buffer.from(answer), encode(hello, false)]), cut);
  const session = new Session({ socket: link.socket, peer: 'client', unread: link.release() });
  return exchange(session, { steps: [], expects: [echoOf(hello)], ending: WE_CLOSE }, pace);
}

const seenKeys = new Set<string>();

/** The request is checked on every connection; here are the things that would not end one. */
function requestCasesOfClients(): Case[] {
  const spec = (number: number, title: string, why: string, rule = 'RFC 6455 4.1'): AnswerSpec => ({
    id: `14.5.${number}`,
    rule,
    title,
    why,
  });
  const fresh = 'A key is random, and another one on each connection.';
  const done = async (answering: Answering, pace: Pace, fault: string | undefined): Promise<Finding> => {
    const echoed = await echoAfter(answering, pace, writeAnswer(answering.key), 'whole');
    return fault === undefined ? echoed : finding('fail', fault);
  };
  return [
    ...[1, 2, 3].map((number) =>
      answerCase(spec(number, `a fresh key, connection ${number} of 3`, fresh), (answering, pace) => {
        const isSeen = seenKeys.has(answering.key);
        seenKeys.add(answering.key);
        return done(answering, pace, isSeen ? 'the key was there before' : undefined);
      }),
    ),
    answerCase(
      spec(
        4,
        'fields that may be there once',
        'Repeated fields make it unclear what is asked.',
        'RFC 6455 11.3',
      ),
      (answering, pace) => {
        const single = ['sec-websocket-key', 'sec-websocket-version', 'host'];
        const repeated = single.find((name) => countOf(answering.request, name) > 1);
        return done(answering, pace, repeated && `${repeated} is there more than once`);
      },
    ),
    answerCase(
      spec(
        5,
        'no body and no strange offers',
        'What is offered must be something that can be meant.',
        'RFC 7692 7.1',
      ),
      (answering, pace) => done(answering, pace, faultOfOffers(answering)),
    ),
  ];
}

function faultOfOffers({ request, offers }: Answering): string | undefined {
  if (Number(fieldOf(request, 'content-length') ?? 0) > 0) return 'the request has a body';
  for (const offer of offers.filter(({ name }) => name === NAME)) {
    // Only in an offer may this one be without a size.
    const parameters = new Map(
      [...offer.parameters].filter(([name, value]) => !(name === 'client_max_window_bits' && value === true)),
    );
    const fault = faultOf({ ...offer, parameters });
    if (fault !== undefined) return `its offer: ${fault}`;
  }
  return undefined;
}
