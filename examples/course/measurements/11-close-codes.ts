// Every close code that people ask about: may it stand in a frame, and may a script in a browser send it? Tried out.
import { describeCloseCode, WebSocketServer } from '@wireroom/websocket';
import { WebSocket } from '@wireroom/websocket/whatwg';
import { type Cell, type Report, t, yesNo } from './report.ts';
import { closePayload, frame, nextChunk, open, readFrame } from './wires.ts';

const CODES = [
  999, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015, 1016,
  2999, 3000, 4000, 4999, 5000,
] as const;

/** Who says it, by section 7.4.1 of RFC 6455 and the registry that it founded. */
const SAID_BY: ReadonlyMap<number, Cell> = new Map<number, Cell>([
  [1000, t('两边：任务完成', 'both: done')],
  [1001, t('两边：服务器停机、页面离开', 'both: server stops, page is left')],
  [1002, t('两边：对方违反协议', 'both: the peer broke the protocol')],
  [1003, t('两边：不收这种类型', 'both: this type is not taken')],
  [1005, t('没人发：Close 里没写码', 'nobody: the Close said nothing')],
  [1006, t('没人发：没有 Close 就断了', 'nobody: it ended without a Close')],
  [1007, t('两边：文本不是 UTF-8', 'both: text is not UTF-8')],
  [1008, t('两边：违反规定', 'both: against the policy')],
  [1009, t('两边：消息太大', 'both: message too big')],
  [1010, t('只有客户端：要的扩展没谈成', 'clients only: an extension is missing')],
  [1011, t('两边：内部错误', 'both: internal error')],
  [1012, t('服务器：重启', 'servers: restart')],
  [1013, t('服务器：过会儿再来', 'servers: try again later')],
  [1014, t('网关：上游坏了', 'gateways: bad upstream')],
  [1015, t('没人发：TLS 没成', 'nobody: TLS failed')],
  [3000, t('库和框架（要登记）', 'libraries (registered)')],
  [4000, t('你的应用', 'your application')],
  [4999, t('你的应用', 'your application')],
]);

async function isTakenOnTheWire(port: number, code: number): Promise<boolean> {
  const socket = await open(port);
  socket.write(frame(8, closePayload(code)));
  const answer = readFrame(await nextChunk(socket));
  socket.destroy();
  return answer?.opcode === 8 && answer.payload.readUInt16BE(0) === code;
}

async function isTakenByScripts(port: number, code: number): Promise<boolean> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
  let isTaken = true;
  try {
    socket.close(code);
  } catch {
    isTaken = false; // InvalidAccessError
    socket.close();
  }
  await closed;
  return isTaken;
}

export async function measure(): Promise<Report> {
  const server = new WebSocketServer({ onConnection: () => undefined });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const rows: Cell[][] = [];
  for (const code of CODES) {
    const [wire, script] = [await isTakenOnTheWire(port, code), await isTakenByScripts(port, code)];
    rows.push([code, describeCloseCode(code), yesNo(wire), yesNo(script), SAID_BY.get(code) ?? '–']);
  }
  await server.close();
  return {
    title: t('哪些关闭码能发，谁来发', 'Which close codes may be sent, and by whom'),
    columns: [
      t('码', 'code'),
      t('名字', 'name'),
      t('能写进 Close 帧', 'may stand in a frame'),
      t('浏览器 close() 能发', 'close() in browsers'),
      t('谁说', 'said by'),
    ],
    rows,
    note: t(
      '第三列：服务器原样回 Close 才算“能”，否则它回 1002。',
      'Third column: yes if the server echoes it; else it answers 1002.',
    ),
  };
}
