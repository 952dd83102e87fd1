// Remarks in the captures of the faults: what happens next and why. `{word}` stands for a value. Data only.
import type { LocalText } from '../scene.ts';

export const FAULT_NOTES = {
  'idle-without-pings': {
    en: 'The fault: nobody says anything, and the proxy waits {ms} ms for a byte.',
    zh: '故障：双方都不说话，代理等字节最多等 {ms} 毫秒。',
  },
  'idle-with-pings': {
    en: 'The cure: the same proxy, but the server pings every {ms} ms.',
    zh: '修复：代理不变，但服务器每 {ms} 毫秒 ping 一次。',
  },
  'idle-outlived': {
    en: 'Longer than the proxy’s patience, and still open. Now the client closes.',
    zh: '时间已超过代理的空闲时限，连接仍然活着。现在客户端主动关闭。',
  },
  'server-gets-this': {
    en: 'The fault, seen at the server: that is what came out of the proxy. HTTP/1.0, and nothing asks for an upgrade.',
    zh: '故障，在服务器一侧看：从代理出来的请求就是上面这样。HTTP/1.0，没有任何升级请求。',
  },
  'client-sends-this': {
    en: 'The fault, seen in front of the proxy: the client’s request is in order.',
    zh: '故障，在代理之前看：客户端的请求没有问题。',
  },
  'headers-passed-on': {
    en: 'The cure: the proxy asks for the upgrade as the client did.',
    zh: '修复：代理像客户端一样向后端请求升级。',
  },
  'process-killed': {
    en: 'The fault: while the server works on this message, its process is killed.',
    zh: '故障：服务器正在处理这条消息，进程被杀。',
  },
  'handler-throws': {
    en: 'Better: the server’s function throws, and the server says so before it closes.',
    zh: '好一些：服务器的处理函数抛错，它在关闭前说明了情况。',
  },
  'restart-announced': {
    en: 'The cure: a server that is stopped on purpose says goodbye, with a code that means "come back".',
    zh: '修复：服务器有计划地停止时先道别，用的代码表示“请重连”。',
  },
  'no-sticky-sessions': {
    en: 'The fault: requests go to A and B in turns.',
    zh: '故障：请求轮流发往 A 和 B。',
  },
  'sticky-sessions': {
    en: 'The cure: a cookie remembers the server that opened the session.',
    zh: '修复：用 Cookie 记住建立会话的服务器。',
  },
  'goes-to': { en: 'The proxy gives it to server {server}.', zh: '代理把它交给服务器 {server}。' },
  'session-unknown': {
    en: 'Server {server} has the sessions that it opened itself, and not this one: {body}',
    zh: '服务器 {server} 只知道自己建立的会话，不认识这一个：{body}',
  },
  'origin-not-listed': {
    en: 'The fault: the page is on https://www.chat.example, the list has https://chat.example only.',
    zh: '故障：页面在 https://www.chat.example，名单里只有 https://chat.example。',
  },
  'origin-listed': {
    en: 'The cure: https://www.chat.example is on the list too.',
    zh: '修复：把 https://www.chat.example 也加进名单。',
  },
  'blocked-by-browser': {
    en: 'Of "new WebSocket(\'ws://…\')" on an https page nothing is seen here: the browser throws a SecurityError and sends nothing.',
    zh: "https 页面执行 new WebSocket('ws://…') 时，这里什么也看不到：浏览器抛出 SecurityError，一个字节都没发。",
  },
  'tls-to-plain-port': {
    en: 'The fault’s second half: the page now says wss:, and a TLS record (16 03 01) arrives where HTTP was expected.',
    zh: '故障的后半段：页面改成了 wss:，于是一条 TLS 记录（16 03 01）到了等待 HTTP 的端口。',
  },
  'tls-in-front': {
    en: 'The cure: TLS ends in front of the server. These are the bytes inside it.',
    zh: '修复：在服务器前面终止 TLS。这里看到的是 TLS 里面的字节。',
  },
  'old-token-sent': {
    en: 'The fault: the client presents a token that the server does not know any more.',
    zh: '故障：客户端出示的令牌服务器已不认识。',
  },
  'old-token-again': {
    en: 'Attempt {round}: it takes the refusal for a lost connection, and presents the same token.',
    zh: '第 {round} 次：它把拒绝当成断线，重连后出示同一个令牌。',
  },
  'token-forgotten': {
    en: 'The cure: on bad-token the client forgets it and says hello by name, on the same connection.',
    zh: '修复：收到 bad-token 就丢弃令牌，在同一条连接上用名字重新 hello。',
  },
  'third-is-lost': {
    en: 'Three messages are stored. The pushes of the first two arrive, that of the third one gets lost.',
    zh: '三条消息都已入库。前两条的推送到了，第三条的丢了。',
  },
  'still-missing': {
    en: 'The fault: {ms} ms later the client still has two messages, and no way to know better.',
    zh: '故障：{ms} 毫秒之后，客户端还是只有两条，也无从发现。',
  },
  'head-asked': {
    en: 'The cure: the client asks for the newest number, sees 3 where it has 2, and fetches the rest.',
    zh: '修复：客户端询问最新序号，得到 3 而自己只有 2，于是把剩下的取回来。',
  },
  'ack-lost': {
    en: 'The client posts. The server stores it and answers, but the connection is cut before the answer arrives: it was seen here, in the proxy, and not by the client.',
    zh: '客户端发帖。服务器入库并应答，但应答到达前连接断了：这里（代理）看得到它，客户端看不到。',
  },
  'sent-again': {
    en: 'The client connects again and sends what nobody has acknowledged to it.',
    zh: '客户端重连，把没有得到确认的消息再发一遍。',
  },
  'in-the-log': { en: 'Messages in the log: {count}.', zh: '日志里的消息数：{count}。' },
  'clock-right': { en: 'Ada, whose clock is right.', zh: 'Ada，时钟准确。' },
  'clock-slow': { en: 'Bob, whose clock is five minutes slow.', zh: 'Bob，时钟慢五分钟。' },
  'order-by-clock': {
    en: 'The fault: sorted by the senders’ clocks, the order is {order}: the answer before the question.',
    zh: '故障：按发送方时钟排序，顺序为 {order}：回答排在了问题前面。',
  },
  'order-by-seq': {
    en: 'The cure: sorted by the server’s numbers, the order is {order}.',
    zh: '修复：按服务器的序号排序，顺序为 {order}。',
  },
  'clients-vanish': {
    en: 'From here on {count} clients are gone. Their network took them away; no FIN, no Close frame.',
    zh: '从这里起 {count} 个客户端消失了。它们断了网：没有 FIN，也没有 Close 帧。',
  },
  leaked: {
    en: 'The fault: the server, which never pings, still counts {count} connections.',
    zh: '故障：从不 ping 的服务器仍然显示 {count} 条连接。',
  },
  'leak-found': {
    en: 'The cure: no pong came, so the server gave them up. Connections left: {count}.',
    zh: '修复：没有等到 pong，服务器放弃了它们。剩余连接：{count}。',
  },
  'pushed-unread': {
    en: 'The fault: the client asks for 16 MiB and does not read. The server sends without looking.',
    zh: '故障：客户端要 16 MiB 却不读取，服务器只管发送。',
  },
  'memory-filled': {
    en: 'In the server’s memory there wait {mebibytes} MiB for this one client.',
    zh: '仅为这一个客户端，服务器内存里就积压了 {mebibytes} MiB。',
  },
  'pushed-with-room': {
    en: 'The cure: the server sends while send() returns true, and goes on when it has drained.',
    zh: '修复：send()返回 true 时才继续发送，腾出空间（drain）后再接着发。',
  },
  'memory-bounded': {
    en: 'All 16 MiB have arrived, and never more than {kibibytes} KiB waited in the server’s memory.',
    zh: '16 MiB 全部送达，服务器内存里的积压从未超过 {kibibytes} KiB。',
  },
  'too-big-sent': {
    en: 'The fault: the client sends a photo of {bytes} characters in one message. The limit is 1,024 bytes.',
    zh: '故障：客户端把 {bytes} 个字符的图片放进一条消息。上限是 1,024 字节。',
  },
  'too-big-again': {
    en: 'It reconnects and sends the same again, with the same result. Retrying does not help.',
    zh: '它重连后又发同样的内容，结果一样。重试没有用。',
  },
  'limit-asked': {
    en: 'The cure: the client asks what the server takes.',
    zh: '修复：客户端先问服务器接受多大的消息。',
  },
  'parts-sent': {
    en: 'Now the photo goes in parts, each within the limit.',
    zh: '接下来图片分段发送，每段都在上限之内。',
  },
  'bomb-taken': {
    en: 'The fault: {bytes} bytes on the wire, and a server that inflates whatever comes.',
    zh: '故障：线路上只有 {bytes} 字节，而服务器来者不拒，全部解压。',
  },
  'bomb-refused': {
    en: 'The cure: the same {bytes} bytes to a server that stops inflating at 64 KiB.',
    zh: '修复：同样的 {bytes} 字节，服务器解压到 64 KiB 就停。',
  },
  'herd-begins': {
    en: 'The fault: {count} clients come back at the same moment. This is the first of them.',
    zh: '故障：{count} 个客户端同时重连。这里录的是第一个。',
  },
  'herd-spread': {
    en: 'The cure: {count} clients come back, each after a random wait within {ms} ms.',
    zh: '修复：{count} 个客户端重连，各自在 {ms} 毫秒内随机等待。',
  },
  'herd-arrivals': {
    en: 'Measured: arrivals in each {ms} ms: {slots}.',
    zh: '实测：每 {ms} 毫秒到达的客户端数：{slots}。',
  },
  'herd-longest-wait': {
    en: 'Measured: the longest wait for a welcome was {ms} ms.',
    zh: '实测：等待 welcome 的最长时间为 {ms} 毫秒。',
  },
} as const satisfies Readonly<Record<string, LocalText>>;
