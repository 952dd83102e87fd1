// Probes with odd requests: those that mean the same as the usual one and must be taken, and those that must not be.
// What the answer looks like is answers.ts.
import { say, type Text } from '../mistake.ts';
import type { OpenPlan, Probe, ProbeRun } from '../probe.ts';
import { shown, valueIn } from '../seen-bytes.ts';
import { lowerCaseNames } from '../survey.ts';

export const REQUEST_PROBES: readonly Probe[] = [
  { name: 'names-and-lists', title: say('requests in other words', '写法不同的请求'), run: sameMeaning },
  { name: 'request-in-pieces', title: say('a request in pieces', '分段到达的请求'), run: inPieces },
  { name: 'version', title: say('a version that nobody speaks', '不存在的版本'), run: version },
  { name: 'bad-requests', title: say('requests that are no handshake', '不是握手的请求'), run: badRequests },
  { name: 'origin', title: say('a page from elsewhere', '来自别处的网页'), run: origin },
];

const replaced = (pattern: RegExp, by: string) => (request: string) => request.replace(pattern, by);

interface Variant {
  readonly id: 'header-case-sensitive' | 'connection-list-unread';
  readonly what: Text;
  readonly rewrite: (request: string) => string;
}

const SAME_MEANING: readonly Variant[] = [
  {
    id: 'header-case-sensitive',
    what: say('header names in lower case (sec-websocket-key: …)', '首部名用小写（sec-websocket-key: …）'),
    rewrite: lowerCaseNames,
  },
  {
    id: 'header-case-sensitive',
    what: say('header names as in Sec-WebSocket-Key', '首部名写成 Sec-WebSocket-Key'),
    rewrite: (request) => request,
  },
  {
    id: 'header-case-sensitive',
    what: say('header names in upper case (SEC-WEBSOCKET-KEY: …)', '首部名用大写（SEC-WEBSOCKET-KEY: …）'),
    rewrite: (request) => request.replace(/^([\w-]+):/gm, (name) => name.toUpperCase()),
  },
  {
    id: 'header-case-sensitive',
    what: say('"Upgrade: WebSocket"', '“Upgrade: WebSocket”'),
    rewrite: replaced(/^(upgrade): websocket/im, '$1: WebSocket'),
  },
  {
    id: 'header-case-sensitive',
    what: say('"Connection: upgrade"', '“Connection: upgrade”'),
    rewrite: replaced(/^(connection): upgrade/im, '$1: upgrade'),
  },
  {
    id: 'connection-list-unread',
    what: say(
      '"Connection: keep-alive, Upgrade", as Firefox writes it',
      '“Connection: keep-alive, Upgrade”（Firefox 就是这样写的）',
    ),
    rewrite: replaced(/^(connection): upgrade/im, '$1: keep-alive, Upgrade'),
  },
];

async function sameMeaning(run: ProbeRun): Promise<void> {
  for (const { id, what, rewrite } of SAME_MEANING) {
    const link = await run.ask({ rewrite });
    if (link.isTaken) {
      if (id === 'header-case-sensitive') await goodAccept(run, what, rewrite);
      continue;
    }
    const answer = answerText(link.head?.line, link.hasEnded);
    run.see(id, say(`A request with ${what.en} got ${answer.en}.`, `请求里${what.zh}时，${answer.zh}。`));
  }
}

/** A server that does not find the key may answer 101 all the same, with the accept value of nothing. */
async function goodAccept(run: ProbeRun, what: Text, rewrite: (request: string) => string): Promise<void> {
  const key = 'AQIDBAUGBwgJCgsMDQ4PEA==';
  const [usual, odd] = [await run.ask({ request: { key } }), await run.ask({ request: { key }, rewrite })];
  const values = [usual, odd].map(({ head }) => head && valueIn(head, 'sec-websocket-accept'));
  if (values[0] === values[1]) return;
  run.see(
    'header-case-sensitive',
    say(
      `With ${what.en} the accept value became "${shown(values[1] ?? '')}"; it had been "${shown(values[0] ?? '')}" for the same key.`,
      `${what.zh}时，accept 变成了 “${shown(values[1] ?? '')}”；同一个键原来得到的是 “${shown(values[0] ?? '')}”。`,
    ),
  );
}

