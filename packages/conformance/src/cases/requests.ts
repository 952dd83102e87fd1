// Section 14: opening requests that a server must refuse, and odd ones that it must take (RFC 6455 4.1, 4.2, 9.1).
// Answers to clients are answers.ts.
import { type Case, type Finding, finding, PASS } from '../case.ts';
import type { Pace } from '../pace.ts';
import { echoOf, exchange, verdictOf, WE_CLOSE } from '../tester/exchange.ts';
import { type Asking, faultOfAnswer, pathOf, readHeadOf } from '../tester/opening.ts';
import { Session } from '../tester/session.ts';
import { text } from '../wire/frame.ts';
import { type Changes, fieldOf, names, type RequestPlan } from '../wire/http.ts';
import { sectionOf } from './making.ts';

interface RequestSpec {
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly why: string;
}

export function requestCase(
  { id, rule, title, why }: RequestSpec,
  play: (asking: Asking, pace: Pace) => Promise<Finding>,
): Case {
  return {
    ...{ id, section: sectionOf(id), rule, title, why },
    peers: ['server'],
    isHeavy: false,
    test: { kind: 'request', play },
  };
}

export function requestCases(): Case[] {
  return [...refusedCases(), ...takenCases(), versionCase(), ...choiceCases()];
}

/** A change of the usual request; a function gets the path. */
type Change = Partial<RequestPlan> | ((path: string) => Partial<RequestPlan>);

const KEY = 'Sec-WebSocket-Key';
const KEY_OF_15_BYTES = Buffer.alloc(15, 1).toString('base64');
const KEY_OF_17_BYTES = Buffer.alloc(17, 1).toString('base64');

const changed = (changes: Changes): Change => ({ changes });
const line =
  (of: (path: string) => string): Change =>
  (path) => ({ line: of(path) });

/** What a server must answer with anything but 101. */
const REFUSED: readonly (readonly [title: string, change: Change, rule: string])[] = [
  ['method POST', line((path) => `POST ${path} HTTP/1.1`), '4.1'],
  ['method in lower case', line((path) => `get ${path} HTTP/1.1`), '4.1'],
  ['HTTP/1.0', line((path) => `GET ${path} HTTP/1.0`), '4.1'],
  ['no Host', changed({ Host: undefined }), '4.2.1'],
  ['no Upgrade', changed({ Upgrade: undefined }), '4.2.1'],
  ['Upgrade to something else', changed({ Upgrade: 'h2c' }), '4.2.1'],
  ['no Connection', changed({ Connection: undefined }), '4.2.1'],
  ['Connection without upgrade', changed({ Connection: 'keep-alive' }), '4.2.1'],
  ['no Sec-WebSocket-Key', changed({ [KEY]: undefined }), '4.2.1'],
  ['an empty key', { key: '' }, '4.2.1'],
  ['a key of 15 bytes', { key: KEY_OF_15_BYTES }, '4.2.1'],
  ['a key of 17 bytes', { key: KEY_OF_17_BYTES }, '4.2.1'],
  ['a key that is not Base64', { key: '!!!!!!!!!!!!!!!!!!!!!!==' }, '4.2.1'],
  ['two keys', changed({ [KEY]: ['dGhlIHNhbXBsZSBub25jZQ==', 'AAAAAAAAAAAAAAAAAAAAAA=='] }), '11.3.1'],
  ['no Sec-WebSocket-Version', changed({ 'Sec-WebSocket-Version': undefined }), '4.2.1'],
  ['a version that is no number', changed({ 'Sec-WebSocket-Version': 'thirteen' }), '4.2.1'],
  ['a malformed extension list', changed({ 'Sec-WebSocket-Extensions': 'a; b=;' }), '9.1'],
];

/** Bad enough that one would wish for a refusal, while the RFC does not demand one in so many words. */
const BETTER_REFUSED: readonly (readonly [title: string, change: Change, rule: string])[] = [
  ['two Host fields', changed({ Host: ['one.example', 'two.example'] }), '4.2.1'],
  ['the same subprotocol twice', changed({ 'Sec-WebSocket-Protocol': 'chat, chat' }), '4.1'],
  ['a subprotocol that is no token', changed({ 'Sec-WebSocket-Protocol': 'cha(t' }), '4.1'],
  ['a field folded over two lines', changed({ 'X-Folded': 'one\r\n two' }), '4.1'],
  ['a blank before a colon', changed({ 'X-Blank ': 'x' }), '4.1'],
];

function refusedCases(): Case[] {
  const why =
    'A server that takes what is no WebSocket handshake can be talked to by what is no WebSocket client.';
  const make = (entries: typeof REFUSED, major: number, isDemanded: boolean): Case[] =>
    entries.map(([title, change, rule], index) =>
      requestCase({ id: `14.${major}.${index + 1}`, rule: `RFC 6455 ${rule}`, title, why }, (asking, pace) =>
        refusal(asking, pace, change, isDemanded),
      ),
    );
  return [...make(REFUSED, 1, true), ...make(BETTER_REFUSED, 2, false)];
}

async function ask(asking: Asking, pace: Pace, change: Change, cut: 'whole' | 'bytes' = 'whole') {
  const link = await asking.dial();
  const request = asking.request(typeof change === 'function' ? change(pathOf(asking.url)) : change);
  await link.write(request.text, cut);
  return { link, key: request.key, head: await readHeadOf(link, pace.replyTimeoutMs) };
}

