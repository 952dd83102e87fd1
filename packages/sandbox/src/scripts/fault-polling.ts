// The script of sticky sessions: two servers that speak Engine.IO by long polling, as much of it as the fault needs, behind a
// proxy that gives them requests in turns. Recorded in the proxy, request by request.
import http from 'node:http';
import type { Recording } from '../stage/recording.ts';
import type { Stage } from '../stage/stage.ts';
import type { Scripts } from './script.ts';

const PATH = '/socket.io/?EIO=4&transport=polling';
/** A request of this scene carries a packet or two. */
const BODY_BYTES_MAX = 4 * 1024;

interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Ask {
  readonly method: 'GET' | 'POST';
  readonly target: string;
  readonly body: string;
  readonly cookie: string | undefined;
}

async function stickySessionsMissing(stage: Stage): Promise<void> {
  let turn = 0;
  await pollThrough(stage, 'no-sticky-sessions', () => {
    turn += 1;
    return turn % 2 === 1 ? 'A' : 'B';
  });
  let next = 0;
  // #region sticky
  /** Who has been here before goes where they were; only somebody new gets the next server. */
  const sticky = ({ cookie }: Ask): string => {
    const known = /\bserver=(\w)/.exec(cookie ?? '')?.[1];
    if (known !== undefined) return known;
    next += 1;
    return next % 2 === 1 ? 'A' : 'B';
  };
  // #endregion
  await pollThrough(stage, 'sticky-sessions', sticky);
}

/** One client's session, as far as it gets: open it, connect to the namespace, ask for what has come. */
async function pollThrough(
  stage: Stage,
  note: 'no-sticky-sessions' | 'sticky-sessions',
  choose: (ask: Ask) => string,
): Promise<void> {
  const servers = new Map(['A', 'B'].map((name) => [name, new TinyEngineIo(name)]));
  let recording: Recording | undefined;
  const port = await listenHttp(stage, (ask, request) => {
    recording ??= stage.recordByHand({
      clientPort: request.socket.remotePort ?? 0,
      serverPort: request.socket.localPort ?? 0,
      gateway: 'socketio',
    });
    const name = choose(ask);
    recording.add({ kind: 'poll', direction: 'in', method: ask.method, head: headOf(ask), body: ask.body });
    stage.noteIn(recording, 'goes-to', { server: name });
    const answer = servers.get(name)?.answer(ask) ?? { status: 502, body: '' };
    const head = `HTTP/1.1 ${answer.status} ${http.STATUS_CODES[answer.status]}\r\nSet-Cookie: server=${name}\r\n\r\n`;
    recording.add({ kind: 'poll', direction: 'out', method: ask.method, head, ...answer });
    if (answer.status === 400)
      stage.noteIn(recording, 'session-unknown', { server: name, body: answer.body });
    return { ...answer, cookie: `server=${name}` };
  });
  stage.note(note);
  const opened = await ask(stage, port, { method: 'GET', target: PATH, body: '', cookie: undefined });
  const sid = /"sid":"([^"]+)"/.exec(opened.body)?.[1] ?? '';
  const target = `${PATH}&sid=${sid}`;
  const { cookie } = opened;
  const connected = await ask(stage, port, { method: 'POST', target, body: '40', cookie });
  if (connected.status === 200) await ask(stage, port, { method: 'GET', target, body: '', cookie });
  const isLost = connected.status !== 200;
  recording?.close({
    code: isLost ? 1006 : 1000,
    reason: isLost ? 'Session ID unknown' : '',
    wasClean: !isLost,
  });
}

/** Knows the sessions that it has opened itself, and no others: they are in its memory. */
class TinyEngineIo {
  readonly #name: string;
  readonly #sessions = new Set<string>();

  constructor(name: string) {
    this.#name = name;
  }

  answer({ method, target }: Ask): Answer {
    const sid = new URL(target, 'http://sandbox').searchParams.get('sid');
    if (sid === null) return this.#open();
    if (!this.#sessions.has(sid)) return { status: 400, body: '{"code":1,"message":"Session ID unknown"}' };
    if (method === 'POST') return { status: 200, body: 'ok' };
    return { status: 200, body: '40{"sid":"socket-1"}' };
  }

  #open(): Answer {
    const sid = `session-of-${this.#name}`;
    this.#sessions.add(sid);
    const packet = {
      sid,
      upgrades: ['websocket'],
      pingInterval: 25_000,
      pingTimeout: 20_000,
      maxPayload: 1_000_000,
    };
    return { status: 200, body: `0${JSON.stringify(packet)}` };
  }
}

const headOf = ({ method, target, cookie }: Ask): string =>
  `${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n${cookie === undefined ? '' : `Cookie: ${cookie}\r\n`}\r\n`;

async function listenHttp(
  stage: Stage,
  answer: (ask: Ask, request: http.IncomingMessage) => Answer & { readonly cookie: string },
): Promise<number> {
  const server = http.createServer(async (request, response) => {
    const body = await bodyOf(request);
    const method = request.method === 'POST' ? 'POST' : 'GET';
    const { cookie } = request.headers;
    const given = answer({ method, target: request.url ?? '', body, cookie }, request);
    response.writeHead(given.status, { 'Set-Cookie': given.cookie, Connection: 'close' }).end(given.body);
  });
  server.on('connection', (socket) => stage.keep(socket));
  return stage.listen(server);
}

function ask(
  { signal }: Stage,
  port: number,
  { method, target, body, cookie }: Ask,
): Promise<Answer & { readonly cookie: string | undefined }> {
  const headers = { ...(cookie !== undefined && { Cookie: cookie }) };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: target, method, headers, agent: false, signal };
    const request = http.request(options, async (response) => {
      const given = response.headers['set-cookie']?.[0];
      resolve({ status: response.statusCode ?? 0, body: await bodyOf(response), cookie: given });
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function bodyOf(message: http.IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of message) {
    body += String(chunk);
    if (body.length > BODY_BYTES_MAX) message.destroy();
  }
  return body;
}

export const POLLING_SCRIPTS: Scripts = { 'sticky-sessions-missing': stickySessionsMissing };
