// Two nodes of Socket.IO behind a balancer that sends each request to the next one: polling, polling with a sticky
// balancer, and WebSocket alone.
import http from 'node:http';
import { Server } from 'socket.io';
import { type Cell, type Report, t } from './report.ts';
import { ask, listen, upgradeRequest } from './wires.ts';

interface Node {
  readonly port: number;
  close(): Promise<void>;
}

async function startNode(): Promise<Node> {
  const web = http.createServer();
  const io = new Server(web);
  return { port: await listen(web), close: async () => void (await io.close()) };
}

/** Which node gets the n-th request. */
type Balancer = (request: number) => number;

async function poll(port: number, query: string, body?: string): Promise<{ status: number; text: string }> {
  const response = await fetch(
    `http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling${query}`,
    body === undefined ? {} : { method: 'POST', body },
  );
  return { status: response.status, text: await response.text() };
}

/** The first three requests of a client that polls: open, enter the namespace, ask for the answer. */
async function polling(nodes: readonly Node[], balancer: Balancer): Promise<Cell> {
  const portOf = (request: number): number => nodes[balancer(request)]?.port ?? 0;
  const opened = await poll(portOf(0), '');
  const sid = /"sid":"([^"]+)"/.exec(opened.text)?.[1] ?? '';
  const entered = await poll(portOf(1), `&sid=${sid}`, '40');
  const answered = await poll(portOf(2), `&sid=${sid}`);
  return [opened, entered, answered]
    .map(({ status, text }) =>
      status === 200 ? '200' : `${status} ${/"message":"([^"]*)"/.exec(text)?.[1]}`,
    )
    .join(', ');
}

async function webSocketOnly(nodes: readonly Node[]): Promise<Cell> {
  const statuses: string[] = [];
  for (const { port } of nodes) {
    const { head, socket } = await ask(port, upgradeRequest({}, '/socket.io/?EIO=4&transport=websocket'));
    socket.destroy();
    statuses.push(head.split(' ')[1] ?? '–');
  }
  return statuses.join(' / ');
}

export async function measure(): Promise<Report> {
  const nodes = await Promise.all([startNode(), startNode()]);
  const rows: Cell[][] = [
    [
      t('轮询，请求轮流分给两个节点', 'polling, requests go to the nodes in turn'),
      await polling(nodes, (request) => request % 2),
    ],
    [t('轮询，同一会话总到同一节点', 'polling, a session always at one node'), await polling(nodes, () => 0)],
    [t('只用 WebSocket，到哪个节点都行', 'WebSocket alone, at either node'), await webSocketOnly(nodes)],
  ];
  await Promise.all(nodes.map((node) => node.close()));
  return {
    title: t('两个节点，没有共享的会话表', 'Two nodes that share no table of sessions'),
    columns: [t('怎么连', 'how it connects'), t('回答', 'answers')],
    rows,
    note: t(
      '会话 ID 只有发它的那个节点认识。WebSocket 是一条 TCP 连接，天然“粘”在一个节点上。',
      'A session id is known to the node that gave it. A WebSocket is one TCP connection, and so stays at one node by itself.',
    ),
  };
}