function answerText(line: string | undefined, hasEnded: boolean): Text {
  if (line !== undefined) return say(`"${shown(line)}"`, `得到的是 “${shown(line)}”`);
  return hasEnded ? say('the end of TCP', '连接被断开') : say('no answer', '没有回答');
}

async function inPieces(run: ProbeRun): Promise<void> {
  const link = await run.ask({ cut: 'halves' });
  if (link.isTaken) return;
  const answer = answerText(link.head?.line, link.hasEnded);
  run.see(
    'handshake-one-read',
    say(
      `The same request in two writes, ${'40 ms'} apart, got ${answer.en}.`,
      `同样的请求分两次写出、相隔 40 毫秒时，${answer.zh}。`,
    ),
  );
}

async function version(run: ProbeRun): Promise<void> {
  const link = await run.ask({ request: { changes: { 'Sec-WebSocket-Version': '12' } } });
  if (link.isTaken) {
    run.see(
      'version-unchecked',
      say(
        'A request for version 12 got 101, as if it were version 13.',
        '请求版本 12，得到的仍是 101，好像请求的是版本 13。',
      ),
    );
    return;
  }
  if (link.head === undefined) return;
  const offered = valueIn(link.head, 'sec-websocket-version');
  if (link.head.status === 426 || offered !== undefined) return;
  run.see(
    'version-answer-unhelpful',
    say(
      `A request for version 12 was refused with "${shown(link.head.line)}", which does not say that 13 would do.`,
      `请求版本 12 被拒绝，回答是 “${shown(link.head.line)}”，没有说明支持的是 13。`,
    ),
  );
}

const BAD: readonly (readonly [Text, OpenPlan])[] = [
  [
    say('no Sec-WebSocket-Key', '没有 Sec-WebSocket-Key'),
    { request: { changes: { 'Sec-WebSocket-Key': undefined } } },
  ],
  [say('a key of 3 bytes instead of 16', '键只有 3 个字节而不是 16 个'), { request: { key: 'AQID' } }],
  [say('no Upgrade field', '没有 Upgrade 字段'), { request: { changes: { Upgrade: undefined } } }],
  [say('"Upgrade: h2c"', '“Upgrade: h2c”'), { request: { changes: { Upgrade: 'h2c' } } }],
  [say('no Connection field', '没有 Connection 字段'), { request: { changes: { Connection: undefined } } }],
];

async function badRequests(run: ProbeRun): Promise<void> {
  const { pathname, search } = run.target.url;
  const post: (typeof BAD)[number] = [
    say('the method POST', 'POST 方法'),
    { request: { line: `POST ${pathname}${search} HTTP/1.1` } },
  ];
  // At once: a server that answers none of them costs one wait only.
  const answers = await Promise.all(
    [...BAD, post].map(async ([what, plan]) => ({ what, isTaken: (await run.ask(plan)).isTaken })),
  );
  const taken = answers.filter(({ isTaken }) => isTaken).map(({ what }) => what);
  if (taken.length === 0) return;
  run.see(
    'request-unchecked',
    say(
      `It answered 101 to requests with ${taken.map(({ en }) => en).join('; with ')}.`,
      `对这样的请求它也回答了 101：${taken.map(({ zh }) => zh).join('；')}。`,
    ),
  );
}

const FOREIGN = 'https://elsewhere.invalid';

async function origin(run: ProbeRun): Promise<void> {
  const link = await run.ask({ request: { changes: { Origin: FOREIGN } } });
  if (!link.isTaken) return;
  run.see(
    'origin-unchecked',
    say(`A request with "Origin: ${FOREIGN}" got 101.`, `带着 “Origin: ${FOREIGN}” 的请求得到了 101。`),
  );
}