async function refusal(asking: Asking, pace: Pace, change: Change, isDemanded: boolean): Promise<Finding> {
  const { link, head } = await ask(asking, pace, change);
  if (head === undefined) {
    return link.hasEnded
      ? finding('non-strict', 'it ended TCP without an answer')
      : finding('fail', 'it neither answered nor ended TCP');
  }
  if (!/ 101( |$)/.test(head.line)) return PASS;
  return finding(isDemanded ? 'fail' : 'non-strict', 'it took the request');
}

const TAKEN: readonly (readonly [title: string, change: Change, cut?: 'bytes'])[] = [
  ['the usual request, a write for each byte', {}, 'bytes'],
  ['Upgrade in another case', changed({ Upgrade: 'WebSocket' })],
  ['Connection in another case', changed({ Connection: 'uPgRaDe' })],
  ['Connection as a list', changed({ Connection: 'keep-alive, Upgrade' })],
  ['Connection in two fields', changed({ Connection: ['keep-alive', 'Upgrade'] })],
  ['names in lower case', changed({ Upgrade: undefined, upgrade: 'websocket', [KEY]: undefined })],
  ['an Origin', changed({ Origin: 'http://page.example' })],
  ['fields that nobody knows', changed({ 'X-One': 'a', 'X-Two': 'b; c="d, e"', 'X-Empty': '' })],
  ['blanks around a value', changed({ 'Sec-WebSocket-Version': '  13\t' })],
  ['a cookie of 4 KiB', changed({ Cookie: `c=${'x'.repeat(4096)}` })],
];

function takenCases(): Case[] {
  const why =
    'Names, and the tokens websocket and upgrade, are the same in any case; lists may be spread over fields.';
  return TAKEN.map(([title, change, cut], index) =>
    requestCase({ id: `14.3.${index + 1}`, rule: 'RFC 6455 4.2.1', title, why }, (asking, pace) =>
      echoAfter(asking, pace, change, cut),
    ),
  );
}

/** The handshake is taken, and the connection echoes. */
async function echoAfter(asking: Asking, pace: Pace, change: Change, cut?: 'bytes'): Promise<Finding> {
  const plan = typeof change === 'function' ? change(pathOf(asking.url)) : change;
  const isLowerKey = plan.changes !== undefined && 'upgrade' in plan.changes;
  const key = 'AQIDBAUGBwgJCgsMDQ4PEA==';
  const lowered = isLowerKey ? { ...plan.changes, 'sec-websocket-key': key } : plan.changes;
  const { link, head } = await ask(asking, pace, { ...plan, key, ...(lowered && { changes: lowered }) }, cut);
  if (head === undefined) return finding('fail', 'no answer came');
  const fault = faultOfAnswer(head, key);
  if (fault !== undefined) return finding('fail', fault);
  link.skip(head.bytes);
  const session = new Session({ socket: link.socket, peer: 'server', unread: link.release() });
  const hello = text('hello');
  return exchange(session, { steps: [{ send: [hello] }], expects: [echoOf(hello)], ending: WE_CLOSE }, pace);
}

/** Section 4.2.2: the refusal of another version names the ones that are spoken. */
function versionCase(): Case {
  const spec = {
    id: '14.4.1',
    rule: 'RFC 6455 4.2.2',
    title: 'version 12',
    why: 'A client that speaks another version learns from the refusal which one would do.',
  };
  return requestCase(spec, async (asking, pace) => {
    const { head } = await ask(asking, pace, changed({ 'Sec-WebSocket-Version': '12' }));
    const looseness: string[] = [];
    if (head === undefined) return finding('non-strict', 'no answer came');
    if (/ 101( |$)/.test(head.line)) return finding('fail', 'it took the request');
    if (!/ 426( |$)/.test(head.line)) looseness.push(`"${head.line}" instead of 426`);
    if (!names(fieldOf(head, 'sec-websocket-version'), '13'))
      looseness.push('the refusal does not name version 13');
    return verdictOf({ faults: [], looseness });
  });
}

/** What a server may choose, and what not. */
function choiceCases(): Case[] {
  const why = 'A server chooses from what was offered, or nothing.';
  const rule = 'RFC 6455 4.2.2';
  const offer = (
    title: string,
    number: number,
    changes: Changes,
    judge: (protocol?: string, extensions?: string) => string | undefined,
  ) =>
    requestCase({ id: `14.4.${number}`, rule, title, why }, async (asking, pace) => {
      const { head } = await ask(asking, pace, changed(changes));
      if (head === undefined) return finding('fail', 'no answer came');
      // A server may have a policy about subprotocols.
      if (!/ 101( |$)/.test(head.line)) return finding('informational', `it answered "${head.line}"`);
      const fault = judge(fieldOf(head, 'sec-websocket-protocol'), fieldOf(head, 'sec-websocket-extensions'));
      return fault === undefined ? PASS : finding('fail', fault);
    });
  return [
    offer('no subprotocol offered', 2, {}, (protocol) =>
      protocol === undefined ? undefined : `it chose the subprotocol ${protocol}`,
    ),
    offer('two subprotocols offered', 3, { 'Sec-WebSocket-Protocol': 'x-one, x-two' }, (protocol) =>
      protocol === undefined || ['x-one', 'x-two'].includes(protocol) ? undefined : `it chose ${protocol}`,
    ),
    offer(
      'an extension offered that does not exist',
      4,
      { 'Sec-WebSocket-Extensions': 'x-unknown; a=1' },
      (_, extensions) => (extensions === undefined ? undefined : `it accepted ${extensions}`),
    ),
    offer('no extension offered', 5, {}, (_, extensions) =>
      extensions === undefined ? undefined : `it accepted ${extensions}`,
    ),
  ];
}
