// What the report of a comparison says, in both languages. Figures come from elsewhere: no number stands here.
import { CLIENT_LIMITS } from '@wireroom/client';
import type { Language } from '../terminal/language.ts';
import type { Comparison, Delivery, Way } from './figures.ts';

interface OutageNames {
  readonly others: string;
  readonly own: string;
  readonly back: string;
}

export interface ReportWords {
  readonly title: string;
  readonly introduction: string;
  readonly measured: string;
  readonly ways: Readonly<Record<Way, string>>;
  readonly groups: Readonly<Record<'entering' | 'speaking' | 'silent' | 'outages' | 'code', string>>;
  readonly tcpConnections: string;
  readonly httpRequests: string;
  readonly connectBytes: string;
  readonly roundTrips: string;
  readonly connectTime: (latencyMs: number) => string;
  readonly author: (textBytes: number) => string;
  readonly reader: (textBytes: number) => string;
  readonly idle: string;
  readonly outages: readonly [silence: OutageNames, cut: OutageNames, restart: OutageNames];
  readonly linesOfCode: string;
  readonly lost: (delivery: Delivery) => string;
  readonly bytes: (count: number) => string;
  readonly notes: (settings: Comparison['settings']) => readonly string[];
  readonly timelineTitle: string;
  readonly timelineIntroduction: string;
  readonly choosingTitle: string;
  readonly choosing: readonly string[];
  readonly circumstances: (comparison: Comparison) => string;
}

/** The default `reconnectionDelayMax` of its client. */
const SOCKET_IO_WAIT_SECONDS_MAX = 5;

const en: ReportWords = {
  title: 'Native WebSocket and Socket.IO, compared',
  introduction:
    'Four ways into the same room of the same server, measured on the wire: every byte passes through a proxy that counts it. ↑ is from the client, ↓ from the server. Bytes are those inside TCP; TCP, IP and TLS come on top, for all four alike.',
  measured: 'What is measured',
  ways: {
    native: 'Native (our SDK)',
    'socketio-websocket': 'Socket.IO, WebSocket only',
    'socketio-upgrade': 'Socket.IO, as it comes',
    'socketio-polling': 'Socket.IO, polling only',
  },
  groups: {
    entering: 'Entering',
    speaking: 'Speaking',
    silent: 'Being silent',
    outages: 'Outages',
    code: 'Code',
  },
  tcpConnections: 'TCP connections until one can chat',
  httpRequests: 'HTTP requests until then',
  connectBytes: 'Bytes until then',
  roundTrips: 'Round trips until then, opening TCP included',
  connectTime: (latencyMs) => `Time until then, where a round trip takes ${latencyMs} ms`,
  author: (textBytes) => `Bytes for a line of ${textBytes} letters, at its author`,
  reader: (textBytes) => `Bytes for a line of ${textBytes} letters, at each reader`,
  idle: 'Bytes in a silent minute',
  outages: [
    {
      others: 'Line silent, TCP stays: what others said meanwhile',
      own: 'Line silent: what one said oneself meanwhile',
      back: 'Line silent: hearing again after',
    },
    {
      others: 'Connection cut: what others said meanwhile',
      own: 'Connection cut: what one said oneself meanwhile',
      back: 'Connection cut: hearing again after',
    },
    {
      others: 'Server restarted: what others said as soon as they could',
      own: 'Server restarted: what one said oneself meanwhile',
      back: 'Server restarted: hearing again after',
    },
  ],
  linesOfCode: "Lines of code of the lesson's server",
  lost: ({ said, lost, twice }) => {
    const repeated = twice === 0 ? '' : `, ${twice} came twice`;
    return `${lost === 0 ? `all ${said} arrived` : `${lost} of ${said} lost`}${repeated}`;
  },
  bytes: (count) => `${count} B`,
  notes: ({ idleSeconds, lines, rounds, cutMs }) => [
    "The native line is longer because it says more: each message has a number, an author that outlives its name, a time, and an acknowledgement that comes after the commit on disk. The lesson's shape has a name and a text. Entering natively also brings the newest lines of the room, here those of the measurement itself; the lesson's LOGIN brings none.",
    `Socket.IO's client keeps what is emitted while it is offline and sends it the moment it is connected. In the lesson's shape a LOGIN has to come first, so the server refuses those lines. A program that puts the login into the handshake (\`auth\`) would get them through; what others said meanwhile is missed all the same, unless the server keeps it for the client (connection state recovery, which the gateway does not offer).`,
    'Programs, not browsers: a browser adds some hundred bytes of headers to each HTTP request, and reuses TCP connections for polling where Node opens new ones.',
    `Lines: the mean of ${lines}. Silence: ${idleSeconds} s, made a minute. Outages: ${cutMs / 1000} s each, ${rounds} of each kind; times to be back are the median, then the shortest and the longest, counted from the end of the outage.`,
    `Both clients wait longer after each attempt that failed, and a random part of it, so that not all come back at once: the SDK up to ${CLIENT_LIMITS.backoffMaxMs / 1000} s (${CLIENT_LIMITS.backoffLongMaxMs / 1000} s after ${CLIENT_LIMITS.backoffShortAttempts} attempts), Socket.IO's up to ${SOCKET_IO_WAIT_SECONDS_MAX} s.`,
  ],
  timelineTitle: 'On the wire',
  timelineIntroduction:
    'From the first byte to the first line that comes back, layer by layer. Engine.IO puts a digit in front of each packet, Socket.IO a second one behind it.',
  choosingTitle: 'When to choose which',
  choosing: [
    'Choose the plain WebSocket where you own both ends and care what each byte says: every language has a client, proxies and tools understand the frames, and nothing stands between your protocol and the wire. What it does not bring you have to bring: reconnecting, signs of life, acknowledgements, and above all the answer to "what did I miss?". In this chat that answer is a number: a client says where it stopped, and the log continues there. It is why nothing is lost in the rows on outages, and it is work that no library of transports takes off your hands.',
    'Choose Socket.IO where its conveniences are your requirements: named events, acknowledgement callbacks, rooms, reconnecting out of the box, and a way through networks that let no WebSocket pass. Its price is a protocol that only its own clients speak, a heavier entrance when it begins with polling (several requests that have to reach the same process: sticky sessions behind a load balancer), and the temptation to take "it reconnects" for "nothing is lost". By itself it delivers at most once.',
    'Either way, if you can require WebSocket, begin with it (`transports: ["websocket"]`): the entrance then costs what the native one costs. And whichever you choose, number your messages.',
  ],
  circumstances: ({ date, command, machine, versions }) =>
    `Measured on ${date} by \`${command}\` on ${machine.system}, ${machine.processor}, ${machine.cores} cores; Node ${versions.node}, Wireroom ${versions.wireroom}, socket.io ${versions['socket.io']}, socket.io-client ${versions['socket.io-client']}.`,
};

