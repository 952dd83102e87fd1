// The texts of the "Try it" scenes about handshakes and about how a connection ends. Data only.
import type { Scene } from '../scene.ts';

export const TRY_LIFE_SCENES: readonly Scene[] = [
  {
    name: 'clean-close',
    group: 'try',
    title: { en: 'A clean close', zh: '正常关闭' },
    summary: {
      en: 'The client sends Close 1000 with a reason, the server answers with a Close of its own, and then ends TCP first.',
      zh: '客户端发送 Close 1000 并附上原因，服务器回一个 Close，随后由服务器先断开 TCP。',
    },
    rule: {
      section: 'RFC 6455 section 7.1.1',
      text: {
        en: 'Both ends send Close; then the server is the one to end TCP, so that waiting for late packets is its burden, not the client’s.',
        zh: '双方都发送 Close，之后由服务器先断开 TCP，这样 TIME_WAIT 留在服务器一侧，而不是客户端。',
      },
    },
  },
  {
    name: 'close-1006',
    group: 'try',
    title: { en: 'Code 1006 on the wire', zh: '在线路上发送 1006' },
    summary: {
      en: 'A Close frame with code 1006. This code only ever tells a program that no Close frame came, so it must not be sent. The server closes with 1002.',
      zh: '一个代码为 1006 的 Close 帧。1006 只用来告诉本地程序“没有收到 Close 帧”，不允许发送。服务器以 1002 关闭。',
    },
    rule: {
      section: 'RFC 6455 section 7.4.1',
      text: {
        en: '1005, 1006 and 1015 stand for things that were not said; they are never in a Close frame.',
        zh: '1005、1006、1015 表示“对方没有说”的情形，不会出现在 Close 帧里。',
      },
    },
  },
  {
    name: 'cut-tcp',
    group: 'try',
    title: { en: 'TCP cut in a frame', zh: '帧发到一半断开 TCP' },
    summary: {
      en: 'The client resets TCP in the middle of a frame. No Close frame comes, half a message is thrown away, and the program is told 1006.',
      zh: '客户端在一帧中间重置 TCP。没有 Close 帧，收到一半的消息被丢弃，程序得到的代码是 1006。',
    },
    rule: {
      section: 'RFC 6455 section 7.1.5',
      text: {
        en: 'A connection that ends without a Close frame counts as closed with 1006.',
        zh: '没有收到 Close 帧就断开的连接，关闭代码记为 1006。',
      },
    },
  },
  {
    name: 'slow-reader',
    group: 'try',
    title: { en: 'A slow reader', zh: '读得太慢的客户端' },
    summary: {
      en: 'The client stops reading while the server goes on sending. First the kernel’s buffers fill, then the server’s memory, up to a bound of 256 KiB (small, for this scene). Then the server closes with 1013, which tells clients to come back later.',
      zh: '客户端不再读取，服务器继续发送。先填满内核缓冲区，再占用服务器内存，上限为 256 KiB（为演示特意设小）。随后服务器以 1013 关闭，意思是稍后再来。',
    },
    rule: {
      section: 'RFC 6455 section 10.4',
      text: {
        en: 'An end protects itself against a peer that makes it use up its memory. How is up to it: WebSocket itself has no flow control, only TCP’s.',
        zh: '每一端都要防止对方耗尽自己的内存，具体办法自定：WebSocket 本身没有流量控制，只有 TCP 的。',
      },
    },
  },
  {
    name: 'drop-five-seconds',
    group: 'try',
    title: { en: 'Five seconds of silence', zh: '丢弃五秒流量' },
    summary: {
      en: 'A proxy between client and server swallows everything for five seconds. The server’s ping gets no pong; after two seconds it gives the connection up. When traffic flows again, the client finds a connection that is no more.',
      zh: '客户端与服务器之间的代理把五秒内的流量全部吞掉。服务器的 ping 得不到 pong，两秒后放弃这条连接。流量恢复时，客户端发现连接早已不在。',
    },
    rule: {
      section: 'RFC 6455 section 5.5.2',
      text: {
        en: 'A ping serves to find out whether the other end is still there. TCP alone does not notice for minutes.',
        zh: 'ping 用来确认对方是否还在；只靠 TCP，几分钟都未必能发现。',
      },
    },
    takesMs: 5_500,
    pauseMs: 5_000,
  },
  {
    name: 'half-handshake',
    group: 'try',
    title: { en: 'Half a handshake', zh: '只握手一半' },
    summary: {
      en: 'The client sends half of its request and then nothing. The server waits 0.5 s here (10 s in the chat), answers 408 and hangs up: silence must not hold a place.',
      zh: '客户端只发了半个请求就不再说话。服务器在这里等 0.5 秒（聊天服务器为 10 秒），回 408 并断开：不说话的连接不能一直占着位置。',
    },
    rule: {
      section: 'RFC 9110 section 15.5.9',
      text: {
        en: '408 says that the request did not come whole within the time that the server was willing to wait.',
        zh: '408 表示在服务器愿意等待的时间内，请求没有完整到达。',
      },
    },
    pauseMs: 500,
  },
  {
    name: 'wrong-version',
    group: 'try',
    title: { en: 'An old version', zh: '旧的协议版本' },
    summary: {
      en: 'A request with Sec-WebSocket-Version: 8, from the time of the drafts. The server answers 426 and names the version that it speaks.',
      zh: '请求里写着 Sec-WebSocket-Version: 8，是草案时代的版本。服务器回 426，并说明自己支持的版本。',
    },
    rule: {
      section: 'RFC 6455 section 4.4',
      text: {
        en: 'A server that does not speak the version that was asked for says in Sec-WebSocket-Version which ones it does.',
        zh: '服务器不支持所请求的版本时，要在 Sec-WebSocket-Version 里写明支持哪些。',
      },
    },
  },
  {
    name: 'missing-key',
    group: 'try',
    title: { en: 'No key', zh: '缺少密钥头' },
    summary: {
      en: 'A request without Sec-WebSocket-Key. There is nothing that the server could prove to have read, so it answers 400.',
      zh: '请求里没有 Sec-WebSocket-Key。服务器无从证明自己读懂了握手，于是回 400。',
    },
    rule: {
      section: 'RFC 6455 section 4.2.1',
      text: {
        en: 'The request carries a Sec-WebSocket-Key: Base64 of 16 bytes.',
        zh: '请求必须带 Sec-WebSocket-Key:16 个字节的 Base64。',
      },
    },
  },
];
