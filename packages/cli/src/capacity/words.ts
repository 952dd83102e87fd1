// What `wireroom capacity` says in a terminal, in both languages. The answer and the report have their own words in their package.
import type { Mix, Phase, Step } from '@wireroom/capacity';
import type { Language } from '../terminal/language.ts';

export interface CapacityWords {
  readonly help: string;
  readonly phases: Readonly<Record<Phase, string>>;
  readonly load: (mix: Mix, count: (number: number) => string) => string;
  readonly left: (duration: string) => string;
  readonly stopping: string;
  readonly hint: string;
  readonly rows: Readonly<Record<'p50' | 'p99' | 'deliveries' | 'cpu' | 'memory' | 'generator', string>>;
  readonly cores: string;
  readonly limits: Readonly<Record<Step['limitedBy'], string>>;
  readonly lost: (count: number) => string;
  readonly people: string;
  readonly off: string;
  readonly begins: (targets: string) => string;
  readonly stays: (url: string, room: string) => string;
  readonly costs: string;
  readonly written: (path: string) => string;
  readonly stopped: string;
  readonly failedLater: (target: string, why: string) => string;
  readonly warning: string;
  readonly colon: string;
}

const en: CapacityWords = {
  help: `wireroom capacity [URL]: how many people one room carries, measured on this machine, and what runs out first.

Without a URL it starts a Wireroom of its own. With one it measures that server: what it posts stays in that server's room.

      --readers N        people in the room, those who post among them (1000)
      --senders N        of them, those who post (2 of 100)
      --rate R           posts a second of each of those (0.2)
      --size B           bytes of a text (120)
      --p99 TIME         searches for the largest room in which 99 of 100 messages arrive within this, such as 200ms
      --readers-max N    the largest room that a search tries (20000, or as many as this system lets a process open)
      --seconds S        how long each load is held (10)
      --quick            shorter and fewer loads: a first look, no reference
      --predict LOAD     foretells this load and then measures it: readers=700,senders=35,rate=0.4,size=200; may be repeated
      --no-costs         only the curve: no costs, no model, no predictions
      --peer WHICH       the same plan against another server, side by side: socketio (a plain room of its own),
                         socketio=URL, or the URL of any server that speaks wireroom.v1; may be repeated
      --peer-only        only the peer
      --room NAME        the room of a Wireroom that runs already (lobby)
      --event NAME       the event that a Socket.IO server passes on (message)
      --generators N     processes that make the load; otherwise as many as there are cores to spare
      --yes-other-machine  the server is on a machine that is not in a private network, and I may do this to it
      --out WHERE        a folder, or a file that ends in .html; otherwise capacity.html and capacity.json here
      --json             prints the report as JSON, and writes no file unless --out is given
      --from FILE        draws a capacity.json anew; measures nothing
      --docs FOLDER      writes figures and pictures into the documents in this folder
      --lang LANG        en or zh; otherwise as LANG says
      --no-color         as NO_COLOR=1

Ctrl-C stops; the report then says what was done. A second Ctrl-C does not wait.
Exit code: 0 done, 1 could not be measured, 2 a mistake in the command, 130 stopped.
`,
  phases: {
    start: 'starting',
    idle: 'connections that are silent',
    messages: 'messages by themselves',
    ramp: 'the room grows',
    search: 'looking for the largest room',
    costs: 'what costs what',
    predict: 'loads that the model has not seen',
    end: 'finishing',
  },
  load: ({ readers, senders }, count) => `${count(readers)} readers, ${count(senders)} post`,
  left: (duration) => `${duration} left`,
  stopping: 'stopping …',
  hint: 'Ctrl-C stops and keeps what was measured.',
  rows: {
    p50: 'p50',
    p99: 'p99',
    deliveries: 'deliveries',
    cpu: 'CPU',
    memory: 'memory',
    generator: 'generator',
  },
  cores: 'cores',
  limits: {
    nothing: 'carried',
    server: 'the server was the limit',
    generator: 'the generator was the limit',
  },
  lost: (count) => `${count} lost`,
  people: 'people',
  off: 'off',
  begins: (targets) => `Measuring ${targets}.`,
  stays: (url, room) => `What is posted stays in the room “${room}” of ${url}.`,
  costs: 'costs',
  written: (path) => `The report: ${path}`,
  stopped: 'Stopped. What was measured until then:',
  failedLater: (target, why) => `${target} could not be measured to the end: ${why}`,
  warning: 'note',
  colon: ': ',
};

