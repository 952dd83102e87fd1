// What the report says, in both languages. Figures come from elsewhere: no number that was measured stands here.
import type { CapacityReport, Ceiling, Prediction, Step } from '../report.ts';
import type { ReportLanguage } from './answer.ts';
import type { PlotName } from './plots.ts';

interface PlotWords {
  readonly title: string;
  readonly caption: string;
}

type Row = readonly [name: string, explanation: string];

export interface ReportWords {
  readonly title: string;
  readonly incomplete: (why: string) => string;
  readonly isIncomplete: string;
  readonly warningsTitle: string;
  readonly sections: Readonly<
    Record<'feel' | 'cost' | 'end' | 'proof' | 'beside' | 'steps' | 'how', PlotWords>
  >;
  readonly plots: Readonly<Record<PlotName, PlotWords>>;
  readonly axes: Readonly<
    Record<'people' | 'connections' | 'latency' | 'deliveries' | 'cpu' | 'memory' | 'error', string>
  >;
  readonly measured: string;
  readonly model: string;
  readonly asked: string;
  readonly allowed: (p99: string) => string;
  readonly carriedHere: (people: string) => string;
  readonly people: (number: string) => string;
  readonly signs: Readonly<Record<Step['limitedBy'], string>>;
  readonly limits: Readonly<Record<Step['limitedBy'], string>>;
  readonly resources: Readonly<Record<Ceiling['resource'], string>>;
  /** Absent: what the report itself says. */
  readonly advice?: Readonly<Record<Ceiling['resource'], string>>;
  readonly quantities: Readonly<Record<Prediction['quantity'], string>>;
  readonly figures: Readonly<Record<'people' | 'p99' | 'deliveries' | 'first', string>>;
  readonly costs: Readonly<
    Record<
      | 'connectionMemory'
      | 'handshake'
      | 'delivery'
      | 'packed'
      | 'message'
      | 'disk'
      | 'commit'
      | 'idle'
      | 'base',
      Row
    >
  >;
  readonly formula: (r2: string, worst: string) => string;
  readonly ceilingColumns: readonly [resource: string, readers: string, basis: string, advice: string];
  readonly notReached: string;
  readonly predictionColumns: readonly [
    load: string,
    what: string,
    foretold: string,
    measured: string,
    error: string,
  ];
  readonly load: (readers: string, senders: string, rate: string, size: string) => string;
  readonly besideColumn: string;
  readonly besideAt: (people: string) => string;
  readonly durable: Readonly<Record<'yes' | 'no' | 'unknown', string>>;
  readonly stepColumns: readonly string[];
  readonly phases: Readonly<Record<Step['phase'], string>>;
  readonly faults: (step: Step) => string;
  readonly circumstances: Readonly<
    Record<'command' | 'machine' | 'server' | 'storage' | 'time' | 'asked', string>
  >;
  readonly machine: (machine: CapacityReport['machine'], memory: string) => string;
  readonly asksP99: (p99: string) => string;
  readonly reading: readonly string[];
}

