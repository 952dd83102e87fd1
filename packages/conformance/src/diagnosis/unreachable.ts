// Sentences for the case that there is nothing to diagnose: nobody listens, TLS does not come about, or what answers is no
// WebSocket server. Turns errors and answers into Unreachable.
import { ANSWER_CHARS_MAX } from './limits.ts';
import { say, type Text, Unreachable } from './mistake.ts';
import type { Target } from './probe.ts';
import type { ProbeLink } from './probe-link.ts';
import { shown, valueIn } from './seen-bytes.ts';

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

export function unreachable(url: URL, error: unknown): Unreachable {
  return new Unreachable(saidOf(url, error), { cause: error });
}

function saidOf(url: URL, error: unknown): Text {
  const code = codeOf(error);
  const { host, hostname, protocol } = url;
  switch (code) {
    case 'ECONNREFUSED':
      return say(
        `Nothing listens at ${host}: the connection was refused. Is the server running, and is the port right?`,
        `${host} 上没有程序在监听：连接被拒绝。服务器启动了吗？端口对吗？`,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return say(
        `There is no address for the name "${hostname}". Is it spelled right, and does this machine have a network?`,
        `域名 “${hostname}” 解析不到地址。拼写对吗？这台机器联网了吗？`,
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return say(`There is no way to ${host} from here (${code}).`, `从这里连不到 ${host}（${code}）。`);
    case 'ECONNRESET':
      return say(
        `${host} took the connection and cut it before anything was said. ${protocol === 'wss:' ? 'Perhaps it does not speak TLS: try ws:.' : 'Perhaps it expects TLS: try wss:.'}`,
        `${host} 接受了连接，但什么都没说就断开了。${protocol === 'wss:' ? '它也许不用 TLS：试试 ws:。' : '它也许要求 TLS：试试 wss:。'}`,
      );
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return say(
        `${host} does not speak TLS, which wss: stands for. Try ws:.`,
        `${host} 不用 TLS，而 wss: 要求 TLS。试试 ws:。`,
      );
    default:
      if (/^(CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS)/.test(code)) return certificateText(host, error);
      return say(
        `There is no connection to ${host}: ${error instanceof Error ? error.message : String(error)}.`,
        `连不上 ${host}：${error instanceof Error ? error.message : String(error)}。`,
      );
  }
}

function certificateText(host: string, error: unknown): Text {
  const what = error instanceof Error ? error.message : String(error);
  return say(
    `The certificate of ${host} cannot be trusted: ${what}. With --insecure it is taken as it is, which is right for a test server only.`,
    `${host} 的证书不可信：${what}。加上 --insecure 可以照样连接，只适合测试服务器。`,
  );
}

/** Something answers, but not with a WebSocket handshake. */
export function refusalOf({ url }: Target, link: ProbeLink): Unreachable {
  const { head } = link;
  if (head === undefined) return new Unreachable(silenceText(url, link));
  const body = shown(link.bytes.toString('utf8').trim(), ANSWER_CHARS_MAX);
  const answer = `"${shown(head.line)}"${body === '' ? '' : ` (${body})`}`;
  const advice = adviceFor(head.status, valueIn(head, 'location'));
  return new Unreachable(
    say(
      `${url.host} answered the WebSocket handshake for ${url.pathname}${url.search} with ${answer}. ${advice.en}`,
      `${url.host} 对 ${url.pathname}${url.search} 的 WebSocket 握手回答了 ${answer}。${advice.zh}`,
    ),
  );
}

function silenceText({ host, protocol }: URL, { hasEnded, bytes }: ProbeLink): Text {
  const tls =
    bytes[0] === 0x15
      ? say(' It answered with a TLS alert: try wss:.', '它回了一个 TLS 警报：试试 wss:。')
      : say('', '');
  if (!hasEnded)
    return say(
      `${host} took the connection but did not answer the WebSocket handshake. A WebSocket server answers "HTTP/1.1 101 Switching Protocols" and an empty line as soon as it has read the empty line of the request; is something else listening on this port?`,
      `${host} 接受了连接，但没有回答 WebSocket 握手。WebSocket 服务器一读到请求末尾的空行，就应当回答 “HTTP/1.1 101 Switching Protocols” 和一个空行；这个端口上是不是别的程序？`,
    );
  return say(
    `${host} ended the connection without an answer to the WebSocket handshake.${tls.en}${protocol === 'ws:' && tls.en === '' ? ' Perhaps there is no WebSocket at this path, or it expects TLS (wss:).' : ''}`,
    `${host} 没有回答 WebSocket 握手就断开了连接。${tls.zh}${protocol === 'ws:' && tls.zh === '' ? '也许这个路径上没有 WebSocket，或者它要求 TLS（wss:）。' : ''}`,
  );
}

function adviceFor(status: number | undefined, location: string | undefined): Text {
  if (location !== undefined)
    return say(
      `It sends clients on to ${shown(location)}: check that address.`,
      `它把客户端转到 ${shown(location)}：请检查那个地址。`,
    );
  switch (status) {
    case 400:
      return say(
        'It did not like the request. Does the path belong to a WebSocket? Does it want a subprotocol (--subprotocol) or a header (--header)?',
        '它不接受这个请求。这个路径是 WebSocket 吗？要不要子协议（--subprotocol）或某个首部（--header）？',
      );
    case 401:
      return say(
        "It wants to know who is there: --header 'Authorization: …' or --header 'Cookie: …'.",
        "它要求身份验证：--header 'Authorization: …' 或 --header 'Cookie: …'。",
      );
    case 403:
      return say(
        'It does not let this client in. If it looks at the Origin: --origin https://the-page.',
        '它不让这个客户端进来。如果它检查 Origin：--origin https://页面的来源。',
      );
    case 404:
      return say(
        'There is nothing at this path; is the WebSocket at another one, such as /ws?',
        '这个路径上什么都没有；WebSocket 会不会在别的路径，比如 /ws？',
      );
    case undefined:
      return say(
        'That is not HTTP: something else listens on this port.',
        '这不是 HTTP：这个端口上是别的程序。',
      );
    default:
      return say(
        'That is an HTTP server, but it has no WebSocket at this path.',
        '这是一个 HTTP 服务器，但这个路径上没有 WebSocket。',
      );
  }
}