const zh: ReportWords = {
  title: '原生 WebSocket 与 Socket.IO 对比',
  introduction:
    '同一台服务器、同一个房间，四种接入方式，全部在线路上实测：每个字节都经过一个负责计数的代理。↑ 表示客户端发出，↓ 表示服务器发出。字节数只算 TCP 载荷，TCP、IP 和 TLS 的开销另计，四种方式都一样。',
  measured: '测量项目',
  ways: {
    native: '原生（我们的 SDK）',
    'socketio-websocket': 'Socket.IO，仅 WebSocket',
    'socketio-upgrade': 'Socket.IO，默认配置',
    'socketio-polling': 'Socket.IO，仅轮询',
  },
  groups: { entering: '进门', speaking: '说话', silent: '沉默', outages: '中断', code: '代码' },
  tcpConnections: '到能聊天为止的 TCP 连接数',
  httpRequests: '到能聊天为止的 HTTP 请求数',
  connectBytes: '到能聊天为止的字节数',
  roundTrips: '到能聊天为止的往返次数（含建立 TCP）',
  connectTime: (latencyMs) => `往返延迟 ${latencyMs} ms 时，到能聊天所需的时间`,
  author: (textBytes) => `一条 ${textBytes} 个字母的消息，发送方的字节数`,
  reader: (textBytes) => `一条 ${textBytes} 个字母的消息，每个接收方的字节数`,
  idle: '一分钟没人说话时的字节数',
  outages: [
    {
      others: '线路静默但 TCP 未断：期间别人说的话',
      own: '线路静默：期间自己说的话',
      back: '线路静默：恢复收听用时',
    },
    {
      others: '连接被切断：期间别人说的话',
      own: '连接被切断：期间自己说的话',
      back: '连接被切断：恢复收听用时',
    },
    {
      others: '服务器重启：别人一恢复就说的话',
      own: '服务器重启：期间自己说的话',
      back: '服务器重启：恢复收听用时',
    },
  ],
  linesOfCode: '课程中服务器的代码行数',
  lost: ({ said, lost, twice }) => {
    const repeated = twice === 0 ? '' : `，${twice} 条重复`;
    return `${lost === 0 ? `${said} 条全部收到` : `${said} 条丢失 ${lost} 条`}${repeated}`;
  },
  bytes: (count) => `${count} B`,
  notes: ({ idleSeconds, lines, rounds, cutMs }) => [
    '原生方式的一条消息更长，是因为它携带的信息更多：每条消息都有编号、不随改名而变的作者标识、时间，以及落盘之后才发出的确认。课程里的格式只有名字和文字。原生方式进门时还会带回房间里最新的消息（这里就是测量本身产生的消息），课程的 LOGIN 不带历史。',
    'Socket.IO 客户端会把离线时 emit 的内容存起来，一连上就立刻发出。而课程的格式要求先 LOGIN，所以服务器会拒绝这些消息。把登录放进握手（`auth`）的程序可以让它们送达；但别人在此期间说的话照样会错过，除非服务器替客户端保留（connection state recovery，本网关没有提供）。',
    '测的是程序，不是浏览器：浏览器会给每个 HTTP 请求多加几百字节的头部；轮询时浏览器会复用 TCP 连接，而 Node 每次新建。',
    `消息字节数为 ${lines} 条的平均值。静默测了 ${idleSeconds} 秒，折算为一分钟。每次中断 ${cutMs / 1000} 秒，每种 ${rounds} 次；恢复用时从中断结束算起，依次为中位数、最短和最长。`,
    `两种客户端每失败一次就等得更久，并带有随机成分，免得大家同时涌回来：SDK 最多等 ${CLIENT_LIMITS.backoffMaxMs / 1000} 秒（${CLIENT_LIMITS.backoffShortAttempts} 次之后最多 ${CLIENT_LIMITS.backoffLongMaxMs / 1000} 秒），Socket.IO 最多等 ${SOCKET_IO_WAIT_SECONDS_MAX} 秒。`,
  ],
  timelineTitle: '线路上发生了什么',
  timelineIntroduction:
    '从第一个字节到第一条消息返回，逐层解码。Engine.IO 在每个包前面加一位数字，Socket.IO 在它后面再加一位。',
  choosingTitle: '什么时候选哪个',
  choosing: [
    '如果两端都由你掌控，而且在意线路上的每个字节，就选原生 WebSocket：任何语言都有客户端，代理和工具都认识它的帧，你的协议和线路之间没有别的东西。它没有的你得自己补上：重连、心跳、确认，尤其是“我错过了什么”的答案。在这个聊天室里，答案是一个编号：客户端报出自己读到哪里，日志就从那里继续。中断那几行之所以什么都没丢，原因就在这里；而这件事，没有哪个传输库能替你做。',
    '如果它的便利正是你的需求，就选 Socket.IO：具名事件、确认回调、房间、开箱即用的重连，还能穿过不放行 WebSocket 的网络。代价是：这个协议只有它自己的客户端会说；从轮询开始时，进门更重（多个请求必须到达同一个进程，负载均衡后面需要会话保持）；还容易让人把“会重连”当成“不会丢”。它默认的语义是至多送达一次。',
    '无论选哪个，只要能要求 WebSocket，就直接用它（`transports: ["websocket"]`），这样进门的开销和原生差不多。而且无论选哪个，都请给消息编号。',
  ],
  circumstances: ({ date, command, machine, versions }) =>
    `测量于 ${date}，命令 \`${command}\`，环境 ${machine.system}、${machine.processor}、${machine.cores} 核；Node ${versions.node}、Wireroom ${versions.wireroom}、socket.io ${versions['socket.io']}、socket.io-client ${versions['socket.io-client']}。`,
};

export const REPORT_WORDS: Readonly<Record<Language, ReportWords>> = { en, zh };