const en: ReportWords = {
  title: 'How many people a room carries',
  incomplete: (why) => `This run did not finish. ${why} What is here was measured all the same.`,
  isIncomplete: 'stopped early',
  warningsTitle: 'Before you read the figures',
  sections: {
    feel: {
      title: 'What people feel',
      caption: 'Measured at the readers: from the moment a message was due until it had arrived.',
    },
    cost: {
      title: 'What it costs the server',
      caption: 'What each thing costs was measured by itself; the lines are what these costs add up to.',
    },
    end: { title: 'Where it ends', caption: 'For the same share of people who post, as often and as much.' },
    proof: {
      title: 'Is the model right?',
      caption: 'Loads that the model had not seen: foretold first, then measured.',
    },
    beside: {
      title: 'Side by side',
      caption: 'The same plan, one server after the other, on the same machine.',
    },
    steps: { title: 'Every load that was held', caption: 'In the order in which they were measured.' },
    how: { title: 'How it was measured', caption: '' },
  },
  plots: {
    latency: {
      title: 'Latency',
      caption:
        'Half of the messages are faster than p50, one of a hundred is slower than p99. Each step of the scale is ten times.',
    },
    deliveries: {
      title: 'Deliveries',
      caption:
        'One message to a room of a thousand is a thousand deliveries. Where the line leaves the dotted one, the room no longer keeps up.',
    },
    cpu: {
      title: 'CPU',
      caption: 'Dots were measured, the line is the model. 1 is one core, busy all the time.',
    },
    memory: {
      title: 'Memory',
      caption: 'Dots were measured; the slope of the line is what one connection takes.',
    },
    ceilings: {
      title: 'What runs out, and when',
      caption: 'People at whom each resource is used up. Each step of the scale is ten times.',
    },
    predictions: {
      title: 'How far off it was',
      caption: 'Between the dashed lines, 15 % to either side, the model may be relied on.',
    },
  },
  axes: {
    people: 'people in the room',
    connections: 'connections',
    latency: 'from due to arrived, ms',
    deliveries: 'deliveries a second',
    cpu: 'cores in use',
    memory: 'memory, MiB',
    error: 'foretold against measured, %',
  },
  measured: 'measured',
  model: 'model',
  asked: 'asked',
  allowed: (p99) => `p99 allowed: ${p99}`,
  carriedHere: (people) => `carried: ${people}`,
  people: (number) => `${number} people`,
  signs: {
    nothing: 'carried as asked',
    server: 'the server was the limit',
    generator: 'the load generator was the limit',
  },
  limits: { nothing: '–', server: 'server', generator: 'generator' },
  resources: { cpu: 'CPU', memory: 'Memory', disk: 'Disk', sockets: 'Sockets', network: 'Network' },
  quantities: { cpu: 'CPU', memory: 'Memory', deliveries: 'Deliveries', p99: 'p99' },
  figures: {
    people: 'people in one room',
    p99: 'p99, due to arrived',
    deliveries: 'deliveries a second',
    first: 'runs out first',
  },
  costs: {
    connectionMemory: ['A connection, memory', 'held for as long as somebody is there'],
    handshake: ['A connection, CPU', 'once, when it is made'],
    delivery: ['A delivery, CPU', 'where each message is written to a reader by itself'],
    packed: ['A delivery, CPU, in company', 'where many messages share one write'],
    message: ['A message, CPU', 'read, stored, acknowledged; once, however many read it'],
    disk: ['A message, disk', 'for ever'],
    commit: ['A commit', 'how long the disk takes, p50'],
    idle: ['The server, CPU', 'while nothing happens'],
    base: ['The server, memory', 'with nobody there'],
  },
  formula: (r2, worst) => `r² = ${r2}; the worst point of the fit is off by ${worst}.`,
  ceilingColumns: ['Resource', 'People', 'What this rests on', 'What to do'],
  notReached: 'not in reach',
  predictionColumns: ['Load', 'Quantity', 'Foretold', 'Measured', 'Off by'],
  load: (readers, senders, rate, size) => `${readers} readers, ${senders} post ${rate}/s of ${size}`,
  besideColumn: 'In a room of as many',
  besideAt: (people) => `at ${people} people`,
  durable: { yes: 'on disk before it is shown', no: 'not stored', unknown: 'not known' },
  stepColumns: [
    ...['For', 'Readers', 'Senders', 'Rate', 'Posts/s', 'Deliveries/s', 'p50', 'p95', 'p99', 'Max'],
    ...['Ack p99', 'CPU', 'Memory', 'Generator CPU', 'Limit', 'Faults'],
  ],
  phases: { ramp: 'ramp', search: 'search', costs: 'costs', predict: 'test' },
  faults: ({ lost, repeated, disordered, refused }) => {
    const parts = [
      ...(lost > 0 ? [`${lost} lost`] : []),
      ...(repeated > 0 ? [`${repeated} twice`] : []),
      ...(disordered > 0 ? [`${disordered} out of order`] : []),
      ...(refused > 0 ? [`${refused} refused`] : []),
    ];
    return parts.length === 0 ? 'none' : parts.join(', ');
  },
  circumstances: {
    command: 'Command',
    machine: 'Machine',
    server: 'Server',
    storage: 'A message is',
    time: 'Time',
    asked: 'Asked',
  },
  machine: ({ cpus, cpuModel, platform, node }, memory) =>
    `${cpus} × ${cpuModel}, ${memory}, ${platform}, Node ${node}`,
  asksP99: (p99) => `the largest room with a p99 of at most ${p99}`,
  reading: [
    'Load comes from processes of its own. A time begins when a message was due, not when a busy sender got to it, so a server that is late cannot hide it.',
    'Everybody in the room is a reader, those who post too. All arrivals at all readers count, none is sampled away.',
    'A step counts as carried when nothing was lost or refused, when neither server nor generator was the limit, and when the p99 was kept, if one was asked for.',
    'Server and generator share this machine, so a server that has it to itself can do more. Where the generator was the limit it is said, and the figure is no ceiling of the server.',
  ],
};