const zh: CapacityWords = {
  help: `wireroom capacity [URL]：在这台机器上测量一个房间能容纳多少人，什么最先用完。

不给 URL 时启动一个自己的 Wireroom；给了就测量那台服务器，测量时发的消息会留在它的房间里。

      --readers N        房间里的人数，发言的人也算在内（1000）
      --senders N        其中发言的人数（每 100 人 2 个）
      --rate R           每个发言的人每秒发几条（0.2）
      --size B           每条消息的字节数（120）
      --p99 时间         寻找最大的房间，使 99% 的消息在此时间内送达，例如 200ms
      --readers-max N    搜索时试的最大房间（20000，或系统允许一个进程打开的数目）
      --seconds S        每档负载保持多少秒（10）
      --quick            更短、更少：先看一眼，不作参考
      --predict 负载     先预测再实测：readers=700,senders=35,rate=0.4,size=200；可以多次
      --no-costs         只要曲线：不测代价、不建模型、不预测
      --peer 对象        用同样的计划测另一台服务器，并排对比：socketio（自己启动的普通房间）、
                         socketio=URL，或任何支持 wireroom.v1 的服务器的 URL；可以多次
      --peer-only        只测对比对象
      --room 名称        已在运行的 Wireroom 的房间（lobby）
      --event 名称       Socket.IO 服务器转发的事件（message）
      --generators N     压力进程的数目；默认按空闲核心数
      --yes-other-machine  服务器在私有网络之外的机器上，而我有权这样做
      --out 位置         文件夹，或以 .html 结尾的文件；默认是当前目录的 capacity.html 和 capacity.json
      --json             把报告打印成 JSON；不给 --out 就不写文件
      --from 文件        重新绘制 capacity.json，不测量
      --docs 文件夹      把数字和图写进这个文件夹里的文档
      --lang 语言        en 或 zh；默认看 LANG
      --no-color         同 NO_COLOR=1

Ctrl-C 停止，报告会写明做到了哪里；再按一次就不再等待。
退出码：0 完成，1 无法测量，2 命令有误，130 被停止。
`,
  phases: {
    start: '启动中',
    idle: '静默的连接',
    messages: '单独的消息',
    ramp: '房间逐渐变大',
    search: '寻找最大的房间',
    costs: '每一项的代价',
    predict: '模型没见过的负载',
    end: '收尾',
  },
  load: ({ readers, senders }, count) => `${count(readers)} 位读者，${count(senders)} 人发言`,
  left: (duration) => `还需 ${duration}`,
  stopping: '正在停止……',
  hint: 'Ctrl-C 停止，已测到的会保留。',
  rows: { p50: 'p50', p99: 'p99', deliveries: '投递', cpu: 'CPU', memory: '内存', generator: '压力源' },
  cores: '核',
  limits: { nothing: '达到要求', server: '服务器到了极限', generator: '压力源到了极限' },
  lost: (count) => `丢失 ${count}`,
  people: '人',
  off: '相差',
  begins: (targets) => `开始测量 ${targets}。`,
  stays: (url, room) => `发出的消息会留在 ${url} 的房间“${room}”里。`,
  costs: '代价',
  written: (path) => `报告：${path}`,
  stopped: '已停止。到那时为止测到的：',
  failedLater: (target, why) => `${target} 没有测完：${why}`,
  warning: '注意',
  colon: '：',
};

export const WORDS: Readonly<Record<Language, CapacityWords>> = { en, zh };
