// The texts of the faults of working life: each scene plays the fault first and then its cure. Longer explanations are in
// the course, docs/course. Data only.
import type { Scene } from '../scene.ts';

export const FAULT_SCENES: readonly Scene[] = [
  {
    name: 'idle-connection-closed',
    group: 'fault',
    title: { en: 'Idle connections are closed', zh: '空闲连接被代理关闭' },
    summary: {
      en: 'A proxy ends connections that are silent for 0.4 s (in practice 60 s). The first connection dies with 1006 though both ends are well. The second one lives, because the server pings four times as often.',
      zh: '代理会断开静默 0.4 秒的连接（实际中常为 60 秒）。第一条连接两端都正常，却以 1006 断开；第二条活了下来，因为服务器 ping 的间隔只有空闲时限的四分之一。',
    },
    rule: {
      section: 'RFC 6455 section 5.5.2',
      text: {
        en: 'A ping may serve as a keep-alive: bytes on the wire, without a message for the program.',
        zh: 'ping 可以用来保活：线路上有字节经过，程序却收不到任何消息。',
      },
    },
    takesMs: 1_200,
    pauseMs: 400,
  },
  {
    name: 'upgrade-header-missing',
    group: 'fault',
    title: { en: 'nginx drops the Upgrade header', zh: 'nginx 丢掉了 Upgrade 头' },
    summary: {
      en: 'The client asks for an upgrade; a proxy passes the request on as nginx does by default, in HTTP/1.0 and without Upgrade and Connection. The server sees a plain request and answers 426. Compare the two captures of the same request.',
      zh: '客户端请求升级，代理却按 nginx 的默认方式转发：HTTP/1.0，不带 Upgrade 和 Connection。服务器看到的只是普通请求，回了 426。请对比同一请求的两份抓包。',
    },
    rule: {
      section: 'RFC 9110 section 7.6.1',
      text: {
        en: 'Connection and the headers that it names are for one hop only: a proxy takes them out, and has to be told to ask for the upgrade itself.',
        zh: 'Connection 及其列出的头只对一跳有效：代理会去掉它们，要升级就得让代理自己再提出。',
      },
    },
  },
  {
    name: 'closed-1006',
    group: 'fault',
    title: { en: '1006, and no reason', zh: '1006，没有原因' },
    summary: {
      en: 'Three connections that end: the process is killed (1006, nothing said), a handler throws (1011 with a sentence), the server restarts on purpose (1012 with a reason). Only the first one leaves the client guessing.',
      zh: '三条连接各有各的结束方式：进程被杀（1006，什么都没说），处理函数抛错（1011，附一句话），服务器主动重启（1012，附原因）。只有第一种让客户端无从判断。',
    },
    rule: {
      section: 'RFC 6455 section 7.1.5',
      text: {
        en: '1006 is not a message from the other end: it is what a program is told when no Close frame came.',
        zh: '1006 不是对方说的话：没收到 Close 帧时，本地程序得到的就是它。',
      },
    },
  },
  {
    name: 'sticky-sessions-missing',
    group: 'fault',
    title: { en: 'Sticky sessions are missing', zh: '轮询缺少会话保持' },
    summary: {
      en: 'Two Socket.IO servers behind a proxy that gives them requests in turns. The session is opened at A, the next request goes to B: "Session ID unknown". With a cookie that remembers the server, it works.',
      zh: '两台 Socket.IO 服务器，前面的代理轮流分发请求。会话在 A 上建立，下一个请求却到了 B：“Session ID unknown”。用 Cookie 记住是哪台服务器之后就正常了。',
    },
  },
  {
    name: 'origin-refused',
    group: 'fault',
    title: { en: 'The Origin is refused', zh: 'Origin 被拒绝' },
    summary: {
      en: 'A page on www.chat.example connects, but only chat.example is on the server’s list: 403, and the page learns no more than 1006. Then the name is added, and the same request gets its 101.',
      zh: '页面在 www.chat.example，服务器的名单上却只有 chat.example：返回 403，而页面只知道 1006。把这个名字加进名单后，同样的请求得到 101。',
    },
    rule: {
      section: 'RFC 6455 section 10.2',
      text: {
        en: 'A server that is not for all pages checks Origin and answers 403 to those it does not want.',
        zh: '不面向所有页面的服务器应检查 Origin，对不接受的来源回 403。',
      },
    },
  },
  {
    name: 'mixed-content',
    group: 'fault',
    title: { en: 'Mixed content', zh: '混合内容' },
    summary: {
      en: 'A page on https may not open ws:, and the browser refuses without sending a byte. Changing it to wss: alone is not enough: then a TLS hello arrives at a port that speaks plain HTTP. With TLS ended in front of the server, it works.',
      zh: 'https 页面不能打开 ws:，浏览器一个字节都不发就拒绝。只把地址改成 wss: 也不够：TLS 的 hello 会发到只会明文 HTTP 的端口上。在服务器前面终止 TLS 之后才行。',
    },
    rule: {
      section: 'RFC 6455 section 11.1.2',
      text: {
        en: 'wss: is WebSocket over TLS; ws: is not protected.',
        zh: 'wss: 是跑在 TLS 上的 WebSocket;ws: 没有任何保护。',
      },
    },
  },
  {
    name: 'token-expired',
    group: 'fault',
    title: { en: 'The token has expired', zh: '令牌已失效' },
    summary: {
      en: 'A client presents a token that the server does not know any more. It reconnects and presents it again, and again: reconnecting does not help. One that forgets the token on bad-token gets in at the second sentence.',
      zh: '客户端出示的令牌服务器已不认识。它断线重连再出示，一遍又一遍：重连解决不了问题。遇到 bad-token 就丢弃令牌的客户端，第二句话就登录成功。',
    },
  },
  {
    name: 'slow-reader-fills-memory',
    group: 'fault',
    title: { en: 'A slow reader fills the memory', zh: '慢客户端撑大服务器内存' },
    summary: {
      en: 'A server pushes 16 MiB to a client that does not read, without looking at what send() returns: what the kernel does not take lies in its memory. The second one sends only while there is room, and reads on from the client’s position when it drains.',
      zh: '服务器向一个不读取的客户端推送 16 MiB，不看 send()的返回值：内核装不下的全留在进程内存里。第二个服务器只在有空间时发送，腾出空间后再从该客户端的位置继续读日志。',
    },
  },
  {
    name: 'message-too-big',
    group: 'fault',
    title: { en: 'A message is too big', zh: '消息过大' },
    summary: {
      en: 'A message of 1.7 kB where the limit is 1 KiB: closed with 1009. The client reconnects, sends the same again, and is closed again. The third client asks for the limit and sends the photo in parts.',
      zh: '上限 1 KiB，却发了 1.7 kB 的消息：以 1009 关闭。客户端重连后又发同样的内容，再次被关。第三个客户端先问清上限，再把图片分段发送。',
    },
    rule: {
      section: 'RFC 6455 section 7.4.1',
      text: { en: '1009: the message is too big to be processed.', zh: '1009：消息太大，无法处理。' },
    },
  },
  {
    name: 'thundering-herd',
    group: 'fault',
    title: { en: 'A herd after a deploy', zh: '发布后的惊群重连' },
    summary: {
      en: 'Forty clients come back at the same moment to a server that needs 5 ms for each hello: the last one waits for all the others. Then the same forty, each after a random wait within a second. Compare arrivals and the longest wait.',
      zh: '四十个客户端同时重连，服务器处理每个 hello 需要 5 毫秒：最后一个要等所有人。然后还是这四十个，各自在一秒内随机等待。请对比到达分布和最长等待时间。',
    },
    takesMs: 2_000,
    pauseMs: 1_000,
  },
  {
    name: 'lost-last-message',
    group: 'fault',
    title: { en: 'The last message is lost', zh: '最后一条消息丢了' },
    summary: {
      en: 'Three messages are stored, the push of the third one gets lost, and nothing follows that would show the gap. The first client never learns of it. The second one asks now and then for the number of the newest message, and fetches what it lacks.',
      zh: '存了三条消息，第三条的推送丢了，后面又没有消息能暴露这个缺口。第一个客户端永远不会知道；第二个隔一会儿问一次最新序号，把缺的补上。',
    },
    pauseMs: 200,
  },
  {
    name: 'duplicate-on-retry',
    group: 'fault',
    title: { en: 'A message twice after a retry', zh: '重试导致消息重复' },
    summary: {
      en: 'The message is stored, but its acknowledgement gets lost with the connection, so the client sends it again. Without a draftId it stands in the log twice; with one the server answers with the first number.',
      zh: '消息已入库，确认却随连接一起丢了，客户端只好重发。没有 draftId，日志里就有两条；有了它，服务器返回第一次的序号。',
    },
  },
  {
    name: 'clock-skew',
    group: 'fault',
    title: { en: 'Clocks that differ', zh: '时钟不一致' },
    summary: {
      en: 'Bob’s clock is five minutes slow. Sorted by the times that the clients sent, his answer stands before the question. Sorted by the number that the server gave, everybody sees the same order.',
      zh: 'Bob 的时钟慢五分钟。按客户端发来的时间排序，他的回答排到了问题前面；按服务器给的序号排序，所有人看到的顺序一致。',
    },
  },
  {
    name: 'connection-leak',
    group: 'fault',
    title: { en: 'A leak of connections', zh: '连接泄漏' },
    summary: {
      en: 'Five clients vanish without a word, as phones do. A server that never pings still counts five connections, and would tomorrow. One that pings and gives up on silence counts none.',
      zh: '五个客户端悄无声息地消失，就像手机断网。从不 ping 的服务器仍然显示五条连接，明天也还是五条；会 ping、对静默连接及时放弃的服务器显示零条。',
    },
    takesMs: 1_200,
    pauseMs: 400,
  },
  {
    name: 'compression-bomb',
    group: 'fault',
    title: { en: 'A compression bomb', zh: '压缩炸弹' },
    summary: {
      en: 'Some eight kilobytes on the wire that inflate to 8 MiB. The first server inflates all of it. The second one stops inflating at its limit of 64 KiB and closes with 1009.',
      zh: '线路上约 8 KB，解压后 8 MiB。第一个服务器全部解开；第二个解压到 64 KiB 的上限就停下，以 1009 关闭。',
    },
    rule: {
      section: 'RFC 6455 section 10.4',
      text: {
        en: 'The limit for a message holds for what it becomes in memory, not for what it was on the wire.',
        zh: '消息大小的上限针对它在内存里的大小，而不是线路上的大小。',
      },
    },
  },
];