const zh: ReportWords = {
  title: '一个房间能容纳多少人',
  incomplete: (why) => `这次测量没有做完。${why} 这里的数字都是实际测到的。`,
  isIncomplete: '提前结束',
  warningsTitle: '看数字之前',
  sections: {
    feel: { title: '用户的感受', caption: '在读者一侧测量：从消息该发出的时刻，到它送达为止。' },
    cost: { title: '服务器的代价', caption: '每一项代价都单独测过；线是这些代价加起来的结果。' },
    end: { title: '极限在哪里', caption: '发言者的比例、频率和消息长度都不变。' },
    proof: { title: '模型准不准', caption: '模型没有见过的负载：先预测，再实测。' },
    beside: { title: '并排对比', caption: '同一台机器，同一个计划，一个服务器测完再测另一个。' },
    steps: { title: '测过的每一档负载', caption: '按测量的先后排列。' },
    how: { title: '怎样测的', caption: '' },
  },
  plots: {
    latency: {
      title: '延迟',
      caption: '一半的消息比 p50 快，百分之一的消息比 p99 慢。纵轴每一大格是十倍。',
    },
    deliveries: {
      title: '投递',
      caption: '一条消息发到一千人的房间，就是一千次投递。实线离开虚线的地方，房间就跟不上了。',
    },
    cpu: { title: 'CPU', caption: '点是实测，线是模型。1 表示一个核心一直在忙。' },
    memory: { title: '内存', caption: '点是实测；线的斜率就是一条连接占用的内存。' },
    ceilings: { title: '什么先用完，到多少人时', caption: '每种资源用完时的人数。横轴每一大格是十倍。' },
    predictions: { title: '差了多少', caption: '两条虚线之间是正负 15%，在这个范围内模型可信。' },
  },
  axes: {
    people: '房间里的人数',
    connections: '连接数',
    latency: '从该发出到送达，毫秒',
    deliveries: '每秒投递',
    cpu: '占用的核心数',
    memory: '内存，MiB',
    error: '预测与实测之差，%',
  },
  measured: '实测',
  model: '模型',
  asked: '要求',
  allowed: (p99) => `允许的 p99：${p99}`,
  carriedHere: (people) => `已承载：${people}`,
  people: (number) => `${number} 人`,
  signs: { nothing: '达到要求', server: '服务器到了极限', generator: '压力源到了极限' },
  limits: { nothing: '–', server: '服务器', generator: '压力源' },
  resources: { cpu: 'CPU', memory: '内存', disk: '磁盘', sockets: 'socket', network: '网络' },
  advice: {
    cpu: '换主频更高的核心；让多台服务器共用一个 PostgreSQL，把读者分散过去；把大房间拆小。',
    memory: '加内存；连接多而消息少时，先到的就是它。',
    disk: '换刷盘更快的磁盘；消息成组提交，所以同时发言的人越多，每条的代价越小。',
    sockets: '调高 ulimit -n；Linux 上还有 fs.nr_open，以及每个客户端地址的端口数。',
    network: '换更快的网络；消息变短；让读者分散到多台服务器。',
  },
  quantities: { cpu: 'CPU', memory: '内存', deliveries: '投递', p99: 'p99' },
  figures: {
    people: '一个房间的人数',
    p99: 'p99，从该发出到送达',
    deliveries: '每秒投递',
    first: '最先用完',
  },
  costs: {
    connectionMemory: ['一条连接，内存', '人在多久就占多久'],
    handshake: ['一条连接，CPU', '只在建立时付一次'],
    delivery: ['一次投递，CPU', '每条消息单独写给读者时'],
    packed: ['一次投递，CPU，合并时', '多条消息合成一次写时'],
    message: ['一条消息，CPU', '读取、存盘、确认；不管多少人读都只付一次'],
    disk: ['一条消息，磁盘', '永久占用'],
    commit: ['一次提交', '磁盘需要的时间，p50'],
    idle: ['服务器，CPU', '什么都不发生时'],
    base: ['服务器，内存', '没有人时'],
  },
  formula: (r2, worst) => `r² = ${r2}；拟合最差的一点差 ${worst}。`,
  ceilingColumns: ['资源', '人数', '依据', '怎么办'],
  notReached: '够不着',
  predictionColumns: ['负载', '量', '预测', '实测', '相差'],
  load: (readers, senders, rate, size) =>
    `${readers} 位读者，${senders} 人发言，每秒 ${rate} 条，每条 ${size}`,
  besideColumn: '同样大的房间里',
  besideAt: (people) => `${people} 人时`,
  durable: { yes: '先存盘再显示', no: '不存储', unknown: '不清楚' },
  stepColumns: [
    ...['用途', '读者', '发言者', '频率', '发言/秒', '投递/秒', 'p50', 'p95', 'p99', '最大'],
    ...['确认 p99', 'CPU', '内存', '压力源 CPU', '极限', '差错'],
  ],
  phases: { ramp: '爬升', search: '搜索', costs: '代价', predict: '检验' },
  faults: ({ lost, repeated, disordered, refused }) => {
    const parts = [
      ...(lost > 0 ? [`丢失 ${lost}`] : []),
      ...(repeated > 0 ? [`重复 ${repeated}`] : []),
      ...(disordered > 0 ? [`乱序 ${disordered}`] : []),
      ...(refused > 0 ? [`被拒 ${refused}`] : []),
    ];
    return parts.length === 0 ? '无' : parts.join('，');
  },
  circumstances: {
    command: '命令',
    machine: '机器',
    server: '服务器',
    storage: '消息',
    time: '时间',
    asked: '要求',
  },
  machine: ({ cpus, cpuModel, platform, node }, memory) =>
    `${cpus} × ${cpuModel}，${memory}，${platform}，Node ${node}`,
  asksP99: (p99) => `p99 不超过 ${p99} 的最大房间`,
  reading: [
    '压力来自单独的进程。计时从消息该发出的时刻开始，而不是从繁忙的发送者真正发出时开始，所以服务器慢了藏不住。',
    '房间里人人都是读者，发言的人也算。所有读者收到的所有消息都计入，没有抽样。',
    '没有丢失、没有被拒、服务器和压力源都没有到极限，并且（如果要求了 p99）p99 达标，才算“达到要求”。',
    '服务器和压力源同在一台机器上，独占机器的服务器能做得更多。如果是压力源到了极限，报告会说明，那个数字就不是服务器的上限。',
  ],
};

export const REPORT_WORDS: Readonly<Record<ReportLanguage, ReportWords>> = { en, zh };
