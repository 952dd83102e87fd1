// Mistakes in reading requests: with them some clients get no connection, while others do. Data only.
import { type Mistake, say } from '../mistake.ts';

const REQUEST = { severity: 'mistake', layer: 'handshake', explains: [], cases: ['14.3'] } as const;

export const REQUEST_MISTAKES = {
  'header-case-sensitive': {
    ...{
      ...REQUEST,
      rfc: 'RFC 6455 4.2.1; RFC 9110 5.1',
      explains: ['connection-list-unread', 'request-unchecked'],
    },
    title: say(
      'It cares about upper and lower case where there is no difference.',
      '它在不该区分大小写的地方区分了大小写。',
    ),
    expected: say(
      'Names of header fields, and the tokens "websocket" and "Upgrade", are the same in any case.',
      '首部字段名，以及 “websocket” 和 “Upgrade” 这两个词，都不分大小写。',
    ),
    why: say(
      'Browsers write Sec-WebSocket-Key, other clients and proxies sec-websocket-key: some of them get no connection.',
      '浏览器写 Sec-WebSocket-Key，别的客户端和代理写 sec-websocket-key：总有一些连不上。',
    ),
    mend: say(
      "headers[name.trim().toLowerCase()] = value.trim(), then look up headers['sec-websocket-key']; compare values with value.toLowerCase() === 'websocket'.",
      "headers[name.trim().toLowerCase()] = value.trim()，再取 headers['sec-websocket-key']；比较值时用 value.toLowerCase() === 'websocket'。",
    ),
  },
  'connection-list-unread': {
    ...{ ...REQUEST, rfc: 'RFC 6455 4.2.1' },
    title: say('It does not read Connection as a list.', '它没有把 Connection 当成列表来读。'),
    expected: say(
      '"keep-alive, Upgrade" contains the token "Upgrade" and must do.',
      '“keep-alive, Upgrade” 里含有 “Upgrade” 这一项，应当接受。',
    ),
    why: say(
      'Firefox writes it so: nobody with Firefox gets a connection.',
      'Firefox 就是这样写的：用 Firefox 的人全都连不上。',
    ),
    mend: say(
      "connection.toLowerCase().split(',').map(token => token.trim()).includes('upgrade')",
      "connection.toLowerCase().split(',').map(token => token.trim()).includes('upgrade')",
    ),
  },
  'handshake-one-read': {
    ...{ ...REQUEST, rfc: 'RFC 6455 4.2.1; RFC 9112 2.2', cases: ['14.3.1'] },
    title: say('It expects the whole request in one read of TCP.', '它以为整个请求会在一次 TCP 读取里到齐。'),
    expected: say(
      'The request ends with its empty line, however many reads that takes.',
      '请求到空行为止，不管要读多少次。',
    ),
    why: say(
      'With large cookies, over TLS or a slow network the request comes in pieces: these visitors get no connection.',
      'Cookie 很大、走 TLS 或者网络慢的时候，请求会分几段到达：这些访客就连不上。',
    ),
    mend: say(
      "head += chunk; const end = head.indexOf('\\r\\n\\r\\n'); if (end === -1) return; and a bound for its size, say 16 KiB.",
      "head += chunk; const end = head.indexOf('\\r\\n\\r\\n'); if (end === -1) return；并给大小设个上限，比如 16 KiB。",
    ),
  },
} as const satisfies Record<string, Mistake>;
